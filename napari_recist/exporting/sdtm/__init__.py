"""SDTM: what the readers stated and signed, as the datasets that CDISC describes."""
