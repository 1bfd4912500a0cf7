"""Attribution in sentences."""

from collections.abc import Sequence

from tools.analyses.attribution import ACCOUNTING, AttributionResult
from tools.analyses.attribution_quality import ChannelQuality
from tools.analyses.attribution_rows import MODELS, SAID, AttributionRow, same
from tools.narration.certainty import certainty, how_sure, is_finding
from tools.narration.words import Narration, count, listed, of, percent, times

NAMED = 3
"""Most rules named for who would come first."""


def narrate(result: AttributionResult) -> Narration:
    """Say who gets most credit by the rule, how much the rule matters, and what it costs."""
    answer, support = _credited(result)
    quality: tuple[str, ...] = (_best(result),)
    if turned := _turned(result):
        answer, support, quality = turned[0], (answer, *support), turned[1:]
    caveats = (ACCOUNTING, *result.caveats) if result.converted else result.caveats
    return Narration(
        answer, tuple(filter(None, (*support, *quality))), caveats, _follow_ups(result)
    )


def _credited(result: AttributionResult) -> tuple[str, tuple[str, ...]]:
    if not result.mature:
        early = f"none of the {count(result.journeys, 'journey')} is old enough to judge"
        return f"It is too early to give credit for conversions: {early}.", ()
    if not result.converted:
        base = of(0, result.mature, "journeys old enough to judge")
        return f"There is no conversion to give credit for: {base} converted.", ()
    rows = [row for row in result.rows if row.kind == "name" and row.credit > 0]
    if not rows:
        every = f"any of the {_conversions(result)}"
        return f"By {SAID[result.model]}, no {result.by} that is known gets credit for {every}.", ()
    first, by, leader = rows[0], f"By {SAID[result.model]}", dict(result.leaders)[result.model]
    if leader is None:
        tied = [row.name for row in rows if same(row.credit, first.credit)]
        each = f"{_number(first.credit)} of {_conversions(result)}"
        told = f"{by}, {_several(tied)} get the most credit, {each} each."
        if len(tied) == 1:
            told = f"{by}, {first.name} gets as much credit as any other {result.by}: {each}."
        return told, (_spread(result, rows), _money(rows))
    told = (
        f"{by}, {first.name} gets the most credit of all {result.by}s: "
        f"{_number(first.credit)} of {_conversions(result)} ({percent(first.share)})."
    )
    after = _next(rows[1:3], rows[3:])
    if len(rows) == 1 and len(result.rows) == 1:
        return told, (_money(rows),)
    return told, (
        _without(result),
        after,
        _rules(result),
        _spread(result, rows),
        _money(rows),
    )


def _without(result: AttributionResult) -> str:
    row = next((row for row in result.rows if row.kind == "none" and row.credit > 0), None)
    if row is None:
        return ""
    return f"Visits without a campaign get {_number(row.credit)} ({percent(row.share)})."


def _several(names: Sequence[str]) -> str:
    if len(names) <= NAMED:
        return listed(names)
    return f"{', '.join(names[:NAMED])} and others"


def _conversions(result: AttributionResult) -> str:
    return count(result.converted, "conversion")


def _number(credit: float) -> str:
    return f"{credit:,.0f}" if credit >= 9.95 or credit == round(credit) else f"{credit:,.1f}"


def _next(rows: Sequence[AttributionRow], after: Sequence[AttributionRow]) -> str:
    if not rows or (after and same(rows[-1].credit, after[0].credit)):
        return ""
    told = [f"{row.name} with {_number(row.credit)} ({percent(row.share)})" for row in rows]
    return f"Next {'come' if len(told) > 1 else 'comes'} {listed(told)}."


def _rules(result: AttributionResult) -> str:
    """Say which rules would put another one first."""
    told = dict(result.leaders)
    others: dict[str, list[str]] = {}
    for model, name in told.items():
        if name is not None and name != told[result.model]:
            others.setdefault(name, []).append(SAID[model])
    if not others:
        every = all(told.values())
        return "Every other rule gives it the most credit too." if every else ""
    named = [f"{name} by {_several(by)}" for name, by in others.items()]
    return f"Other rules put another one first: {'; '.join(named[:NAMED])}."


def _spread(result: AttributionResult, rows: Sequence[AttributionRow]) -> str:
    """Say where the rules disagree most."""
    told = []
    for row in rows:
        by = sorted(MODELS, key=row.by_model)
        told.append((row.by_model(by[-1]) - row.by_model(by[0]), row, by[0], by[-1]))
    gap, row, low, high = max(told, key=lambda each: each[0])
    if gap < 0.5 or gap < 0.02 * result.converted:
        return (
            ""
            if result.rows[-1].kind == "other"
            else "The rules agree closely, so the choice of one hardly matters here."
        )
    within = "Of those listed, the" if result.rows[-1].kind == "other" else "The"
    return (
        f"{within} rules disagree most about {row.name}: from {_number(row.by_model(low))} by {SAID[low]} "
        f"to {_number(row.by_model(high))} by {SAID[high]}."
    )


def _money(rows: Sequence[AttributionRow]) -> str:
    paid = sorted(
        (row for row in rows if row.cost_per_conversion is not None),
        key=lambda row: row.cost_per_conversion or 0.0,
    )
    if not paid:
        return ""
    if len(paid) == 1:
        return f"A conversion by {paid[0].name} cost {_amount(paid[0])}{_returned(paid[0])}."
    cheap, dear = paid[0], paid[-1]
    if same(cheap.cost_per_conversion or 0.0, dear.cost_per_conversion or 0.0):
        return f"Where money was spent, each conversion cost {_amount(cheap)}."
    return (
        f"Of those with known spend, a conversion cost least by {cheap.name} "
        f"({_amount(cheap)}{_returned(cheap)}) and most by {dear.name} "
        f"({_amount(dear)}{_returned(dear)})."
    )


def _amount(row: AttributionRow) -> str:
    cost = row.cost_per_conversion or 0.0
    return f"{cost:,.0f}" if cost >= 10 else f"{cost:,.2f}"


def _returned(row: AttributionRow) -> str:
    """Say what a unit of money brought; nothing where that is not known."""
    if row.return_on_spend is None:
        return ""
    return f", bringing back {times(row.return_on_spend)} the spend"


def _turned(result: AttributionResult) -> tuple[str, ...]:
    """Say which comparison of channels turns round when like is compared with like."""
    row = next((row for row in result.quality if row.reversed_by), None)
    if row is None or row.ratio is None or row.within_ratio is None:
        return ()
    crude, fair = ("more", "less") if row.ratio > 1 else ("less", "more")
    answer = (
        f"Compare {result.by}s with care: people who begin with {row.name} convert {crude} often "
        f"than others overall ({times(row.ratio)} as often), and {fair} often among people with "
        f"the same {_field(row.reversed_by)} ({times(row.within_ratio)})."
    )
    why = f"{row.name} brings people of another mix by {_field(row.reversed_by)}, which hides how it does."
    return answer, why


def _field(name: str | None) -> str:
    return (name or "").replace("_", " ")


def _fields(names: Sequence[str]) -> list[str]:
    return [_field(name) for name in names]


def _best(result: AttributionResult) -> str:
    """Say which first channel's people convert clearly more, or else less, often."""
    told = [row for row in result.quality if _clear(row)]
    if not told:
        return ""
    row = max(told, key=lambda row: abs(_log(row)))
    ratio = row.adjusted_ratio or 0.0
    fair = f" with the same {listed(_fields(result.adjusted_for))}" if result.adjusted_for else ""
    form = "more" if ratio > 1 else "less"
    sure = how_sure(certainty(row.adjusted_low, row.adjusted_high, row.adjusted_q, none=1))
    return (
        f"Of journeys that begin with {row.name}, {percent(row.conversion_rate)} convert "
        f"({of(row.converted, row.journeys, 'journeys')}); its people convert {form} often than "
        f"others{fair}, {times(ratio)} as often. {sure}"
    )


def _clear(row: ChannelQuality) -> bool:
    told = certainty(row.adjusted_low, row.adjusted_high, row.adjusted_q, none=1)
    return is_finding(told) and bool(row.adjusted_ratio)


def _log(row: ChannelQuality) -> float:
    ratio = row.adjusted_ratio or 1.0
    return ratio if ratio > 1 else 1 / ratio


def _follow_ups(result: AttributionResult) -> tuple[str, ...]:
    if result.by == "touchpoint":
        return (
            "Which channel gets the credit?",
            "Which paths convert best?",
            "Where do people drop off?",
        )
    other = "campaign" if result.by == "channel" else "channel"
    return (
        f"Which {other} gets the credit?",
        f"Which {result.by} converts best?",
        "Which paths convert best?",
    )
