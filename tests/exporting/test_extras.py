"""A fact about exports without their libraries: the refusal says what to install."""

import sys

import pytest

from napari_recist.errors import ExportError
from napari_recist.exporting.sdtm.files.define_xml import define_xml_text
from napari_recist.exporting.sdtm.files.xpt import xpt_bytes
from tests.exporting.sdtm.files.small_export import TRANSFER, small_export


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyreadstat or odmlib the error names the package and the extra that brings it."""
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    monkeypatch.setitem(sys.modules, "odmlib.define_2_1", None)

    with pytest.raises(ExportError, match="XPT needs the package pyreadstat") as refused:
        xpt_bytes(small_export()[0], TRANSFER.frozen_at)
    assert "napari-recist[exports]" in refused.value.remedy
    with pytest.raises(ExportError, match="Define-XML needs the package odmlib"):
        define_xml_text(small_export(), TRANSFER)
