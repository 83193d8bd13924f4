"""Structured reports by other programs, and what becomes of them here."""
