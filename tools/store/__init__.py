"""The workspace: one DuckDB file in generations, its schema, and the one SQL door."""
