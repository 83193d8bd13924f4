"""Facts about reading DICOM."""
