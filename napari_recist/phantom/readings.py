"""What two readers say of each patient of the sample trial, and what has to follow from it.

Every sum and every response is written here by hand, worked out from RECIST.md without the
program's engine. No call lies so near a limit that an error of 1 mm in each lesion, baseline and
nadir included, would change it.
"""

from dataclasses import replace

from napari_recist.criteria.lesions import Role, Status
from napari_recist.phantom.script import ListedLesion, ReadingScript
from napari_recist.phantom.truth import Expected

Said = tuple[Status | None, ...]

MEASURED: Said = (Status.MEASURED,) * 4
PRESENT: Said = (Status.PRESENT,) * 4
NCP = "NON-CR/NON-PD"


def _both(reading: ReadingScript) -> tuple[ReadingScript, ReadingScript]:
    """Return the same read for both readers: they agree on this patient."""
    return replace(reading, reader="R1"), replace(reading, reader="R2")


def _target(number: int, lesion: str, said: Said = MEASURED) -> ListedLesion:
    return ListedLesion(f"T{number}", Role.TARGET, said, (lesion,))


def _ascites(number: int) -> ListedLesion:
    name = f"NT{number}"
    return ListedLesion(name, Role.NON_TARGET, PRESENT, organ="peritoneum", site="ascites")


def _non_target(*lesions: str, said: Said = PRESENT) -> ListedLesion:
    return ListedLesion("NT1", Role.NON_TARGET, said, lesions)


def _new(lesion: str, said: Said) -> ListedLesion:
    return ListedLesion("N1", Role.NEW, said, (lesion,))


PARTIAL_RESPONSE = _both(
    ReadingScript(
        reader="",
        lesions=(
            _target(1, "liver-1"),
            _target(2, "liver-2"),
            _target(3, "node-1"),
            _non_target("satellite-1", "satellite-2"),
        ),
        expected=(
            Expected(94.6),  # 41.3 + 28.6 + 24.7
            Expected(76.9, "SD", NCP, "SD"),  # -18.7 %
            Expected(54.4, "PR", NCP, "PR"),  # -42.5 %
            Expected(52.1, "PR", NCP, "PR"),  # -44.9 %: confirmed after 58 days
        ),
        best_response="PR",
        best_visit="W16",
        confirmed_best_response="PR",
    )
)

_GONE: Said = (Status.MEASURED, Status.MEASURED, Status.ABSENT, Status.ABSENT)
_TINY_THEN_GONE: Said = (Status.MEASURED, Status.TOO_SMALL, Status.ABSENT, Status.ABSENT)

COMPLETE_RESPONSE = _both(
    ReadingScript(
        reader="",
        lesions=(
            _target(1, "liver-1", _TINY_THEN_GONE),
            _target(2, "liver-2", _GONE),
            _target(3, "node-1"),
            _non_target(
                "satellite-1", said=(Status.PRESENT, Status.PRESENT, Status.ABSENT, Status.ABSENT)
            ),
        ),
        expected=(
            Expected(64.6),  # 18.9 + 23.4 + 22.3
            Expected(33.3, "PR", NCP, "PR"),  # 5.0 for too small, + 12.7 + 15.6: -48.5 %
            Expected(8.3, "CR", "CR", "CR"),  # 0 + 0 + 8.3: every node below 10 mm
            Expected(7.6, "CR", "CR", "CR"),  # confirmed after 54 days
        ),
        best_response="CR",
        best_visit="W16",
        confirmed_best_response="CR",
    )
)

GROWTH = _both(
    ReadingScript(
        reader="",
        lesions=(
            _target(1, "liver-1"),
            _target(2, "liver-2"),
            _target(3, "node-1"),
            _ascites(1),
        ),
        expected=(
            Expected(80.7),  # 36.2 + 25.1 + 19.4
            Expected(71.1, "SD", NCP, "SD"),  # -11.9 %
            Expected(64.5, "SD", NCP, "SD"),  # -20.1 %: the nadir
            Expected(90.7, "PD", NCP, "PD"),  # +26.2 mm and +40.6 % over 64.5
        ),
        best_response="SD",
        best_visit="W8",
        confirmed_best_response="SD",
        progression_visit="W24",
    )
)

NEW_LESION = _both(
    ReadingScript(
        reader="",
        lesions=(
            _target(1, "liver-1"),
            _target(2, "liver-2"),
            _non_target("node-1"),
            _new("liver-3", (None, None, Status.UNEQUIVOCAL, Status.UNEQUIVOCAL)),
        ),
        expected=(
            Expected(79.1),  # 48.9 + 30.2
            Expected(72.9, "SD", NCP, "SD"),  # -7.8 %
            Expected(70.5, "SD", NCP, "PD", new_lesion=True),  # -10.9 %, but a new lesion
            Expected(72.6, "SD", NCP, "PD", new_lesion=True),  # -8.2 %
        ),
        best_response="SD",
        best_visit="W8",
        confirmed_best_response="SD",
        progression_visit="W16",
    )
)

DISAGREEMENT = (
    ReadingScript(
        reader="R1",
        lesions=(
            _target(1, "liver-1"),
            _target(2, "liver-2"),
            _non_target("liver-3"),
            _new("liver-4", (None, None, None, Status.EQUIVOCAL)),
        ),
        expected=(
            Expected(62.5),  # 37.6 + 24.9
            Expected(56.9, "SD", NCP, "SD"),  # -9.0 %
            Expected(53.7, "SD", NCP, "SD"),  # -14.1 %
            Expected(53.6, "SD", NCP, "SD"),  # -14.2 %; an equivocal lesion does not count
        ),
        best_response="SD",
        best_visit="W8",
        confirmed_best_response="SD",
    ),
    ReadingScript(
        reader="R2",
        lesions=(
            _target(1, "liver-1"),
            _target(2, "liver-3"),
            _non_target("liver-2"),
            _new("liver-4", (None, None, None, Status.UNEQUIVOCAL)),
        ),
        expected=(
            Expected(64.4),  # 37.6 + 26.8
            Expected(50.4, "SD", NCP, "SD"),  # -21.7 %
            Expected(40.4, "PR", NCP, "PR"),  # -37.3 %
            Expected(39.3, "PR", NCP, "PD", new_lesion=True),  # -39.0 %, but a new lesion
        ),
        best_response="PR",
        best_visit="W16",
        confirmed_best_response="SD",  # the PR of week 16 is never confirmed
        progression_visit="W24",
    ),
)

STABLE = _both(
    ReadingScript(
        reader="",
        lesions=(_target(1, "liver-1"), _target(2, "liver-2")),
        expected=(
            Expected(56.2),  # 33.4 + 22.8
            Expected(54.0, "SD", "NA", "SD"),  # -3.9 %
            Expected(52.0, "SD", "NA", "SD"),  # -7.5 %: the nadir
            Expected(53.6, "SD", "NA", "SD"),  # +1.6 mm over the nadir
        ),
        best_response="SD",
        best_visit="W8",
        confirmed_best_response="SD",
    )
)

UNCHANGED = _both(
    ReadingScript(
        reader="",
        lesions=(
            _target(1, "liver-1"),
            _target(2, "liver-2"),
            _target(3, "spleen-1"),
            _target(4, "node-1"),
            _target(5, "node-2"),
            _non_target("satellite-1"),
            _ascites(2),
            _new("liver-3", (None, None, None, Status.UNEQUIVOCAL)),
        ),
        expected=(
            Expected(122.4),  # 34.2 + 27.6 + 17.3 + 24.1 + 19.2
            Expected(121.3, "SD", NCP, "SD"),  # -0.9 %
            Expected(121.0, "SD", NCP, "SD"),  # -1.1 %: the nadir
            Expected(121.6, "SD", NCP, "PD", new_lesion=True),  # +0.6 mm, but a new lesion
        ),
        best_response="SD",
        best_visit="W8",
        confirmed_best_response="SD",
        progression_visit="W24",
    )
)
