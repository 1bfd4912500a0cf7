"""Removal effects in a Markov chain that ends in one of two states, exactly."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.linalg import lu_factor, lu_solve

START, WON, LOST = "\x00start", "\x00won", "\x00lost"
"""The chain's own states; a name from data never begins so."""


@dataclass(frozen=True, slots=True)
class Chain:
    """What a chain says: its chance to end well, and how much of it each state carries."""

    base_rate: float
    removal: Mapping[str, float]
    """By state: the share of the chance that is lost when whoever comes to the state is lost."""

    def shares(self) -> dict[str, float]:
        """Return the removal effects scaled to add up to 1; all 0 where nothing is won."""
        whole = sum(self.removal.values())
        return {name: effect / whole if whole else 0.0 for name, effect in self.removal.items()}


def absorbing_chain(moves: Mapping[tuple[str, str], int]) -> Chain:
    """Return the chance to get from START to WON, and each state's removal effect.

    Let I - Q be taken over the states between. One factorisation gives the chance x of each state
    to end well, (I - Q) x = r, and the expected visits N. Taking state i away costs the start the
    chance to ever come to i, N[start, i] / N[i, i], times x[i]: no system is solved per state.

    Args:
        moves: How often each move was seen; every state leads to WON or LOST in the end.

    Source: Kemeny and Snell 1960; Anderl, Becker, von Wangenheim and Schumann 2016.
    """
    names = sorted({name for move in moves for name in move} - {START, WON, LOST})
    place = {name: number for number, name in enumerate([START, *names])}
    size = len(place)
    counts, won, left = np.zeros((size, size)), np.zeros(size), np.zeros(size)
    for (name, following), seen in moves.items():
        left[place[name]] += seen
        if following == WON:
            won[place[name]] += seen
        elif following != LOST:
            counts[place[name], place[following]] += seen
    if not left[0]:
        return Chain(0.0, dict.fromkeys(names, 0.0))
    whole = np.maximum(left, 1)
    factors = lu_factor(np.eye(size) - counts / whole[:, None])
    chance = lu_solve(factors, won / whole)
    visits = lu_solve(factors, np.eye(size))
    base = float(chance[0])
    if base <= 0:
        return Chain(0.0, dict.fromkeys(names, 0.0))
    lost = visits[0] / np.diag(visits) * chance / base
    return Chain(base, {name: float(np.clip(lost[place[name]], 0, 1)) for name in names})
