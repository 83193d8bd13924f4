"""The export gate: our own checks of the datasets of a transfer, before anything is written."""
