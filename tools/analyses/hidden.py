"""Touchpoints that a user has hidden: no journey holds them, but `event` still does."""

from tools.store.door import Store

SQL = "SELECT touchpoint_id FROM touchpoint WHERE hidden ORDER BY touchpoint_id"


def hidden_touchpoints(store: Store) -> list[int]:
    """Return the ids of the touchpoints that whoever reads `event` leaves out."""
    return [int(str(number)) for (number,) in store.rows(SQL)]
