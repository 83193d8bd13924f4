"""DICOM in: series, geometry, passport and voxels."""
