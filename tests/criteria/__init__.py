"""Facts about the rules."""
