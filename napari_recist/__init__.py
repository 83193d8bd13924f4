"""Tumour measurement for clinical trials: calipers, RECIST responses and a record that holds."""

from importlib.metadata import version

__version__ = version("napari-recist")
