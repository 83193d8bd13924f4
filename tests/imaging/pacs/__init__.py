"""Tests of the ways to and from a PACS, against a live one."""
