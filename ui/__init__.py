"""Faces: the page and the command line."""
