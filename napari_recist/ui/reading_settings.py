"""The reader's own settings of the reading room, as napari keeps them (Preferences)."""

from dataclasses import dataclass, fields

from napari.settings import get_plugin_settings

from napari_recist.reading import PriorChoice

PLUGIN = "napari-recist"
THEME = "reading-room"
"""The theme this plugin brings to napari."""


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """Settings by their names in ``napari.yaml``, which describes each."""

    wheel_scrolls: bool
    link_slices: bool
    link_zoom: bool
    link_windows: bool
    reference_views: bool
    prior: PriorChoice
    cine_speed: int
    dark_theme: bool


def reading_settings() -> ReadingSettings:
    """Return the settings as they are now.

    Raises
    ------
    KeyError
        If napari does not know this plugin: it is not installed, or disabled.
    """
    kept = get_plugin_settings(PLUGIN).reading
    values = {field.name: getattr(kept, field.name) for field in fields(ReadingSettings)}
    return ReadingSettings(**values | {"prior": PriorChoice(kept.prior)})
