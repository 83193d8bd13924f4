"""The trial as an electronic data capture system takes it in: CDISC ODM, REDCap, Medidata Rave."""
