"""The plugin as napari sees it: a valid manifest whose every command can be imported."""

from importlib import import_module

import pytest
from npe2 import PluginManifest
from npe2.cli import app
from typer.testing import CliRunner


@pytest.fixture(scope="module")
def manifest() -> PluginManifest:
    """Return the manifest through the installed entry point."""
    return PluginManifest.from_distribution("napari-recist")


def test_npe2_accepts_the_manifest() -> None:
    """``npe2 validate napari-recist`` finds nothing wrong."""
    answer = CliRunner().invoke(app, ["validate", "napari-recist"])

    assert answer.exit_code == 0, answer.output


def test_every_command_can_be_imported(manifest: PluginManifest) -> None:
    """Each command of the manifest names a callable that exists."""
    commands = manifest.contributions.commands or []

    assert commands
    for command in commands:
        module, _, name = command.python_name.partition(":")
        assert callable(getattr(import_module(module), name)), command.id


def test_the_plugin_offers_reader_widgets_sample_data_and_menus(manifest: PluginManifest) -> None:
    """DICOM opens, the reading room and the sample trial are in napari's menus."""
    offered = manifest.contributions

    assert offered.readers
    assert offered.widgets
    assert offered.sample_data
    assert offered.menus
