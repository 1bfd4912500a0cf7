"""How a column writes its times: ISO, epochs, day or month first, month names, 12-hour clocks.

Each way is an SQL expression over the column; DuckDB itself judges which of them reads the values.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.connectors.profile import Column
from tools.store.door import Store, identifier

DATE_LIKE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{4}-?[A-Za-z]{3}|[A-Za-zÀ-ÿ]{3,}\.?,?[ -/]\d{1,2}|\d{1,2}\.?[ -/](?:de )?[A-Za-zÀ-ÿ]{3,}"
)
CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?|\d{1,2}\s*[AaPp][Mm]")
COMPACT = re.compile(
    r"(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(T?([01]\d|2[0-3])[0-5]\d([0-5]\d)?Z?)?"
)
NUMBER = re.compile(r"-?\d+(\.\d+)?")
PARTS = re.compile(r"\D*(\d{1,2})[-/.](\d{1,2})[-/.](\d{2}|\d{4})\b")
EPOCHS = ((6e8, 4.1e9), (6e11, 4.1e12), (6e14, 4.1e15), (6e17, 4.1e18))
"""From 1989 to 2099, in s, ms, us and ns."""
MONTHS = {
    1: "jan ene gen", 2: "feb fev", 3: "mar mrt", 4: "apr abr avr", 5: "may mai mag mei maj",
    6: "jun juin giu", 7: "jul juil lug", 8: "aug ago aou", 9: "sep set", 10: "oct okt ott out",
    11: "nov", 12: "dec dez dic",
}  # fmt: skip
TWELVE_HOURS = (
    "['%Y-%m-%d %I:%M:%S %p', '%Y-%m-%d %I:%M %p', '%Y-%m-%d %I:%M:%S.%f %p', '%Y-%m-%d %I %p']"
)
ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class TimeReading:
    """How a column's text becomes a time."""

    sql: str
    """An expression of type TIMESTAMP, UTC, over the column(s)."""
    share: float
    """Of the values looked at, how many it reads."""
    note: str = ""
    """What the user should know of a choice that the data left open."""
    has_clock: bool = True
    day_first: bool | None = None
    """How days and months were told apart; None where that was no question."""
    guessed: bool = False
    """True for bare numbers, which are times only if the column's name says so."""


def time_reading(
    store: Store, column: Column, *, day_first: bool | None = None
) -> TimeReading | None:
    """Tell how a column writes times; None when it writes none.

    Args:
        store: Where `raw` stands.
        column: The column's profile.
        day_first: Whether 03/04 is the third of April; None: the data decides.
    """
    values = column.values
    if not values:
        return None
    quoted = identifier(column.name)
    if _share(values, COMPACT) >= ENOUGH:
        formats = "['%Y%m%d%H%M%S', '%Y%m%d%H%M', '%Y%m%d', '%Y%m%dT%H%M%S', '%Y%m%dT%H%M%SZ', '%Y%m%dT%H%M']"
        return TimeReading(
            f"try_strptime({quoted}, {formats})",
            _share(values, COMPACT),
            has_clock=len(values[0]) > 8,
        )
    if _share(values, NUMBER) >= ENOUGH:
        return _epoch(values, quoted)
    if _share(values, DATE_LIKE, whole=False) < ENOUGH:
        return None
    clock = any(":" in value for value in values) or any(CLOCK.search(value) for value in values)
    best: TimeReading | None = None
    note, first = "", None
    candidates = [f"iso_time({quoted})", _twelve(_cleaned(quoted))]
    if _share(values, PARTS, whole=False) >= ENOUGH and not re.match(r"\D*\d{4}", values[0]):
        first, note = (day_first, "") if day_first is not None else _day_first(store, column)
        candidates = [_twelve(_numeric_date(_cleaned(quoted), day_first=first))]
    elif re.search(r"[A-Za-zÀ-ÿ]{3}", values[0]):
        candidates.append(_twelve(_named_date(_cleaned(quoted))))
    for sql in candidates:
        share = _reads(store, column, sql)
        if share > (best.share if best else 0.0):
            best = TimeReading(sql, share, note, clock, first)
        if share == 1.0:
            break
    return best if best and best.share >= ENOUGH else None


def joined(
    store: Store, day: Column, clock: Column, *, day_first: bool | None
) -> TimeReading | None:
    """Read a date column and a time-of-day column as one time."""
    if _share(clock.values, CLOCK) < ENOUGH:
        return None
    alone = time_reading(store, day, day_first=day_first)
    if alone is None or alone.has_clock:
        return None
    date_text = f"strftime({alone.sql}, '%Y-%m-%d')"
    # No clock time: the day's start, rather than a row lost.
    return TimeReading(
        _twelve(_cleaned(f"concat_ws(' ', {date_text}, {identifier(clock.name)})")),
        alone.share,
        alone.note,
        day_first=alone.day_first,
    )


def is_clock(column: Column) -> bool:
    """Tell whether a column holds times of day and nothing else."""
    return bool(column.values) and _share(column.values, CLOCK) > 0.9


def _epoch(values: Sequence[str], quoted: str) -> TimeReading | None:
    numbers = [float(value) for value in values if NUMBER.fullmatch(value)]
    sql = f"epoch_time(TRY_CAST({quoted} AS DOUBLE))"
    for low, high in EPOCHS:
        share = sum(low <= number <= high for number in numbers) / len(values)
        if share >= ENOUGH:
            if high > 1e16:
                sql = f"make_timestamp(TRY_CAST({quoted} AS BIGINT) // 1000)"
            return TimeReading(sql, share)
    if min(numbers) < 0 or max(numbers) >= EPOCHS[0][0]:
        return None
    note = f"The times in {quoted} are small numbers: they were read as seconds from 1970 on, so only the gaps have a meaning."
    return TimeReading(sql, len(numbers) / len(values), note, guessed=True)


def _day_first(store: Store, column: Column) -> tuple[bool, str]:
    """Tell day-first from month-first: a number above 12 decides, else the order of the rows."""
    quoted = identifier(column.name)
    pattern = r"(\d{1,2})[-/.](\d{1,2})[-/.]\d{2}"
    parts = f"regexp_extract({quoted}, '{pattern}', ['a', 'b'])"
    text = (
        f"SELECT count(*) FILTER (TRY_CAST(p.a AS INTEGER) > 12), count(*) FILTER (TRY_CAST(p.b AS INTEGER) > 12) "
        f"FROM (SELECT {parts} AS p FROM staged_row)"
    )
    first_big, second_big = (int(str(n)) for n in store.rows(text)[0])
    if first_big != second_big:
        return first_big > second_big, ""
    disorder = {}
    for day_first in (True, False):
        sql = _twelve(_numeric_date(_cleaned(quoted), day_first=day_first))
        text = (
            "SELECT count(*) FILTER (moment < before), epoch(max(moment)) - epoch(min(moment)) FROM ("
            f"SELECT moment, lag(moment) OVER (ORDER BY line) AS before FROM (SELECT line, {sql} AS moment FROM raw LIMIT 20000))"
        )
        disorder[day_first] = store.rows(text)[0]
    example = column.values[0]
    if disorder[True] != disorder[False] and None not in disorder[True] + disorder[False]:
        backwards = {key: (int(str(row[0])), float(str(row[1]))) for key, row in disorder.items()}
        chosen = backwards[True] < backwards[False]
        order = "day" if chosen else "month"
        return (
            chosen,
            f"'{example}' was read {order} first, because the rows are in better order so; day_first decides otherwise.",
        )
    chosen = "/" not in example
    order = "day" if chosen else "month"
    return (
        chosen,
        f"'{example}' was read {order} first, though the data leave it open; day_first decides otherwise.",
    )


def _numeric_date(text: str, *, day_first: bool) -> str:
    month, day = (2, 1) if day_first else (1, 2)
    long = rf"regexp_replace({text}, '^\D*(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}})[T ]*', '\3-\{month}-\{day} ')"
    return rf"regexp_replace({long}, '^\D*(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d\d)( |$)', '20\3-\{month}-\{day} ')"


def _named_date(text: str) -> str:
    """Turn `5 Jan 2024 ...`, `Jan 5, 2024 ...`, `05/Jan/2024:...` into `2024-1-5 ...`."""
    plain = f"lower(strip_accents({text}))"
    day = r"(\d{1,2})(?:\.|st|nd|rd|th)?"
    month = r"(?:de )?([a-z]{3,})\.?"
    start, rest = r"^(?:[a-z]+\.?,? )?", r"(\d{4}|\d{2})(?:$|[ :t,]+)(.*)$"
    plain = rf"regexp_replace({plain}, '{start}{day}[ /-]{month},?[ /-](?:de )?{rest}', '\2 \3-\2-\1 \4')"
    plain = rf"regexp_replace({plain}, '{start}{month}[ -]{day},?[ -]{rest}', '\1 \3-\1-\2 \4')"
    plain = rf"regexp_replace({plain}, '^([a-z]+ )(\d\d-)', '\1' || '20' || '\2')"
    # The month's name stands twice now: in front, to be looked up, and where its number goes.
    listed = sorted(
        ((word, n) for n, told in MONTHS.items() for word in told.split()),
        key=lambda pair: -len(pair[0]),
    )
    for word, number in listed:
        plain = rf"regexp_replace({plain}, '^{word}[a-z]* (\d{{4}})-[a-z]+-', '\1-{number}-')"
    return plain


def _cleaned(text: str) -> str:
    plain = rf"regexp_replace(trim({text}), '(\d),(\d)', '\1.\2')"
    return rf"regexp_replace({plain}, '(?i)\s*(?:gmt|utc)?\s*([+-]\d{{2}}:?\d{{2}})(?:\s*\(.*\)|\[.*\])?$|\s+uhr$', '\1')"


def _twelve(text: str) -> str:
    """Read text as ISO; where it has an AM or PM, on a 12-hour clock."""
    # Bound once through a list: the text may be a long chain of replacements.
    return (
        f"list_transform([rtrim({text})], lambda told: CASE WHEN regexp_matches(told, '(?i)\\d\\s*[ap]\\.?\\s?m\\.?$') "
        r"THEN try_strptime(regexp_replace(upper(told), '\s*([AP])\.?\s?M\.?$', ' \1M'), "
        f"{TWELVE_HOURS}) ELSE iso_time(told) END)[1]"
    )


def _reads(store: Store, column: Column, sql: str) -> float:
    quoted = identifier(column.name)
    share = store.value(
        f"SELECT avg((({sql}) IS NOT NULL)::INTEGER) FROM (SELECT unnest($values::VARCHAR[]) AS {quoted})",
        {"values": list(column.values)},
    )
    return float(str(share or 0.0))


def _share(values: Sequence[str], pattern: re.Pattern[str], *, whole: bool = True) -> float:
    match = pattern.fullmatch if whole else pattern.search
    return sum(match(value.strip()) is not None for value in values) / len(values)
