"""Structured reports in: lines drawn in another program, laid before a reader as proposals."""
