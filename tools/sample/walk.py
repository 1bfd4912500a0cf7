"""The walk: every journey takes its next step at once, until all have left or subscribed.

A journey is in one phase: it browses, signs up, or tries the product. At each touchpoint it
leaves with a chance that depends on what it has seen, or else moves on. Docs are laid over
this walk without looking at it: a step that would be a content page shows as Docs instead,
any other step has Docs put before it, with the same chance for everyone at the same step.
So nobody at a given step converts more or less for having read them.
"""

import numpy as np

from tools.sample import moves
from tools.sample.clock import Ints, next_visit, within_visit
from tools.sample.state import (
    BROWSING,
    LEFT,
    NOTHING,
    SIGNING_UP,
    TRYING,
    Log,
    Starts,
    State,
    Steps,
)
from tools.sample.truths import BOUNCE, BROWSE_LEAVE, DETAILS_LEAVE, Effects
from tools.sample.vocabulary import (
    CASE,
    CLICKED,
    COMPLETED,
    DAY,
    DEMO,
    DETAILS,
    DOCS,
    HOUR,
    MOBILE,
    OPENED,
    PAID_SOCIAL,
    PRICING,
    PRODUCT_ACTIONS,
    RECEIVED,
    REDESIGN,
    SECOND,
    STARTED,
    SUBSCRIBED,
    VERIFY,
    WEBINAR,
    YEAR_END,
)

LONGEST = 29 * DAY + 20 * HOUR
"""Whoever would take longer leaves instead, so that a walk is one journey of a 30-day window."""
FIRST_DOCS_STEP = 3
LEAVE = np.full(24, BROWSE_LEAVE)
LEAVE[[STARTED, DETAILS, VERIFY, COMPLETED]] = 0.12, DETAILS_LEAVE, 0.10, 0.08
ACTIONS = np.array(PRODUCT_ACTIONS)


def walk(rng: np.random.Generator, starts: Starts, effects: Effects) -> Steps:
    """Walk all journeys to their end, or to the end of the year.

    Args:
        rng: The only source of chance.
        starts: One element per journey.
        effects: The planted numbers.
    """
    state = _begin(rng, starts)
    live = np.flatnonzero(starts.at < YEAR_END)
    shown = starts.first[live]
    log = Log()
    for step in range(400):
        log.journey.append(live)
        log.step.append(np.full(live.size, step))
        log.at.append(state.now[live])
        log.touchpoint.append(shown)
        _arrive(rng, state, starts, effects, live, shown, landing=step == 0)
        follows = moves.choose(rng, state, starts, effects, live)
        shown = _lay_docs(rng, state, effects, live, follows, step=step + 1)
        due = _time(rng, state, starts, live, shown)
        goes = (shown != LEFT) & (due < starts.at[live] + LONGEST) & (due < YEAR_END)
        live, shown = live[goes], shown[goes]
        state.now[live] = due[goes]
        if not live.size:
            break
    return _collect(log, state, starts)


def _begin(rng: np.random.Generator, starts: Starts) -> State:
    count = starts.at.size
    zeros, never = np.zeros(count, np.int64), np.zeros(count, bool)
    nudge = rng.choice(3, count, p=[0.25, 0.5, 0.25])
    return State(
        now=starts.at.copy(),
        phase=np.where(starts.trying, TRYING, BROWSING),
        content=np.where(starts.first < moves.CONTENT_PAGES, starts.first, 0),
        place=starts.first.copy(),
        pending=np.full(count, NOTHING),
        hazard=np.zeros(count),
        lift=np.ones(count),
        pricing_seen=never.copy(),
        case_seen=never.copy(),
        known=starts.known.copy(),
        nudge=np.where(starts.trying, 0, nudge),
        nudged=never.copy(),
        mail=zeros.copy(),
        last_mail=np.full(count, NOTHING),
        acted_at=zeros.copy(),
        over=never.copy(),
        stuck=never.copy(),
        signed_up_at=zeros.copy(),
        converted=never.copy(),
    )


def _arrive(
    rng: np.random.Generator,
    state: State,
    starts: Starts,
    effects: Effects,
    live: Ints,
    shown: Ints,
    *,
    landing: bool,
) -> None:
    """Take in what each journey has just touched, and set its chance to leave right after."""
    hazard = LEAVE[shown]
    if landing:
        bounce = np.where(starts.channel[live] == PAID_SOCIAL, effects.paid_social_bounce, BOUNCE)
        hazard = np.where(state.known[live], BROWSE_LEAVE, bounce)
    state.pending[live[(shown != DOCS) & (state.pending[live] == shown)]] = NOTHING
    hazard[(state.phase[live] == TRYING) | (state.pending[live] != NOTHING)] = 0.0
    hazard[(shown == DETAILS) & (starts.device[live] == MOBILE)] = effects.details_leave_mobile
    state.hazard[live] = hazard
    _see_pricing(state, effects, live[shown == PRICING])
    _see_case(state, effects, live[shown == CASE])
    pages = shown < moves.CONTENT_PAGES
    state.content[live[pages]] = shown[pages]
    placed = shown != DOCS
    state.place[live[placed]] = shown[placed]
    _open_mail(rng, state, live, shown)
    state.known[live[(shown == WEBINAR) | (shown == DEMO) | (shown == STARTED)]] = True
    state.phase[live[shown == STARTED]] = SIGNING_UP
    done = live[shown == COMPLETED]
    state.signed_up_at[done] = state.now[done]
    acts = live[np.isin(shown, ACTIONS)]
    state.phase[acts] = TRYING
    state.hazard[acts] = 0.0
    state.acted_at[acts] = state.now[acts]
    state.over[acts] |= rng.random(acts.size) < moves.TRIAL_END
    state.converted[live[shown == SUBSCRIBED]] = True
    state.hazard[live[state.stuck[live] & (shown != DOCS)]] = 1.0


def _open_mail(rng: np.random.Generator, state: State, live: Ints, shown: Ints) -> None:
    mails = live[shown == RECEIVED]
    state.last_mail[mails] = RECEIVED
    state.mail[mails] = rng.choice(3, mails.size, p=[0.55, 0.25, 0.2])
    state.last_mail[live[shown == OPENED]] = OPENED
    state.last_mail[live[shown == CLICKED]] = NOTHING


def _see_pricing(state: State, effects: Effects, visits: Ints) -> None:
    first = visits[~state.pricing_seen[visits]]
    factor = np.where(state.now[first] >= REDESIGN, effects.redesign_factor, 1.0)
    informed = state.case_seen[first]
    stays_informed = 1 - effects.pricing_leave_informed * factor
    stays = 1 - effects.pricing_leave * factor
    # Fewer of the informed leave here, so the trial's share of the whole lift is what remains.
    lift = effects.case_study_lift * effects.order_correction * stays / stays_informed
    state.hazard[first] = 1 - np.where(informed, stays_informed, stays)
    state.lift[first] = np.where(informed, lift, 1.0)
    state.pricing_seen[first] = True


def _see_case(state: State, effects: Effects, visits: Ints) -> None:
    late = visits[state.pricing_seen[visits] & ~state.case_seen[visits]]
    state.hazard[late] = effects.late_case_leave
    state.case_seen[visits] = True


def _lay_docs(
    rng: np.random.Generator,
    state: State,
    effects: Effects,
    live: Ints,
    follows: Ints,
    *,
    step: int,
) -> Ints:
    """Return what is shown of what follows, after laying Docs over some of the steps."""
    rate = effects.docs_rate if step >= FIRST_DOCS_STEP else 0.0
    drawn = rng.random(live.size) < rate
    open_to = (follows != LEFT) & (follows != SUBSCRIBED) & (state.pending[live] == NOTHING)
    docs = drawn & open_to
    put_before = docs & ~np.isin(follows, moves.MASKABLE)
    state.pending[live[put_before]] = follows[put_before]
    stood_in = docs & ~put_before
    state.content[live[stood_in]] = follows[stood_in]
    return np.where(docs, DOCS, follows)


def _time(rng: np.random.Generator, state: State, starts: Starts, live: Ints, shown: Ints) -> Ints:
    """Return when each journey's next touch happens."""
    now, phase = state.now[live], state.phase[live]
    median = np.where(phase == TRYING, 210.0, 75.0)
    soon = now + within_visit(rng, live.size, median)
    mean_days = np.where(phase == TRYING, 0.6, 1.3)
    later = next_visit(rng, now, starts.offset[live], mean_days)
    chance = np.array([0.26, 0.04, 0.34])[phase]
    hold = (state.pending[live] != NOTHING) | (state.last_mail[live] != NOTHING)
    at = np.where(~hold & (rng.random(live.size) < chance), later, soon)
    wait = np.where(state.nudge[live] == 1, rng.uniform(1, 40, live.size), 0)
    wait = np.where(state.nudge[live] == 2, rng.uniform(60, 100, live.size), wait)
    trial_mail = (shown == RECEIVED) & (phase == TRYING)
    sent = np.maximum(soon, state.acted_at[live] + (wait * HOUR).astype(np.int64))
    at = np.where(trial_mail, sent, at)
    opened_after = now + (rng.exponential(3.0, live.size) * HOUR).astype(np.int64) + 60 * SECOND
    at = np.where(shown == OPENED, np.minimum(opened_after, now + 20 * HOUR), at)
    whole = (shown >= RECEIVED) & (shown <= SUBSCRIBED)
    return np.where(whole, at // SECOND * SECOND + SECOND, at)


def _collect(log: Log, state: State, starts: Starts) -> Steps:
    return Steps(
        journey=np.concatenate(log.journey),
        step=np.concatenate(log.step),
        at=np.concatenate(log.at),
        touchpoint=np.concatenate(log.touchpoint),
        converted=state.converted,
        last=np.where(starts.at < YEAR_END, state.now, starts.at),
        signed_up_at=state.signed_up_at,
        known=state.known,
    )
