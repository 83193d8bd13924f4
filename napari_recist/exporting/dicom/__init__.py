"""Signed measurements as DICOM objects that live with the coded images they were drawn on."""
