"""The append-only, hash-chained record: its rows, its store, its proof."""
