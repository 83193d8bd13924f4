"""The steps by which a trial database came to its present schema."""
