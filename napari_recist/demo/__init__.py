"""The demonstration: a scripted read of the sample trial."""
