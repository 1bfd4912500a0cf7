"""References: a stand-in for the name of a thing, written before the name is known.

`named('campaign', '123')` in a connector's SELECT yields a token. It holds the entity and the key
in hexadecimal between private-use characters, so that concatenation, `titled()`, another case and
JSON leave it whole. It stands for a label of the same source, and is told whenever that is asked.
"""

import re
from collections.abc import Iterable, Mapping

from tools.store.door import Store

OPEN, NEXT, CLOSE = "\ue000", "\ue001", "\ue002"
TOKEN = re.compile(f"{OPEN}([0-9A-Fa-f]*){NEXT}([0-9A-Fa-f]*)(?:{NEXT}([0-9A-Fa-f]*))?{CLOSE}")
BROKEN = re.compile(f"[{OPEN}{NEXT}{CLOSE}]")
Key = tuple[str, str, str]
"""Source, entity and key of a named thing."""
LABELS_SQL = """
SELECT entity.source, entity.entity, entity.key, max({'version': entity.version, 'label': entity.label}).label
FROM wanted_entity
JOIN entity
    ON entity.source = wanted_entity.source
    AND entity.entity = wanted_entity.entity
    AND entity.key = wanted_entity.key
GROUP BY entity.source, entity.entity, entity.key
ORDER BY ALL
"""


def token(entity: str, key: str, told: str | None = None) -> str:
    """Return what the macros `named` and `named_or` return."""
    parts = [entity, key] if told is None else [entity, key, told]
    return OPEN + NEXT.join(part.encode().hex().upper() for part in parts) + CLOSE


def resolve(text: str, source: str, labels: Mapping[Key, str]) -> str:
    """Return a text with every token replaced by its label.

    A label may hold tokens itself. A token without a label, or one that is met inside its own
    label, reads as its fallback; without that, as its entity and key: 'campaign 123'.

    Args:
        text: What a connector told.
        source: Whose names count.
        labels: The known names.
    """
    return _resolve(text, source, labels, frozenset())


def labels_for(store: Store, texts: Iterable[tuple[str, str]]) -> dict[Key, str]:
    """Return the labels of all things that these texts refer to, directly or through others.

    Args:
        store: Where the names stand.
        texts: Pairs of source and text.
    """
    labels: dict[Key, str] = {}
    asked: set[Key] = set()
    wanted = {key for source, text in texts for key in keys_in(text, source)}
    while wanted - asked:
        fresh = sorted(wanted - asked)
        asked |= wanted
        store.execute(
            "CREATE OR REPLACE TEMP TABLE wanted_entity AS SELECT unnest($sources::VARCHAR[]) AS source, "
            "unnest($entities::VARCHAR[]) AS entity, unnest($keys::VARCHAR[]) AS key",
            {
                "sources": [key[0] for key in fresh],
                "entities": [key[1] for key in fresh],
                "keys": [key[2] for key in fresh],
            },
        )
        wanted = set()
        for source, entity, key, label in store.rows(LABELS_SQL):
            labels[str(source), str(entity), str(key)] = str(label)
            wanted |= keys_in(str(label), str(source))
    return labels


def keys_in(text: str, source: str) -> set[Key]:
    """Return what a text refers to, its fallbacks included."""
    found: set[Key] = set()
    for match in TOKEN.finditer(text):
        found.add((source, _clear(match[1]), _clear(match[2])))
        if match[3]:
            found |= keys_in(_clear(match[3]), source)
    return found


def _resolve(text: str, source: str, labels: Mapping[Key, str], inside: frozenset[Key]) -> str:
    def label(match: re.Match[str]) -> str:
        key = source, _clear(match[1]), _clear(match[2])
        if key in labels and key not in inside:
            return _resolve(labels[key], source, labels, inside | {key})
        if match[3] is not None:
            return _resolve(_clear(match[3]), source, labels, inside | {key})
        return f"{key[1].replace('_', ' ')} {key[2]}"

    return BROKEN.sub("", TOKEN.sub(label, text)) if OPEN in text else text


def _clear(written: str) -> str:
    return bytes.fromhex(written if len(written) % 2 == 0 else written[:-1]).decode(
        errors="replace"
    )
