"""Which images the trial has, and what is asked about them."""
