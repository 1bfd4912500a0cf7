"""One module per vendor: which endpoints its API has."""
