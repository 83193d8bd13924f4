"""The reading room in napari."""
