"""Facts about the reading room."""
