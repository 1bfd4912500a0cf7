"""What scores are told with: people, bands, the test, signs and next touchpoints; and their facts."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.analyses.result import Fact
from tools.statistics.discrimination import Estimate
from tools.statistics.intervals import rate, wilson

SIGNS = 8
"""Signs that are told as facts, the clearest first; all stand in the result."""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One person under way."""

    person: str
    """A code, the same in every answer."""
    probability: float
    """To convert within the window, from what is known now."""
    band: str
    """"hot", "warm", "cool" or "cold"."""
    last_touchpoint: str
    days_since_last: float
    days_since_start: float
    reason: str | None
    """What raises this score most, against the average; None where nothing does."""
    next_touchpoint: str | None
    """What most often follows the last touchpoint, of those that go on; None where tied."""


@dataclass(frozen=True, slots=True)
class Band:
    """Those under way whose scores are in one range, beside people of the test in that range."""

    name: str
    lowest: float
    """Scores from here on; the test's quantiles."""
    people: int
    expected: float
    """Conversions: the sum of their probabilities."""
    tested: int
    tested_converted: int
    rate: float | None
    """Of the people in the test."""
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Decile:
    """A tenth of the test's people by score: what was expected of them, and what came."""

    number: int
    """1: the lowest scores."""
    people: int
    lowest: float
    highest: float
    expected_rate: float
    converted: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ScoreTest:
    """How the scores did on later journeys, of people whom the model had not seen."""

    learned: int
    """Snapshots that the model was fitted on."""
    learned_converted: int
    people: int
    converted: int
    base_rate: float
    expected: float
    """Conversions that the scores expected, and the 95 % range in which chance alone would keep
    the number that comes."""
    expected_low: float
    expected_high: float
    auc: Estimate
    brier: float
    base_brier: float
    """Of saying the test's own conversion rate of everyone."""
    top: int
    """A tenth of the people: those with the highest scores."""
    top_converted: int
    lift: Estimate


@dataclass(frozen=True, slots=True)
class SignRow:
    """Something that was known of some: how often they converted afterwards, against the others."""

    group: str
    name: str
    sentence: str
    """"had reached Pricing", "came by Email", ..."""
    people: int
    converted: int
    others: int
    others_converted: int
    difference: float
    low: float | None
    high: float | None
    p_value: float
    q_value: float
    weight: float
    """What it adds to the log-odds, everything else in the model held fixed."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One kind of thing that the scores rest on."""

    name: str
    auc_loss: float
    """How much worse the test's ranking is with this shuffled between people."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """Where people under way stand, and what most often follows there."""

    touchpoint: str
    people: int
    """Under way, with this as their last touchpoint."""
    following: str | None
    """None where nothing followed yet, or where it is tied."""
    went_on: int
    """People learned from who went on after their first visit there."""
    to_following: int
    share: float | None
    low: float | None
    high: float | None


def tested_facts(told: ScoreTest) -> tuple[Fact, ...]:
    """Return the facts of the test."""
    low, high = wilson(told.converted, told.people)
    top_low, top_high = wilson(told.top_converted, told.top)
    top_rate = rate(told.top_converted, told.top)
    auc, lift = told.auc, told.lift
    return (
        Fact("scores.learned", "Moments learned from", told.learned, "count"),
        Fact("scores.learned_converted", "Of these, converted afterwards", told.learned_converted, "count"),
        Fact("scores.tested", "People in the test", told.people, "persons"),
        Fact("scores.tested_converted", "Of these, converted", told.converted, "persons"),
        Fact("scores.tested_expected", "Conversions that the scores expected in the test", told.expected, "persons", None, None, told.expected_low, told.expected_high),
        Fact(
            "scores.base_rate", "Conversion of everyone in the test", told.base_rate, "rate",
            told.converted, told.people, low, high,
        ),
        Fact(
            "scores.auc", "Chance that someone who converts is scored above someone who does not",
            auc.value, "rate", None, None, auc.low, auc.high,
        ),
        Fact("scores.brier", "Brier score (0 is perfect)", told.brier, "score"),
        Fact("scores.base_brier", "Brier score of saying the base rate of everyone", told.base_brier, "score"),
        Fact(
            "scores.top_rate", "Conversion of the tenth with the highest scores", top_rate, "rate",
            told.top_converted, told.top, top_low, top_high,
        ),
        Fact(
            "scores.lift", "Lift of that tenth over the base rate", lift.value, "ratio",
            None, None, lift.low, lift.high,
        ),
    )  # fmt: skip


def decile_facts(deciles: Sequence[Decile]) -> tuple[Fact, ...]:
    """Return the calibration table as facts."""
    facts: list[Fact] = []
    for told in deciles:
        name = f"scores.decile_{told.number}"
        facts += [
            Fact(
                f"{name}.rate", f"Converted, score group {told.number}", told.rate, "rate",
                told.converted, told.people, told.low, told.high,
            ),
            Fact(
                f"{name}.expected", f"Expected, score group {told.number}",
                told.expected_rate, "rate",
            ),
        ]  # fmt: skip
    return tuple(facts)


def band_facts(bands: Sequence[Band]) -> tuple[Fact, ...]:
    """Return the bands as facts."""
    facts: list[Fact] = []
    for told in bands:
        name = f"scores.{told.name}"
        facts += [
            Fact(f"{name}.people", f"People under way, {told.name}", told.people, "persons"),
            Fact(f"{name}.expected", f"Conversions to expect, {told.name}", told.expected, "persons"),
            Fact(
                f"{name}.rate", f"Conversion in the test, {told.name}", told.rate, "rate",
                told.tested_converted, told.tested, told.low, told.high,
            ),
        ]  # fmt: skip
    return tuple(facts)


def sign_facts(signs: Sequence[SignRow]) -> tuple[Fact, ...]:
    """Return the signs as facts."""
    facts: list[Fact] = []
    for number, told in enumerate(signs[:SIGNS], start=1):
        name = f"scores.sign_{number}"
        low, high = wilson(told.converted, told.people)
        other_low, other_high = wilson(told.others_converted, told.others)
        facts += [
            Fact(
                f"{name}.rate", f"Converted: those who {told.sentence}", rate(told.converted, told.people),
                "rate", told.converted, told.people, low, high,
            ),
            Fact(
                f"{name}.others_rate", f"Converted: the others than those who {told.sentence}",
                rate(told.others_converted, told.others), "rate",
                told.others_converted, told.others, other_low, other_high,
            ),
            Fact(
                f"{name}.difference", f"Difference: those who {told.sentence}", told.difference,
                "difference", None, None, told.low, told.high,
            ),
            Fact(f"{name}.q", f"q of the difference: those who {told.sentence}", told.q_value, "score"),
        ]  # fmt: skip
    return tuple(facts)


def next_facts(steps: Sequence[NextStep]) -> tuple[Fact, ...]:
    """Return the next touchpoints as facts."""
    facts: list[Fact] = []
    for number, told in enumerate(steps, start=1):
        name = f"scores.next_{number}"
        facts.append(
            Fact(f"{name}.people", f"Under way, last at {told.touchpoint}", told.people, "persons")
        )
        if told.following is not None:
            facts.append(
                Fact(
                    f"{name}.share", f"People who went on from {told.touchpoint} to {told.following}",
                    told.share, "rate", told.to_following, told.went_on, told.low, told.high,
                )
            )  # fmt: skip
    return tuple(facts)
