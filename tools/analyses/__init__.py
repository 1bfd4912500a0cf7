"""One module and one query per analysis."""
