"""Facts about the demonstration."""
