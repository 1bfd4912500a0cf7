"""Cohorts and groups of people by how many converted again, and their facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tools.analyses.result import Fact
from tools.statistics.intervals import rate, wilson

OTHER = "other"
COHORTS = 12
"""Cohorts that are told as facts, the newest; all stand in the rows."""


@dataclass(frozen=True, slots=True)
class Counted:
    """People counted together; see the query."""

    kind: str
    cohort: date | None
    segment: str | None
    followed: int
    """Whole periods since the first conversion, at most so many as are told; or days of `time`."""
    repeated: int | None
    """Period of the second conversion, from 1; None for none."""
    returned: int | None
    persons: int


@dataclass(frozen=True, slots=True)
class RetentionRow:
    """One cohort or group within so many periods of the first conversion."""

    kind: str
    """"cohort", "group" or "other"."""
    name: str
    persons: int
    """Whose first conversion was in this cohort, or who are of this group."""
    period: int
    """Within so many periods."""
    days: int
    """The same in days."""
    observed: int
    """Those whose first conversion is at least so long ago; of a cohort, all or none."""
    repeated: int | None
    """Those who converted again within that time; None where it is too early to say."""
    repeat_rate: float | None
    """None for fewer people than the minimum group as well."""
    low: float | None
    high: float | None
    returned: int | None
    """Those who did anything more than a day after their conversion, within that time."""
    return_rate: float | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group against all others whose value is known, within the horizon."""

    name: str
    kind: str
    """"group", or "other" for the small ones together and for those whose value is not known."""
    persons: int
    observed: int
    repeated: int
    rate: float | None
    low: float | None
    high: float | None
    returned: int
    return_rate: float | None
    others_observed: int = 0
    others_repeated: int = 0
    others_rate: float | None = None
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None
    p_value: float | None = None
    """Log-rank, over all the time that people were watched for."""
    q_value: float | None = None


def cells(
    counted: Sequence[Counted], kind: str, name: str, days: int, least: int, periods: int
) -> tuple[RetentionRow, ...]:
    """Return one row per period of one cohort or group."""
    persons = sum(one.persons for one in counted)
    youngest = min((one.followed for one in counted), default=0)
    rows = []
    for period in range(1, periods + 1):
        old = [one for one in counted if one.followed >= period]
        if kind == "cohort" and youngest < period:
            old = []
        observed = sum(one.persons for one in old)
        repeated = within(old, "repeated", period)
        returned = within(old, "returned", period)
        told = observed >= max(1, least)
        low, high = wilson(repeated, observed) if told else (None, None)
        rows.append(
            RetentionRow(
                kind=kind,
                name=name,
                persons=persons,
                period=period,
                days=period * days,
                observed=observed,
                repeated=repeated if observed else None,
                repeat_rate=rate(repeated, observed) if told else None,
                low=low,
                high=high,
                returned=returned if observed else None,
                return_rate=rate(returned, observed) if told else None,
            )
        )
    return tuple(rows)


def within(counted: Sequence[Counted], what: str, period: int) -> int:
    """Return how many had converted again, or returned, within so many periods."""
    return sum(
        one.persons
        for one in counted
        if (when := one.repeated if what == "repeated" else one.returned) is not None
        and when <= period
    )


def cohort_facts(rows: Sequence[RetentionRow], periods: Sequence[int]) -> tuple[Fact, ...]:
    """Return the newest cohorts' shares within some periods as facts."""
    names = list(dict.fromkeys(row.name for row in rows))[-COHORTS:]
    facts = []
    for row in rows:
        if row.name not in names or row.period not in periods or row.repeat_rate is None:
            continue
        base = f"retention.cohort_{names.index(row.name) + 1}.within_{row.period}"
        low, high = wilson(row.returned or 0, row.observed)
        facts += [
            Fact(
                f"{base}.repeat_rate", f"First converted {row.name}, again within {row.days} days",
                row.repeat_rate, "rate", row.repeated, row.observed, row.low, row.high,
            ),
            Fact(
                f"{base}.return_rate", f"First converted {row.name}, back within {row.days} days",
                row.return_rate, "rate", row.returned, row.observed, low, high,
            ),
        ]  # fmt: skip
    return tuple(facts)


def group_facts(groups: Sequence[GroupRow], days: int) -> tuple[Fact, ...]:
    """Return the groups as facts."""
    facts: list[Fact] = []
    for number, told in enumerate(groups, start=1):
        base = f"retention.group_{number}"
        facts.append(Fact(f"{base}.persons", f"People, {told.name}", told.persons, "persons"))
        if told.rate is None:
            continue
        facts.append(
            Fact(
                f"{base}.rate", f"{told.name}, again within {days} days", told.rate, "rate",
                told.repeated, told.observed, told.low, told.high,
            )
        )  # fmt: skip
        if told.difference is None:
            continue
        facts += [
            Fact(
                f"{base}.others_rate", f"Others than {told.name}, again within {days} days",
                told.others_rate, "rate", told.others_repeated, told.others_observed,
            ),
            Fact(
                f"{base}.difference", f"Difference, {told.name} from the others", told.difference,
                "difference", None, None, told.difference_low, told.difference_high,
            ),
            Fact(f"{base}.q", f"q of {told.name} (log-rank)", told.q_value, "score"),
        ]  # fmt: skip
    return tuple(facts)
