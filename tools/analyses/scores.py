"""Who of those under way is likely to convert, from what is known of them now."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from tools.analyses import scores_parts as parts
from tools.analyses.parameters import Top
from tools.analyses.result import Fact, Result
from tools.analyses.scores_learning import (
    COUNTED_QUERY,
    NEEDED,
    NEEDED_TESTED,
    Counted,
    Learned,
    Missing,
    frame,
    learn,
    recent,
)
from tools.analyses.scores_model import Model, Snapshots, snapshots
from tools.analyses.scores_rows import (
    Band,
    Decile,
    NextStep,
    Reason,
    ScoreRow,
    ScoreTest,
    SignRow,
    band_facts,
    decile_facts,
    next_facts,
    sign_facts,
    tested_facts,
)
from tools.errors import NoDataError
from tools.journeys.definition import spoken
from tools.journeys.scope import ResolvedScope, Scope, ScopedStore
from tools.journeys.touchpoints import touchpoints
from tools.store.door import Store

ALL_JOURNEYS = (
    "The scores are learned from everyone's journeys, whatever filters choose the people to score."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoresResult(Result[ScoreRow]):
    """People under way by their chance to convert, and how far the chances can be relied on."""

    personal: ClassVar[bool] = True
    active: int
    """People under way in scope; each has one open journey."""
    missing: Missing | None = None
    """None where the scores stood the test; else there are no rows."""
    mature: int = 0
    """Journeys old enough to learn from, whatever the filters."""
    learned: int = 0
    learned_converted: int = 0
    """Moments before the cut, and those of them that a conversion followed."""
    tested: int = 0
    tested_converted: int = 0
    cut: datetime | None = None
    """Journeys that began earlier were learned from, later ones are the test."""
    expected: float | None = None
    """Conversions to expect of those under way."""
    expected_low: float | None = None
    expected_high: float | None = None
    test: ScoreTest | None = None
    bands: tuple[Band, ...] = ()
    deciles: tuple[Decile, ...] = ()
    reasons: tuple[Reason, ...] = ()
    """What the ranking rests on, most first."""
    signs: tuple[SignRow, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    recent: str = ""
    """How long "recently" is."""


def scores(store: Store, *, top: Top = 10, scope: Scope) -> ScoresResult:
    """Score the people under way by their chance to convert, and say how good the scores are.

    The chance is that of converting within the window, given what is known at `as_of`: time since
    the start and since the last step, steps, touchpoints seen, the last one, first channel, earlier
    journeys. A penalised logistic regression learns it from journeys of the definition that are old
    enough, one per person, each seen at four random moments of its window, as far as it was open
    then: so those who have gone silent are learned from as often as they are met. It is tested on one random moment
    of each person's journey among the latest three tenths; nobody is on both sides. Where it does
    not stand the test there are no scores, and the result says what is missing. Traits are left
    out: only their latest value is known, which a conversion may have set.

    Args:
        store: Where the journeys stand.
        top: How many people to list, those with the highest scores first.
        scope: Which of the people under way to score.

    Raises:
        NoDataError: No journey is in scope.

    Source: Platt 1999 (calibration); DeLong et al. 1988 (AUC); Brier 1950; Breiman 2001 (reasons).
    """
    scoped = ScopedStore(store, scope)
    everyone = ScopedStore(store, Scope(scope.journey, minimum_group=scope.minimum_group))
    asked = scoped.records(COUNTED_QUERY, {}, Counted)[0]
    if not asked.journeys:
        raise NoDataError(f"No journey is in scope: {scoped.scope.sentence()}.")
    same = everyone.scope == scoped.scope
    whole = asked if same else everyone.records(COUNTED_QUERY, {}, Counted)[0]
    result = ScoresResult(
        rows=(), facts=(), scope=scoped.scope, statements=(), active=asked.active,
        mature=whole.mature, cut=whole.cut, recent=spoken(recent(scoped.scope)),
    )  # fmt: skip
    if missing := _missing_data(scoped.scope, asked, whole):
        result = replace(result, missing=missing)
    else:
        learned = learn(everyone, whole)
        everyone.statements.extend(learned.statements)
        result = _scored(scoped, learned, result, top)
    statements = (*scoped.statements, *everyone.statements)
    return replace(result, facts=_facts(result), statements=statements)


def _missing_data(scope: ResolvedScope, asked: Counted, whole: Counted) -> Missing | None:
    if not scope.definition.end.touchpoints:
        return "end"
    if not asked.active:
        return "active"
    return None if whole.mature else "mature"


def _scored(scoped: ScopedStore, learned: Learned, result: ScoresResult, top: int) -> ScoresResult:
    result = replace(
        result,
        missing=learned.missing,
        learned=learned.learned,
        learned_converted=learned.learned_converted,
        tested=len(learned.tested),
        tested_converted=int(learned.tested.converted.sum()),
        test=learned.test,
        deciles=learned.deciles,
    )
    if learned.missing or learned.model is None or learned.test is None:
        return result
    active = snapshots(frame(scoped, {**learned.bound, "training": False}))
    return _used(scoped, learned, learned.model, learned.test, active, result, top)


def _used(
    scoped: ScopedStore,
    learned: Learned,
    model: Model,
    test: ScoreTest,
    active: Snapshots,
    result: ScoresResult,
    top: int,
) -> ScoresResult:
    """Add what the scores say of those under way."""
    least, tested, follows = result.scope.minimum_group, learned.tested, learned.follows
    labels = dict(touchpoints(scoped.store))
    chances = model.probabilities(active)
    found = parts.bands(model.probabilities(tested), tested.converted, chances)
    low, high = parts.expected_interval(chances, test)
    average = parts.average_parts(model, tested)
    return replace(
        result,
        rows=parts.people(model, active, average, found, follows, labels, top),
        expected=float(chances.sum()),
        expected_low=low,
        expected_high=high,
        bands=found,
        reasons=learned.reasons,
        signs=parts.signs(model, tested, result.recent, least),
        next_steps=parts.next_steps(active, follows, labels, least),
        caveats=_caveats(test),
    )


def _caveats(test: ScoreTest) -> tuple[str, ...]:
    if test.expected_low <= test.converted <= test.expected_high:
        return (ALL_JOURNEYS,)
    side = "too many" if test.expected > test.converted else "too few"
    return (
        f"In the test the scores expected {side} conversions: {test.expected:,.0f}, and "
        f"{test.converted:,} came; the range of what to expect now allows for that.",
        ALL_JOURNEYS,
    )


def _facts(result: ScoresResult) -> tuple[Fact, ...]:
    recently = recent(result.scope).total_seconds()
    facts = [
        Fact("scores.active", "People under way", result.active, "persons"),
        Fact("scores.mature", "Journeys old enough to learn from", result.mature, "journeys"),
        Fact("scores.needed", "Moments before a conversion that are needed", NEEDED, "count"),
        Fact("scores.needed_tested", "Conversions needed to test", NEEDED_TESTED, "persons"),
        Fact("scores.recent", "What counts as recent", recently, "seconds"),
    ]
    if result.expected is not None:
        facts.append(
            Fact(
                "scores.expected", "Conversions to expect among them", result.expected, "persons",
                None, result.active, result.expected_low, result.expected_high,
            )
        )  # fmt: skip
    if result.test is not None:
        facts += tested_facts(result.test)
    elif result.missing in {"learned", "tested"}:
        facts += [
            Fact("scores.learned", "Moments learned from", result.learned, "count"),
            Fact(
                "scores.learned_converted", "Of these, converted afterwards",
                result.learned_converted, "count",
            ),
            Fact("scores.tested", "People in the test", result.tested, "persons"),
            Fact(
                "scores.tested_converted", "Of these, converted", result.tested_converted, "persons"
            ),
        ]  # fmt: skip
    facts += decile_facts(result.deciles)
    facts += band_facts(result.bands)
    facts += sign_facts(result.signs)
    facts += next_facts(result.next_steps)
    return tuple(facts)
