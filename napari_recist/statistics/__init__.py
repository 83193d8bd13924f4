"""Rates and times of a trial, from its responses."""
