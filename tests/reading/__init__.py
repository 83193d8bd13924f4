"""Facts about a reading session."""
