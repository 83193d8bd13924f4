"""How reads go on: assigned, opened in order, signed, re-opened, adjudicated."""
