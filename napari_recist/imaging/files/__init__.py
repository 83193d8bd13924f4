"""What one DICOM file says: its elements, read quickly and exactly, and the images it holds."""
