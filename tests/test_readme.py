"""The README tells the truth: its code runs, its commands exist, its keys are the program's."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the fenced code of the README in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)


MAKE_TARGETS = re.findall(r"^make (\S+)", "\n".join(blocks("bash")), re.MULTILINE)


@pytest.mark.parametrize("code", blocks("python"))
def test_python_code_runs(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each Python example runs as printed, from the checkout."""
    monkeypatch.chdir(ROOT)

    exec(compile(code, "README.md", "exec"), {"__name__": "readme"})


@pytest.mark.parametrize("target", MAKE_TARGETS)
def test_make_targets_exist(target: str) -> None:
    """Each ``make`` line of the README names a target of the Makefile."""
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_two_commands_are_there() -> None:
    """The README promises ``make demo`` and ``make test``."""
    assert {"demo", "test"} <= set(MAKE_TARGETS)


def test_links_lead_somewhere() -> None:
    """Every relative link and picture of the README exists in the checkout."""
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", README)

    assert [link for link in links if not (ROOT / link).exists()] == []


def test_key_table_is_the_programs() -> None:
    """The keys in the README are those the reading room binds."""
    from napari_recist.ui.keys import (  # noqa: PLC0415 - needs no Qt but napari
        ADJUDICATION_KEYS,
        key_table_markdown,
    )

    assert key_table_markdown().strip() in README
    assert key_table_markdown(ADJUDICATION_KEYS).strip() in README
