"""Facts about the export gate."""
