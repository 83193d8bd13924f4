"""The script of the sample trial: six patients, four scans each, two readers, and what must follow.

Every diameter is written here by hand, and so is every expected sum and response, worked out from
RECIST.md without the program's engine. No call lies so near a limit that an error of 1 mm in each
lesion, baseline and nadir included, would change it.
"""

import datetime as dt
from dataclasses import replace

from napari_recist.criteria.lesions import Role, Status
from napari_recist.phantom.anatomy import Build
from napari_recist.phantom.lesions import Kind
from napari_recist.phantom.render import Patient
from napari_recist.phantom.scan import Scan
from napari_recist.phantom.script import (
    LesionScript,
    ListedLesion,
    PatientScript,
    ReadingScript,
    VisitScript,
)
from napari_recist.phantom.shapes import Triple
from napari_recist.phantom.truth import Expected

LABELS = ("BL", "W8", "W16", "W24")

MEASURED = (Status.MEASURED,) * 4
PRESENT = (Status.PRESENT,) * 4
NCP = "NON-CR/NON-PD"

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
    noise_hu=9.0,
    compressed=True,
)


def _visits(
    baseline: dt.date,
    days: tuple[int, int, int],
    scans: tuple[Scan, Scan, Scan, Scan],
    breaths: tuple[Triple, Triple, Triple, Triple],
    fluid: tuple[float, float, float, float] = (0, 0, 0, 0),
) -> tuple[VisitScript, ...]:
    """Return baseline and three follow-ups, ``days`` after baseline, each lying a little elsewhere."""
    tables = ((0.0, 0.0, 0.0), (2.3, -3.4, 0.0), (-3.1, 1.8, 0.0), (1.2, 2.6, 0.0))
    return tuple(
        VisitScript(
            label=label,
            week=8 * number,
            date=baseline + dt.timedelta(days=(0, *days)[number]),
            scan=replace(scans[number], table=tables[number], breath=breaths[number]),
            fluid_mm=fluid[number],
        )
        for number, label in enumerate(LABELS)
    )


def _both(reading: ReadingScript) -> tuple[ReadingScript, ReadingScript]:
    """Return the same read for both readers: they agree on this patient."""
    return replace(reading, reader="R1"), replace(reading, reader="R2")


def _target(number: int, lesion: str, said: tuple[Status | None, ...] = MEASURED) -> ListedLesion:
    return ListedLesion(f"T{number}", Role.TARGET, said, (lesion,))


def _non_target(*lesions: str, said: tuple[Status | None, ...] = PRESENT) -> ListedLesion:
    return ListedLesion("NT1", Role.NON_TARGET, said, lesions)


def _new(lesion: str, said: tuple[Status | None, ...]) -> ListedLesion:
    return ListedLesion("N1", Role.NEW, said, (lesion,))


def _satellite(number: int, place: Triple, diameters: tuple[float, ...]) -> LesionScript:
    return LesionScript(
        f"satellite-{number}", Kind.DARK, place, 0.9, 40.0 * number, diameters, site="segment IV"
    )


PARTIAL_RESPONSE = PatientScript(
    code="NRC-001-0001",
    story="partial response at week 16, confirmed at week 24",
    patient=Patient(11, Build(half_width=156, half_depth=108, fat=17, muscle=10)),
    sex="M",
    age=64,
    lesions=(
        LesionScript(
            "liver-1",
            Kind.DARK,
            (-84, -16, 36),
            0.78,
            32,
            (41.3, 34.2, 23.4, 22.6),
            site="segment VIII",
        ),
        LesionScript(
            "liver-2",
            Kind.RIM,
            (-96, 30, -22),
            0.84,
            -48,
            (28.6, 23.3, 17.8, 17.1),
            site="segment VI",
        ),
        LesionScript(
            "node-1",
            Kind.NODE,
            (-8, -15, -14),
            0.76,
            14,
            (24.7, 19.4, 13.2, 12.4),
            organ="lymph node",
            site="porta hepatis",
            porta_hepatis=True,
        ),
        _satellite(1, (-34, -44, 18), (8.1, 8.0, 7.3, 7.1)),
        _satellite(2, (-48, -52, 30), (7.2, 7.4, 6.6, 6.3)),
    ),
    visits=_visits(
        dt.date(2025, 3, 4),
        (57, 111, 169),
        (THICK, OVERLAPPING, THICK, THIN),
        ((0, 0, 0), (1, -3, -14), (0, 2, 4), (-1, -2, -11)),
    ),
    readings=_both(
        ReadingScript(
            "",
            (
                _target(1, "liver-1"),
                _target(2, "liver-2"),
                _target(3, "node-1"),
                _non_target("satellite-1", "satellite-2"),
            ),
            (
                Expected(94.6),  # 41.3 + 28.6 + 24.7
                Expected(76.9, "SD", NCP, False, "SD"),  # -18.7 %
                Expected(54.4, "PR", NCP, False, "PR"),  # -42.5 %
                Expected(52.1, "PR", NCP, False, "PR"),  # -44.9 %
            ),
            best_response="PR",
            best_visit="W16",
            confirmed_best_response="PR",
        )
    ),
)

COMPLETE_RESPONSE = PatientScript(
    code="NRC-001-0002",
    story="partial response at week 8, complete from week 16: targets gone, the node normal in size",
    patient=Patient(12, Build(half_width=150, half_depth=100, fat=12, muscle=11)),
    sex="F",
    age=57,
    lesions=(
        LesionScript(
            "liver-1", Kind.DARK, (-88, 8, 30), 0.82, -20, (18.9, 4.1, 0, 0), site="segment VIII"
        ),
        LesionScript(
            "liver-2", Kind.BRIGHT, (24, -50, 42), 0.8, 12, (23.4, 12.7, 0, 0), site="segment II"
        ),
        LesionScript(
            "node-1",
            Kind.NODE,
            (-8, -15, -14),
            0.72,
            22,
            (22.3, 15.6, 8.3, 7.6),
            organ="lymph node",
            site="porta hepatis",
            porta_hepatis=True,
        ),
        _satellite(1, (-36, -44, 22), (8.2, 5.5, 0, 0)),
    ),
    visits=_visits(
        dt.date(2025, 4, 15),
        (55, 113, 167),
        (OVERLAPPING, THICK, THIN, THICK),
        ((0, 0, 0), (-1, -2, -10), (1, -3, -15), (0, 1, 3)),
    ),
    readings=_both(
        ReadingScript(
            "",
            (
                _target(
                    1,
                    "liver-1",
                    (Status.MEASURED, Status.TOO_SMALL, Status.ABSENT, Status.ABSENT),
                ),
                _target(
                    2, "liver-2", (Status.MEASURED, Status.MEASURED, Status.ABSENT, Status.ABSENT)
                ),
                _target(3, "node-1"),
                _non_target(
                    "satellite-1",
                    said=(Status.PRESENT, Status.PRESENT, Status.ABSENT, Status.ABSENT),
                ),
            ),
            (
                Expected(64.6),  # 18.9 + 23.4 + 22.3
                Expected(33.3, "PR", NCP, False, "PR"),  # 5.0 (too small) + 12.7 + 15.6: -48.5 %
                Expected(8.3, "CR", "CR", False, "CR"),  # 0 + 0 + a node below 10 mm
                Expected(7.6, "CR", "CR", False, "CR"),
            ),
            best_response="CR",
            best_visit="W16",
            confirmed_best_response="CR",
        )
    ),
)

GROWTH = PatientScript(
    code="NRC-002-0001",
    story="stable, then progression at week 24: the sum has grown over its nadir of week 16",
    patient=Patient(13, Build(half_width=155, half_depth=110, fat=14, muscle=9)),
    sex="M",
    age=71,
    lesions=(
        LesionScript(
            "liver-1",
            Kind.NECROTIC,
            (-78, 30, 34),
            0.8,
            65,
            (36.2, 31.4, 27.8, 38.6),
            site="segment VII",
        ),
        LesionScript(
            "liver-2",
            Kind.RIM,
            (-86, -42, -14),
            0.76,
            -15,
            (25.1, 22.1, 20.2, 29.4),
            site="segment V",
        ),
        LesionScript(
            "node-1",
            Kind.NODE,
            (35, 16, -60),
            0.74,
            78,
            (19.4, 17.6, 16.5, 22.7),
            organ="lymph node",
            site="left para-aortic",
            follows_breath=0.2,
        ),
    ),
    visits=_visits(
        dt.date(2025, 5, 20),
        (56, 115, 170),
        (THIN, THICK, OVERLAPPING, THICK),
        ((0, 0, 0), (0, -2, -12), (-1, 1, 3), (1, -3, -16)),
        fluid=(8, 9, 8, 10),
    ),
    readings=_both(
        ReadingScript(
            "",
            (
                _target(1, "liver-1"),
                _target(2, "liver-2"),
                _target(3, "node-1"),
                ListedLesion("NT1", Role.NON_TARGET, PRESENT, organ="peritoneum", site="ascites"),
            ),
            (
                Expected(80.7),  # 36.2 + 25.1 + 19.4
                Expected(71.1, "SD", NCP, False, "SD"),  # -11.9 %
                Expected(64.5, "SD", NCP, False, "SD"),  # -20.1 %, the nadir
                Expected(90.7, "PD", NCP, False, "PD"),  # +26.2 mm, +40.6 % over 64.5
            ),
            best_response="SD",
            best_visit="W8",
            confirmed_best_response="SD",
            progression_visit="W24",
        )
    ),
)

NEW_LESION = PatientScript(
    code="NRC-002-0002",
    story="targets stable, progression at week 16 by a new lesion in segment III",
    patient=Patient(14, Build(half_width=152, half_depth=104, fat=19, muscle=10)),
    sex="M",
    age=59,
    lesions=(
        LesionScript(
            "liver-1",
            Kind.NECROTIC,
            (-82, -4, 22),
            0.86,
            24,
            (48.9, 44.2, 42.6, 43.8),
            site="segment VIII",
        ),
        LesionScript(
            "liver-2",
            Kind.DARK,
            (-92, 36, -34),
            0.72,
            -62,
            (30.2, 28.7, 27.9, 28.8),
            site="segment VI",
        ),
        LesionScript(
            "node-1",
            Kind.NODE,
            (34, 16, -60),
            0.7,
            70,
            (12.4, 12.3, 12.5, 12.2),
            organ="lymph node",
            site="left para-aortic",
            follows_breath=0.2,
        ),
        LesionScript(
            "liver-3", Kind.DARK, (28, -52, 30), 0.83, -28, (0, 0, 17.8, 26.3), site="segment III"
        ),
    ),
    visits=_visits(
        dt.date(2025, 6, 10),
        (58, 110, 171),
        (THICK, THIN, THICK, OVERLAPPING),
        ((0, 0, 0), (1, 1, 4), (0, -3, -13), (-1, -2, -9)),
    ),
    readings=_both(
        ReadingScript(
            "",
            (
                _target(1, "liver-1"),
                _target(2, "liver-2"),
                _non_target("node-1"),
                _new("liver-3", (None, None, Status.UNEQUIVOCAL, Status.UNEQUIVOCAL)),
            ),
            (
                Expected(79.1),  # 48.9 + 30.2
                Expected(72.9, "SD", NCP, False, "SD"),  # -7.8 %
                Expected(70.5, "SD", NCP, True, "PD"),  # -10.9 %, but a new lesion
                Expected(72.6, "SD", NCP, True, "PD"),  # -8.2 %, the new lesion has grown
            ),
            best_response="SD",
            best_visit="W8",
            confirmed_best_response="SD",
            progression_visit="W16",
        )
    ),
)

DISAGREEMENT = PatientScript(
    code="NRC-003-0001",
    story="two readers differ: other targets, and a faint new focus at week 24 that one doubts",
    patient=Patient(15, Build(half_width=154, half_depth=106, fat=15, muscle=11)),
    sex="F",
    age=68,
    lesions=(
        LesionScript(
            "liver-1",
            Kind.DARK,
            (-80, 26, 32),
            0.8,
            50,
            (37.6, 33.1, 30.8, 30.2),
            site="segment VII",
        ),
        LesionScript(
            "liver-2",
            Kind.RIM,
            (-90, -40, -10),
            0.78,
            -30,
            (24.9, 23.8, 22.9, 23.4),
            site="segment V",
        ),
        LesionScript(
            "liver-3",
            Kind.BRIGHT,
            (26, -52, 40),
            0.74,
            8,
            (26.8, 17.3, 9.6, 9.1),
            site="segment II",
        ),
        LesionScript(
            "liver-4", Kind.FAINT, (-104, 16, -22), 0.85, 15, (0, 0, 0, 11.3), site="segment VI"
        ),
    ),
    visits=_visits(
        dt.date(2025, 7, 1),
        (55, 112, 168),
        (OVERLAPPING, THIN, OVERLAPPING, THICK),
        ((0, 0, 0), (0, -3, -15), (1, -2, -11), (-1, 1, 3)),
    ),
    readings=(
        ReadingScript(
            "R1",
            (
                _target(1, "liver-1"),
                _target(2, "liver-2"),
                _non_target("liver-3"),
                _new("liver-4", (None, None, None, Status.EQUIVOCAL)),
            ),
            (
                Expected(62.5),  # 37.6 + 24.9
                Expected(56.9, "SD", NCP, False, "SD"),  # -9.0 %
                Expected(53.7, "SD", NCP, False, "SD"),  # -14.1 %
                Expected(53.6, "SD", NCP, False, "SD"),  # -14.2 %; equivocal does not count
            ),
            best_response="SD",
            best_visit="W8",
            confirmed_best_response="SD",
        ),
        ReadingScript(
            "R2",
            (
                _target(1, "liver-1"),
                _target(2, "liver-3"),
                _non_target("liver-2"),
                _new("liver-4", (None, None, None, Status.UNEQUIVOCAL)),
            ),
            (
                Expected(64.4),  # 37.6 + 26.8
                Expected(50.4, "SD", NCP, False, "SD"),  # -21.7 %
                Expected(40.4, "PR", NCP, False, "PR"),  # -37.3 %
                Expected(39.3, "PR", NCP, True, "PD"),  # -39.0 %, but a new lesion
            ),
            best_response="PR",
            best_visit="W16",
            confirmed_best_response="SD",  # the PR of week 16 is never confirmed
            progression_visit="W24",
        ),
    ),
)

STABLE = PatientScript(
    code="NRC-003-0002",
    story="stable disease throughout; a small scan, kept with the project as an example",
    patient=Patient(16, Build(half_width=153, half_depth=105, fat=16, muscle=10)),
    sex="M",
    age=62,
    lesions=(
        LesionScript(
            "liver-1",
            Kind.DARK,
            (-84, -14, 30),
            0.8,
            38,
            (33.4, 31.9, 30.6, 31.7),
            site="segment VIII",
        ),
        LesionScript(
            "liver-2",
            Kind.BRIGHT,
            (-92, 36, 6),
            0.78,
            -40,
            (22.8, 22.1, 21.4, 21.9),
            site="segment VII",
        ),
    ),
    visits=_visits(
        dt.date(2025, 8, 12),
        (57, 114, 166),
        (SMALL, replace(SMALL, pixel=1.27, top=58.0), SMALL, replace(SMALL, pixel=1.28, top=56.0)),
        ((0, 0, 0), (1, -2, -10), (0, 1, 3), (-1, -3, -12)),
    ),
    readings=_both(
        ReadingScript(
            "",
            (_target(1, "liver-1"), _target(2, "liver-2")),
            (
                Expected(56.2),  # 33.4 + 22.8
                Expected(54.0, "SD", "NA", False, "SD"),  # -3.9 %
                Expected(52.0, "SD", "NA", False, "SD"),  # -7.5 %
                Expected(53.6, "SD", "NA", False, "SD"),  # -4.6 %, +1.6 mm over the nadir
            ),
            best_response="SD",
            best_visit="W8",
            confirmed_best_response="SD",
        )
    ),
)

SAMPLE_TRIAL: tuple[PatientScript, ...] = (
    PARTIAL_RESPONSE,
    COMPLETE_RESPONSE,
    GROWTH,
    NEW_LESION,
    DISAGREEMENT,
    STABLE,
)
EXAMPLE_CODE = STABLE.code
"""The patient kept in ``sample_data/``."""
