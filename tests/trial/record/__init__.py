"""Facts about the record and its databases."""
