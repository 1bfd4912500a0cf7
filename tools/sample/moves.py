"""Where a journey goes next: one rule per phase."""

import numpy as np

from tools.sample.clock import Ints
from tools.sample.state import BROWSING, LEFT, NOTHING, TRYING, Starts, State
from tools.sample.truths import Effects
from tools.sample.vocabulary import (
    CLICKED,
    COMPLETED,
    DETAILS,
    MOBILE,
    OPENED,
    PAID_SOCIAL,
    PRODUCT_ACTIONS,
    PROJECT,
    RECEIVED,
    STARTED,
    SUBSCRIBED,
    TICKET,
    VERIFY,
)

# From: home, guides, product, industry, features, integrations, case study, pricing, webinar, demo
CONTENT = np.array(
    [
        [0, 6, 6, 4, 26, 9, 16, 11, 1, 0.7],
        [14, 20, 10, 8, 14, 4, 14, 5, 2, 0.3],
        [12, 9, 14, 4, 22, 9, 14, 6, 1, 0.3],
        [14, 12, 8, 14, 10, 3, 16, 4, 2, 0.3],
        [12, 5, 7, 2, 8, 17, 16, 16, 1, 1],
        [10, 4, 7, 2, 22, 10, 14, 15, 1, 0.8],
        [12, 6, 6, 4, 16, 8, 6, 19, 2, 1.5],
        [16, 7, 6, 4, 22, 12, 15, 0, 1, 3],
        [14, 12, 9, 7, 17, 6, 12, 12, 0, 3],
        [22, 8, 8, 4, 18, 10, 14, 10, 2, 0],
    ]
)
CUMULATED = np.cumsum(CONTENT, axis=1) / CONTENT.sum(axis=1, keepdims=True)
CONTENT_PAGES = len(CONTENT)
MASKABLE = np.arange(6)
"""Content pages that Docs may stand in for: home, blogs, features, integrations."""

SIGN_UP_BEFORE_PRICING, SIGN_UP_AFTER_PRICING = 0.010, 0.075
NEWSLETTER, TRIAL_TICKET, STUCK_TICKET = 0.07, 0.045, 0.06
TRIAL_END = 0.13
NUDGE_EARLY = 0.4
ACTION_SHARES = np.cumsum([0.16, 0.16, 0.18, 0.5])
ACTIONS = np.array(PRODUCT_ACTIONS)
CHAIN = np.full(24, NOTHING)
CHAIN[[STARTED, DETAILS, VERIFY, COMPLETED]] = DETAILS, VERIFY, COMPLETED, PROJECT


def choose(
    rng: np.random.Generator, state: State, starts: Starts, effects: Effects, live: Ints
) -> Ints:
    """Return the touchpoint that follows for each of the `live` journeys, or `LEFT`."""
    phase, place = state.phase[live], state.place[live]
    follows = CHAIN[place]
    browsing = phase == BROWSING
    follows[browsing] = _browse(rng, state, starts, effects, live[browsing])
    trying = phase == TRYING
    follows[trying] = _try_product(rng, state, starts, effects, live[trying])
    follows = _follow_mail(state, live, follows)
    pending = state.pending[live]
    follows = np.where(pending != NOTHING, pending, follows)
    leaves = (rng.random(live.size) < state.hazard[live]) | state.converted[live]
    writes = leaves & (place == DETAILS) & (starts.device[live] == MOBILE) & (pending == NOTHING)
    writes &= rng.random(live.size) < STUCK_TICKET
    state.stuck[live[writes]] = True
    return np.where(writes, TICKET, np.where(leaves, LEFT, follows))


def _browse(
    rng: np.random.Generator, state: State, starts: Starts, effects: Effects, live: Ints
) -> Ints:
    draws = rng.random((3, live.size))
    follows = (CUMULATED[state.content[live]] < draws[0][:, None]).sum(axis=1)
    mails = state.known[live] & (draws[1] < NEWSLETTER)
    mails &= state.last_mail[live] == NOTHING
    sign_up = np.where(state.pricing_seen[live], SIGN_UP_AFTER_PRICING, SIGN_UP_BEFORE_PRICING)
    social = starts.channel[live] == PAID_SOCIAL
    sign_up *= np.where(social, effects.paid_social_sign_up, 1.0)
    follows = np.where(mails, RECEIVED, follows)
    return np.where(draws[2] < sign_up, STARTED, follows)


def _try_product(
    rng: np.random.Generator, state: State, starts: Starts, effects: Effects, live: Ints
) -> Ints:
    draws = rng.random((4, live.size))
    follows = ACTIONS[np.searchsorted(ACTION_SHARES, draws[0] * ACTION_SHARES[-1])]
    follows = np.where(draws[1] < TRIAL_TICKET, TICKET, follows)
    over, nudge = state.over[live], state.nudge[live]
    chance = starts.chance[live] * state.lift[live]
    chance *= np.where(nudge == 1, effects.email_lift, 1.0)
    follows = np.where(over, np.where(draws[2] < chance, SUBSCRIBED, LEFT), follows)
    due = (nudge > 0) & ~state.nudged[live] & (over | (draws[3] < NUDGE_EARLY))
    due &= (state.last_mail[live] == NOTHING) & (state.pending[live] == NOTHING)
    state.nudged[live[due]] = True
    return np.where(due, RECEIVED, follows)


def _follow_mail(state: State, live: Ints, follows: Ints) -> Ints:
    """Let a mail that will be opened be opened, and one that will be clicked be clicked, first."""
    last, depth = state.last_mail[live], state.mail[live]
    free = state.pending[live] == NOTHING
    opens = free & (last == RECEIVED) & (depth >= 1)
    clicks = free & (last == OPENED) & (depth >= 2)
    follows = np.where(opens, OPENED, np.where(clicks, CLICKED, follows))
    state.last_mail[live[free & ~opens & ~clicks]] = NOTHING
    return follows
