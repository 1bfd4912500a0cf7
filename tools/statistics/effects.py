"""Effects drawn towards none: what is left of the largest of many once chance has had its share."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from scipy.stats import norm

Z = float(norm.isf(0.025))


@dataclass(frozen=True, slots=True)
class ShrunkEffect:
    """One effect (a log ratio or a difference) after shrinkage, with its 95 % credible interval."""

    effect: float
    low: float
    high: float


def shrink_effects(effects: Sequence[float], errors: Sequence[float]) -> tuple[ShrunkEffect, ...]:
    """Return each effect drawn towards 0, the more the less the effects differ beyond chance.

    Normal-normal empirical Bayes: true effects are taken as spread around 0 with a variance that
    is estimated by the method of moments from all of them (DerSimonian and Laird's, about 0). The
    best of many is then no longer flattered by having been chosen.

    Args:
        effects: All that were looked at, not only the large ones.
        errors: Their standard errors, above 0.

    Source: Efron and Morris 1975; DerSimonian and Laird 1986.
    """
    if not effects:
        return ()
    weights = [1 / error**2 for error in errors]
    spread = sum(w * e**2 for w, e in zip(weights, effects, strict=True)) - len(effects)
    variance = max(0.0, spread / sum(weights))
    return tuple(_one(e, s**2, variance) for e, s in zip(effects, errors, strict=True))


def _one(effect: float, chance: float, variance: float) -> ShrunkEffect:
    kept = variance / (variance + chance)
    half = Z * sqrt(chance * kept)
    return ShrunkEffect(effect * kept, effect * kept - half, effect * kept + half)


def error_of(low: float, high: float) -> float:
    """Return the standard error that a symmetric 95 % interval has."""
    return (high - low) / (2 * Z)
