"""Which kinds of identifiers name one person, and how many of them one identifier may meet.

A person has many cookies, devices, clicks and orders, but few addresses, user ids and contact
records. So an identifier that meets many of the first is busy; one that meets many of the second
belongs to many persons, and bridges none. Kinds are told apart by their names: whatever does not
look like one of the first names a person, so that a connector's new kind is guarded from the start.
"""

import re

from tools.errors import InvalidArgumentError
from tools.store.door import Store

LIMIT = 5
"""How many identifiers of one identifying kind an identifier may meet before it is shared."""
MANY_A_PERSON = re.compile(
    r"(^|_)(anonymous|anon|device|visitor|client|cookie|browser|session|visit|pseudonym|fingerprint"
    r"|install|instance|idf[av]|g?aaid|gaid|adid|push|token|ip|address|click|view|hit|fb[cp]|epik"
    r"|order|checkout|cart|charge|payment|invoice|subscription|refund|deal|opportunity|quote"
    r"|ticket|case|conversation|message|thread|call|meeting|task|note|activity|event|response|submission)s?"
    r"(_?id)?($|_)|cl(ick)?_?id$|li_fat_id$|braid$"
)


def names_a_person(kind: str) -> bool:
    """Tell whether a value of this kind stands for one person in its system."""
    return MANY_A_PERSON.search(kind) is None


def limit(store: Store) -> int:
    """Return how many identifiers of one identifying kind may meet in one; 0: any number."""
    told = store.value("SELECT value FROM identity_setting WHERE name = 'limit'")
    return LIMIT if told is None else int(str(told))


def remember_limit(store: Store, most: int) -> None:
    """Keep a limit in the store.

    Raises:
        InvalidArgumentError: It is negative, or 1: then a person could not have two addresses.
    """
    if most < 0 or most == 1:
        raise InvalidArgumentError(f"limit: {most} is not 0 (no limit) or at least 2.")
    store.execute("DELETE FROM identity_setting WHERE name = 'limit'")
    store.execute("INSERT INTO identity_setting VALUES ('limit', $most)", {"most": most})
