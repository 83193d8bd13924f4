"""The trial's database for others: read-only SQL views of the record, and their dictionary."""
