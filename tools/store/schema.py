"""Numbered migrations: how an older store becomes today's."""

from pathlib import Path

from tools.errors import NewerWorkspaceError
from tools.store.door import Store

MIGRATIONS = tuple(sorted((Path(__file__).parent / "migrations").glob("[0-9]*.sql")))
VERSION = len(MIGRATIONS)


def version_of(store: Store) -> int:
    """Return the schema version of a store; 0 for an empty one."""
    known = store.value("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'schema_version'")
    if not known:
        return 0
    return int(str(store.value("SELECT version FROM schema_version")))


def check(store: Store) -> int:
    """Return the version of a store, or say that this program is too old for it."""
    found = version_of(store)
    if found > VERSION:
        raise NewerWorkspaceError(
            f"{store.path}: this workspace was written by a newer Desirepath "
            f"(format {found}; this version reads up to {VERSION}). Please upgrade."
        )
    return found


def migrate(store: Store) -> None:
    """Bring a writable store to today's schema, one numbered file after the other."""
    found = check(store)
    for number, path in enumerate(MIGRATIONS[found:], start=found + 1):
        store.execute(path.read_text(encoding="utf-8"))
        store.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)")
        store.execute("DELETE FROM schema_version")
        store.execute("INSERT INTO schema_version VALUES ($number)", {"number": number})
