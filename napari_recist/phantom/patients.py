"""The seven patients of the sample trial: build, lesions at each visit in mm, and scans."""

import datetime as dt
from dataclasses import replace

from napari_recist.phantom import readings
from napari_recist.phantom.body import Build
from napari_recist.phantom.lesions import Kind
from napari_recist.phantom.phases import ARTERIAL, PORTAL_VENOUS
from napari_recist.phantom.render import Patient
from napari_recist.phantom.scan import Scan
from napari_recist.phantom.script import LesionScript, Outline, PatientScript, VisitScript
from napari_recist.phantom.shapes import Triple

Four = tuple[float, float, float, float]
"""One value per visit: baseline, weeks 8, 16 and 24."""

LABELS = ("BL", "W8", "W16", "W24")
TABLES: tuple[Triple, ...] = ((0, 0, 0), (2.3, -3.4, 0), (-3.1, 1.8, 0), (1.2, 2.6, 0))
"""Where on the table the patient lies at each visit, mm."""

THICK = Scan(matrix=384, pixel=0.88, thickness=5.0, slice_distance=5.0, slices=40, top=98.0)
OVERLAPPING = Scan(matrix=384, pixel=0.86, thickness=5.0, slice_distance=4.0, slices=48, top=96.0)
THIN = Scan(matrix=384, pixel=0.89, thickness=4.0, slice_distance=4.0, slices=48, top=94.0)
SMALL = Scan(
    matrix=256,
    pixel=1.30,
    thickness=5.0,
    slice_distance=5.0,
    slices=20,
    top=66.0,
    noise_hu=8.0,
    compressed=True,
)
TALL = replace(SMALL, slices=33)


def _visits(
    baseline: dt.date,
    days: tuple[int, int, int],
    scans: tuple[Scan, Scan, Scan, Scan],
    breaths: tuple[Triple, Triple, Triple, Triple],
    fluid: Four = (0, 0, 0, 0),
) -> tuple[VisitScript, ...]:
    """Return baseline and three follow-ups, ``days`` after it."""
    return tuple(
        VisitScript(
            label=label,
            week=8 * number,
            date=baseline + dt.timedelta(days=(0, *days)[number]),
            scan=replace(scans[number], table=TABLES[number], breath=breaths[number], visit=number),
            fluid_mm=fluid[number],
        )
        for number, label in enumerate(LABELS)
    )


def _liver(number: int, segment: str, place: Triple, outline: Outline, mm: Four) -> LesionScript:
    site = f"segment {segment}"
    return LesionScript(f"liver-{number}", place, outline, mm, organ="liver", site=site)


def _satellite(number: int, place: Triple, mm: Four) -> LesionScript:
    outline = (Kind.DARK, 0.9, 40.0 * number)
    return LesionScript(f"satellite-{number}", place, outline, mm, "liver", "segment IV")


def _porta_hepatis_node(ratio: float, degrees: float, mm: Four) -> LesionScript:
    return LesionScript(
        "node-1",
        (-8, -15, -14),
        (Kind.NODE, ratio, degrees),
        mm,
        organ="lymph node",
        site="porta hepatis",
        porta_hepatis=True,
    )


def _para_aortic_node(number: int, ratio: float, degrees: float, mm: Four) -> LesionScript:
    return LesionScript(
        f"node-{number}",
        (35, 16, -60),
        (Kind.NODE, ratio, degrees),
        mm,
        organ="lymph node",
        site="left para-aortic",
        follows_breath=0.2,
    )


def _spleen(place: Triple, outline: Outline, mm: Four) -> LesionScript:
    return LesionScript("spleen-1", place, outline, mm, "spleen", "", follows_breath=0.9)


SAMPLE_TRIAL: tuple[PatientScript, ...] = (
    PatientScript(
        code="NRC-001-0001",
        story="partial response at week 16, confirmed at week 24",
        patient=Patient(11, Build(half_width=156, half_depth=108, fat=17, hilum=0.9)),
        sex="M",
        age=64,
        lesions=(
            _liver(1, "VIII", (-84, -16, 36), (Kind.DARK, 0.78, 32), (41.3, 34.2, 23.4, 22.6)),
            _liver(2, "VI", (-98, 16, -24), (Kind.RIM, 0.84, -48), (28.6, 23.3, 17.8, 17.1)),
            _porta_hepatis_node(0.76, 14, (24.7, 19.4, 13.2, 12.4)),
            _satellite(1, (-34, -44, 18), (8.1, 8.0, 7.3, 7.1)),
            _satellite(2, (-48, -52, 30), (7.2, 7.4, 6.6, 6.3)),
        ),
        visits=_visits(
            dt.date(2025, 3, 4),
            (57, 111, 169),
            (THICK, OVERLAPPING, THICK, THIN),
            ((0, 0, 0), (1, -3, -14), (0, 2, 4), (-1, -2, -11)),
        ),
        readings=readings.PARTIAL_RESPONSE,
    ),
    PatientScript(
        code="NRC-001-0002",
        story="partial response at week 8, complete from week 16: the node is of normal size",
        patient=Patient(12, Build(half_width=150, half_depth=104, fat=12, muscle=11, hilum=0.85)),
        sex="F",
        age=57,
        lesions=(
            _liver(1, "VIII", (-102, -12, 24), (Kind.DARK, 0.82, -20), (18.9, 4.1, 0, 0)),
            _liver(2, "II", (48, -50, 36), (Kind.BRIGHT, 0.8, 12), (23.4, 12.7, 0, 0)),
            _porta_hepatis_node(0.72, 22, (22.3, 15.6, 8.3, 7.6)),
            _satellite(1, (-36, -44, 22), (8.2, 5.5, 0, 0)),
        ),
        visits=_visits(
            dt.date(2025, 4, 15),
            (55, 113, 167),
            (OVERLAPPING, THICK, THIN, THICK),
            ((0, 0, 0), (-1, -2, -10), (1, -3, -15), (0, 1, 3)),
        ),
        readings=readings.COMPLETE_RESPONSE,
        phases=(PORTAL_VENOUS, ARTERIAL),
    ),
    PatientScript(
        code="NRC-002-0001",
        story="stable, then progression at week 24: the sum has grown over its nadir of week 16",
        patient=Patient(13, Build(half_width=155, half_depth=110, fat=14, muscle=9)),
        sex="M",
        age=71,
        lesions=(
            _liver(1, "VII", (-78, 30, 34), (Kind.NECROTIC, 0.8, 65), (36.2, 31.4, 27.8, 38.6)),
            _liver(2, "V", (-86, -42, -14), (Kind.RIM, 0.76, -15), (25.1, 22.1, 20.2, 29.4)),
            _para_aortic_node(1, 0.74, 78, (19.4, 17.6, 16.5, 22.7)),
        ),
        visits=_visits(
            dt.date(2025, 5, 20),
            (56, 115, 170),
            (THIN, THICK, OVERLAPPING, THICK),
            ((0, 0, 0), (0, -2, -12), (-1, 1, 3), (1, -3, -16)),
            fluid=(8, 9, 8, 10),
        ),
        readings=readings.GROWTH,
    ),
    PatientScript(
        code="NRC-002-0002",
        story="targets stable, progression at week 16 by a new lesion in segment III",
        patient=Patient(14, Build(half_width=152, half_depth=104, fat=19)),
        sex="M",
        age=59,
        lesions=(
            _liver(1, "VIII", (-82, -4, 22), (Kind.NECROTIC, 0.86, 24), (48.9, 44.2, 42.6, 43.8)),
            _liver(2, "VI", (-94, 8, -34), (Kind.DARK, 0.72, -62), (30.2, 28.7, 27.9, 28.8)),
            _para_aortic_node(1, 0.7, 70, (12.4, 12.3, 12.5, 12.2)),
            _liver(3, "III", (46, -52, 32), (Kind.DARK, 0.83, -28), (0, 0, 17.8, 26.3)),
        ),
        visits=_visits(
            dt.date(2025, 6, 10),
            (58, 110, 171),
            (THICK, THIN, THICK, OVERLAPPING),
            ((0, 0, 0), (1, 1, 4), (0, -3, -13), (-1, -2, -9)),
        ),
        readings=readings.NEW_LESION,
    ),
    PatientScript(
        code="NRC-003-0001",
        story="two readers differ: other targets, and a faint new focus at week 24 that one doubts",
        patient=Patient(15, Build(half_width=154, half_depth=106, fat=15, muscle=11)),
        sex="F",
        age=68,
        lesions=(
            _liver(1, "VII", (-80, 26, 32), (Kind.DARK, 0.8, 50), (37.6, 33.1, 30.8, 30.2)),
            _liver(2, "V", (-90, -40, -10), (Kind.RIM, 0.78, -30), (24.9, 23.8, 22.9, 23.4)),
            _liver(3, "II", (48, -50, 36), (Kind.BRIGHT, 0.74, 8), (26.8, 17.3, 9.6, 9.1)),
            _liver(4, "VI", (-104, 16, -22), (Kind.FAINT, 0.85, 15), (0, 0, 0, 11.3)),
        ),
        visits=_visits(
            dt.date(2025, 7, 1),
            (55, 112, 168),
            (OVERLAPPING, THIN, OVERLAPPING, THICK),
            ((0, 0, 0), (0, -3, -15), (1, -2, -11), (-1, 1, 3)),
        ),
        readings=readings.DISAGREEMENT,
    ),
    PatientScript(
        code="NRC-003-0002",
        story="stable disease throughout; a small scan, kept with the project as an example",
        patient=Patient(16, Build(half_width=153, half_depth=105)),
        sex="M",
        age=62,
        lesions=(
            _liver(1, "VIII", (-84, -14, 30), (Kind.DARK, 0.8, 38), (33.4, 31.9, 30.6, 31.7)),
            _liver(2, "VII", (-92, 18, 8), (Kind.BRIGHT, 0.78, -40), (22.8, 22.1, 21.4, 21.9)),
        ),
        visits=_visits(
            dt.date(2025, 8, 12),
            (57, 114, 166),
            (SMALL, replace(SMALL, pixel=1.27, top=58), SMALL, replace(SMALL, pixel=1.28, top=56)),
            ((0, 0, 0), (1, -2, -10), (0, 1, 3), (-1, -3, -12)),
        ),
        readings=readings.STABLE,
    ),
    PatientScript(
        code="NRC-003-0003",
        story="five targets that do not change, and a new lesion in segment III at week 24",
        patient=Patient(17, Build(half_width=155, half_depth=106, fat=14, hilum=0.9)),
        sex="F",
        age=66,
        lesions=(
            _liver(1, "VIII", (-84, -14, 30), (Kind.DARK, 0.8, 34), (34.2, 34.0, 33.7, 33.9)),
            _liver(2, "VI", (-98, 16, -24), (Kind.RIM, 0.84, -48), (27.6, 27.4, 27.3, 27.5)),
            _spleen((94, 42, 18), (Kind.DARK, 0.8, 60), (17.3, 17.1, 17.2, 17.4)),
            _porta_hepatis_node(0.76, 14, (24.1, 23.8, 23.9, 23.7)),
            _para_aortic_node(2, 0.74, 78, (19.2, 19.0, 18.9, 19.1)),
            _satellite(1, (-34, -44, 18), (8.2, 8.1, 8.0, 8.1)),
            _liver(3, "III", (46, -52, 32), (Kind.DARK, 0.83, -28), (0, 0, 0, 18.6)),
        ),
        visits=_visits(
            dt.date(2025, 9, 2),
            (56, 113, 168),
            (TALL, replace(TALL, pixel=1.27), replace(TALL, pixel=1.28), TALL),
            ((0, 0, 0), (1, -2, -9), (0, 1, 3), (-1, -2, -8)),
            fluid=(7, 7, 8, 7),
        ),
        readings=readings.UNCHANGED,
    ),
)

EXAMPLE: PatientScript = SAMPLE_TRIAL[5]
"""The patient kept in ``sample_data/``."""
