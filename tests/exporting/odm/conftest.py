"""The frozen trial, and its files as data capture systems are given them."""

from collections.abc import Mapping

import pytest

from napari_recist.exporting.odm.export import odm_files
from napari_recist.exporting.transfer.frozen import Transfer


@pytest.fixture
def files(transfer: Transfer) -> Mapping[str, bytes]:
    """Return the files of transfer 1 by name."""
    return odm_files(transfer)
