"""Every text a window shows can be translated, and every text is known to translators."""

import ast
import gettext
import json
import re
import runpy
import string
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from napari_recist.criteria.organs import ORGANS
from napari_recist.reading import import_images
from napari_recist.translation import FOLDER, _
from napari_recist.trial import TrialRole, assign, create_trial
from tests.ui.conftest import PASSWORD, SAMPLE, SUBJECT
from tests.ui.wide_letters import wide

TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"[A-Za-z]{2,}")
TEMPLATE = FOLDER / "napari_recist.pot"
DATA = {
    SUBJECT,
    "anna",
    PASSWORD,
    "NT1",
    "BL",
    "CT",
    "napari",
    "PD",
    "NE",
    "SD",
    "PR",
    "CR",
    "NON-CR/NON-PD",
    "wrong",
    "arterial",
}
DATA |= {"portal venous", *(organ.word for organ in ORGANS)}
DATA |= {site.word for organ in ORGANS for site in organ.sites}
"""Codes, names, and the words that the record holds of organs, sites and phases."""
SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "texts.py"


def test_the_template_holds_every_text() -> None:
    """``make texts`` was run since the last change of a text."""
    made = runpy.run_path(str(SCRIPT))["template"]()

    assert TEMPLATE.read_text(encoding="utf-8") == made


@pytest.mark.parametrize("path", sorted(FOLDER.parent.rglob("*.py")), ids=lambda path: path.stem)
def test_every_field_of_a_text_is_filled_in(path: Path) -> None:
    """The names in braces are those handed over with the text, no more and no fewer."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_" and call.keywords:
            text = ast.literal_eval(call.args[0])
            fields = {name for _text, name, *_rest in string.Formatter().parse(text) if name}
            assert fields == {given.arg for given in call.keywords}, text


def test_a_text_without_a_translation_is_english() -> None:
    """Where no catalogue has a text, it is shown as it stands, its fields filled in."""
    assert _("{visit} of nobody", visit="W8") == "W8 of nobody"
    assert isinstance(gettext.NullTranslations().gettext("x"), str)


@pytest.mark.ui
def test_every_text_of_the_window_passes_through_the_catalogue(
    screen: None, tmp_path: Path
) -> None:
    """A patient read in wide letters: what is seen in narrow ones is data or the record's words."""
    url, out = tmp_path / "trial.db", tmp_path / "seen.json"
    with create_trial(str(url), SAMPLE / "charter.toml") as trial:
        import_images(trial, SAMPLE / SUBJECT)
        trial.admit("anna", TrialRole.READER, PASSWORD)
        assign(trial, SUBJECT, "anna")
    command = [sys.executable, "-m", "tests.ui.wide_reader", str(url), "anna", str(out)]
    subprocess.run(command, check=True, timeout=300)
    told = json.loads(out.read_text(encoding="utf-8"))
    narrow = {}
    for text in told["seen"]:
        if words := untranslated(text, told["record"]):
            narrow[text] = words

    assert len(told["seen"]) > 200
    assert f"{wide('Week')} 8" in told["seen"]
    assert narrow == {}


def untranslated(text: str, record: list[str]) -> list[str]:
    """Return the narrow words of a text that are neither data nor words of the record."""
    plain = unescape(TAG.sub(" ", text))
    for words in sorted({*record, *DATA}, key=len, reverse=True):
        plain = plain.replace(words, " ")
    return WORD.findall(plain)
