"""How commands print: JSON for scripts, plain tables for people."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table

from tools.exhibit import plain
from tools.ingest import Progress
from tools.narration.words import span

PEOPLE = Console(highlight=False, soft_wrap=True)
ASIDE = Console(stderr=True, highlight=False, soft_wrap=True)


def as_json(value: object) -> None:
    """Print one JSON document."""
    PEOPLE.file.write(json.dumps(plain(value), indent=2, ensure_ascii=False) + "\n")


def as_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "") -> None:
    """Print a table; rates and durations read as sentences say them."""
    table = Table(title=title or None, title_justify="left", box=None, header_style="bold")
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(cell(name, value) for name, value in zip(columns, row, strict=True)))
    PEOPLE.print(table)


def as_markdown(text: str) -> None:
    """Print an answer."""
    PEOPLE.print(Markdown(text))


def cell(name: str, value: object) -> str:
    """Return one cell as text."""
    if value is None:
        return "-"
    if isinstance(value, float) and name.endswith("seconds"):
        return span(value)
    if isinstance(value, float):
        return f"{value:,.4g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, tuple | list):
        return " → ".join(str(part) for part in value)
    return str(value)


@contextmanager
def progress_bar(*, shown: bool) -> Iterator[Callable[[Progress], None]]:
    """Show one bar per file of an import, with rows and time left; yield what moves them."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    tasks: dict[str, TaskID] = {}
    with Bars(*columns, console=ASIDE, disable=not shown) as bars:

        def move(progress: Progress) -> None:
            if progress.file not in tasks:
                tasks[progress.file] = bars.add_task(progress.file)
            bars.update(
                tasks[progress.file],
                description=f"{progress.file} [dim]{progress.step}[/dim]",
                completed=progress.rows,
                total=progress.rows_expected,
            )

        yield move
