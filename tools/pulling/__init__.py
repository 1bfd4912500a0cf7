"""Pulling from the systems that hold the data: APIs, databases and watched folders."""
