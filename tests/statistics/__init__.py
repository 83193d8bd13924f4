"""Rates, agreement and quality of reading, held against published examples and other programs."""
