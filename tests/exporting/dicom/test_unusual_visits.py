"""Visits that are not one axial CT: two studies, a mosaic, viable parts, files changed since."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom import dcmread

from napari_recist.criteria import (
    AdviceOverridden,
    Event,
    Lesion,
    LesionAdded,
    Role,
    Status,
    StatusStated,
    VisitSigned,
)
from napari_recist.errors import ExportError
from napari_recist.exporting.dicom import read_back
from napari_recist.exporting.dicom.identifiers import tracking_uid
from napari_recist.exporting.dicom.read_back import refuse_other_values
from napari_recist.exporting.dicom.signed_visit import SignedVisit
from napari_recist.exporting.dicom.structured_report import structured_reports
from napari_recist.imaging import Series, find_series
from tests.exporting.dicom.by_hand import (
    DAY,
    SIGNED,
    caliper_on,
    images_of,
    measured,
    signed_visit,
)
from tests.exporting.dicom.judges import dciodvfy
from tests.exporting.dicom.reports import groups, named, report, said
from tests.exporting.dicom.reports import measured as values_of
from tests.imaging.synthetic_mosaic import mosaic
from tests.reading.tiny_ct import write_ct

AXIAL = (1, 0, 0, 0, 1, 0)
STATUS = StatusStated("BL", "NT1", Status.PRESENT)
NON_TARGET = LesionAdded("BL", Lesion("NT1", Role.NON_TARGET, "bone", "rib"))


@pytest.fixture
def series(tmp_path: Path) -> Callable[[str], Series]:
    """Return what writes a small CT of a study of its own and returns its series."""

    def write(name: str) -> Series:
        write_ct(tmp_path / name, "P1", DAY)
        (found,) = find_series(tmp_path / name)
        return found

    return write


def test_each_study_has_a_report(series: Callable[[str], Series]) -> None:
    """T1 on one study and T2 on another: two reports, each in its study, statuses in the first."""
    chest, abdomen = series("chest"), series("abdomen")
    signed = signed_visit(
        *measured(caliper_on(chest, 1), caliper_on(abdomen, 2)), NON_TARGET, STATUS
    )
    files = structured_reports(signed, images_of(chest, abdomen))
    documents = {name: report(content) for name, content in files.items()}

    assert {name: list(groups(one)) for name, one in documents.items()} == {
        "P1_BL_RADIOLOGIST-1.dcm": ["T1", "NT1"],
        "P1_BL_RADIOLOGIST-1_2.dcm": ["T2"],
    }
    assert [one.StudyInstanceUID for one in documents.values()] == [
        chest.study_uid,
        abdomen.study_uid,
    ]
    refuse_other_values(signed, files)


def test_a_visit_without_a_measurement_has_a_report(
    series: Callable[[str], Series], tmp_path: Path
) -> None:
    """Non-targets alone: a valid report on the images of the series that was read."""
    signed = signed_visit(NON_TARGET, STATUS)
    ((name, content),) = structured_reports(signed, images_of(series("one"))).items()
    (tmp_path / name).write_bytes(content)

    assert said(groups(report(content))["NT1"], "Lesion status") == "Present"
    assert dciodvfy(tmp_path / name) == []


def test_a_visit_without_any_lesion_has_a_report(
    series: Callable[[str], Series], tmp_path: Path
) -> None:
    """No disease, signed: a valid report that has no measurement group."""
    ((name, content),) = structured_reports(signed_visit(), images_of(series("one"))).items()
    (tmp_path / name).write_bytes(content)

    assert groups(report(content)) == {}
    assert dciodvfy(tmp_path / name) == []


def test_a_mosaic_has_its_lines_in_the_patient(tmp_path: Path) -> None:
    """A caliper on a tile of a Siemens mosaic stands in space, at its very points."""
    dataset = mosaic(9, (-20.0, -30.0, 100.0), AXIAL)
    (tmp_path / "mosaic").mkdir()
    dataset.save_as(tmp_path / "mosaic" / "1.dcm", enforce_file_format=True)
    (series,) = find_series(tmp_path / "mosaic")
    caliper = caliper_on(series, 4)
    ((_, content),) = structured_reports(
        signed_visit(*measured(caliper)), images_of(series)
    ).items()
    long_axis = values_of(groups(report(content))["T1"])[0]

    assert long_axis.kind == "SCOORD3D"
    assert long_axis.graphic == pytest.approx(
        (*caliper.long_axis.start, *caliper.long_axis.end), abs=1e-3
    )


def test_the_viable_part_is_a_group_of_its_own(series: Callable[[str], Series]) -> None:
    """By mRECIST a lesion and its viable part each have a value, a label and a tracking UID."""
    one = series("one")
    whole, viable = caliper_on(one, 1), caliper_on(one, 1, (0.5, 0.5))
    facts = (*measured(whole), measured(viable, viable=True)[1])
    signed = signed_visit(*facts)
    files = structured_reports(signed, images_of(one))
    ((_, content),) = files.items()
    found = groups(report(content))

    assert list(found) == ["T1", "T1 viable"]
    assert said(found["T1 viable"], "Measured part of the lesion").startswith("Viable")
    assert len({said(group, "Tracking Unique Identifier") for group in found.values()}) == 2
    refuse_other_values(signed, files)


def test_an_image_that_lies_elsewhere_stops_the_export(series: Callable[[str], Series]) -> None:
    """A file put in the place of the image, 5 mm away, is refused by name."""
    one = series("one")
    caliper = caliper_on(one, 1)
    file = one.slices[1].file
    changed = dcmread(file)
    changed.ImagePositionPatient[2] += 5
    changed.save_as(file)

    with pytest.raises(ExportError, match=rf"T1 at BL of P1 lies 5\.00 mm off .*{file.name}"):
        structured_reports(signed_visit(*measured(caliper)), images_of(one))


def test_an_image_without_a_place_stops_the_export(series: Callable[[str], Series]) -> None:
    """A file that no longer tells where it lies is refused by name."""
    one = series("one")
    caliper = caliper_on(one, 1)
    file = one.slices[1].file
    changed = dcmread(file)
    del changed.PixelSpacing
    changed.save_as(file)

    with pytest.raises(ExportError, match=rf"{file.name} does not tell where frame 1 lies"):
        structured_reports(signed_visit(*measured(caliper)), images_of(one))


def test_an_image_that_is_not_there_stops_the_export(series: Callable[[str], Series]) -> None:
    """A caliper on an image that the visit does not have is refused by the image's UID."""
    caliper = replace(caliper_on(series("one"), 1), sop_instance_uid="1.2.3")

    with pytest.raises(ExportError, match=r"no file of BL of P1 is the image 1\.2\.3"):
        structured_reports(signed_visit(*measured(caliper)), images_of(series("other")))


def test_another_value_is_caught(
    series: Callable[[str], Series], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed number, a group that is missing and one too many are each refused by lesion."""
    one = series("one")
    signed = signed_visit(*measured(caliper_on(one, 1), caliper_on(one, 2)))
    ((name, content),) = structured_reports(signed, images_of(one)).items()
    value = values_of(groups(report(content))["T1"])[0].value.encode()
    wrong = content.replace(value, b"9" * len(value), 1)
    fewer = structured_reports(signed_visit(*measured(caliper_on(one, 1))), images_of(one))

    refuse_other_values(signed, {name: content})
    with pytest.raises(ExportError, match=r"signed [0-9.]+ of T1 at BL of P1, .*'Long Axis': '99"):
        refuse_other_values(signed, {name: wrong})
    with pytest.raises(ExportError, match=r"of T2 at BL of P1, and its report says \[\]"):
        refuse_other_values(signed, fewer)
    with pytest.raises(ExportError, match=r"of T1 at BL of P1"):
        refuse_other_values(signed, {name: content, "again.dcm": content})
    monkeypatch.setattr(SignedVisit, "parts", lambda _self: iter(()))
    with pytest.raises(ExportError, match="a lesion that is not on the list"):
        read_back.refuse_other_values(signed, {name: content})


def test_a_visit_signed_again_is_a_later_instance_of_its_series(
    series: Callable[[str], Series],
) -> None:
    """Another content is another instance: same series, higher number; the same is the same."""
    one = series("one")
    facts = measured(caliper_on(one, 1))
    first = signed_visit(*facts)
    later = replace(first, events=(*first.events, _signed_again(first, SIGNED)))
    documents = [
        report(next(iter(structured_reports(signed, images_of(one)).values())))
        for signed in (first, later)
    ]

    assert [document.InstanceNumber for document in documents] == [1, 2]
    assert documents[0].SeriesInstanceUID == documents[1].SeriesInstanceUID
    assert documents[0].SOPInstanceUID != documents[1].SOPInstanceUID
    assert [document.ContentTime for document in documents] == ["101112", "111112"]


def _signed_again(first: SignedVisit, signature: VisitSigned) -> Event:
    last = first.events[-1]
    moment = last.recorded_at + dt.timedelta(hours=1)
    return Event(last.sequence + 1, moment, "P1", "anna", signature)


def test_an_adjudicator_is_one(series: Callable[[str], Series]) -> None:
    """An adjudicator's own read is told by its role, in a series number of its own."""
    signed = replace(signed_visit(NON_TARGET, STATUS), evaluator="ADJUDICATOR 1")
    (content,) = structured_reports(signed, images_of(series("one"))).values()
    document = report(content)

    assert said(document, "Person Observer's Role in this Procedure") == "Adjudicator"
    assert named(document, "Person Observer Name")[0].PersonName == "ADJUDICATOR 1^"
    assert document.SeriesNumber == 9101


def test_images_that_are_not_coded_give_no_text(
    series: Callable[[str], Series], tmp_path: Path
) -> None:
    """Of images not marked as de-identified only UIDs, date and time of the study are taken."""
    one = series("one")
    for file in one.files:
        image = dcmread(file)
        image.PatientName, image.AccessionNumber = "DOE^JOHN", "CANARY-1"
        image.StudyID, image.StudyDescription = "CANARY-2", "DOE CANARY"
        image.ReferringPhysicianName = "CANARY^DR"
        image.save_as(file)
    (content,) = structured_reports(signed_visit(NON_TARGET), images_of(one)).values()

    assert b"DOE" not in content
    assert b"CANARY" not in content


def test_a_name_used_again_is_another_lesion() -> None:
    """Withdrawn, and its name given to another lesion: the tracking UID is another one."""
    added = LesionAdded("BL", Lesion("T1", Role.TARGET, "liver"))
    once, twice = signed_visit(added), signed_visit(added, added)

    assert tracking_uid("uid", once.events, "T1") != tracking_uid("uid", twice.events, "T1")
    with pytest.raises(KeyError):
        tracking_uid("uid", once.events, "T2")


def test_other_facts_change_no_uid() -> None:
    """UIDs follow from the record that listed a lesion, not from what is said later."""
    answer = AdviceOverridden("BL", "L-1", "", "advice", "reason")
    added = LesionAdded("BL", Lesion("T1", Role.TARGET, "liver"))

    assert tracking_uid("uid", signed_visit(added).events, "T1") == tracking_uid(
        "uid", signed_visit(added, answer).events, "T1"
    )
