"""What leaves the reading room: rows built purely, then written."""
