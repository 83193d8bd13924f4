"""What makes the millimetres of a volume trustworthy, or not, in words."""
