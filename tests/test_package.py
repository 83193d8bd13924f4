"""What a pip install brings: every file of the package, and a package for every folder of code."""

from configparser import ConfigParser
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "napari_recist"


def test_data_files_are_declared() -> None:
    """Each file beside the code matches a pattern of setup.cfg, so that a wheel holds it."""
    declared = ConfigParser()
    declared.read(ROOT / "setup.cfg", encoding="utf-8")
    patterns = declared["options.package_data"]["napari_recist"].split()
    files = [
        PurePosixPath(path.relative_to(PACKAGE).as_posix())
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    ]

    assert files
    assert [file for file in files if not any(file.match(pattern) for pattern in patterns)] == []


def test_folders_of_code_are_packages() -> None:
    """Each folder with code has an ``__init__.py``: setuptools leaves out one without."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}

    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []
