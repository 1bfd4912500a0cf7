"""How uploaded files are understood: columns, first rows, and corrections."""

import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from tools.connectors.contract import ImportOptions
from tools.connectors.systems import table_name
from tools.ingest import FilePreview, preview
from ui import session
from ui.edge import plain

Group = tuple[list[Path], ImportOptions]
QUESTIONS = {"person": "Who did it?", "time": "When?", "event": "What happened?"}
TOLD = "As understood"
NOT_READ = "not read"
FEW = 3
"""Files up to which each is shown in full."""
GENERIC = "event table"
COMMAND_LINE_HINT = re.compile(r" Name it: --\w+ COLUMN\.$")


def show(paths: Sequence[Path]) -> list[Group]:
    """Show every file as it is understood; return what to import, by how it is to be read.

    Many files are told in one list; only those that leave something open stand on their own.
    """
    groups: list[Group] = []
    many = len(paths) > FEW
    understood = _all(paths) if many else {}
    if many:
        _list(understood)
    for path in paths:
        if many and not _asks(understood[path]):
            options: ImportOptions | None = ImportOptions()
        elif many and not _is_table(understood[path]):
            continue
        else:
            with st.container(key=f"preview-{_key(path)}", border=True):
                options = _one(path, _key(path))
        if options is None:
            continue
        same = next((found for found in groups if found[1] == options), None)
        if same:
            same[0].append(path)
        else:
            groups.append(([path], options))
    return groups


def files_in_words(groups: Sequence[Group]) -> str:
    """Say which files: the name of one, or how many."""
    paths = [path for group, _ in groups for path in group]
    return paths[0].name if len(paths) == 1 else f"{len(paths)} files"


def _key(path: Path) -> str:
    """Return a widget's key that stays the file's, whatever other files come and go."""
    return f"{zlib.crc32(str(path).encode()):08x}"


def _all(paths: Sequence[Path]) -> dict[Path, tuple[FilePreview, ...]]:
    """Understand many files, with a bar: each is read once."""
    bar = st.progress(0.0, "Looking at the files ...")
    found = {}
    for number, path in enumerate(paths, 1):
        found[path] = _understood(path, ImportOptions())
        bar.progress(number / len(paths), plain(f"Looked at {path.name}"))
    bar.empty()
    return found


def _list(understood: Mapping[Path, tuple[FilePreview, ...]]) -> None:
    """Say in one line per table what it is."""
    tables = [file for files in understood.values() for file in files]
    systems = {table_name(f.connector).split(":")[0] for f in tables if f.connector and not f.error}
    st.markdown(
        plain(f"**{len(tables)} tables of {len(systems)} sources**: {', '.join(sorted(systems))}.")
    )
    st.dataframe(
        [
            {
                "File": file.name,
                "Read as": NOT_READ if file.error else table_name(file.connector),
                "Rows": file.rows_expected,
                "Note": "imported before" if file.already_loaded else " ".join(file.warnings),
            }
            for file in tables
        ],
        hide_index=True,
    )


def _asks(files: Sequence[FilePreview]) -> bool:
    """Tell whether a file cannot be read as it is."""
    return not files or all(file.error for file in files)


def _is_table(files: Sequence[FilePreview]) -> bool:
    """Tell whether naming columns could help: there are some."""
    return any(len(file.columns) > 1 for file in files)


def _one(path: Path, key: str) -> ImportOptions | None:
    """Show one uploaded file (an archive holds several); None where it cannot be imported."""
    columns = _columns(path)
    options = ImportOptions(
        person=_corrected("person", key),
        time=_corrected("time", key),
        event=_corrected("event", key),
    )
    if any(chosen not in columns for chosen in options.columns().values()):
        options = ImportOptions()
    found = _understood(path, options)
    for file in found:
        _file(file)
    generic = all(file.connector in {GENERIC, ""} for file in found)
    if columns and generic:
        needed = any(file.error for file in found)
        with st.expander("Correct the columns", type="compact", expanded=needed):
            for slot, (role, question) in zip(st.columns(3), QUESTIONS.items(), strict=True):
                slot.selectbox(question, [TOLD, *columns], key=f"{role}-of-{key}")
    return options if any(not file.error for file in found) else None


def _file(file: FilePreview) -> None:
    told = "" if file.connector in {GENERIC, ""} else f", read as {table_name(file.connector)}"
    rows = f"about {file.rows_expected:,} rows" if file.rows_expected else "no rows"
    st.markdown(plain(f"**{file.name}**  \n{rows}{told}"))
    if file.already_loaded:
        st.caption("This file was imported before: nothing in it is new.")
    if file.error:
        st.markdown(plain(COMMAND_LINE_HINT.sub("", file.error)))
        return
    for warning in file.warnings:
        st.caption(plain(warning))
    _mapping(file)
    _first_rows(file)
    with st.expander("Every column", type="compact"):
        st.dataframe(
            [
                {"Column": c.column, "Understood as": c.role, "For example": ", ".join(c.samples)}
                for c in file.columns
            ],
            hide_index=True,
        )


def _mapping(file: FilePreview) -> None:
    """Say which columns tell who, when and what, where a file has plain ones."""
    told = [
        f"{question.rstrip('?')}: **{', '.join(columns)}**"
        for role, question in QUESTIONS.items()
        if (columns := [meaning.column for meaning in file.columns if meaning.role == role])
    ]
    if told:
        st.markdown(plain(" · ".join(told)))


def _first_rows(file: FilePreview) -> None:
    if not file.first_rows:
        return
    rows = [
        {
            "Who": row.person,
            "When": f"{row.occurred_at:%Y-%m-%d %H:%M}" if row.occurred_at else None,
            "What": row.touchpoint,
            "Channel": row.channel,
            "Session": row.session,
            "Value": row.value,
        }
        for row in file.first_rows
    ]
    filled = [name for name in rows[0] if any(row[name] is not None for row in rows)]
    st.dataframe([{name: row[name] for name in filled} for row in rows], hide_index=True)


def _columns(path: Path) -> list[str]:
    """Return the columns of a file that holds one table."""
    found = _understood(path, ImportOptions())
    return [meaning.column for meaning in found[0].columns] if len(found) == 1 else []


def _corrected(role: str, key: str) -> str | None:
    told = st.session_state.get(f"{role}-of-{key}", TOLD)
    return None if told in {TOLD, None} else str(told)


def _understood(path: Path, options: ImportOptions) -> tuple[FilePreview, ...]:
    """Return a file's preview; the same file under the same options is read once."""
    known: dict[tuple[str, ImportOptions], tuple[FilePreview, ...]]
    known = st.session_state.setdefault("previews", {})
    key = (str(path), options)
    if key not in known:
        known[key] = preview(session.workspace().read(), [path], options).files
    return known[key]
