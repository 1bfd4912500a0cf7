"""Facts about the product, one per test."""
