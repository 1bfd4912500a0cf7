"""Retention in sentences."""

from tools.analyses.retention import RetentionResult
from tools.analyses.retention_rows import GroupRow
from tools.narration.certainty import certainty, how_sure, is_finding
from tools.narration.words import Narration, count, of, percent

ASSOCIATION = "This is an association: it does not show what makes people come again."
FOLLOW_UPS = ("Which paths convert best?", "How are we doing overall?")


def narrate(result: RetentionResult) -> Narration:
    """Say how many convert again, by group where that was asked, and how many come back at all."""
    follow_ups = ("Where do people drop off?", *FOLLOW_UPS)
    if not result.persons or not result.horizon:
        return Narration(_early(result), (), result.caveats, follow_ups)
    overall, back, estimate = _overall(result), _back(result), _estimate(result)
    if not result.by:
        support = (back, estimate, _median(result))
        return Narration(overall, tuple(filter(None, support)), result.caveats, follow_ups)
    answer, sure = _groups(result)
    found = _telling(result) is not None
    return Narration(
        answer,
        tuple(filter(None, (sure, overall, back))),
        (*result.caveats, *((ASSOCIATION,) if found else ())),
        ("Do people convert again?", *FOLLOW_UPS),
    )


def _early(result: RetentionResult) -> str:
    if not result.persons:
        whole = count(result.journeys, "journey")
        return f"Nobody's first conversion is in scope, so nobody can convert again ({whole})."
    people = count(result.persons, "person", "people")
    return (
        f"It is too early to say who converts again: too few of the {people} who converted "
        "have been watched for long enough since."
    )


def _overall(result: RetentionResult) -> str:
    days = result.horizon_days
    watched = f"people whose first conversion is at least {days} days ago"
    if not result.repeated:
        return (
            f"Nobody has converted again within {days} days: "
            f"{of(0, result.observed, watched)} (0 %)."
        )
    return (
        f"{percent(result.repeat_rate)} of people convert again within {days} days: "
        f"{of(result.repeated, result.observed, watched)}."
    )


def _back(result: RetentionResult) -> str:
    base = of(result.returned, result.observed, "did anything more than a day after converting")
    return f"In that time {percent(result.return_rate)} came back at all: {base}."


def _estimate(result: RetentionResult) -> str:
    if result.estimated_rate is None or result.estimated_low is None:
        return ""
    return (
        f"With those counted who converted more recently, {percent(result.estimated_rate)} are "
        f"estimated to convert again in that time (between {percent(result.estimated_low)} and "
        f"{percent(result.estimated_high)})."
    )


def _median(result: RetentionResult) -> str:
    if result.median_days is None:
        return ""
    if result.median_days < 1:
        return "Half convert again on the same day."
    days = count(result.median_days, "day")
    return f"Half have converted again by about {days} after the first time."


def _telling(result: RetentionResult) -> GroupRow | None:
    """Return the group that differs most among those that differ clearly or likely."""
    found = [
        row
        for row in result.groups
        if is_finding(certainty(row.difference_low, row.difference_high, row.q_value))
    ]
    return max(
        found, key=lambda row: (round(abs(row.difference or 0), 9), row.difference), default=None
    )


def _groups(result: RetentionResult) -> tuple[str, str]:
    field = (result.by or "").replace("_", " ")
    row = _telling(result)
    if row is None:
        if not any(group.q_value is not None for group in result.groups):
            return f"There are too few people to compare by {field} who converts again.", ""
        return f"By {field}, there is no clear difference in how many convert again.", ""
    form = "more" if (row.difference or 0) > 0 else "less"
    answer = (
        f"Where {field} is {row.name}, people convert again {form} often: {percent(row.rate)} "
        f"within {result.horizon_days} days ({of(row.repeated, row.observed, 'people')}), against "
        f"{percent(row.others_rate)} of the others "
        f"({of(row.others_repeated, row.others_observed, 'people')})."
    )
    return answer, how_sure(certainty(row.difference_low, row.difference_high, row.q_value))
