"""napari: the reading room and its panels.

Qt and napari are imported by the modules of this room, not by the package, so that the plugin's
manifest can name them without opening a window.
"""
