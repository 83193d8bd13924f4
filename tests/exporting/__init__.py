"""Facts about what leaves the program."""
