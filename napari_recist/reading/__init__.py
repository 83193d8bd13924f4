"""A reading session: commands in, signals out. No Qt, no napari."""
