"""The test of scores, what they rest on, and what they say of those under way."""

from collections.abc import Mapping, Sequence
from math import ceil, floor, sqrt

import numpy as np
from scipy.stats import gamma

from tools.analyses.pseudonym import pseudonym
from tools.analyses.scores_model import Flags, Matrix, Model, Snapshots, Vector
from tools.analyses.scores_rows import (
    Band,
    Decile,
    NextStep,
    Reason,
    ScoreRow,
    ScoreTest,
    SignRow,
)
from tools.statistics.corrections import benjamini_hochberg
from tools.statistics.discrimination import Z, auc, brier, calibration, lift
from tools.statistics.intervals import newcombe, rate, wilson
from tools.statistics.proportions import two_shares_p

SEED = 20_260_101
DAY = 86_400.0
BANDS = (("hot", 0.9), ("warm", 0.7), ("cool", 0.4), ("cold", 0.0))
"""Each with the quantile of the test's scores that it begins at."""
GROUPS = {
    "age": "time since the start",
    "silence": "time since the last step",
    "activity": "how much they did",
    "seen": "what they had reached",
    "last": "where they stand",
    "channel": "how they came",
    "earlier": "earlier journeys",
}
SHUFFLED = 20_000
"""Most people whose groups of features are shuffled to see what the scores rest on."""
Follows = Mapping[int, Sequence[tuple[str | None, int]]]
"""Touchpoint -> what followed it, None for nothing, with people; most first."""


def tested(model: Model, learned: Snapshots, told: Snapshots) -> ScoreTest | None:
    """Return how the scores did on the test; None where everyone or nobody in it converted."""
    chances = model.probabilities(told)
    ranked = auc(told.converted, chances)
    top = max(1, len(told) // 10)
    first = np.argsort(-chances, kind="stable")[:top]
    converted, top_converted = int(told.converted.sum()), int(told.converted[first].sum())
    lifted = lift(top_converted, top, converted, len(told))
    if ranked is None or lifted is None:
        return None
    base, expected = converted / len(told), float(chances.sum())
    half = Z * sqrt(float(np.sum(chances * (1 - chances))))
    return ScoreTest(
        learned=len(learned),
        learned_converted=int(learned.converted.sum()),
        people=len(told),
        converted=converted,
        base_rate=base,
        expected=expected,
        expected_low=expected - half,
        expected_high=expected + half,
        auc=ranked,
        brier=brier(told.converted, chances),
        base_brier=base * (1 - base),
        top=top,
        top_converted=top_converted,
        lift=lifted,
    )


def deciles(converted: Flags, chances: Vector) -> tuple[Decile, ...]:
    """Return the calibration table."""
    return tuple(
        Decile(
            number,
            one.people,
            one.lowest,
            one.highest,
            min(max(one.expected, 0.0), 1.0),
            one.converted,
            rate(one.converted, one.people),
            *wilson(one.converted, one.people),
        )
        for number, one in enumerate(calibration(converted, chances), start=1)
    )


def reasons(model: Model, told: Snapshots) -> tuple[Reason, ...]:
    """Return what the scores rest on: how much the ranking loses when it is shuffled.

    Source: Breiman 2001, permutation importance.
    """
    told = told.part(np.arange(len(told)) < SHUFFLED)
    parts = model.parts(told)
    whole, random = parts.sum(axis=1), np.random.default_rng(SEED)
    found, before = [], auc(told.converted, whole)
    for group, name in GROUPS.items():
        added = parts[:, _columns(model, group)].sum(axis=1)
        after = auc(told.converted, whole - added + random.permutation(added))
        if before and after:
            found.append(Reason(name, before.value - after.value))
    return tuple(sorted(found, key=lambda one: -one.auc_loss))


def _columns(model: Model, group: str) -> list[int]:
    return [i for i, sign in enumerate(model.recipe.signs) if sign.group == group]


def signs(model: Model, told: Snapshots, recent: str, least: int) -> tuple[SignRow, ...]:
    """Return what could be known of people, by how much their conversion differs in the test."""
    asked: list[tuple[str, str, str, Flags]] = [
        ("activity", "recent", f"had a step within the last {recent}", told.recent > 0)
    ]
    for place, (_, label) in enumerate(model.recipe.places):
        asked.append(("seen", label, f"had reached {label}", told.saw(place)))
    asked += [
        ("channel", channel, f"came by {channel}", told.channel == channel)
        for channel in model.recipe.channels
    ]
    weights = {
        (sign.group, sign.name): float(model.slope * model.weights[i])
        for i, sign in enumerate(model.recipe.signs)
    }
    kept = [one for one in asked if least <= int(one[3].sum()) <= len(told) - least]
    rows = [
        _sign(group, name, sentence, has, told.converted, weights.get((group, name), 0.0))
        for group, name, sentence, has in kept
    ]
    q_values = benjamini_hochberg([row[-1] for row in rows])
    found = [
        SignRow(*head, difference, low, high, p, q, weight)
        for (head, difference, low, high, weight, p), q in zip(rows, q_values, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (one.q_value, -abs(one.difference), one.sentence)))


def _sign(
    group: str, name: str, sentence: str, has: Flags, converted: Flags, weight: float
) -> tuple[
    tuple[str, str, str, int, int, int, int], float, float | None, float | None, float, float
]:
    people, won = int(has.sum()), int(converted[has].sum())
    others, others_won = int((~has).sum()), int(converted[~has].sum())
    low, high = newcombe(won, people, others_won, others)
    p_value = float(two_shares_p(won, people, others_won, others))
    head = (group, name, sentence, people, won, others, others_won)
    return head, won / people - others_won / others, low, high, weight, p_value


def bands(tested_chances: Vector, converted: Flags, chances: Vector) -> tuple[Band, ...]:
    """Return the bands of scores, hottest first."""
    told, above = [], np.inf
    for name, quantile in BANDS:
        lowest = float(np.quantile(tested_chances, quantile)) if quantile else 0.0
        inside = (chances >= lowest) & (chances < above)
        seen = (tested_chances >= lowest) & (tested_chances < above)
        people, won = int(seen.sum()), int(converted[seen].sum())
        told.append(
            Band(
                name, lowest, int(inside.sum()), float(chances[inside].sum()),
                people, won, rate(won, people), *wilson(won, people),
            )
        )  # fmt: skip
        above = min(above, lowest)
    return tuple(told)


def expected_interval(chances: Vector, told: ScoreTest) -> tuple[float, float]:
    """Return the 95 % interval of how many will convert.

    Chance is that of independent people with these probabilities (Poisson-binomial); to it comes
    how far off all scores together may be: by as much as in the test, or as chance could hide there.
    A gamma distribution of that mean and variance gives the bounds.
    """
    mean = float(chances.sum())
    if mean <= 0:
        return 0.0, 0.0
    off = max((told.converted / max(told.expected, 1e-9) - 1) ** 2, 1 / max(1, told.converted))
    variance = float(np.sum(chances * (1 - chances))) + mean**2 * off
    shape, scale = mean**2 / variance, variance / mean
    low = float(gamma.ppf(0.025, shape, scale=scale))
    high = float(gamma.ppf(0.975, shape, scale=scale))
    return float(floor(low)), float(min(len(chances), ceil(high)))


def people(
    model: Model,
    told: Snapshots,
    average: Vector,
    found: Sequence[Band],
    follows: Follows,
    labels: Mapping[int, str],
    top: int,
) -> tuple[ScoreRow, ...]:
    """Return those with the highest scores."""
    chances = model.probabilities(told)
    first = np.argsort(-chances, kind="stable")[:top]
    chosen = np.zeros(len(told), np.bool_)
    chosen[first] = True
    parts = model.parts(told.part(chosen)) - average
    place = {int(index): row for row, index in enumerate(np.flatnonzero(chosen))}
    return tuple(
        ScoreRow(
            person=pseudonym(int(told.person_id[i])),
            probability=float(chances[i]),
            band=next(band.name for band in found if chances[i] >= band.lowest),
            last_touchpoint=labels[int(told.touchpoint_id[i])],
            days_since_last=round(float(told.silence[i]) / DAY, 1),
            days_since_start=round(float(told.age[i]) / DAY, 1),
            reason=_reason(model, parts[place[int(i)]]),
            next_touchpoint=most_frequent(follows.get(int(told.touchpoint_id[i]), ()))[0],
        )
        for i in first
    )


def _reason(model: Model, parts: Vector) -> str | None:
    """Return the two kinds of things that raise one score most."""
    sums = {group: float(parts[_columns(model, group)].sum()) for group in GROUPS}
    most = [group for group in sorted(sums, key=lambda one: -sums[one])[:2] if sums[group] > 0]
    return "; ".join(_raising(model, parts, group) for group in most) or None


def _raising(model: Model, parts: Vector, group: str) -> str:
    strongest = max(_columns(model, group), key=lambda i: float(parts[i]))
    name = model.recipe.signs[strongest].name
    said = {
        "seen": f"reached {name}",
        "last": f"stands at {name}",
        "channel": f"came by {name}",
        "silence": "a recent step",
    }
    return said.get(group, GROUPS[group])


def most_frequent(counted: Sequence[tuple[str | None, int]]) -> tuple[str | None, int, int]:
    """Return what follows most often, None where tied, its people, and all that went on."""
    on = [(name, people) for name, people in counted if name is not None]
    total = sum(people for _, people in on)
    if not on or (len(on) > 1 and on[0][1] == on[1][1]):
        return None, 0, total
    return on[0][0], on[0][1], total


def next_steps(
    told: Snapshots, follows: Follows, labels: Mapping[int, str], least: int, most: int = 5
) -> tuple[NextStep, ...]:
    """Return where most of those under way stand, and what most often follows there."""
    ids, counts = np.unique(told.touchpoint_id, return_counts=True)
    frequent = sorted(
        ((-int(n), labels[int(i)], int(i)) for i, n in zip(ids, counts, strict=True) if n >= least)
    )
    rows = []
    for count, label, number in frequent[:most]:
        name, people, total = most_frequent(follows.get(number, ()))
        low, high = wilson(people, total) if name else (None, None)
        share = rate(people, total) if name else None
        rows.append(NextStep(label, -count, name, total, people, share, low, high))
    return tuple(rows)


def average_parts(model: Model, told: Snapshots) -> Vector:
    """Return what each feature adds on average in the test."""
    parts: Matrix = model.parts(told)
    return np.asarray(parts.mean(axis=0), np.float64)
