"""The people behind a number, in sentences; never one of them."""

from tools.analyses.customers import CustomersResult
from tools.narration.words import Narration, count, of, percent

DID = {
    "all": "are in scope",
    "converted": "converted",
    "dropped": "dropped off",
    "active": "are still under way",
}
DOES = {**DID, "all": "is in scope", "active": "is still under way"}


def narrate(result: CustomersResult) -> Narration:
    """Say how many they are first, then what most of them share."""
    support = (_journeys(result), _shared(result), _length(result)) if result.journeys else ()
    return Narration(
        _answer(result),
        tuple(filter(None, support)),
        result.caveats,
        ("Where do people drop off?", "How do channels differ?", "Who is likely to convert next?"),
    )


def _answer(result: CustomersResult) -> str:
    where = f" with {result.at} as their last touchpoint" if result.at else ""
    if not result.journeys:
        return f"Nobody {DOES[result.who]}{where}."
    form = DOES[result.who] if result.persons == 1 else DID[result.who]
    return f"{count(result.persons, 'person', 'people')} {form}{where}."


def _journeys(result: CustomersResult) -> str:
    if result.journeys == result.scope_journeys:
        if result.journeys == 1:
            return "Theirs is the one journey there is."
        return f"They made {count(result.journeys, 'journey')}: all there are."
    share = percent(result.journeys / result.scope_journeys)
    return f"Their journeys are {of(result.journeys, result.scope_journeys, 'journeys')} ({share})."


def _shared(result: CustomersResult) -> str:
    parts = []
    for what, shares in (
        ("came by", result.channels),
        ("were last at", () if result.at else result.last_touchpoints),
    ):
        if shares and (len(shares) == 1 or shares[0][1] > shares[1][1]):
            name, journeys = shares[0]
            parts.append(
                f"{what} {name} ({of(journeys, result.journeys, 'journeys')}, "
                f"{percent(journeys / result.journeys)})"
            )
    return f"Most often they {' and '.join(parts)}." if parts else ""


def _length(result: CustomersResult) -> str:
    if result.median_steps is None:
        return ""
    number = f"{result.median_steps:,.1f}".removesuffix(".0")
    noun = "step" if number == "1" else "steps"
    return f"The median journey has {number} {noun}."
