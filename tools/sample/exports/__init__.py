"""The sample company's year as the exports of the systems that saw it."""
