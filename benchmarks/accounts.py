"""What becomes of every row of every system's exports: the table of docs/accounts.md.

Run as `python benchmarks/accounts.py FOLDER --write docs/accounts.md`, where each folder below
FOLDER holds one system's files.
"""

import argparse
from datetime import datetime
from pathlib import Path

from tools.connectors.systems import system_name
from tools.ingest import FileReport, ingest
from tools.ingest_rows import ACCOUNTS
from tools.store.workspace import memory_store

HEAD = """# What becomes of every row

Written by `make accounts`: the exports of eighteen systems, as a warehouse loader lands them, taken in
without options. Each row stands under one kind, and the kinds add up to the rows that came in. Rejected
rows are kept with their reason: mostly tables that say nothing about people (stock, taxes, pictures),
which are listed here too.

"""


def main() -> None:
    """Load each folder into an empty store and print, or write, the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", type=Path)
    told = parser.parse_args()
    text = HEAD + "\n".join(
        _system(path) for path in sorted(told.folder.iterdir()) if path.is_dir()
    )
    if told.write:
        told.write.write_text(text, encoding="utf-8")
    else:
        print(text)


def _system(folder: Path) -> str:
    store = memory_store()
    report = ingest(store, [folder], loaded_at=datetime(2026, 1, 1))
    files = [file for file in report.files if not file.already_loaded]
    kinds = [kind for kind in ACCOUNTS if any(file.accounts.get(kind) for file in files)]
    columns = ["file", "read as", "rows in", *kinds, "unaccounted"]
    lines = [
        f"## {system_name(files[0].connector.split()[0])}",
        "",
        "| " + " | ".join(columns) + " |",
        "|" + "---|" * len(columns),
        *(_line(file.name, file.connector.split(" ", 1)[1], file, kinds) for file in files),
    ]
    rows = sum(file.rows_read for file in files)
    sums = [sum(file.accounts.get(kind, 0) for file in files) for kind in kinds]
    lines.append(
        f"| **all** | | {rows:,} | {' | '.join(f'{n:,}' for n in sums)} | {rows - sum(sums)} |"
    )
    return "\n".join(lines) + "\n"


def _line(name: str, table: str, file: FileReport, kinds: list[str]) -> str:
    cells = [f"{file.accounts.get(kind, 0):,}" if file.accounts.get(kind) else "" for kind in kinds]
    left = file.rows_read - sum(file.accounts.values())
    return f"| {name} | {table.replace('_', ' ')} | {file.rows_read:,} | {' | '.join(cells)} | {left} |"


if __name__ == "__main__":
    main()
