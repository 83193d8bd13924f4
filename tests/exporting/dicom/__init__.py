"""Facts about signed measurements as DICOM objects."""
