"""Calipers and the diameters of a lesion."""
