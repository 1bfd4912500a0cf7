"""What is new or odd, in sentences."""

from datetime import date

from tools.analyses.anomalies import AnomaliesResult
from tools.analyses.anomalies_rows import AnomalyRow
from tools.narration.certainty import certainty, how_sure
from tools.narration.words import Narration, count, of, percent, times

ASSOCIATION = "This says what changed and when, not why."
MOST_TOLD = 4


def narrate(result: AnomaliesResult) -> Narration:
    """Say the most important thing that is new or odd; where nothing is, how much was looked at."""
    if not result.rows:
        return Narration(_nothing(result), (_watched(result),), result.caveats, _follow_ups(None))
    first = result.rows[0]
    others = [_sentence(row) for row in result.rows[1:MOST_TOLD]]
    more = result.found - 1 - len(others)
    rest = (
        f"There {'is' if more == 1 else 'are'} {count(more, 'more finding')}." if more > 0 else ""
    )
    support = (_sure(first), *others, rest, _watched(result))
    caveats = (*result.caveats, ASSOCIATION)
    return Narration(_sentence(first), tuple(filter(None, support)), caveats, _follow_ups(first))


def _nothing(result: AnomaliesResult) -> str:
    when = f" in the last {count(result.recent, 'day')}" if result.recent else ""
    if not result.looked:
        return f"There are too few days or journeys to tell whether anything is odd{when}."
    return f"Nothing is new or odd{when}: nothing stands out beyond what chance makes."


def _watched(result: AnomaliesResult) -> str:
    if not result.looked:
        return ""
    days = f", from {result.first_day} to {result.last_day}" if result.first_day else ""
    return (
        f"I watched {count(result.series, 'series', 'series')} day by day{days}, and tested "
        f"{count(result.looked, 'thing')} in all."
    )


def _sure(row: AnomalyRow) -> str:
    if row.low is None or row.high is None or row.q_value is None:
        return ""
    return how_sure(certainty(row.low, row.high, row.q_value, none=1.0))


def _day(told: str | None) -> str:
    if told is None:
        return ""
    return date.fromisoformat(told).isoformat()


def _period(row: AnomalyRow) -> str:
    if row.until is None:
        return f"since {_day(row.since)}"
    if row.until == row.since:
        return f"on {_day(row.since)}"
    return f"from {_day(row.since)} to {_day(row.until)}"


def _number(value: float | None) -> str:
    told = value or 0.0
    return f"{told:,.0f}" if told >= 9.5 or told == round(told) else f"{told:,.1f}"


def _against(row: AnomalyRow) -> str:
    """Say a size: 'about half', 'about twice', 'about 1.4 times' what was expected."""
    if row.size is None:
        return "where none was expected"
    if 0.45 <= row.size <= 0.55:
        return "about half of what the weeks before lead one to expect"
    if 1.9 <= row.size <= 2.1:
        return "about twice what the weeks before lead one to expect"
    return f"{times(row.size)} what the weeks before lead one to expect"


def _subject(row: AnomalyRow) -> str:
    if row.field == "all":
        return "All journeys together"
    if row.field == "channel":
        return f"Journeys that begin with {row.what}"
    return f"Events from {row.what}" if row.field == "source" else f"Visits to {row.what}"


def _sentence(row: AnomalyRow) -> str:
    told = {
        "silent": _silent,
        "doubled": _doubled,
        "emerging": _emerging,
        "new touchpoint": _fresh,
        "level": _level,
        "day": _level,
        "conversion": _rate,
        "exit rate": _rate,
        "unplanned": _unplanned,
        "unforeseen exit": _unforeseen,
    }
    return told[row.kind](row)


def _silent(row: AnomalyRow) -> str:
    return (
        f"{row.what} has sent nothing since {_day(row.since)}, after about "
        f"{_number(row.expected)} events a day: check the connection before trusting later numbers."
    )


def _doubled(row: AnomalyRow) -> str:
    repeats = ""
    if row.repeats is not None:
        repeats = f" ({percent(row.repeats)} of them repeat another exactly)"
    return (
        f"{row.what} sends {times(row.size)} as many events as before {_period(row)}: "
        f"{_number(row.observed)} a day instead of {_number(row.expected)}{repeats}. It may be "
        "sending things twice."
    )


def _emerging(row: AnomalyRow) -> str:
    share = f"{of(row.persons or 0, row.of or 0, 'people')} ({percent(row.observed)})"
    before = (
        f"{times(row.size)} the share of the three months before ({percent(row.expected)})"
        if row.expected
        else "and nobody in the three months before"
    )
    if row.field == "touchpoint":
        return f"More people come to {row.what} since {_day(row.since)}: {share}, {before}."
    return (
        f"A new path is emerging: {row.what}. Of those who began since {_day(row.since)}, {share} "
        f"took it, or its newest step, {before}."
    )


def _fresh(row: AnomalyRow) -> str:
    share = f"{of(row.persons or 0, row.of or 0, 'people')} ({percent(row.observed)})"
    return (
        f"{row.what} is new: {share} who began since {_day(row.since)} came to it, and nobody in "
        "the three months before."
    )


def _level(row: AnomalyRow) -> str:
    verb = "rose" if row.size is None or row.size > 1 else "fell"
    a_day = " a day" if row.kind == "level" else ""
    return (
        f"{_subject(row)} {verb} to {_number(row.observed)}{a_day} {_period(row)}, "
        f"{_against(row)} ({_number(row.expected)}{a_day})."
    )


def _rate(row: AnomalyRow) -> str:
    verb = "rose" if row.size is None or row.size > 1 else "fell"
    base = f"{of(row.persons or 0, row.of or 0, _judged(row))}"
    what = {"conversion": "Conversion", "exit rate": "The share of visits that end the journey"}
    where = {"all": "over all journeys", "channel": f"of {row.what}"}.get(
        row.field, f"at {row.what}" if row.kind == "exit rate" else f"after {row.what}"
    )
    return (
        f"{what[row.kind]} {where} {verb} to {percent(row.observed)} {_period(row)} ({base} in the "
        f"first weeks of it), from {percent(row.expected)} in the weeks before."
    )


def _judged(row: AnomalyRow) -> str:
    return "visits" if row.kind == "exit rate" else "journeys"


def _unplanned(row: AnomalyRow) -> str:
    return (
        f"{row.what} is not in the planned funnel, but "
        f"{of(row.persons or 0, row.of or 0, 'people who converted')} came to it "
        f"({percent(row.observed)}), against {percent(row.expected)} of the others."
    )


def _unforeseen(row: AnomalyRow) -> str:
    return (
        f"{row.what} is not in the planned funnel, but "
        f"{of(row.persons or 0, row.of or 0, 'people who did not convert')} ended there "
        f"({percent(row.observed)}), although it makes up {percent(row.expected)} of the visits."
    )


def _follow_ups(row: AnomalyRow | None) -> tuple[str, ...]:
    if row is None:
        return ("Which paths convert best?", "Where do people drop off?")
    if row.field == "touchpoint":
        own = f"Where do people go after {row.what}?"
    elif row.field == "path":
        own = f"Where do people go after {row.what.split(' → ')[0]}?"
    else:
        own = "How do channels differ?"
    return (own, "Where do people drop off?", "Which paths convert best?")
