"""How journeys begin, where each stands on its walk, and what the walk leaves behind."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tools.sample.clock import Floats, Ints

Flags = NDArray[np.bool_]
BROWSING, SIGNING_UP, TRYING = 0, 1, 2
NOTHING, LEFT = -1, -2


@dataclass(slots=True)
class Starts:
    """How journeys begin: one array element per journey."""

    person: Ints
    at: Ints
    """First touch, ms since 1970."""
    first: Ints
    """Touchpoint code of the first touch."""
    channel: Ints
    device: Ints
    offset: Ints
    """Local time minus UTC, ms."""
    known: Flags
    """Whether the person's email is known already."""
    trying: Flags
    """Whether the person uses the product already."""
    chance: Floats
    """Chance to subscribe at the end of a trial, before any effect."""


@dataclass(slots=True)
class Steps:
    """What happened, one element per touch, and how each journey stands."""

    journey: Ints
    step: Ints
    at: Ints
    touchpoint: Ints
    converted: Flags
    """Per journey, as are the following."""
    last: Ints
    signed_up_at: Ints
    """0 when that did not happen."""
    known: Flags


@dataclass(slots=True)
class State:
    """Where each journey stands; arrays over all journeys."""

    now: Ints
    phase: Ints
    content: Ints
    """The content page that the next one depends on."""
    place: Ints
    """The last touchpoint other than Docs."""
    pending: Ints
    """The touchpoint that Docs was put before."""
    hazard: Floats
    lift: Floats
    pricing_seen: Flags
    case_seen: Flags
    known: Flags
    nudge: Ints
    """0 no email in the trial, 1 within 48 hours, 2 late."""
    nudged: Flags
    mail: Ints
    """How much further the last email is followed: 2 opened and clicked, 1 opened."""
    last_mail: Ints
    acted_at: Ints
    over: Flags
    """The trial has ended; only an email may still come."""
    stuck: Flags
    """Wrote a ticket about the sign-up form and will leave."""
    signed_up_at: Ints
    converted: Flags


@dataclass(slots=True)
class Log:
    """The touches of all journeys, tick by tick."""

    journey: list[Ints] = field(default_factory=list)
    step: list[Ints] = field(default_factory=list)
    at: list[Ints] = field(default_factory=list)
    touchpoint: list[Ints] = field(default_factory=list)
