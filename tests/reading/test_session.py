"""What a reader can do in a session, what is refused, and what everybody sees of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from napari_recist.criteria import (
    Provenance,
    Response,
    Role,
    Status,
    Undone,
    VisitOpened,
)
from napari_recist.errors import (
    AccessRefusedError,
    LockedError,
    NoImagesError,
    ReadError,
    RecordError,
    SignatureRefusedError,
    UnmeasurableError,
)
from napari_recist.reading import PriorChoice, ReadingSession, import_images
from napari_recist.trial import Trial, assign, open_trial
from tests.reading.conftest import BASELINE, LONG, PLACE, SHORT, read_baseline
from tests.reading.tiny_ct import COLUMNS, ORIGIN, ROWS, SLICES, write_ct
from tests.trial.conftest import PASSWORD, seated

HALF = ((1.0, 20.0, 10.0), (1.0, 20.0, 35.0))
"""25 columns of 0.6 mm: 15 mm."""


class Listener:
    """Counts signals, and looks at the record at the moment of each."""

    def __init__(self, session: ReadingSession) -> None:
        self.session = session
        self.recorded: list[bool] = []
        session.changed.connect(self.hear)

    def hear(self) -> None:
        """Note whether what the session shows is what the record holds."""
        recorded = self.session.trial.events(self.session.subject, self.session.reader)
        self.recorded.append(recorded == self.session.events)


class TestOpening:
    """Which visit is open, and which may be."""

    def test_a_new_read_opens_at_baseline(self, session: ReadingSession) -> None:
        """The first visit is opened, which is on record, and nothing stands beside it."""
        assert session.visit == "BL"
        assert session.prior == ""
        assert session.week_label("BL") == "Baseline"
        assert [event.fact for event in session.events] == [
            VisitOpened("BL", BASELINE, session.visits[0].series[0].series_uid)
        ]

    def test_visits_to_come_are_not_seen(self, session: ReadingSession) -> None:
        """Before baseline is signed no call gives anything of a later visit, nor their number."""
        assert [visit.visit for visit in session.visits] == ["BL"]
        assert session.next_visit == ""
        for look in (
            lambda: session.open_visit("W8"),
            lambda: session.volume("W8"),
            lambda: session.week_label("W8"),
            lambda: session.caliper_index("W16", "T1"),
        ):
            with pytest.raises(LockedError, match="not open to you now"):
                look()

    def test_signing_opens_the_way_to_the_next_visit_only(self, session: ReadingSession) -> None:
        """After baseline is signed week 8 can be opened, week 16 cannot."""
        read_baseline(session)

        assert session.visit == "BL"
        assert session.next_visit == "W8"
        session.open_visit("W8")
        assert (session.visit, session.prior, session.week_label("W8")) == ("W8", "BL", "Week 8")
        with pytest.raises(LockedError):
            session.open_visit("W16")

    def test_a_signed_visit_can_be_looked_at_again(self, at_week_8: ReadingSession) -> None:
        """Going back to baseline shows it locked; opening the same visit twice records nothing."""
        at_week_8.open_visit("BL")
        count = len(at_week_8.events)
        at_week_8.open_visit("BL")

        assert at_week_8.locked
        assert len(at_week_8.events) == count
        with pytest.raises(LockedError, match="BL of P1 is signed"):
            at_week_8.draw_caliper("T1", LONG)
        with pytest.raises(LockedError, match="BL of P1 is signed"):
            at_week_8.add_lesion(Role.TARGET, "liver")

    def test_without_sequence_every_visit_is_open(
        self, new_trial: Callable[[str], Trial], scans: Path
    ) -> None:
        """Where the charter does not ask for sequential reading, the reader goes anywhere."""
        trial = new_trial("[read]\nsequential = false\n")
        import_images(trial, scans)
        session = ReadingSession(seated(trial, "anna", "P1"), "P1")
        session.open_visit("W16")

        assert (session.visit, session.prior) == ("W16", "W8")

    def test_the_prior_is_the_readers_choice(self, at_week_8: ReadingSession) -> None:
        """Previous visit, baseline or nadir stands beside the current one."""
        at_week_8.draw_caliper("T1", HALF, None)
        at_week_8.draw_caliper("T2", LONG, SHORT)
        at_week_8.state_status("NT1", Status.PRESENT)
        at_week_8.sign_visit(PASSWORD, "I read this visit")
        at_week_8.open_visit("W16")
        priors = []
        for choice in PriorChoice:
            at_week_8.choose_prior(choice)
            priors.append(at_week_8.prior)

        assert dict(zip(PriorChoice, priors, strict=True)) == {
            PriorChoice.PREVIOUS: "W8",
            PriorChoice.BASELINE: "BL",
            PriorChoice.NADIR: "W8",
        }

    def test_a_patient_without_images_is_refused(self, trial: Trial) -> None:
        """A session needs images, a reader who signed in, and a patient that is theirs."""
        with pytest.raises(RecordError, match="no patient 'P9'"):
            assign(trial, "P9", "anna")
        with pytest.raises(AccessRefusedError, match="P1 is not assigned to boris"):
            ReadingSession(seated(trial, "boris"), "P1")
        with pytest.raises(AccessRefusedError, match="owner of the file may not read"):
            ReadingSession(trial, "P1")


class TestLesions:
    """The list: names, roles, and what leaves it."""

    def test_names_are_given_by_role(self, session: ReadingSession) -> None:
        """Targets are T1, T2, non-targets NT1; the name of a withdrawn lesion stays its own."""
        names = [
            session.add_lesion(role, "liver").identifier
            for role in (Role.TARGET, Role.NON_TARGET, Role.TARGET)
        ]
        session.withdraw_lesion("T2", "the same as T1")

        assert names == ["T1", "NT1", "T2"]
        assert session.add_lesion(Role.TARGET, "liver").identifier == "T3"

    def test_an_undone_lesion_leaves_its_name_free(self, session: ReadingSession) -> None:
        """A lesion added by mistake and undone never was: the next one is T1 again."""
        session.add_lesion(Role.TARGET, "liver")
        session.undo()

        assert session.add_lesion(Role.TARGET, "spleen").identifier == "T1"

    def test_nothing_is_new_at_baseline(self, session: ReadingSession) -> None:
        """A new lesion needs a scan before."""
        with pytest.raises(ReadError, match="no lesion is new"):
            session.add_lesion(Role.NEW, "liver")

    @pytest.mark.parametrize("role", [Role.TARGET, Role.NON_TARGET])
    def test_the_list_is_fixed_at_baseline(self, at_week_8: ReadingSession, role: Role) -> None:
        """After baseline no target or non-target joins (L-5); a new lesion does, as N1."""
        with pytest.raises(ReadError, match="L-5"):
            at_week_8.add_lesion(role, "liver")

        assert at_week_8.add_lesion(Role.NEW, "liver").identifier == "N1"

    def test_a_signed_lesion_stays(self, at_week_8: ReadingSession) -> None:
        """A lesion that a signed visit speaks of is not withdrawn; one added since is."""
        with pytest.raises(LockedError, match="stands in BL, which is signed"):
            at_week_8.withdraw_lesion("NT1", "a cyst")
        at_week_8.add_lesion(Role.NEW, "liver")
        at_week_8.withdraw_lesion("N1", "a vessel")

        assert [lesion.identifier for lesion in at_week_8.read.lesions] == ["T1", "T2", "NT1"]

    def test_what_the_list_says_can_be_corrected(self, session: ReadingSession) -> None:
        """Organ and segment change, the caliper stays; it is undone and redone like anything."""
        listed = session.add_lesion(Role.TARGET, "liver", "S6")
        session.draw_caliper("T1", LONG)
        session.correct_lesion(replace(listed, organ="spleen", site=""), "misclicked")
        corrected = session.read.lesion("T1")
        session.undo()
        undone = session.read.lesion("T1")
        session.redo()

        assert (corrected.organ, corrected.site) == ("spleen", "")
        assert undone == listed
        assert session.read.lesion("T1") == corrected
        assert session.read.observation("BL", "T1") is not None
        assert session.events[-2].fact == Undone(session.events[-3].sequence)

    @pytest.mark.parametrize(
        ("change", "reason", "why"),
        [
            ({}, "x", "says already"),
            ({"organ": "lung"}, " ", "needs a reason"),
            ({"role": Role.NON_TARGET}, "x", "keeps its role"),
            ({"node": True}, "x", "the short axis counts"),
            ({"identifier": "T7"}, "x", "no lesion T7"),
        ],
    )
    def test_a_correction_that_is_none_is_refused(
        self, session: ReadingSession, change: dict[str, Any], reason: str, why: str
    ) -> None:
        """Nothing changed, no reason, another role, or another diameter: refused, with the way."""
        listed = session.add_lesion(Role.TARGET, "liver")
        session.draw_caliper("T1", LONG)
        before = session.events
        with pytest.raises(ReadError, match=why):
            session.correct_lesion(replace(listed, **change), reason)

        assert session.events == before

    def test_a_lesion_becomes_a_node_once_its_measurement_is_taken_back(
        self, session: ReadingSession
    ) -> None:
        """Unmeasured, a target may turn out to be a node: it is drawn by its short axis then."""
        listed = session.add_lesion(Role.TARGET, "liver")
        session.draw_caliper("T1", LONG)
        session.withdraw_observation("T1", "a node")
        session.correct_lesion(replace(listed, organ="lymph node", node=True), "a node")
        session.draw_caliper("T1", LONG, SHORT)
        said = session.read.observation("BL", "T1")

        assert said is not None
        assert said.diameters == (160,)

    def test_a_signed_lesion_is_not_corrected(self, at_week_8: ReadingSession) -> None:
        """What was signed of a lesion included its organ."""
        before = at_week_8.events
        with pytest.raises(LockedError, match="stands in BL, which is signed"):
            at_week_8.correct_lesion(replace(at_week_8.read.lesion("T1"), organ="lung"), "x")

        assert at_week_8.events == before

    @pytest.mark.parametrize("reason", ["", "  \n"])
    def test_a_withdrawal_needs_a_reason(self, session: ReadingSession, reason: str) -> None:
        """Nothing is withdrawn without a word."""
        session.add_lesion(Role.TARGET, "liver")
        session.draw_caliper("T1", LONG)
        with pytest.raises(ReadError, match="needs a reason"):
            session.withdraw_lesion("T1", reason)
        with pytest.raises(ReadError, match="needs a reason"):
            session.withdraw_observation("T1", reason)

    def test_an_unknown_lesion_is_named(self, session: ReadingSession) -> None:
        """Each command names a lesion it does not know."""
        for command in (
            lambda: session.draw_caliper("T7", LONG),
            lambda: session.withdraw_lesion("T7", "x"),
            lambda: session.withdraw_observation("T7", "x"),
        ):
            with pytest.raises(ReadError, match="no lesion T7"):
                command()


class TestCalipers:
    """From a drawn line to millimetres."""

    def test_a_line_becomes_millimetres(self, session: ReadingSession) -> None:
        """50 columns of 0.6 mm are 30.0 mm, 20 rows of 0.8 mm are 16.0 mm, in patient space."""
        session.add_lesion(Role.TARGET, "liver")
        session.draw_caliper("T1", LONG, SHORT, 2.5)
        said = session.read.observation("BL", "T1")
        assert said is not None
        (caliper,) = said.calipers
        assert caliper is not None
        slices = session.volume("BL").series.slices

        assert said.diameters == (300,)
        assert caliper.long_axis.start == pytest.approx((ORIGIN[0] + 6, ORIGIN[1] + 16, 105))
        assert caliper.long_axis.end == pytest.approx((ORIGIN[0] + 36, ORIGIN[1] + 16, 105))
        assert caliper.short_axis is not None
        assert caliper.short_axis.raw_mm == pytest.approx(16)
        assert (caliper.sop_instance_uid, caliper.frame) == (slices[1].sop_instance_uid, 1)
        assert caliper.passport == session.volume("BL").passport.summary
        assert (caliper.provenance, caliper.pixels_per_mm) == (Provenance.DRAWN, 2.5)

    def test_a_node_counts_by_its_short_axis(self, session: ReadingSession) -> None:
        """Of a node the short axis is reported, and one line alone is refused."""
        session.add_lesion(Role.TARGET, "lymph node", node=True)
        with pytest.raises(UnmeasurableError, match="short axis"):
            session.draw_caliper("T1", LONG)
        session.draw_caliper("T1", LONG, SHORT)

        said = session.read.observation("BL", "T1")
        assert said is not None
        assert said.diameters == (160,)

    def test_axes_are_named_by_length(self, session: ReadingSession) -> None:
        """Drawn the wrong way round, the longer line still is the long axis."""
        session.add_lesion(Role.TARGET, "liver")
        session.draw_caliper("T1", SHORT, LONG)

        said = session.read.observation("BL", "T1")
        assert said is not None
        assert said.diameters == (300,)

    def test_a_caliper_comes_back_to_its_pixels(self, session: ReadingSession) -> None:
        """Patient millimetres lead back to the indices that were drawn."""
        session.add_lesion(Role.TARGET, "liver")
        session.draw_caliper("T1", LONG, SHORT)
        ((_, long_axis, short_axis),) = session.caliper_index("BL", "T1")

        assert long_axis == (pytest.approx(LONG[0]), pytest.approx(LONG[1]))
        assert short_axis == (pytest.approx(SHORT[0]), pytest.approx(SHORT[1]))
        assert session.caliper_index("BL", "T9") == []

    def test_moving_an_end_is_an_edit(self, session: ReadingSession) -> None:
        """A second caliper replaces the first and says that it was edited; both are on record."""
        session.add_lesion(Role.TARGET, "liver")
        session.draw_caliper("T1", LONG)
        session.draw_caliper("T1", HALF)
        said = session.read.observation("BL", "T1")
        assert said is not None

        assert said.diameters == (150,)
        assert [c.provenance for c in said.calipers if c] == [Provenance.EDITED]
        assert len(session.events) == 4

    @pytest.mark.parametrize(
        "line",
        [
            ((1.0, 20.0, 10.0), (2.0, 20.0, 60.0)),
            ((1.0, 20.0, 10.0), (1.0, 20.0, COLUMNS - 0.4)),
            ((1.0, -0.6, 10.0), (1.0, 20.0, 20.0)),
            ((1.0, 10.0, 10.0), (1.0, ROWS, 20.0)),
            ((-1.0, 10.0, 10.0), (-1.0, 20.0, 20.0)),
            ((SLICES, 10.0, 10.0), (SLICES, 20.0, 20.0)),
            ((1.0, 20.0, 10.0), (1.0, 20.0, 10.0)),
            ((1.0, 20.0, float("nan")), (1.0, 20.0, 10.0)),
        ],
        ids=["slices", "right", "top", "bottom", "before", "behind", "point", "nan"],
    )
    def test_a_line_that_measures_nothing_is_refused(
        self, session: ReadingSession, line: tuple
    ) -> None:
        """Off the slice, off the image, or without length: refused, and nothing is recorded."""
        session.add_lesion(Role.TARGET, "liver")
        count = len(session.events)
        with pytest.raises(UnmeasurableError):
            session.draw_caliper("T1", line)

        assert len(session.events) == count

    def test_without_spacing_there_are_no_millimetres(
        self, new_trial: Callable[[str], Trial], tmp_path: Path
    ) -> None:
        """A series without pixel spacing can be looked at and never measured on."""
        write_ct(tmp_path / "scan", "P1", BASELINE, spacing=False)
        trial = new_trial("")
        import_images(trial, tmp_path / "scan")
        session = ReadingSession(seated(trial, "anna", "P1"), "P1")
        session.add_lesion(Role.TARGET, "liver")

        assert session.volume("BL").voxels.shape == (SLICES, ROWS, COLUMNS)
        with pytest.raises(UnmeasurableError, match="gives no millimetres"):
            session.draw_caliper("T1", LONG)
        assert session.caliper_index("BL", "T1") == []

    def test_only_targets_are_measured(self, session: ReadingSession) -> None:
        """A non-target is told by word, not by a diameter."""
        session.add_lesion(Role.NON_TARGET, "liver")
        with pytest.raises(ReadError, match="only targets"):
            session.draw_caliper("NT1", LONG)

    def test_a_split_lesion_is_drawn_in_fragments(self, at_week_8: ReadingSession) -> None:
        """Fragments are drawn in turn, count together, and can be drawn again (R-15)."""
        with pytest.raises(ReadError, match="fragment 1 next"):
            at_week_8.draw_caliper("T1", HALF, fragment=2)
        at_week_8.draw_caliper("T1", HALF, fragment=1)
        assert "only one fragment" in at_week_8.unfinished()[0]
        at_week_8.draw_caliper("T1", HALF, fragment=2)
        at_week_8.draw_caliper("T1", SHORT, fragment=2)
        said = at_week_8.read.observation("W8", "T1")
        assert said is not None

        assert (said.status, said.diameters) == (Status.SPLIT, (150, 160))
        assert [c.provenance for c in said.calipers if c] == [Provenance.DRAWN, Provenance.EDITED]
        at_week_8.draw_caliper("T2", LONG, SHORT)
        assert at_week_8.assessment.visit("W8").sum == 150 + 160 + 160

    def test_a_lesion_joins_the_list_whole(self, session: ReadingSession) -> None:
        """At baseline there are no fragments."""
        session.add_lesion(Role.TARGET, "liver")
        with pytest.raises(ReadError, match="whole"):
            session.draw_caliper("T1", LONG, fragment=1)

    def test_prior_calipers_are_kept_back_where_the_charter_says_so(
        self, new_trial: Callable[[str], Trial], scans: Path
    ) -> None:
        """With prior_calipers = false the earlier caliper is not shown at the next visit."""
        trial = new_trial("[blinding]\nprior_calipers = false\n")
        import_images(trial, scans)
        session = ReadingSession(seated(trial, "anna", "P1"), "P1")
        read_baseline(session)
        seen = len(session.caliper_index("BL", "T1"))
        session.open_visit("W8")

        assert (seen, session.caliper_index("BL", "T1")) == (1, [])


class TestStatuses:
    """What can be said of a lesion by word."""

    @pytest.mark.parametrize(
        ("lesion", "status"),
        [
            ("T1", Status.PRESENT),
            ("T1", Status.PROGRESSED),
            ("T1", Status.UNEQUIVOCAL),
            ("NT1", Status.TOO_SMALL),
            ("NT1", Status.MERGED),
            ("NT1", Status.EQUIVOCAL),
            ("N1", Status.PRESENT),
            ("N1", Status.NOT_EVALUABLE),
            ("N1", Status.RESOLVED),
        ],
    )
    def test_a_status_suits_its_role(
        self, at_week_8: ReadingSession, lesion: str, status: Status
    ) -> None:
        """A status of another role is refused; so is a lesion resolved when first seen."""
        at_week_8.add_lesion(Role.NEW, "liver")
        with pytest.raises(ReadError, match=lesion):
            at_week_8.state_status(lesion, status, "because")

    @pytest.mark.parametrize("status", [Status.MEASURED, Status.SPLIT])
    def test_a_diameter_is_drawn_not_said(self, at_week_8: ReadingSession, status: Status) -> None:
        """That a lesion is measured follows from a caliper alone."""
        with pytest.raises(ReadError, match="Draw it"):
            at_week_8.state_status("T1", status)

    @pytest.mark.parametrize(
        ("lesion", "status"),
        [
            ("T1", Status.ABSENT),
            ("T1", Status.NOT_EVALUABLE),
            ("T1", Status.TOO_SMALL),
            ("NT1", Status.ABSENT),
            ("NT1", Status.PROGRESSED),
        ],
    )
    def test_a_lesion_is_there_at_baseline(
        self, session: ReadingSession, lesion: str, status: Status
    ) -> None:
        """At baseline a target is measured and a non-target present."""
        session.add_lesion(Role.TARGET, "liver")
        session.add_lesion(Role.NON_TARGET, "liver")
        with pytest.raises(ReadError, match="at BL"):
            session.state_status(lesion, status, "x")
        session.state_status("NT1", Status.PRESENT)

    @pytest.mark.parametrize("lesion", ["T1", "NT1"])
    def test_not_evaluable_needs_a_reason(self, at_week_8: ReadingSession, lesion: str) -> None:
        """Not evaluable is said with a reason, which is kept in one line."""
        with pytest.raises(ReadError, match="needs a reason"):
            at_week_8.state_status(lesion, Status.NOT_EVALUABLE, " ")
        at_week_8.state_status(lesion, Status.NOT_EVALUABLE, " motion\n arte\x00fact ")

        said = at_week_8.read.observation("W8", lesion)
        assert said is not None
        assert said.reason == "motion artefact"

    @pytest.mark.parametrize("into", ["", "T1", "NT1", "T9"])
    def test_a_lesion_merges_into_another_target(
        self, at_week_8: ReadingSession, into: str
    ) -> None:
        """Merging into itself, a non-target or nothing is refused."""
        with pytest.raises(ReadError):
            at_week_8.state_status("T1", Status.MERGED, into=into)

    def test_a_merger_has_one_lesion_that_holds_it(self, at_week_8: ReadingSession) -> None:
        """Two lesions cannot merge into each other, and the one that stays must be measured."""
        at_week_8.state_status("T2", Status.MERGED, into="T1")
        assert any("T1, which is not measured" in gap for gap in at_week_8.unfinished())
        with pytest.raises(ReadError, match="T2 is said to have merged into T1"):
            at_week_8.state_status("T1", Status.MERGED, into="T2")
        at_week_8.draw_caliper("T1", LONG)

        assert at_week_8.assessment.visit("W8").sum == 300
        assert not any("T2" in gap for gap in at_week_8.unfinished())

    def test_a_merger_leads_to_what_is_measured(
        self, new_trial: Callable[[str], Trial], scans: Path
    ) -> None:
        """Merging into a lesion that has itself merged is refused, naming where it went."""
        trial = new_trial("")
        import_images(trial, scans)
        session = ReadingSession(seated(trial, "anna", "P1"), "P1")
        for name in ("T1", "T2", "T3"):
            session.add_lesion(Role.TARGET, "lung")
            session.draw_caliper(name, LONG)
        session.sign_visit(PASSWORD, "I read this visit")
        session.open_visit("W8")
        session.state_status("T2", Status.MERGED, into="T1")
        with pytest.raises(ReadError, match=r"T2 has itself merged into T1.*T3 merged into T1"):
            session.state_status("T3", Status.MERGED, into="T2")

    def test_what_was_said_can_be_taken_back(self, at_week_8: ReadingSession) -> None:
        """Taking back leaves the lesion unsaid; taking back nothing is refused."""
        at_week_8.state_status("T1", Status.ABSENT)
        at_week_8.withdraw_observation("T1", "it was the next slice")

        assert at_week_8.read.observation("W8", "T1") is None
        with pytest.raises(ReadError, match="Nothing was said of T1"):
            at_week_8.withdraw_observation("T1", "again")


class TestSigning:
    """The signature under a visit."""

    def test_a_visit_is_signed_when_everything_is_said(self, session: ReadingSession) -> None:
        """Signing needs a finished visit and the reader's password; then the visit is locked."""
        session.add_lesion(Role.TARGET, "liver")
        with pytest.raises(SignatureRefusedError, match=r"T1 \(liver\): draw its longest"):
            session.sign_visit(PASSWORD, "x")
        session.draw_caliper("T1", LONG)
        with pytest.raises(SignatureRefusedError, match="wrong"):
            session.sign_visit("not the password", "x")
        assert not session.locked
        event = session.sign_visit(PASSWORD, "I read this visit")

        assert session.locked
        assert session.events[-1] == event
        with pytest.raises(LockedError, match="is signed"):
            session.sign_visit(PASSWORD, "again")

    def test_a_signature_holds_what_was_shown(
        self, trial: Trial, at_week_8: ReadingSession
    ) -> None:
        """Name, meaning, response, charter, version and the chain's head are in the signature."""
        at_week_8.draw_caliper("T1", HALF)
        at_week_8.draw_caliper("T2", SHORT, ((1.0, 20.0, 10.0), (1.0, 20.0, 20.0)))
        at_week_8.state_status("NT1", Status.PRESENT)
        shown = at_week_8.assessment.visit("W8").overall
        head = trial.verify().head
        signature = at_week_8.sign_visit(PASSWORD, "I read this visit").fact
        signed = at_week_8.read.visit("W8").signed

        assert signature == signed
        assert signed is not None
        assert shown is Response.PR
        assert (signed.signer, signed.meaning, signed.response) == (
            "anna",
            "I read this visit",
            "PR",
        )
        assert signed.chain_head == head
        assert signed.charter_hash == at_week_8.trial.charter_version.charter_hash
        assert trial.verify().count > 0

    def test_an_unfinished_visit_says_what_is_missing(self, at_week_8: ReadingSession) -> None:
        """Each lesion not yet spoken of is named with what to do, nodes by their short axis."""
        assert at_week_8.unfinished() == (
            "T1 (liver S7): draw its longest diameter, or say what became of it.",
            "T2 (lymph node): draw its short axis, or say what became of it.",
            "NT1 (liver): present, absent or progressed?",
        )
        assert at_week_8.assessment.visit("W8").sum is None

    def test_a_new_lesion_is_called_until_it_is_settled(self, at_week_8: ReadingSession) -> None:
        """An equivocal new lesion is asked for at the next visit, an unequivocal one is not."""
        at_week_8.add_lesion(Role.NEW, "liver")
        at_week_8.add_lesion(Role.NEW, "lung")
        assert at_week_8.unfinished()[-2:] == (
            "N2 (lung): unequivocal or equivocal?",
            "N2 (lung): click on the picture where it lies.",
        )
        for lesion, status in (("N1", Status.EQUIVOCAL), ("N2", Status.UNEQUIVOCAL)):
            at_week_8.state_status(lesion, status)
            at_week_8.locate_lesion(lesion, PLACE)
        for target in ("T1", "T2"):
            at_week_8.state_status(target, Status.TOO_SMALL)
        at_week_8.state_status("NT1", Status.ABSENT)
        at_week_8.sign_visit(PASSWORD, "I read this visit")
        at_week_8.open_visit("W16")

        assert [gap.split()[0] for gap in at_week_8.unfinished()] == ["T1", "T2", "NT1", "N1"]


class TestRecord:
    """The session is a picture of the record."""

    def test_the_signal_comes_after_the_disk(self, session: ReadingSession) -> None:
        """At each signal the record already holds what the session shows."""
        listener = Listener(session)
        session.add_lesion(Role.TARGET, "liver")
        session.draw_caliper("T1", LONG)
        session.undo()
        session.redo()
        session.sign_visit(PASSWORD, "x")
        session.open_visit("W8")

        assert listener.recorded == [True] * 6

    def test_reopening_restores_the_session(self, at_week_8: ReadingSession) -> None:
        """Another opening shows the same visit, the same read, and can undo and redo the same."""
        at_week_8.state_status("T1", Status.ABSENT)
        at_week_8.state_status("NT1", Status.PRESENT)
        at_week_8.undo()
        with open_trial(at_week_8.trial.url) as trial:
            again = ReadingSession(seated(trial, "anna", "P1"), "P1")

            assert again.visit == "W8"
            assert again.read == at_week_8.read
            assert again.assessment == at_week_8.assessment
            assert again.unfinished() == at_week_8.unfinished()
            assert (again.can_undo, again.can_redo) == (True, True)
            assert again.redo()
        with pytest.raises(RecordError, match="another window"):
            at_week_8.redo()

    def test_readers_do_not_see_each_other(self, trial: Trial, at_week_8: ReadingSession) -> None:
        """A second reader of the patient starts at an empty baseline."""
        other = ReadingSession(seated(trial, "boris", "P1"), "P1")
        with pytest.raises(AccessRefusedError, match="may not see what readers stated"):
            other.trial.events("P1", at_week_8.reader)

        assert other.visit == "BL"
        assert other.read.lesions == ()

    def test_images_that_are_gone_are_named(
        self, new_trial: Callable[[str], Trial], tmp_path: Path
    ) -> None:
        """When files were moved the session says which; importing their new place mends it."""
        write_ct(tmp_path / "scan", "P1", BASELINE)
        trial = new_trial("")
        import_images(trial, tmp_path / "scan")
        (tmp_path / "scan").rename(tmp_path / "moved")
        with pytest.raises(NoImagesError, match="4 images of BL of P1 are gone"):
            ReadingSession(seated(trial, "anna", "P1"), "P1").volume("BL")
        import_images(trial, tmp_path / "moved")

        assert (
            ReadingSession(seated(trial, "anna", "P1"), "P1").volume("BL").voxels.shape[0] == SLICES
        )


def test_undo_is_on_record(session: ReadingSession) -> None:
    """An undo adds a fact that names what it takes back: nothing disappears."""
    session.add_lesion(Role.TARGET, "liver")
    added = session.events[-1]
    session.undo()

    assert session.events[-2:][0] == added
    assert session.events[-1].fact == Undone(added.sequence)
