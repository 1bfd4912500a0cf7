"""Answers of an API kept as files: the records out of their pages, one file of records per list.

A page is a JSON object that holds a list of records beside cursors and counts, and no id of its
own: `{"results": [...], "paging": {...}}`. A file holds one page, a list of pages, or a page per
line. A page with several lists (tickets and their users, `data` and `included`) gives several
tables. Whatever is not a page is left as it is.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tools.connectors.files import SourceFile, head_of, unpacked

LARGEST_PAGE = 1 << 28
BESIDE = {
    "errors", "error", "links", "_links", "meta", "metadata", "paging", "pages", "page",
    "pagination", "extensions", "warnings", "fieldmask", "cursor", "pageinfo", "request",
    "facets", "totals", "summary",
}  # fmt: skip
"""Lists and objects that a page has beside its records."""
INNER = ("data", "result", "response", "results", "body", "payload")
OWN = {
    "id", "_id", "uuid", "gid", "vid", "dealid", "companyid", "email_id", "email_address",
    "msg_id", "event_id", "eventid", "messageid", "message_id", "email", "event", "event_name",
    "user_pseudo_id", "pseudo_user_id", "distinct_id", "$distinct_id", "submittedat",
    "conversionid", "token", "date_start",
}  # fmt: skip
"""A record has one of these; a page has none."""


def tables_of(file: SourceFile, scratch: Path) -> tuple[SourceFile, ...]:
    """Return the tables in a file: itself, or one file of records per list of its pages.

    Args:
        file: As `files.find_files` returns it.
        scratch: A folder for what is written anew.
    """
    if file.format != "json":
        return (file,)
    plain = unpacked(file, scratch)
    items = _items(plain)
    if items is None:
        return (file,)
    lists: dict[str, list[dict[str, object]]] = {}
    for item in items:
        for key, records in _lists(item).items():
            lists.setdefault(key, []).extend(records)
    return tuple(
        replace(
            plain,
            path=_written(records, scratch),
            name=file.name if len(lists) == 1 else f"{file.name}#{key}",
            packing="",
        )
        for key, records in lists.items()
    )


def _items(file: SourceFile) -> list[dict[str, object]] | None:
    """Return the pages of a file; None where it holds records as they are."""
    head = head_of(file).strip()
    if head[:1] not in {"{", "["}:
        return None
    start = 1 if head[0] == "[" else 0
    try:
        first, _ = json.JSONDecoder().raw_decode(
            head, start + len(head[start:]) - len(head[start:].lstrip())
        )
    except ValueError:
        first = None  # longer than what was looked at, or broken: the whole tells
    if isinstance(first, dict) and not _is_page(first):
        return None
    text = head_of(file, LARGEST_PAGE + 1)
    if len(text) > LARGEST_PAGE:
        return None
    try:
        items = list(_decoded(text))
    except ValueError:
        return None  # what can be read of it is told row by row
    if items and all(isinstance(item, dict) and _is_page(item) for item in items):
        return items
    return None


def _decoded(text: str) -> Iterator[dict[str, object]]:
    """Yield the objects of a text: one, a list of them, or one per line.

    Raises:
        ValueError: Part of it is no JSON.
    """
    decoder, place = json.JSONDecoder(), 0
    while place < len(text):
        if text[place] in " \r\n\t\ufeff":
            place += 1
            continue
        told, place = decoder.raw_decode(text, place)
        yield from told if isinstance(told, list) else [told]


def _is_page(item: dict[str, object]) -> bool:
    # An association (`from` one record `to` others) lists records and is none of them.
    if _is_record(item) or isinstance(item.get("from"), dict):
        return False
    if len(item) == 1 and isinstance(next(iter(item.values())), dict):
        return True
    return bool(_lists(item)) or any(key in INNER and value == [] for key, value in item.items())


def _is_record(item: dict[str, object]) -> bool:
    return any(
        key.casefold() in OWN and not isinstance(value, dict | list) for key, value in item.items()
    )


def _lists(item: dict[str, object]) -> dict[str, list[dict[str, object]]]:
    """Return the lists of records in a page, by name; a record in an envelope is a list of one."""
    lists = {
        key: [record for record in value if isinstance(record, dict)]
        for key, value in item.items()
        if isinstance(value, list)
        and any(isinstance(record, dict) for record in value)
        and key.casefold() not in BESIDE
    }
    if lists:
        alone = {
            key: [value]
            for key, value in item.items()
            if key in INNER and isinstance(value, dict) and _is_record(value)
        }
        return alone | {key: _nodes(records) for key, records in lists.items()}
    inner = {
        key: value
        for key, value in item.items()
        if isinstance(value, dict) and key.casefold() not in BESIDE
    }
    if len(inner) == 1 and (len(item) == 1 or next(iter(inner)) in INNER):
        ((key, value),) = inner.items()
        if _is_record(value):
            return {key: [value]}
        return _lists(value)
    return {}


def _nodes(records: list[dict[str, object]]) -> list[dict[str, object]]:
    """Take a graph's nodes out of their edges."""
    if all(
        set(record) <= {"node", "cursor"} and isinstance(record.get("node"), dict)
        for record in records
    ):
        return [node for record in records if isinstance(node := record["node"], dict)]
    return records


def _written(records: list[dict[str, object]], scratch: Path) -> Path:
    target = scratch / f"{sum(1 for _ in scratch.iterdir()):04d}.page.jsonl"
    with target.open("w", encoding="utf-8") as handle:
        handle.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    return target
