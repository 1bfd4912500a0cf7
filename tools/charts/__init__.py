"""A result to a chart specification."""
