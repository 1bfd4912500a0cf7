"""Intervals, tests and corrections: thin over scipy and statsmodels."""
