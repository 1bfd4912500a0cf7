import bz2
import gzip
import json
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import zstandard

from tests.intake import events, load, taken, write
from tools.errors import IngestError, UnreadableFileError
from tools.store.workspace import memory_store

ROWS = [
    ("ann", "2026-01-01 10:00:00", "visit; küche"),
    ("ann", "2026-01-01 10:05:00", "buy"),
    ("ben", "2026-01-02 09:00:00", "visit; küche"),
]
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "zst": zstandard.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}
TEXT = "user_id,time,event\n" + "".join(",".join(row) + "\n" for row in ROWS)


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
def test_any_delimiter_is_told(tmp_path: Path, delimiter: str) -> None:
    told = [
        delimiter.join(f'"{cell}"' for cell in row) for row in [("user_id", "time", "event"), *ROWS]
    ]
    assert events(taken(write(tmp_path, "any.txt", "\n".join(told)))) == ROWS


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"]
)
def test_any_encoding_is_told(tmp_path: Path, encoding: str) -> None:
    assert events(taken(write(tmp_path, "words.csv", TEXT.encode(encoding)))) == ROWS


@pytest.mark.parametrize("suffix", ["gz", "zst", "bz2", "xz", "zip"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_any_packing_is_opened(tmp_path: Path, suffix: str, encoding: str) -> None:
    data = TEXT.encode(encoding)
    path = tmp_path / f"events.csv.{suffix}"
    if suffix == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("inner/events.csv", data)
    else:
        path.write_bytes(PACK[suffix](data))
    assert events(taken(path)) == ROWS


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_any_line_ending_is_read(tmp_path: Path, ending: str) -> None:
    assert events(taken(write(tmp_path, "ends.csv", TEXT.replace("\n", ending)))) == ROWS


def test_mixed_line_endings_are_read(tmp_path: Path) -> None:
    assert events(taken(write(tmp_path, "mixed.csv", TEXT.replace("\n", "\r\n", 2)))) == ROWS


def test_quotes_may_hold_delimiters_quotes_and_line_ends(tmp_path: Path) -> None:
    text = 'user_id,time,event\nann,2026-01-01,"say ""hi"", then\ngo"\nann,2026-01-02,stay\n'
    told = events(taken(write(tmp_path, "quotes.csv", text)))
    assert [label for _, _, label in told] == ['say "hi", then\ngo', "stay"]


def objects() -> list[dict[str, object]]:
    return [{"user": {"id": p}, "time": t, "event": e, "tags": ["a", t[-5:]]} for p, t, e in ROWS]


def test_json_lines_keep_a_broken_line_with_its_number(tmp_path: Path) -> None:
    lines = [json.dumps(row) for row in objects()]
    store = memory_store()
    report = load(store, write(tmp_path, "a.jsonl", "\n".join([lines[0], "{broken", *lines[1:]])))
    assert events(store) == ROWS
    assert [(r.line, r.raw) for r in report.rejects] == [(2, "{broken")]
    assert report.files[0].rows_read == 4
    properties = store.rows("SELECT properties FROM event LIMIT 1")[0][0]
    assert json.loads(str(properties)) == {"tags": '["a","00:00"]'}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("wrapped", [False, True])
def test_json_arrays_are_read_also_inside_an_object(
    tmp_path: Path, indent: int | None, wrapped: bool
) -> None:
    told = {"meta": {"page": 1}, "events": objects()} if wrapped else objects()
    path = write(tmp_path, "a.json", json.dumps(told, indent=indent))
    assert events(taken(path)) == ROWS


def test_parquet_with_typed_and_nested_columns_is_read(tmp_path: Path) -> None:
    frame = pd.DataFrame(objects())
    frame["time"] = pd.to_datetime(frame["time"]).dt.tz_localize("Europe/Berlin")
    frame.to_parquet(tmp_path / "a.parquet")
    told = events(taken(tmp_path / "a.parquet"))
    # Berlin is an hour ahead of UTC in January.
    assert [at for _, at, _ in told] == [
        "2026-01-01 09:00:00",
        "2026-01-01 09:05:00",
        "2026-01-02 08:00:00",
    ]
    assert [label for _, _, label in told] == [row[2] for row in ROWS]


def test_excel_with_real_dates_is_read_and_other_sheets_are_told(tmp_path: Path) -> None:
    frame = pd.DataFrame(ROWS, columns=["user_id", "time", "event"])
    frame["time"] = pd.to_datetime(frame["time"])
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        frame.to_excel(book, sheet_name="log", index=False)
        frame.to_excel(book, sheet_name="copy", index=False)
    store = memory_store()
    report = load(store, tmp_path / "a.xlsx")
    assert events(store) == ROWS
    assert "copy" in report.files[0].warnings[0]


def test_a_folder_is_searched_and_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    write(tmp_path / "deep", "a.csv", TEXT)
    write(tmp_path, "b.tsv", TEXT.replace(",", "\t").replace("2026-", "2027-"))
    write(tmp_path, "picture.png", b"\x89PNG")
    store = memory_store()
    report = load(store, tmp_path)
    assert [file.name for file in report.files] == ["b.tsv", "deep/a.csv"]
    assert [file.name for file in report.unread] == ["picture.png"]
    assert len(events(store)) == 6


@pytest.mark.parametrize("name", ["empty.csv", "empty.json", "empty.parquet", "empty.xlsx"])
def test_an_empty_file_is_an_error_in_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableFileError, match=name):
        taken(write(tmp_path, name, b""))


def test_a_file_of_nothing_but_a_header_says_so(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match=r"head\.csv"):
        taken(write(tmp_path, "head.csv", "user_id,time,event\n"))


def test_a_file_without_a_header_is_read_by_its_values(tmp_path: Path) -> None:
    text = "".join(
        f"{person},{17000 + item},{item % 2},{act},{1511544070 + item * 60}\n"
        for item, (person, act) in enumerate(
            [("7", "pv"), ("7", "cart"), ("8", "pv"), ("9", "pv"), ("8", "buy"), ("9", "pv")]
        )
    )
    told = events(taken(write(tmp_path, "plain.csv", text)))
    assert [(person, label) for person, _, label in told][:2] == [("7", "pv"), ("7", "cart")]
    assert len(told) == 6


def test_titles_and_comments_above_the_table_are_skipped(tmp_path: Path) -> None:
    assert (
        events(taken(write(tmp_path, "a.csv", "# made by a tool\nMonthly export\n" + TEXT))) == ROWS
    )
    assert events(taken(write(tmp_path, "b.csv", "sep=,\n" + TEXT))) == ROWS


def test_one_damaged_letter_costs_one_row_not_the_encoding(tmp_path: Path) -> None:
    damaged = TEXT.encode() + b"ben,2026-01-03,caf\xe9\n" + "ben,2026-01-04,größer\n".encode()
    store = memory_store()
    report = load(store, write(tmp_path, "a.csv", damaged))
    assert report.files[0].rows_rejected == 1
    assert [label for _, _, label in events(store)][-1] == "größer"


def test_an_open_quote_costs_its_own_row_and_none_after_it(tmp_path: Path) -> None:
    lines = TEXT.splitlines()
    text = "\n".join([lines[0], lines[1], 'eve,2026-01-01,"oops', *lines[2:], ""])
    for name, data in (("a.csv", text.encode()), ("a.csv.gz", gzip.compress(text.encode()))):
        store = memory_store()
        report = load(store, write(tmp_path, name, data))
        assert events(store) == ROWS
        assert [(r.line, r.raw) for r in report.rejects] == [(3, 'eve,2026-01-01,"oops')]


def test_objects_that_are_empty_in_some_rows_and_texts_in_others_lose_nothing(
    tmp_path: Path,
) -> None:
    rows = [
        '{"user":"ann","time":"2026-01-01","event":"a","more":{},"odd":{"x":1}}',
        '{"user":"ann","time":"2026-01-02","event":"b","more":{"k":"v"},"odd":"text"}',
        '{"user":"ann","time":"2026-01-03","event":"c","more":null,"odd":{"x":2},"q\\"uote":"y"}',
    ]
    store = taken(write(tmp_path, "rows.jsonl", "\n".join(rows)))
    told = store.rows("SELECT properties FROM event ORDER BY occurred_at")
    assert [json.loads(str(text)) for (text,) in told] == [
        {"odd": '{"x":1}'},
        {"more.k": "v", "odd": "text"},
        {"odd": '{"x":2}', 'q"uote': "y"},
    ]
