"""SDTM datasets as files: XPT v5, Dataset-JSON, CSV, and the Define-XML that describes them."""
