"""The sample company: a seeded B2B software company's year, with truths planted in it."""
