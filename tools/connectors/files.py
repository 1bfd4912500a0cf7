"""From what the user pointed at to plain UTF-8 tables on disk: folders, archives, encodings."""

import bz2
import codecs
import gzip
import hashlib
import lzma
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Literal, cast

import pyarrow as pa
from charset_normalizer import from_bytes

from tools.errors import UnreadableFileError

Format = Literal["delimited", "json", "parquet", "excel"]
FORMATS: dict[str, Format] = {
    ".csv": "delimited", ".tsv": "delimited", ".tab": "delimited", ".txt": "delimited",
    ".psv": "delimited", ".dat": "delimited", ".log": "delimited",
    ".json": "json", ".jsonl": "json", ".ndjson": "json",
    ".parquet": "parquet", ".pq": "parquet",
    ".xlsx": "excel", ".xls": "excel", ".xlsm": "excel", ".xlsb": "excel", ".ods": "excel",
}  # fmt: skip
PACKED = {".gz", ".gzip", ".zst", ".zstd", ".bz2", ".xz"}
MAGIC = ((b"PAR1", ".parquet"), (b"\x1f\x8b", ".gz"), (b"\x28\xb5\x2f\xfd", ".zst"),
         (b"BZh", ".bz2"), (b"\xfd7zXZ", ".xz"), (b"PK\x03\x04", ".zip"),
         (b"\xd0\xcf\x11\xe0", ".xls"))  # fmt: skip
PROSE = {
    "readme",
    "license",
    "licence",
    "notice",
    "changelog",
    "source",
    "sources",
    "copying",
    "manifest",
}
"""Names of texts that lie beside data and hold none."""
BLOCK = 1 << 20
SAMPLE = 1 << 18
CLOSE = 0.05


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file with a table in it."""

    path: Path
    name: str
    """As the user knows it: relative to the folder that was given, or inside its archive."""
    format: Format
    packing: str = ""
    """".gz", ".zst", ".bz2", ".xz" or nothing."""
    place: str = ""
    """The folder it lies in: it may name the system."""

    @property
    def size(self) -> int:
        """The bytes on disk."""
        return self.path.stat().st_size


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file that was not taken in, and why."""

    name: str
    reason: str


def find_files(
    paths: Iterable[Path], scratch: Path
) -> tuple[tuple[SourceFile, ...], tuple[UnreadFile, ...]]:
    """Return every readable file below `paths`, in the order given, and what is left unread.

    Args:
        paths: Files and folders; folders are searched all the way down, in name order.
        scratch: A folder in which archives may be unpacked.

    Raises:
        UnreadableFileError: A path does not exist.
    """
    found: list[SourceFile] = []
    unread: list[UnreadFile] = []
    for path in paths:
        if not path.exists():
            raise UnreadableFileError(f"paths: '{path}' does not exist.")
        for file, name in _below(path):
            before = len(found)
            _sort_in(file, name, scratch, found, unread, explicit=path.is_file())
            place = "/".join(file.resolve().parts[-3:-1])
            found[before:] = [replace(one, place=place) for one in found[before:]]
    return tuple(found), tuple(unread)


def unpacked(file: SourceFile, scratch: Path) -> SourceFile:
    """Return the file as DuckDB can read it: bz2 and xz unpacked, text in UTF-8."""
    if file.packing in {".bz2", ".xz"}:
        target = _fresh(scratch)
        with _open(file) as packed, target.open("wb") as plain:
            shutil.copyfileobj(packed, plain, BLOCK)
        file = replace(file, path=target, packing="")
    if file.format in {"delimited", "json"}:
        encoding = encoding_of(file)
        if encoding != "utf-8":
            return _transcoded(file, encoding, scratch)
    return file


def encoding_of(file: SourceFile) -> str:
    """Tell a text file's encoding: UTF-8 where the text is, else what its letters suggest."""
    with _open(file) as handle:
        head = handle.read(4)
    for mark, name in ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
                       (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):  # fmt: skip
        if head.startswith(mark):
            return name
    if head[:4:2] == b"\0\0":
        return "utf-16-be"
    if head[1:4:2] == b"\0\0":
        return "utf-16-le"
    odd = _first_odd_block(file)
    if odd is None:
        return "utf-8"
    text = odd.decode("utf-8", errors="replace")
    if sum(letter > "\x7f" and letter != "\ufffd" for letter in text) > text.count("\ufffd"):
        return "utf-8"  # a few damaged rows: they are rejected one by one
    guesses = from_bytes(odd)
    best = guesses.best()
    likely = [guess for guess in guesses if best and guess.chaos <= best.chaos + CLOSE]
    western = any("cp1252" in guess.could_be_from_charset for guess in likely)
    return "cp1252" if best is None or western else best.encoding


def fingerprint(path: Path) -> str:
    """Return a hash of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def head_of(file: SourceFile, size: int = SAMPLE) -> str:
    """Return the first characters of a UTF-8 text file, without its byte-order mark."""
    with _open(file) as handle:
        data = handle.read(size)
    return codecs.getincrementaldecoder("utf-8-sig")(errors="replace").decode(data)


def _below(path: Path) -> Iterator[tuple[Path, str]]:
    if path.is_file():
        yield path, path.name
        return
    for file in sorted(path.rglob("*")):
        if file.is_file() and not any(p.startswith(".") for p in file.relative_to(path).parts):
            yield file, file.relative_to(path).as_posix()


def _sort_in(
    path: Path,
    name: str,
    scratch: Path,
    found: list[SourceFile],
    unread: list[UnreadFile],
    *,
    explicit: bool,
) -> None:
    """Put one file where it belongs; a file named by the user is read whatever its suffix."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packing = suffixes.pop() if suffixes and suffixes[-1] in PACKED else ""
    last = suffixes[-1] if suffixes else ""
    if not explicit and last in {"", ".txt", ".log"} and path.name.split(".")[0].lower() in PROSE:
        unread.append(UnreadFile(name, "a text beside the data, not a table"))
    elif (known := FORMATS.get(last)) is not None:
        found.append(SourceFile(path, name, known, packing.replace("ip", "").replace("std", "st")))
    elif last == ".zip":
        _unzip(path, name, scratch, found, unread)
    elif explicit:
        _sniff(path, name, packing, scratch, found, unread)
    else:
        unread.append(UnreadFile(name, f"'{last or path.name}' is no kind of table known here"))


def _sniff(
    path: Path,
    name: str,
    packing: str,
    scratch: Path,
    found: list[SourceFile],
    unread: list[UnreadFile],
) -> None:
    with path.open("rb") as handle:
        head = handle.read(4096)
    kind = next((suffix for mark, suffix in MAGIC if head.startswith(mark)), "")
    if kind == ".zip" and not zipfile.ZipFile(path).NameToInfo.get("[Content_Types].xml"):
        _unzip(path, name, scratch, found, unread)
        return
    if kind in PACKED or packing:
        packed = SourceFile(path, name, "delimited", kind or packing)
        text = head_of(packed, 4096)
        found.append(
            replace(packed, format="json" if text.lstrip()[:1] in {"{", "["} else "delimited")
        )
        return
    if kind in {".zip", ".xls", ".parquet"}:
        found.append(SourceFile(path, name, "parquet" if kind == ".parquet" else "excel"))
        return
    text = head.decode("utf-8", errors="replace").lstrip("\ufeff \r\n\t")
    found.append(SourceFile(path, name, "json" if text[:1] in {"{", "["} else "delimited"))


def _unzip(
    path: Path, name: str, scratch: Path, found: list[SourceFile], unread: list[UnreadFile]
) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                m
                for m in archive.infolist()
                if not m.is_dir() and not m.filename.startswith("__MACOSX")
            ]
            for member in sorted(members, key=lambda m: m.filename):
                inside = Path(member.filename)
                target = _fresh(scratch).with_suffix("".join(inside.suffixes[-2:]).lower())
                with archive.open(member) as packed, target.open("wb") as plain:
                    shutil.copyfileobj(packed, plain, BLOCK)
                _sort_in(
                    target, f"{name}/{member.filename}", scratch, found, unread, explicit=False
                )
    except (zipfile.BadZipFile, RuntimeError, OSError) as fault:
        unread.append(UnreadFile(name, f"the archive cannot be opened: {fault}"))


def _open(file: SourceFile) -> IO[bytes]:
    if file.packing == ".gz":
        return cast(IO[bytes], gzip.open(file.path, "rb"))
    if file.packing == ".bz2":
        return cast(IO[bytes], bz2.open(file.path, "rb"))
    if file.packing == ".xz":
        return cast(IO[bytes], lzma.open(file.path, "rb"))
    if file.packing == ".zst":
        return cast(IO[bytes], pa.CompressedInputStream(pa.OSFile(str(file.path)), "zstd"))
    return file.path.open("rb")


def _first_odd_block(file: SourceFile) -> bytes | None:
    """Return the first stretch of the file that is not UTF-8; None when all of it is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with _open(file) as handle:
        while block := handle.read(BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return block
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return b"\xff"
    return None


def _transcoded(file: SourceFile, encoding: str, scratch: Path) -> SourceFile:
    target = _fresh(scratch)
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    with _open(file) as handle, target.open("wb") as plain:
        while block := handle.read(BLOCK):
            plain.write(decoder.decode(block).encode())
        plain.write(decoder.decode(b"", final=True).encode())
    return replace(file, path=target, packing="")


def _fresh(scratch: Path) -> Path:
    return scratch / f"{sum(1 for _ in scratch.iterdir()):04d}"


def lines_of(file: SourceFile, numbers: list[int]) -> dict[int, str]:
    """Return the text of some lines of a UTF-8 file; empty lines have no number."""
    if not numbers:
        return {}
    wanted, found, number = set(numbers), {}, 0
    with _open(file) as handle:
        for line in handle:
            text = line.decode("utf-8", errors="replace").strip()
            number += bool(text)
            if text and number in wanted:
                found[number] = text
                if len(found) == len(wanted):
                    break
    return found


def without_line(file: SourceFile, position: int, scratch: Path) -> tuple[SourceFile, str]:
    """Return a copy of a text file that lacks the line at a byte position, and that line."""
    target = _fresh(scratch)
    with _open(file) as handle, target.open("wb") as plain:
        left = position
        while left and (block := handle.read(min(left, BLOCK))):
            plain.write(block)
            left -= len(block)
        line = handle.readline()
        shutil.copyfileobj(handle, plain, BLOCK)
    return replace(file, path=target, packing=""), line.decode("utf-8", "replace").strip()
