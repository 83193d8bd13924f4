"""Which room may know which: the import direction that DESIGN decides, held by walking the code."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "napari_recist"

MIDDLE = {"imaging", "measuring", "tracking", "phantom", "trial", "statistics", "exporting"}
EVERYTHING = {"criteria", "reading", "ui", "demo", "cli", *MIDDLE}

MAY_KNOW: dict[str, set[str]] = {
    "errors": set(),
    "translation": set(),
    "criteria": set(),
    **{room: {"criteria"} for room in MIDDLE},
    "measuring": {"criteria", "imaging.geometry", "imaging.volume"},
    "tracking": {"criteria", "imaging.geometry", "imaging.volume"},
    "phantom": {"criteria", "imaging.geometry", "imaging.volume"},
    "exporting": {"criteria", "trial", "statistics"},
    "reading": {"criteria", *MIDDLE},
    "ui": {"criteria", "reading", *MIDDLE},
    "demo": {"criteria", "reading", "ui", *MIDDLE},
    "cli": EVERYTHING,
}
"""What each room may import beside the two for all (``errors``, ``translation``) and itself."""


def modules() -> list[Path]:
    """Return every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Yield the dotted names a module imports, at any depth of the code."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import hides the room it comes from"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(path: Path) -> str:
    """Return the room a module lives in."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


def allowed(room: str, name: str) -> bool:
    """Tell whether a room may import this name of the package."""
    inside = name.removeprefix("napari_recist.")
    known = {"errors", "translation", "__version__", room} | MAY_KNOW[room]
    return any(inside == way or inside.startswith(f"{way}.") for way in known)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_follow_the_design(path: Path) -> None:
    """No module knows a room that DESIGN puts to its right."""
    room = room_of(path)
    if room in {"__init__", "__main__"}:
        return
    ours = [name for name in imported(path) if name.split(".")[0] == "napari_recist"]

    assert [name for name in ours if not allowed(room, name)] == []


@pytest.mark.parametrize(
    "path",
    sorted((PACKAGE / "criteria").rglob("*.py")),
    ids=lambda path: path.name,
)
def test_criteria_need_the_standard_library_only(path: Path) -> None:
    """The rules run wherever Python runs."""
    roots = {name.split(".")[0] for name in imported(path)}

    assert roots - sys.stdlib_module_names - {"napari_recist"} == set()


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_qt_and_napari_stay_in_the_window(path: Path) -> None:
    """A reading session runs without a screen: only ui, demo and cli may touch Qt or napari."""
    roots = {name.split(".")[0] for name in imported(path)}
    if room_of(path) not in {"ui", "demo", "cli"}:
        assert roots & {"qtpy", "napari", "superqt", "PyQt6", "PySide6", "vispy"} == set()


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_file_says_what_it_is_for(path: Path) -> None:
    """The first line of a module is a sentence about its purpose."""
    assert (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").strip()
