"""The year: every person's journeys, one after the other, as one canonical event table."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tools.sample.clock import Floats, Ints
from tools.sample.people import beginnings, devices, first_channels, people
from tools.sample.state import Flags, Starts, Steps
from tools.sample.truths import Effects, effects
from tools.sample.vocabulary import (
    CHANNELS,
    DAY,
    DEVICES,
    EMAIL,
    MINUTE,
    RECEIVED,
    REPORT,
    SECOND,
    STARTED,
    SYSTEM_OF,
    SYSTEMS,
    TOUCHPOINTS,
    YEAR_END,
)
from tools.sample.walk import walk

RETURNS = (0.50, 0.42)
"""Chance to try again after the first and the second journey that did not convert."""
CHANCE, ADDON_CHANCE, ADDON_SHARE = 0.25, 0.06, 0.12
SAME_CHANNEL, BY_MAIL = 0.55, 0.5
"""Chance to come back the way one came, and then, email known, by a mail instead."""
ADDON_ATTEMPT = len(RETURNS) + 1
SESSION_GAP = 30 * MINUTE


@dataclass(slots=True)
class Year:
    """What truly happened, in codes; `canonical` gives it in words.

    events: person, journey, attempt, step, at (ms UTC), touchpoint, system, session, client.
    journeys: journey, person, attempt, channel, origin, device, converted, signed_up_at.
    persons: see `people`, with device, first_origin, known, signed_up_at, converted.
    """

    events: pd.DataFrame
    journeys: pd.DataFrame
    persons: pd.DataFrame


def simulate(persons: int = 60_000, seed: int = 7, without: frozenset[str] = frozenset()) -> Year:
    """Simulate the company's year, with the truths named in `without` left out."""
    rng = np.random.default_rng(seed)
    planted = effects(without)
    who = people(rng, persons)
    channel = first_channels(rng, persons, planted)
    who["device"] = devices(rng, channel)
    attempts = [_attempt(rng, who, _first(who, channel), planted, 0)]
    for number, chance in enumerate(RETURNS, start=1):
        starts = _returners(rng, attempts[-1], chance)
        attempts.append(_attempt(rng, who, starts, planted, number))
    addons = _addons(rng, who, attempts)
    attempts.append(_attempt(rng, who, addons, planted, ADDON_ATTEMPT))
    return _assemble(who, attempts)


@dataclass(slots=True)
class Attempt:
    """The journeys of one round, and how they went."""

    number: int
    starts: Starts
    origin: Ints
    steps: Steps


@dataclass(slots=True)
class Comers:
    """Who begins a journey, when, and through which channel."""

    person: Ints
    at: Ints
    channel: Ints
    known: Flags
    trying: bool


def _first(who: pd.DataFrame, channel: Ints) -> Comers:
    unknown = np.zeros(len(who), bool)
    return Comers(who["person"].to_numpy(), who["arrival"].to_numpy(), channel, unknown, False)


def _returners(rng: np.random.Generator, before: Attempt, chance: float) -> Comers:
    """Pick who tries again, over a month after they left: never one who has signed up."""
    steps, starts = before.steps, before.starts
    comes = (steps.signed_up_at == 0) & (rng.random(starts.at.size) < chance)
    at = steps.last + 31 * DAY + (rng.exponential(40, starts.at.size) * DAY).astype(np.int64)
    at = _same_time_of_day(rng, at, starts.at)
    comes &= at < YEAR_END
    channel = first_channels(rng, starts.at.size, effects())
    same = rng.random(starts.at.size) < SAME_CHANNEL
    channel = np.where(same, starts.channel, channel)
    mailed = steps.known & (rng.random(starts.at.size) < BY_MAIL)
    channel = np.where(mailed, EMAIL, channel)
    return Comers(starts.person[comes], at[comes], channel[comes], steps.known[comes], False)


def _same_time_of_day(rng: np.random.Generator, at: Ints, like: Ints) -> Ints:
    later = at // DAY * DAY + DAY + like % DAY
    return (later + rng.integers(0, 20 * MINUTE, at.size)) // SECOND * SECOND


def _addons(rng: np.random.Generator, who: pd.DataFrame, attempts: list[Attempt]) -> Comers:
    """Pick customers who come back for a second subscription."""
    person = np.concatenate([a.starts.person[a.steps.converted] for a in attempts])
    last = np.concatenate([a.steps.last[a.steps.converted] for a in attempts])
    like = who["arrival"].to_numpy()[person]
    at = _same_time_of_day(rng, last + (rng.uniform(45, 200, person.size) * DAY).astype(int), like)
    comes = (rng.random(person.size) < ADDON_SHARE) & (at < YEAR_END)
    channel = np.full(comes.sum(), CHANNELS.index("Direct"))
    known = np.ones(channel.size, bool)
    return Comers(person[comes], at[comes], channel, known, True)


def _attempt(
    rng: np.random.Generator, who: pd.DataFrame, comers: Comers, planted: Effects, number: int
) -> Attempt:
    begun = beginnings(rng, comers.channel, comers.known, planted)
    count = comers.person.size
    chance: Floats = np.full(count, ADDON_CHANCE if comers.trying else CHANCE)
    starts = Starts(
        person=comers.person,
        at=comers.at,
        first=np.full(count, REPORT) if comers.trying else begun.first,
        channel=comers.channel,
        device=who["device"].to_numpy()[comers.person],
        offset=who["offset"].to_numpy()[comers.person],
        known=comers.known,
        trying=np.full(count, comers.trying),
        chance=chance,
    )
    return Attempt(number, starts, begun.origin, walk(rng, starts, planted))


def _assemble(who: pd.DataFrame, attempts: list[Attempt]) -> Year:
    journeys, events, offset = [], [], 0
    for attempt in attempts:
        starts, steps = attempt.starts, attempt.steps
        count = starts.at.size
        journeys.append(
            pd.DataFrame(
                {
                    "journey": offset + np.arange(count),
                    "person": starts.person,
                    "attempt": attempt.number,
                    "channel": starts.channel,
                    "origin": attempt.origin,
                    "device": starts.device,
                    "converted": steps.converted,
                    "signed_up_at": steps.signed_up_at,
                    "known": steps.known,
                }
            )
        )
        events.append(
            pd.DataFrame(
                {
                    "person": starts.person[steps.journey],
                    "journey": offset + steps.journey,
                    "attempt": attempt.number,
                    "step": steps.step,
                    "at": steps.at,
                    "touchpoint": steps.touchpoint,
                }
            )
        )
        offset += count
    return _finish(who, pd.concat(journeys, ignore_index=True), pd.concat(events))


def _finish(who: pd.DataFrame, journeys: pd.DataFrame, events: pd.DataFrame) -> Year:
    by_person = journeys.groupby("person")
    persons = who.assign(
        first_origin=journeys.loc[journeys["attempt"] == 0].set_index("person")["origin"],
        known=by_person["known"].any(),
        signed_up_at=by_person["signed_up_at"].max(),
        converted=by_person["converted"].any(),
    )
    events = events.sort_values(["person", "at", "step"], ignore_index=True)
    events["system"] = np.array(SYSTEM_OF)[events["touchpoint"]]
    events["session"], events["client"] = _sessions(events, persons)
    return Year(events, journeys, persons)


def _sessions(events: pd.DataFrame, persons: pd.DataFrame) -> tuple[Ints, Ints]:
    """Return each event's session number within its person, and which device (1 or 2) it is on."""
    person, at = events["person"].to_numpy(), events["at"].to_numpy()
    new_person = np.diff(person, prepend=-1) != 0
    fresh = new_person | (np.diff(at, prepend=0) > SESSION_GAP)
    running = np.cumsum(fresh)
    start = np.maximum.accumulate(np.where(new_person, running, 0))
    session = running - start + 1
    starting = events["touchpoint"].to_numpy() == STARTED
    sign_up = np.full(len(persons), -1)
    np.maximum.at(sign_up, person[starting], session[starting])
    two = persons["two_devices"].to_numpy() & (persons["signed_up_at"].to_numpy() > 0)
    second = two[person] & (session % 2 == 1) & (session < sign_up[person])
    return session, np.where(second, 2, 1)


def canonical(year: Year) -> pd.DataFrame:
    """Return the year in words, one row per event, sorted by person, time, step.

    Columns: person, journey, step, occurred_at (UTC), touchpoint, channel (the journey's),
    device (the person's), source, kind (action or exposure).
    """
    events = year.events
    journeys = year.journeys.loc[events["journey"].to_numpy()]
    touchpoint = events["touchpoint"].to_numpy()
    return pd.DataFrame(
        {
            "person": events["person"],
            "journey": events["journey"],
            "step": events["step"],
            "occurred_at": pd.to_datetime(events["at"], unit="ms", utc=True),
            "touchpoint": _words(touchpoint, TOUCHPOINTS),
            "channel": _words(journeys["channel"].to_numpy(), CHANNELS),
            "device": _words(journeys["device"].to_numpy(), DEVICES),
            "source": _words(events["system"].to_numpy(), SYSTEMS),
            "kind": np.where(touchpoint == RECEIVED, "exposure", "action"),
        }
    )


def _words(codes: Ints, words: tuple[str, ...]) -> "pd.Categorical[str]":
    return pd.Categorical.from_codes(codes, pd.Index(words))
