"""The trial's charter and its append-only, signed record."""
