"""What goes together with leaving at a touchpoint, in sentences."""

from collections.abc import Sequence

from tools.analyses.drop_off_cause_rows import CauseRow, is_clear
from tools.analyses.drop_off_causes import DropOffCausesResult
from tools.narration.certainty import certainty, how_sure
from tools.narration.words import Narration, count, listed, of, percent, times

ASSOCIATION = (
    "These things go together with leaving; none is shown to make people leave. A test would tell."
)


def narrate(result: DropOffCausesResult) -> Narration:
    """Say what those who leave have in common first, then what else, then what they write."""
    clear = [row for row in result.rows if is_clear(row)]
    told = _apart(clear)
    base = of(result.exits, result.persons, "people") + f" ({percent(result.exit_rate)})"
    left = f"In all, {base} left {result.at} on first coming there."
    if not result.exits:
        answer = f"Nobody leaves at {result.at} on first coming there: {of(0, result.persons, 'people')}."
        return Narration(answer, (), result.caveats, _follow_ups(result))
    if result.exits == result.persons:
        who = count(result.persons, "person", "people")
        answer = f"Everybody who comes to {result.at} leaves there ({who}), so nothing sets those who leave apart."
        return Narration(answer, (), result.caveats, _follow_ups(result))
    words = _words(result)
    if not told:
        answer = f"Nothing that was known on arrival at {result.at} clearly goes together with leaving there."
        looked = f"I compared {count(result.compared, 'thing')}." if result.compared else ""
        support = (left, looked, *words)
        return Narration(answer, tuple(filter(None, support)), result.caveats, _follow_ups(result))
    first = told[0]
    support = (_sure(first), left, _others(told[1:4]), *words)
    return Narration(
        _answer(result, first),
        tuple(filter(None, support)),
        (*result.caveats, ASSOCIATION),
        _follow_ups(result),
    )


def _answer(result: DropOffCausesResult, row: CauseRow) -> str:
    own = f"{of(row.exits, row.persons, 'people')} ({percent(row.exit_rate)})"
    return (
        f"People who {row.cause} leave {result.at} {times(row.ratio)} as often as others: {own}, against "
        f"{percent(row.other_rate)} of the others."
    )


def _sure(row: CauseRow) -> str:
    if row.ratio_low is None or row.ratio_high is None:
        return ""
    told = how_sure(certainty(row.ratio_low, row.ratio_high, row.q_value, none=1.0))
    low, high = (times(bound).removesuffix(" times") for bound in (row.ratio_low, row.ratio_high))
    fair = {"channel": "Depth held equal", "steps": "First channel held equal"}
    held = fair.get(row.kind, "First channel and depth held equal")
    return f"{told} {held}, and allowing for chance, it is {low} to {high} times."


def _apart(rows: Sequence[CauseRow]) -> list[CauseRow]:
    """Keep one row of each field, the one that affects most."""
    kept: dict[tuple[str, str], CauseRow] = {}
    for row in rows:
        own = row.value if row.kind in {"seen", "shown", "just before"} else row.field
        kept.setdefault((row.kind, own), row)
    return list(kept.values())


def _others(rows: Sequence[CauseRow]) -> str:
    if not rows:
        return ""
    parts = [
        f"those who {row.cause} ({percent(row.exit_rate)} of {row.persons:,}, {times(row.ratio)})"
        for row in rows
    ]
    return f"Likewise {listed(parts)}."


def _words(result: DropOffCausesResult) -> tuple[str, ...]:
    if not result.terms:
        return ()
    words = listed([f"'{term.text}'" for term in result.terms[:4]])
    first = result.terms[0]
    shares = (
        f"'{first.text}' stands in {of(first.texts, result.notes, 'texts')} of theirs, and in "
        f"{of(first.other_texts, result.other_notes, 'texts')} of those who went on"
    )
    said = f"In what they write, those who left say more often {words} ({shares})."
    quote = f'One of them: "{result.quotes[0]}"' if result.quotes else ""
    return (said, quote)


def _follow_ups(result: DropOffCausesResult) -> tuple[str, ...]:
    return (
        f"How many leave at {result.at}?",
        f"What happens after {result.at}?",
        "What should we do first?",
    )
