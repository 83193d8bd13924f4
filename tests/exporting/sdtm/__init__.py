"""Facts about the SDTM datasets."""
