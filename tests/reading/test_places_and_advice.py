"""Where lesions lie, what the rules advise and what is next: stated, undone, signed, reopened."""

import pytest

from napari_recist.criteria import Lesion, Nature, Role, Status, WhyNotEvaluable
from napari_recist.errors import LockedError, ReadError, UnmeasurableError
from napari_recist.imaging import Geometry
from napari_recist.reading import ReadingSession
from napari_recist.reading.worklist import next_due
from napari_recist.trial import open_trial
from tests.reading.conftest import LONG, PLACE, SHORT, read_baseline
from tests.reading.tiny_ct import COLUMN_SPACING, COLUMNS, ORIGIN, ROW_SPACING, ROWS, SLICES
from tests.trial.conftest import PASSWORD, seated

SMALL = ((1.0, 20.0, 10.0), (1.0, 20.0, 25.0))
"""15 columns of 0.6 mm: 9 mm."""


class TestPlaces:
    """A lesion that is not measured lies somewhere too."""

    def test_a_place_is_on_record_in_the_patient(self, session: ReadingSession) -> None:
        """Slice 2, row 12, column 34 is the point its spacing and origin say, and comes back."""
        session.add_lesion(Role.NON_TARGET, "lung")
        session.locate_lesion("NT1", PLACE)
        place = session.read.places["BL", "NT1"]
        geometry = session.volume("BL").geometry
        assert isinstance(geometry, Geometry)

        assert place.point == pytest.approx(
            (ORIGIN[0] + 34 * COLUMN_SPACING, ORIGIN[1] + 12 * ROW_SPACING, ORIGIN[2] + 10)
        )
        assert place.sop_instance_uid == session.volume("BL").series.slices[2].sop_instance_uid
        assert session.place_index("BL", "NT1") == pytest.approx(PLACE)
        assert session.place_index("BL", "NT2") is None

    @pytest.mark.parametrize(
        "index",
        [(-1.0, 0.0, 0.0), (SLICES, 0.0, 0.0), (0.0, ROWS, 0.0), (0.0, 0.0, COLUMNS - 0.4)],
    )
    def test_a_place_lies_inside_the_image(
        self, session: ReadingSession, index: tuple[float, float, float]
    ) -> None:
        """A click beside the picture is refused and nothing is recorded."""
        session.add_lesion(Role.NON_TARGET, "lung")
        before = session.events
        with pytest.raises(UnmeasurableError, match="outside"):
            session.locate_lesion("NT1", index)

        assert session.events == before

    def test_a_non_target_needs_its_place_where_it_is_listed(self, session: ReadingSession) -> None:
        """Baseline asks where NT1 lies; pointed at, undone, redone, it is asked as long as due."""
        session.add_lesion(Role.NON_TARGET, "lung")
        asked = [session.unfinished()]
        session.locate_lesion("NT1", PLACE)
        asked.append(session.unfinished())
        session.undo()
        asked.append(session.unfinished())
        session.redo()
        asked.append(session.unfinished())

        due = ("NT1 (lung): click on the picture where it lies.",)
        assert asked == [due, (), due, ()]

    def test_a_later_visit_asks_for_no_place_and_takes_one(self, at_week_8: ReadingSession) -> None:
        """At week 8 NT1 needs a word only; a place given there stands beside that of baseline."""
        at_week_8.state_status("NT1", Status.PRESENT)
        at_week_8.locate_lesion("NT1", (1.0, 5.0, 5.0))

        assert not any("NT1" in gap for gap in at_week_8.unfinished())
        assert at_week_8.place_index("BL", "NT1") == pytest.approx(PLACE)
        assert at_week_8.place_index("W8", "NT1") == pytest.approx((1.0, 5.0, 5.0))

    def test_a_signed_visit_takes_no_place(self, at_week_8: ReadingSession) -> None:
        """The place of a signed visit stays where it is."""
        at_week_8.open_visit("BL")
        with pytest.raises(LockedError):
            at_week_8.locate_lesion("NT1", PLACE)

    def test_a_withdrawn_lesion_leaves_no_place(self, session: ReadingSession) -> None:
        """A lesion listed by mistake takes its place with it; undo brings both back."""
        session.add_lesion(Role.NON_TARGET, "lung")
        session.locate_lesion("NT1", PLACE)
        session.withdraw_lesion("NT1", "a vessel")
        gone = dict(session.read.places)
        session.undo()

        assert gone == {}
        assert session.place_index("BL", "NT1") == pytest.approx(PLACE)

    def test_places_and_answers_are_signed_and_reopened(self, session: ReadingSession) -> None:
        """The record verifies with both in it, and another opening shows the same."""
        session.add_lesion(Role.TARGET, "liver")
        session.draw_caliper("T1", SMALL)
        session.override_advice("M-1", "T1", "sharp border")
        session.add_lesion(Role.NON_TARGET, "liver")
        session.locate_lesion("NT1", PLACE)
        session.sign_visit(PASSWORD, "I read this visit")
        with open_trial(session.trial.url) as trial:
            trial.verify()
            again = ReadingSession(seated(trial, "anna", "P1"), "P1")

            assert again.read == session.read
            assert again.advice() == session.advice()


class TestAdvice:
    """Advice is shown, answered, and never in the way."""

    def test_advice_follows_the_caliper(self, session: ReadingSession) -> None:
        """9 mm are advised against, 30 mm are not."""
        session.add_lesion(Role.TARGET, "liver")
        told = [[one.finding.rule for one in session.advice()]]
        for line in (SMALL, LONG):
            session.draw_caliper("T1", line)
            told.append([one.finding.rule for one in session.advice()])

        assert told == [[], ["M-1"], []]

    def test_advice_blocks_nothing(self, session: ReadingSession) -> None:
        """A target of 9 mm may be signed with its advice unanswered."""
        session.add_lesion(Role.TARGET, "liver")
        session.draw_caliper("T1", SMALL)
        session.sign_visit(PASSWORD, "I read this visit")

        assert session.locked
        assert [one.open for one in session.advice()] == [True]

    def test_an_answer_is_recorded_undone_and_seen_afterwards(
        self, session: ReadingSession
    ) -> None:
        """The reason stands beside the advice, leaves with undo and comes back with redo."""
        session.add_lesion(Role.TARGET, "liver")
        session.draw_caliper("T1", SMALL)
        session.override_advice("M-1", "T1", " sharp  border ")
        reasons = [one.answer.reason if one.answer else None for one in session.advice()]
        session.undo()
        undone = [one.answer for one in session.advice()]
        session.redo()

        assert reasons == ["sharp border"]
        assert undone == [None]
        assert session.advice()[0].answer is not None

    def test_an_answer_needs_standing_advice_and_a_reason(self, session: ReadingSession) -> None:
        """Nothing is overridden that does not stand, and nothing without a word."""
        session.add_lesion(Role.TARGET, "liver")
        session.draw_caliper("T1", SMALL)
        with pytest.raises(ReadError, match="needs a reason"):
            session.override_advice("M-1", "T1", " ")
        with pytest.raises(ReadError, match="no advice by M-4 on T1"):
            session.override_advice("M-4", "T1", "x")

    def test_a_kind_of_lesion_is_recorded_and_advised_on(self, session: ReadingSession) -> None:
        """A blastic bone lesion listed as target is advised against by M-5."""
        lesion = session.list_lesion(Lesion("", Role.TARGET, "bone", nature=Nature.BLASTIC_BONE))

        assert lesion.identifier == "T1"
        assert session.read.lesion("T1").nature is Nature.BLASTIC_BONE
        assert [one.finding.rule for one in session.advice()] == ["M-5"]

    def test_a_signed_visit_takes_no_answer(self, session: ReadingSession) -> None:
        """What was signed with open advice stays so."""
        session.add_lesion(Role.TARGET, "liver")
        session.draw_caliper("T1", SMALL)
        session.sign_visit(PASSWORD, "I read this visit")
        with pytest.raises(LockedError):
            session.override_advice("M-1", "T1", "late")


class TestReasons:
    """Not evaluable has a coded reason and the reader's own words."""

    @pytest.mark.parametrize(
        ("code", "words", "reason"),
        [
            (WhyNotEvaluable.NOT_IMAGED, "", "not imaged"),
            (WhyNotEvaluable.REMOVED, "day 40", "surgically removed; day 40"),
            (WhyNotEvaluable.OTHER, "hidden by ascites", "hidden by ascites"),
            (None, "motion", "motion"),
        ],
    )
    def test_code_and_words_stand_together(
        self,
        at_week_8: ReadingSession,
        code: WhyNotEvaluable | None,
        words: str,
        reason: str,
    ) -> None:
        """A code is enough but for "other"; the reason tells both, the code stays apart."""
        at_week_8.state_status("T1", Status.NOT_EVALUABLE, words, code=code)
        said = at_week_8.read.observation("W8", "T1")
        assert said is not None

        assert (said.reason, said.code) == (reason, code)

    def test_other_needs_words(self, at_week_8: ReadingSession) -> None:
        """Without words, the code for another reason is refused."""
        with pytest.raises(ReadError, match="needs a reason"):
            at_week_8.state_status("T1", Status.NOT_EVALUABLE, code=WhyNotEvaluable.OTHER)


def test_the_next_due_lesion_comes_after_the_chosen_one(session: ReadingSession) -> None:
    """Down the list from the chosen lesion, from its top again, nothing when nothing is due."""
    read_baseline(session)
    session.open_visit("W8")
    read = session.read
    order = [next_due(read, session.tasks(), name) for name in ("", "T1", "T2", "NT1", "gone")]
    session.draw_caliper("T1", LONG)
    session.draw_caliper("T2", LONG, SHORT)
    last = next_due(session.read, session.tasks(), "NT1")
    session.state_status("NT1", Status.PRESENT)

    assert order == ["T1", "T2", "NT1", "T1", "T1"]
    assert last == "NT1"
    assert next_due(session.read, session.tasks(), "T1") == ""
