"""From what was known at a moment to a probability: features, fit and calibration."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

PLACES = 24
"""Touchpoints that are features of their own: the most visited; fewer than a double has bits."""
CHANNELS = 10
BINS = 8
STRENGTH = 0.1
"""Inverse of the penalty on the squared coefficients (sklearn's C)."""
FOLDS = 2
OTHERS = 20_000
"""Most snapshots that did not convert; drawn by person, each then counts for several."""
DIGITS = 6
"""Probabilities are rounded, so that the order of sums on another machine changes nothing."""
Matrix = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Journeys at moments at which they were open: arrays of one length."""

    person_id: Ids
    tested: Flags
    converted: Flags
    """Afterwards, within the window."""
    channel: npt.NDArray[np.str_]
    """Of the first touch; empty where not known."""
    age: Vector
    """Seconds since the journey began."""
    silence: Vector
    """Seconds since its last step."""
    steps: Vector
    visits: Vector
    recent: Vector
    """Steps in the last tenth of the window's length."""
    touchpoint_id: Ids
    """The last one."""
    seen: Ids
    """One bit per place: whether it had been visited."""
    earlier: Vector
    """The person's earlier journeys, and how many of them converted."""
    earlier_converted: Vector

    def part(self, chosen: Flags) -> "Snapshots":
        """Return those that are chosen."""
        return Snapshots(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def saw(self, place: int) -> Flags:
        """Return who had visited the touchpoint at a place."""
        return np.asarray((self.seen >> place) & 1 == 1, np.bool_)

    def __len__(self) -> int:
        return len(self.age)


def snapshots(frame: pd.DataFrame) -> Snapshots:
    """Return a query's rows as arrays."""
    told: dict[str, Any] = {}
    for name in Snapshots.__dataclass_fields__:
        column = frame[name]
        if name == "channel":
            told[name] = column.astype("object").fillna("").to_numpy(dtype=np.str_)
        elif name in {"tested", "converted"}:
            told[name] = column.to_numpy(dtype=np.bool_)
        elif name in {"person_id", "touchpoint_id", "seen"}:
            told[name] = column.to_numpy(dtype=np.int64)
        else:
            told[name] = column.to_numpy(dtype=np.float64)
    return Snapshots(**told)


@dataclass(frozen=True, slots=True)
class Sign:
    """One feature: what it is about, and what it says when it is there."""

    group: str
    """"age", "silence", "activity", "seen", "last", "channel", "earlier"."""
    name: str
    """The touchpoint or channel; empty for the others."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How snapshots become features; settled on the training snapshots."""

    places: tuple[tuple[int, str], ...]
    channels: tuple[str, ...]
    age_edges: tuple[float, ...]
    silence_edges: tuple[float, ...]
    signs: tuple[Sign, ...]

    def features(self, told: Snapshots) -> Matrix:
        """Return one row per snapshot, one column per sign."""
        columns = [
            *_steps_of(told.age, self.age_edges),
            *_steps_of(told.silence, self.silence_edges),
            np.log1p(told.silence) / 3,
            np.log1p(told.steps),
            np.log1p(told.visits),
            np.log1p(told.recent),
            *(told.saw(place) for place in range(len(self.places))),
            *(told.touchpoint_id == number for number, _ in self.places),
            *(told.channel == channel for channel in self.channels),
            np.minimum(told.earlier, 3),
            told.earlier_converted > 0,
        ]
        return np.column_stack([np.asarray(column, np.float64) for column in columns])


def recipe(told: Snapshots, places: tuple[tuple[int, str], ...]) -> Recipe:
    """Return the features that the training snapshots call for."""
    names, counts = np.unique(told.channel[told.channel != ""], return_counts=True)
    frequent = sorted(zip(-counts, names, strict=True))[:CHANNELS]
    channels = tuple(str(name) for _, name in frequent)
    ages, silences = _edges(told.age), _edges(told.silence)
    signs = [
        *(Sign("age", "") for _ in ages),
        *(Sign("silence", "") for _ in (*silences, "log")),
        *(Sign("activity", "") for _ in range(3)),
        *(Sign("seen", label) for _, label in places),
        *(Sign("last", label) for _, label in places),
        *(Sign("channel", channel) for channel in channels),
        *(Sign("earlier", "") for _ in range(2)),
    ]
    return Recipe(places, channels, ages, silences, tuple(signs))


def _edges(values: Vector) -> tuple[float, ...]:
    return tuple(
        float(e) for e in np.unique(np.quantile(values, np.linspace(0, 1, BINS + 1)[1:-1]))
    )


def _steps_of(values: Vector, edges: tuple[float, ...]) -> list[Flags]:
    return [values > edge for edge in edges]


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted model: log-odds are a sum over features, then drawn towards what held-out folds said."""

    recipe: Recipe
    weights: Vector
    intercept: float
    slope: float
    """1 where the log-odds needed no shrinking."""
    shift: float

    def parts(self, told: Snapshots) -> Matrix:
        """Return what each feature adds to each snapshot's log-odds."""
        return np.asarray(self.slope * self.recipe.features(told) * self.weights, np.float64)

    def probabilities(self, told: Snapshots) -> Vector:
        """Return P(converts within the window) for each snapshot."""
        return self.from_parts(self.parts(told).sum(axis=1))

    def from_parts(self, added: Vector) -> Vector:
        """Return the probabilities of sums of parts."""
        odds = self.shift + self.slope * self.intercept + added
        return np.asarray(np.round(1 / (1 + np.exp(-odds)), DIGITS), np.float64)


def fit(told: Snapshots, places: tuple[tuple[int, str], ...]) -> Model:
    """Fit a penalised logistic regression, calibrated on folds of persons that it has not seen.

    Source: Platt 1999, for the calibration of log-odds.
    """
    made = recipe(told, places)
    learned, counts = _fewer(told)
    features = made.features(learned)
    fold = learned.person_id % 10037 % FOLDS
    with threadpool_limits(1):
        weights, intercept = _regression(features, learned.converted, counts)
        slope, shift = 1.0, 0.0
        if all(len(np.unique(learned.converted[fold != one])) == 2 for one in range(FOLDS)):
            slope, shift = _calibrated(features, learned.converted, counts, fold)
    return Model(made, weights, intercept, slope, shift)


def _fewer(told: Snapshots) -> tuple[Snapshots, Vector]:
    """Return those to learn from, and how many each stands for: all that converted, some others."""
    others = int((~told.converted).sum())
    share = min(1.0, OTHERS / max(1, others))
    kept = told.converted | (told.person_id % 10069 < share * 10069)
    drawn = int((kept & ~told.converted).sum())
    counts = np.where(told.converted[kept], 1.0, others / max(1, drawn))
    return told.part(kept), counts


def _regression(
    features: Matrix, outcomes: Flags, counts: Vector, c: float = STRENGTH
) -> tuple[Vector, float]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - seconds

    fitted = LogisticRegression(C=c, solver="newton-cholesky", max_iter=200)
    fitted.fit(features, outcomes, counts)
    return np.asarray(fitted.coef_[0], np.float64), float(fitted.intercept_[0])


def _calibrated(
    features: Matrix, outcomes: Flags, counts: Vector, fold: Ids
) -> tuple[float, float]:
    """Return slope and shift of the log-odds that models give to folds they were not fitted on."""
    odds = np.zeros(len(outcomes))
    for one in range(FOLDS):
        rest = fold != one
        weights, intercept = _regression(features[rest], outcomes[rest], counts[rest])
        odds[fold == one] = features[fold == one] @ weights + intercept
    slope, shift = _regression(odds.reshape(-1, 1), outcomes, counts, c=1e6)
    return (float(slope[0]), shift) if slope[0] > 0 else (0.0, shift)
