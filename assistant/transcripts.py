"""The questions that the product is for, asked of the sample company and answered in full.

Run as `python -m assistant.transcripts SAMPLE_WORKSPACE FILE`, or with `make transcripts`.
"""

import shutil
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.settings import ModelSettings
from tools.exhibit import Exhibit
from tools.store.workspace import Workspace

QUESTIONS = (
    ("The paths that convert", ("Which paths convert best?",)),
    (
        "Where and why people drop off",
        ("Where do people drop off?", "Why do people leave at Sign-up: company details?"),
    ),
    ("What sets converters apart", ("What sets people who convert apart?",)),
    ("Whether order matters", ("Does it matter whether people read a case study before pricing?",)),
    (
        "How long it takes, and when to follow up",
        (
            "How long does it take people to convert?",
            "How soon after Project created should an email follow?",
        ),
    ),
    ("How channels differ", ("How do channels differ?", "Which channel deserves the credit?")),
    ("What is new or odd", ("Is anything new or unusual?",)),
    ("Who is likely to convert next", ("Who is likely to convert next?",)),
    (
        "Why conversion changed",
        (
            "Why did conversion change between February and March 2026?",
            "Did anything get better since the change on 2026-03-01?",
        ),
    ),
    ("What to do first", ("What should we do first?",)),
)
ROWS = 8
WIDEST = 8
"""Columns of a table that a page still holds."""


def transcripts(workspace: Workspace) -> str:
    """Return the questions and their answers as Markdown; each topic is a conversation of its own."""
    parts = [
        "# Ten questions, answered",
        "These are the built-in analyst's own answers on the sample company (`make demo`), with no "
        "key and no network, written by `make transcripts`. People and their year are made up; what "
        "was planted in them is listed in `tools/sample/truths.py`.",
    ]
    with closing(Assistant(workspace, ModelSettings())) as assistant:
        for topic, questions in QUESTIONS:
            parts.append(f"## {topic}")
            conversation = assistant.new_conversation()
            for question in questions:
                parts += _told(assistant.ask(question, conversation=conversation))
    return "\n\n".join(parts) + "\n"


def _told(answer: Answer) -> list[str]:
    parts = [f"> **{answer.question}**", answer.text]
    for call, shown in zip(answer.tool_calls, answer.exhibits, strict=True):
        asked = ", ".join(f"{name}={value!r}" for name, value in call.arguments.items())
        parts += [
            f"<details><summary>{call.tool}({asked}): {len(shown.facts):,} facts</summary>",
            *_table(shown),
            f"*{shown.definition} {shown.scope[:1].upper()}{shown.scope[1:]}.*",
            "</details>",
        ]
    if answer.follow_ups:
        parts.append("Next: " + " · ".join(answer.follow_ups))
    return parts


def _table(shown: Exhibit) -> list[str]:
    """Return the first rows of the main table; columns that are empty throughout are left out."""
    if not shown.rows:
        return []
    kept = [
        place
        for place, _ in enumerate(shown.columns)
        if any(row[place] not in (None, "", []) for row in shown.rows)
    ][:WIDEST]
    lines = [" | ".join(shown.columns[place] for place in kept), " | ".join("---" for _ in kept)]
    lines += [" | ".join(_cell(row[place]) for place in kept) for row in shown.rows[:ROWS]]
    more = len(shown.rows) - ROWS
    table = "\n".join(f"| {line} |" for line in lines)
    return [table, *([f"and {more} more rows"] if more > 0 else [])]


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.4g}"
    if isinstance(value, list | tuple):
        return " → ".join(str(each) for each in value)
    return "" if value is None else str(value).replace("|", "\\|")


def main(arguments: list[str]) -> int:
    """Write the transcripts of the workspace named first to the file named second."""
    source, target = (Path(argument) for argument in arguments)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "sample"
        shutil.copytree(
            source, copy, ignore=shutil.ignore_patterns("conversations.sqlite*", "chroma")
        )
        target.write_text(transcripts(Workspace(copy)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
