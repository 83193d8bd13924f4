"""A frozen transfer: what every export is made of, and how its files are written."""
