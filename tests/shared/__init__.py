"""Tests over the data that no one on this project wrote."""
