"""One module per system: its rows to canonical events."""
