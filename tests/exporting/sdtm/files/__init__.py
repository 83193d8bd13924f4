"""Facts about the files of SDTM datasets."""
