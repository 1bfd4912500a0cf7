"""Answers of an API kept as files: pages are opened, records are left as they are."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.intake import write
from tools.connectors.api_pages import tables_of
from tools.connectors.files import find_files

ANN, BEN = {"id": "1", "name": "ann"}, {"id": "2", "name": "ben"}


def tables(
    folder: Path, text: str | bytes, name: str = "page.json"
) -> dict[str, list[dict[str, Any]]]:
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    files, _ = find_files([write(folder, name, text)], scratch)
    told = {}
    for table in tables_of(files[0], scratch):
        packed = table.path.read_bytes()
        content = (gzip.decompress(packed) if table.packing == ".gz" else packed).decode()
        told[table.name] = (
            [json.loads(line) for line in content.splitlines()]
            if table.path.name.endswith(".page.jsonl")
            else [{"as it was": content}]
        )
    return told


@pytest.mark.parametrize(
    "page",
    [
        {"results": [ANN, BEN], "paging": {"next": {"after": "2"}}},  # HubSpot
        {"data": [ANN, BEN], "links": {"next": None}},  # JSON:API
        {"object": "list", "data": [ANN, BEN], "has_more": False},  # Stripe
        {"tickets": [ANN, BEN], "count": 2, "end_of_stream": True},  # Zendesk
        {"records": [ANN, BEN], "totalSize": 2, "done": True},  # Salesforce
        {
            "result": {"elements": [ANN, BEN], "nextPage": None},
            "meta": {"httpStatus": "200"},
        },  # Qualtrics
        {"members": [ANN, BEN], "list_id": "x", "_links": [{"rel": "self"}]},  # Mailchimp
        {"data": {"orders": {"edges": [{"node": ANN}, {"node": BEN}], "pageInfo": {}}}},  # a graph
    ],
)
def test_a_pages_one_list_is_its_table(tmp_path: Path, page: dict[str, object]) -> None:
    assert tables(tmp_path, json.dumps(page)) == {"page.json": [ANN, BEN]}


def test_a_page_with_several_lists_gives_several_tables(tmp_path: Path) -> None:
    page = {"tickets": [ANN], "users": [BEN], "next_page": None}
    assert tables(tmp_path, json.dumps(page)) == {
        "page.json#tickets": [ANN],
        "page.json#users": [BEN],
    }


def test_a_record_beside_its_included_ones_is_not_lost(tmp_path: Path) -> None:
    page = {"data": ANN, "included": [BEN], "links": {}}
    assert tables(tmp_path, json.dumps(page)) == {
        "page.json#data": [ANN],
        "page.json#included": [BEN],
    }


def test_pages_in_a_list_or_line_by_line_are_all_opened(tmp_path: Path) -> None:
    pages = [{"results": [ANN], "fieldMask": "id"}, {"results": [BEN], "fieldMask": "id"}]
    assert tables(tmp_path, json.dumps(pages)) == {"page.json": [ANN, BEN]}
    lines = "\n".join(json.dumps(page) for page in pages)
    assert tables(tmp_path, lines, "pages.jsonl") == {"pages.jsonl": [ANN, BEN]}
    packed = gzip.compress(lines.encode())
    assert tables(tmp_path, packed, "pages.jsonl.gz") == {"pages.jsonl.gz": [ANN, BEN]}


def test_one_record_in_an_envelope_is_a_table_of_one(tmp_path: Path) -> None:
    order = {"order": {"id": 7, "line_items": [{"title": "Tea"}]}}
    assert tables(tmp_path, json.dumps(order)) == {"page.json": [order["order"]]}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ANN) + "\n" + json.dumps(BEN),  # a record per line
        json.dumps([ANN, BEN]),
        json.dumps(
            {"id": "7", "tags": [{"name": "x"}, {"name": "y"}]}
        ),  # a record with a list of its own
        json.dumps({"results": [ANN]}) + "\n{broken",  # what can be read is told row by row
    ],
)
def test_records_and_broken_files_are_left_as_they_are(tmp_path: Path, text: str) -> None:
    assert tables(tmp_path, text) == {"page.json": [{"as it was": text}]}
