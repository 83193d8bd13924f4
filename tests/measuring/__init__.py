"""Facts about calipers and diameters."""
