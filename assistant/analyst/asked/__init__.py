"""From a question as read to the arguments of each analysis: one module per analysis."""
