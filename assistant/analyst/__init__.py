"""The built-in analyst: a question in a marketer's words becomes a plan, without a model."""
