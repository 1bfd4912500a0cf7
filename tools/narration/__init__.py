"""A result to sentences."""
