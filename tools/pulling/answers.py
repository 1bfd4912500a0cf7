"""An answer's body: its records, whatever form they come in, and values by their path."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from requests import Response

from tools.errors import PullError
from tools.pulling.api import Endpoint


def records_of(endpoint: Endpoint, response: Response) -> list[dict[str, Any]]:
    """Return the records of one answer as the vendor wrote them.

    Raises:
        PullError: The answer has no records where the vendor's description says.
    """
    if endpoint.form == "lines":
        return [json.loads(line) for line in response.text.splitlines() if line.strip()]
    if endpoint.form == "zip":
        return list(_unzipped(response.content))
    return listed(endpoint.name, body_of(response), endpoint.records, endpoint.empty_without)


def listed(
    name: str, body: object, path: str, empty_without: bool, *, single: bool = False
) -> list[dict[str, Any]]:
    """Return the list of records at a path of a body; with `single`, one record may stand there."""
    found = at(body, path)
    if found is None and empty_without:
        return []
    if isinstance(found, dict) and single:
        found = [found]
    if not isinstance(found, list):
        known = ", ".join(sorted(body)) if isinstance(body, dict) else type(body).__name__
        raise PullError(
            f"{name}: the answer has no list '{path or 'of records'}' (it has: {known or 'nothing'}). "
            "The API may have changed; nothing was skipped."
        )
    return [record if isinstance(record, dict) else {"value": record} for record in found]


def body_of(response: Response) -> Any:  # noqa: ANN401 - JSON
    """Return an answer's JSON.

    Raises:
        PullError: It is none.
    """
    try:
        return response.json()
    except ValueError:
        raise PullError("the answer is no JSON.") from None


def at(body: object, path: str) -> Any:  # noqa: ANN401 - JSON
    """Return the value at a dotted path; None where there is none."""
    for part in filter(None, path.split(".")):
        if isinstance(body, list) and part.isdigit() and int(part) < len(body):
            body = body[int(part)]
        elif isinstance(body, dict) and part in body:
            body = body[part]
        else:
            return None
    return body


def _unzipped(content: bytes) -> Iterator[dict[str, Any]]:
    """Return the lines of an archive's files, packed once more or not, in name order."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in sorted(archive.namelist()):
                data = archive.read(name)
                text = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
                yield from (json.loads(line) for line in text.splitlines() if line.strip())
    except (zipfile.BadZipFile, OSError):
        raise PullError("the answer is no archive.") from None
