"""What electronic data capture systems are given."""
