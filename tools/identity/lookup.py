"""One identifier as a user writes it: which one that is, and how it is shown without being told."""

from dataclasses import dataclass

from tools.errors import InvalidArgumentError
from tools.store.door import Store, read_sql

NORMAL_SQL = read_sql(__file__, "normal.sql")
FORMS_SQL = read_sql(__file__)
OTHER_FORMS = """
WITH clear AS (
    SELECT clear_id FROM hashed_email
    WHERE clear_id IS NOT NULL AND (identifier_id IN (SELECT unnest($ids)) OR clear_id IN (SELECT unnest($ids)))
)
SELECT clear_id FROM clear
UNION SELECT hashed_email.identifier_id FROM hashed_email JOIN clear ON clear.clear_id = hashed_email.clear_id
ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Named:
    """An identifier that was named by hand."""

    kind: str
    value: str
    """In the form in which it is kept."""
    ids: tuple[int, ...]
    """Its own id, then those of the other forms of the same address."""


def named(store: Store, kind: str, value: str) -> Named:
    """Return the identifier that a user means.

    Raises:
        InvalidArgumentError: The value is a placeholder that names nobody.
    """
    store.execute(
        "CREATE OR REPLACE TEMP TABLE seen_identifier AS "
        "SELECT $kind::VARCHAR AS identifier_kind, $value::VARCHAR AS identifier",
        {"kind": kind, "value": value},
    )
    store.execute(NORMAL_SQL)
    rows = store.rows(FORMS_SQL)
    if not rows:
        raise InvalidArgumentError(f"{kind}: '{value}' is a placeholder and names nobody.")
    ids = [int(str(row[1])) for row in rows]
    known = store.rows(OTHER_FORMS, {"ids": ids})
    return Named(kind, str(rows[0][0]), tuple(dict.fromkeys(ids + [int(str(i)) for (i,) in known])))


def masked(kind: str, value: str) -> str:
    """Return an identifier so that its owner is not told: `a***@x.com`, `cu***`."""
    if "@" in value:
        return value[0] + "***@" + value.rpartition("@")[2]
    if kind == "phone":
        return "***" + value[-2:]
    return value[: min(2, len(value) // 3)] + "***"
