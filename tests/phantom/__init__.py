"""Facts about the synthetic patients."""
