"""Where the words are: each prompt is a text file of this folder."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def prompt(name: str) -> str:
    """Return the text of one prompt file, e.g. `system` or `tools/funnel`."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8").strip()
