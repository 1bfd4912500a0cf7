"""Words: system prompt, one text per tool, the question catalogue."""
