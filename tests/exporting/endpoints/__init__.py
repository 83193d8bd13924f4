"""What the trial wanted to know."""
