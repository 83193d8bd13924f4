"""The demonstration: the reading room on the sample trial, or a scripted read of it."""
