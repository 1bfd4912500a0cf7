"""Numbers: no model, no page."""
