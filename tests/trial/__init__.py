"""Facts about the record."""
