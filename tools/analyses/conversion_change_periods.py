"""Which two periods are compared: whole months, equal lengths, and until when they can be judged."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tools.errors import InvalidArgumentError

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `since` to `until`, both in it (UTC)."""

    since: date
    until: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.until - self.since).days + 1

    @property
    def begins_at(self) -> datetime:
        """The first moment in it."""
        return datetime.combine(self.since, datetime.min.time())

    @property
    def ends_at(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.until + DAY, datetime.min.time())

    def is_month(self) -> bool:
        """Whether it is one whole calendar month."""
        return self == month_of(self.since)

    def named(self) -> str:
        """Say it: 'July 2026', or '2026-07-01 to 2026-07-15'."""
        if self.is_month():
            return f"{self.since:%B %Y}"
        return f"{self.since} to {self.until}" if self.days > 1 else f"{self.since}"


def last_judged_day(as_of: datetime, window: timedelta) -> date:
    """Return the last day all of whose journeys are old enough to judge at `as_of`.

    An event's time is a moment within its second, so the last second of a day completes it.
    """
    return (as_of - window + SECOND).date() - DAY


def month_of(day: date) -> Period:
    """Return the calendar month that a day is in."""
    first = day.replace(day=1)
    following = (first + 31 * DAY).replace(day=1)
    return Period(first, following - DAY)


def just_before(period: Period) -> Period:
    """Return the month before a month, else the same number of days just before."""
    if period.is_month():
        return month_of(period.since - DAY)
    return Period(period.since - period.days * DAY, period.since - DAY)


def default_periods(first: date, last: date) -> tuple[Period, Period]:
    """Return the last whole month that can be judged and the one before, the earlier first.

    Where the data do not hold two such months, the days that can be judged are halved.

    Args:
        first: First day of the data.
        last: Last day that can be judged; may be before `first`.
    """
    later = month_of(last + DAY)
    while later.until > last:
        later = month_of(later.since - DAY)
    earlier = just_before(later)
    if earlier.since >= first:
        return earlier, later
    days = max(2, (last - first).days + 1)
    middle = first + (days // 2) * DAY
    return Period(middle - (days // 2) * DAY, middle - DAY), Period(
        middle, middle + (days // 2 - 1) * DAY
    )


def periods(
    asked: tuple[date | None, date | None],
    against: tuple[date | None, date | None],
    first: date,
    last: date,
    newest: date,
) -> tuple[Period, Period]:
    """Return the two periods to compare, the earlier first, every default filled in.

    Args:
        asked: The later period's first and last day, as far as told.
        against: The earlier period's, as far as told.
        first: First day of the data.
        last: Last day that can be judged.
        newest: Last day of the data; nothing is asked about beyond it.

    Raises:
        InvalidArgumentError: A period ends before it begins, or the two overlap.
    """
    if asked == (None, None) and against == (None, None):
        return default_periods(first, last)
    later = _later(asked, against, first, last, newest)
    earlier = _earlier(against, later)
    for name, told in (("from", later), ("against_from", earlier)):
        if told.since > told.until:
            raise InvalidArgumentError(f"{name}: {told.since} is after {told.until}.")
    if earlier.until >= later.since and later.until >= earlier.since:
        raise InvalidArgumentError(
            f"against_from: {earlier.named()} and {later.named()} overlap; compare two periods "
            "that share no day."
        )
    return (earlier, later) if earlier.since < later.since else (later, earlier)


def _later(
    asked: tuple[date | None, date | None],
    against: tuple[date | None, date | None],
    first: date,
    last: date,
    newest: date,
) -> Period:
    since, until = asked
    if since is None and until is None:
        told = against[1] or against[0] or last
        default = default_periods(first, last)[1]
        return default if default.since > told else Period(told + DAY, max(told + DAY, last))
    if since is None:
        return Period(month_of(until or last).since, until or last)
    if until is None:
        return Period(since, max(since, newest))
    return Period(since, until if until <= newest or since > newest else newest)


def _earlier(against: tuple[date | None, date | None], later: Period) -> Period:
    since, until = against
    before = just_before(later)
    if since is None and until is None:
        return before
    if since is None and until is not None:
        return Period(until - (later.days - 1) * DAY, until)
    if since is not None and until is None:
        month = month_of(since)
        whole = since == month.since and later.since > month.until and later.days > 27
        return month if whole else Period(since, max(since, later.since - DAY))
    return Period(since or before.since, until or before.until)
