"""Facts about the demonstration's verdict: it notices a wrong millimetre and a wrong word."""

import json
from pathlib import Path

from napari_recist.demo.comparison import Comparison, DiameterCheck, ResponseCheck, write_summary


def diameter(measured_mm: float) -> DiameterCheck:
    """Return a measurement of a lesion that is truly 23.4 mm."""
    return DiameterCheck("NRC-001-0001", "R1", "W8", "T1", 23.4, measured_mm)


def response(computed: str) -> ResponseCheck:
    """Return an answer where PD is right."""
    return ResponseCheck("NRC-001-0001", "R1", "W8", "overall", "PD", computed)


def test_half_a_millimetre_is_within_a_mouse() -> None:
    """23.4 mm measured as 23.8 mm agrees, as 24.0 mm it differs."""
    assert Comparison((diameter(23.8),), ()).differences == ()
    assert Comparison((diameter(24.0),), ()).differences == (diameter(24.0),)


def test_a_wrong_response_differs() -> None:
    """SD where PD is right is a difference."""
    assert Comparison((), (response("PD"), response("SD"))).differences == (response("SD"),)


def test_summary_names_what_differs(tmp_path: Path) -> None:
    """Both summaries hold the verdict and mark the one wrong answer."""
    comparison = Comparison((diameter(23.3),), (response("SD"),))

    text = write_summary(comparison, tmp_path).read_text(encoding="utf-8")
    data = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))

    assert "1 answers differ" in text
    assert text.count("**differs**") == 1
    assert not data["agrees"]
    assert [check["agrees"] for check in data["responses"]] == [False]
