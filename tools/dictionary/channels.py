"""Channels: what a visit came from -> GA4's default grouping, unless a rule of the user's says else.

A visit's origin stays with its events, so that a rule tells the channel anew at any time. A channel
that the source told itself has no origin; it is given one, `{"channel": "Email"}`, when a rule
first matches it.
"""

from dataclasses import dataclass

from tools.connectors.macros import MACROS
from tools.dictionary.spending import settle_spend
from tools.errors import InvalidArgumentError, unknown
from tools.store.door import Store, read_steps

FIELDS = ("source", "medium", "campaign", "referrer", "channel")
STATEMENTS = read_steps(__file__)
EVERYTHING = "true"
NEW_LOADS = "event.load_id IN (SELECT new_load.load_id FROM new_load)"


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """What the user says of visits: the first rule that matches gives the channel."""

    position: int
    field: str
    """source, medium, campaign, referrer (a host) or channel (by the default grouping)."""
    pattern: str
    """A glob, whatever the case."""
    channel: str


def list_rules(store: Store) -> tuple[ChannelRule, ...]:
    """Return the channel rules in their order."""
    return store.records(
        "SELECT position, field, pattern, channel FROM channel_rule ORDER BY position, field, pattern",
        {},
        ChannelRule,
    )


def set_rule(
    store: Store, field: str, pattern: str, channel: str, *, position: int | None = None
) -> ChannelRule:
    """Add a rule, or replace the one of the same field and pattern, and tell channels anew.

    Args:
        store: A writable store; `touched_person` holds the persons whose events changed.
        field: One of `FIELDS`.
        pattern: A glob, whatever the case.
        channel: What visits that match are counted as.
        position: Where it stands among the rules, from 1; None: last, or where it stood.

    Raises:
        InvalidArgumentError: There is no such field, or the pattern or channel is empty.
    """
    if field not in FIELDS:
        raise InvalidArgumentError(unknown("field", "field", field, FIELDS))
    if not pattern.strip() or not channel.strip():
        raise InvalidArgumentError(
            "rule: a pattern and a channel are needed, as in `source = partner-* -> Partners`."
        )
    rules = list(list_rules(store))
    before = [rule for rule in rules if (rule.field, rule.pattern) == (field, pattern.strip())]
    place = position or (before[0].position if before else len(rules) + 1)
    kept = [rule for rule in rules if rule not in before]
    rule = ChannelRule(place, field, pattern.strip(), channel.strip())
    kept.insert(place - 1, rule)
    _write(store, kept)
    return next(
        one for one in list_rules(store) if (one.field, one.pattern) == (field, rule.pattern)
    )


def remove_rule(store: Store, position: int) -> None:
    """Remove the rule at a position, and tell channels anew.

    Raises:
        InvalidArgumentError: There is none.
    """
    rules = list_rules(store)
    if position not in {rule.position for rule in rules}:
        raise InvalidArgumentError(
            unknown("position", "channel rule", str(position), [str(r.position) for r in rules])
        )
    _write(store, [rule for rule in rules if rule.position != position])


def settle_channels(store: Store, *, new_loads: bool = False) -> None:
    """Tell the channel of every event that has an origin; those that change are written.

    Args:
        store: A writable store; `touched_person` holds the persons whose events changed.
        new_loads: Whether to look at the loads in `new_load` only.
    """
    store.execute(MACROS)
    store.execute("CREATE TEMP TABLE IF NOT EXISTS touched_person (person_id BIGINT)")
    scope = NEW_LOADS if new_loads else EVERYTHING
    store.execute("CREATE OR REPLACE TEMP TABLE origin_channel (origin VARCHAR, channel VARCHAR)")
    _run(store, "renamed", scope)
    _run(store, "origins", scope)
    _run(store, "tell", scope)
    _run(store, "events", scope)
    store.execute("DROP TABLE origin_channel")


def tell_channels(store: Store) -> None:
    """Make the channels of a file's origins readable as `origin_channel(origin, channel)`.

    Events written with them need no update when the import is settled. Reads `told_event`.
    """
    store.execute(MACROS)
    store.execute("CREATE OR REPLACE TEMP TABLE origin_channel (origin VARCHAR, channel VARCHAR)")
    _run(store, "told_origins", EVERYTHING)
    _run(store, "tell", EVERYTHING)


def _write(store: Store, rules: list[ChannelRule]) -> None:
    store.execute("DELETE FROM channel_rule")
    for position, rule in enumerate(rules, 1):
        store.execute(
            "INSERT INTO channel_rule (position, field, pattern, channel) "
            "VALUES ($position, $field, $pattern, $channel)",
            {
                "position": position,
                "field": rule.field,
                "pattern": rule.pattern,
                "channel": rule.channel,
            },
        )
    settle_channels(store)
    settle_spend(store, everything=True)
    store.memory.clear()


def _run(store: Store, step: str, scope: str) -> None:
    for statement in STATEMENTS[step].split(";\n"):
        if statement.strip():
            store.execute(statement.replace("/* scope */", scope))
