"""Tests of the views that others query."""
