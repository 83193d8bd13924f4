"""The facts this program is held to."""
