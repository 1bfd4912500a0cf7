"""Whether order matters, in sentences."""

from tools.analyses.sequence_rows import OrderRow, PatternRow, is_clear
from tools.analyses.sequences import SequencesResult
from tools.narration.certainty import certainty, how_sure
from tools.narration.words import Narration, of, percent, times, trail

ASSOCIATION = (
    "This is an association: who takes one order may want something else than who takes the other."
)


def narrate(result: SequencesResult) -> Narration:
    """Say whether order matters, for the pair asked about or for the one where it matters most."""
    if not result.scope.definition.end.touchpoints:
        answer = "This journey has no end event, so no order can be said to lead to it."
        return Narration(answer, (), result.caveats, _follow_ups(result))
    if result.named:
        return _named(result)
    clear = [row for row in result.rows if is_clear(row.order_low, row.order_high, row.order_q)]
    patterns = [_pattern(result, result.patterns[0])] if result.patterns else []
    if not clear:
        few = "too few people took a pair of touchpoints in both orders, or all who did fared the same"
        answer = (
            "Order makes no clear difference: no pair of touchpoints does clearly better one way round."
            if result.pairs
            else f"Whether order matters cannot be said: {few}."
        )
        return Narration(answer, tuple(patterns), result.caveats, _follow_ups(result))
    first = clear[0]
    others = _others(clear[1:3])
    support = (_order_sure(first), others, *patterns)
    return Narration(
        _order(result, first),
        tuple(filter(None, support)),
        (*result.caveats, ASSOCIATION),
        _follow_ups(result),
    )


def _did(result: SequencesResult, later: str = "the later one") -> str:
    return f"leave right at {later}" if result.outcome == "left" else "convert"


def _order(result: SequencesResult, row: OrderRow) -> str:
    did = _did(result)
    return (
        f"Order matters most for {row.first} and {row.then}: people who are at {row.first} first {did} "
        f"{times(row.order_ratio)} as often as those who take them the other way round, "
        f"{of(row.events, row.persons, 'people')} ({percent(row.event_rate)}) against "
        f"{of(row.reversed_events, row.reversed_persons, '')}".rstrip()
        + f" ({percent(row.reversed_rate)})."
    )


def _order_sure(row: OrderRow) -> str:
    return _sure(row.order_low, row.order_high, row.order_q)


def _sure(low: float | None, high: float | None, q_value: float | None) -> str:
    told = how_sure(certainty(low, high, q_value, none=1.0))
    if low is None or high is None:
        return told
    ends = [times(bound).removesuffix(" times") for bound in (low, high)]
    return f"{told} At the same depth and channel, and allowing for chance, it is {ends[0]} to {ends[1]} times."


def _others(rows: list[OrderRow]) -> str:
    parts = [f"{row.first} before {row.then} ({times(row.order_ratio)})" for row in rows]
    return f"The same holds for {' and '.join(parts)}." if parts else ""


def _pattern(result: SequencesResult, pattern: PatternRow) -> str:
    last = pattern.pattern[-1]
    return (
        f"The sequence that goes most with it is {trail(pattern.pattern)}: those who come to {last} that "
        f"way {_did(result, last)} {times(pattern.ratio)} as often as others who come to it as deep."
    )


def _named(result: SequencesResult) -> Narration:
    if not result.rows:
        answer = "Nobody old enough to judge took the first one before the second, so nothing can be compared."
        return Narration(answer, (), result.caveats, _follow_ups(result))
    row = result.rows[0]
    with_clear = is_clear(row.ratio_low, row.ratio_high, row.q_value)
    order_clear = is_clear(row.order_low, row.order_high, row.order_q)
    low, high = row.ratio_low, row.ratio_high
    if row.ratio is not None and row.ratio < 1 and low and high:
        low, high = 1 / high, 1 / low
    support = (
        _sure(low, high, row.q_value),
        _both(result, row, order_clear),
    )
    caveats = (*result.caveats, *((ASSOCIATION,) if with_clear or order_clear else ()))
    return Narration(
        _with(result, row, with_clear),
        tuple(filter(None, support)),
        caveats,
        _follow_ups(result),
    )


def _with(result: SequencesResult, row: OrderRow, clear: bool) -> str:
    did = _did(result, row.then)
    own = f"{of(row.events, row.persons, 'people')} ({percent(row.event_rate)})"
    other = f"{of(row.without_events, row.without_persons, 'people')} ({percent(row.without_rate)})"
    if not row.without_persons:
        return f"Everybody who came to {row.then} had been at {row.first} before: {own} {did}, and there is nothing to compare with."
    if not clear or row.ratio is None:
        return (
            f"Being at {row.first} before {row.then} makes no clear difference: {own} {did}, against "
            f"{other} of those who come to {row.then} without it."
        )
    if row.ratio > 1:
        return (
            f"Yes: people who were at {row.first} before {row.then} {did} {times(row.ratio)} as often as "
            f"those who come to {row.then} without it: {own} against {other}."
        )
    return (
        f"Yes: people who come to {row.then} without having been at {row.first} {did} "
        f"{times(1 / row.ratio)} as often as those who had been there: {other} against {own}."
    )


def _both(result: SequencesResult, row: OrderRow, clear: bool) -> str:
    """Say how the two orders compare among those who were at both."""
    if row.order_q is None or row.order_ratio is None:
        return f"Too few were at both in either order to compare both ways round ({row.reversed_persons:,} took {row.then} first)."
    did = _did(result)
    ways = (
        f"{percent(row.event_rate)} of those who began with {row.first}, {percent(row.reversed_rate)} "
        f"of those who began with {row.then}"
    )
    if not clear:
        return f"Among those who were at both, the order makes no clear difference ({ways} {did})."
    first, ratio = (row.first, row.order_ratio)
    if row.order_ratio < 1:
        first, ratio = row.then, 1 / row.order_ratio
    return f"Among those who were at both, those who began with {first} {did} {times(ratio)} as often ({ways})."


def _follow_ups(result: SequencesResult) -> tuple[str, ...]:
    if result.rows:
        last = result.rows[0].then
        return (f"Why do people leave at {last}?", "What sets people who convert apart?", "What should we do first?")  # fmt: skip
    return ("What sets people who convert apart?", "Which paths convert best?")
