"""Times as APIs write and read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NUMBERS = ("{since:epoch}", "{until:epoch}", "{since:ms}", "{until:ms}")


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A time in UTC that a text can ask for in the form its API takes: `{since:epoch}`."""

    at: datetime

    def __format__(self, form: str) -> str:
        if form in {"", "iso"}:
            return self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if form == "seconds":
            return self.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        if form == "date":
            return self.at.strftime("%Y-%m-%d")
        if form in {"epoch", "ms"}:
            return str((self.at - EPOCH) // timedelta(milliseconds=1000 if form == "epoch" else 1))
        return self.at.strftime(form)


def moment(value: object) -> datetime | None:
    """Read a time as a record has it: ISO text, epoch seconds to nanoseconds, or a date."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    text = str(value).strip()
    try:
        number = float(text)
    except ValueError:
        return _iso(text)
    while number > 1e11:
        number /= 1000
    try:
        return EPOCH + timedelta(seconds=number)
    except OverflowError:
        return None


def fill(template: object, values: Mapping[str, object]) -> object:
    """Put values into the texts of a nested template."""
    if isinstance(template, str):
        text = template.format_map(values)
        return int(text) if template in NUMBERS else text
    if isinstance(template, Mapping):
        return {key: fill(value, values) for key, value in template.items()}
    if isinstance(template, list | tuple):
        return [fill(value, values) for value in template]
    return template


def _iso(text: str) -> datetime | None:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
