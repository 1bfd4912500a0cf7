"""Identifiers to persons."""
