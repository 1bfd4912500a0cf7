"""Tests that drive the real page in headless Chromium."""
