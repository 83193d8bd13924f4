"""The rules: what a reader states and the response that follows. Standard library only."""
