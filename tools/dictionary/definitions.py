"""Journey definitions follow the touchpoints that they name: a renamed end is still the end."""

import json
from collections.abc import Mapping, Sequence

from tools.store.door import Store


def named(store: Store) -> set[str]:
    """Return every label that a journey definition names, in small letters."""
    found: set[str] = set()
    for _, text in _definitions(store):
        told = json.loads(text)
        for entry in (*told["start"][0], *told["end"][0], *told["funnel"]):
            found |= {part.strip().casefold() for part in entry.split("|")}
    return found


def follow(store: Store, moved: Mapping[str, Sequence[str]]) -> None:
    """Write new labels into the definitions that name old ones; globs stay as they are.

    Args:
        store: A writable store.
        moved: Labels that are shown no more -> what their names are shown as now.
    """
    folded = {label.casefold(): tuple(labels) for label, labels in moved.items()}
    if not folded:
        return
    for number, text in _definitions(store):
        told = json.loads(text)
        for rule in ("start", "end"):
            told[rule][0] = list(
                dict.fromkeys(
                    new for name in told[rule][0] for new in folded.get(name.casefold(), (name,))
                )
            )
        told["funnel"] = [
            " | ".join(
                dict.fromkeys(
                    new
                    for part in step.split("|")
                    for new in folded.get(part.strip().casefold(), (part.strip(),))
                )
            )
            for step in told["funnel"]
        ]
        if (written := json.dumps(told)) != text:
            store.execute(
                "UPDATE journey_definition SET definition = $text WHERE definition_id = $number",
                {"text": written, "number": number},
            )


def _definitions(store: Store) -> list[tuple[int, str]]:
    rows = store.rows(
        "SELECT definition_id, definition FROM journey_definition ORDER BY definition_id"
    )
    return [(int(str(number)), str(text)) for number, text in rows]
