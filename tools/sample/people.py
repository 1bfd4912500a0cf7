"""Who the people are: country, device, company, job. Of these only the device changes a walk."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tools.sample.clock import Floats, Ints, arrivals
from tools.sample.truths import Effects
from tools.sample.vocabulary import (
    CASE,
    CHANNEL_SHARE,
    CHANNEL_SHARE_PLAIN,
    CHANNELS,
    CLICKED,
    DOCS,
    EMAIL,
    HOUR,
    MOBILE_SHARE,
    ORIGINS,
    PRICING,
    TABLET_SHARE,
)

COUNTRIES = (
    ("United States", 0.38, -5),
    ("United Kingdom", 0.14, 0),
    ("Germany", 0.12, 1),
    ("Canada", 0.08, -5),
    ("Netherlands", 0.07, 1),
    ("France", 0.07, 1),
    ("Sweden", 0.05, 1),
    ("India", 0.05, 5),
    ("Australia", 0.04, 10),
)
INDUSTRIES = ("Software", "Agency", "Retail", "Manufacturing", "Finance", "Healthcare", "Education")
INDUSTRY_SHARE = (0.27, 0.18, 0.16, 0.13, 0.11, 0.09, 0.06)
PERSONAS = ("Marketing", "Operations", "Founder", "Analyst", "IT")
PERSONA_SHARE = (0.34, 0.24, 0.14, 0.18, 0.10)
PERSONS_PER_COMPANY = 1.7
TWO_DEVICES = 0.1

# Per channel, over: home, guides, product, industry, features, integrations, webinar.
LANDING = np.array(
    [
        [18, 30, 12, 16, 12, 8, 1],
        [28, 6, 6, 2, 36, 16, 2],
        [10, 24, 22, 12, 20, 4, 8],
        [16, 26, 18, 22, 8, 4, 6],
        [10, 30, 26, 12, 8, 4, 10],
        [32, 6, 8, 6, 26, 20, 2],
        [70, 6, 6, 4, 10, 4, 0],
    ],
    float,
)
LANDING_CODES = np.array([0, 1, 2, 3, 4, 5, 8])
CASE_LANDING, PRICING_LANDING, DOCS_LANDING = 0.05, 0.05, 0.04


@dataclass(slots=True)
class Beginnings:
    """How journeys begin, before a time is set: one element per journey."""

    channel: Ints
    origin: Ints
    first: Ints


def people(rng: np.random.Generator, count: int) -> pd.DataFrame:
    """Return one row per person: codes of country, company, industry, persona, and the first visit.

    Columns: person, country, offset (ms), arrival (ms UTC), company, industry, employees,
    persona, names (first and last as one number), two_devices (if they sign up), tag.
    """
    shares = np.array([share for _, share, _ in COUNTRIES])
    country = rng.choice(len(COUNTRIES), count, p=shares)
    offset = np.array([hours for _, _, hours in COUNTRIES], np.int64)[country] * HOUR
    companies = max(1, int(count / PERSONS_PER_COMPANY))
    company = rng.integers(0, companies, count)
    industry = rng.choice(len(INDUSTRIES), companies, p=INDUSTRY_SHARE)
    employees = np.clip(np.exp(rng.normal(4.2, 1.5, companies)), 2, 40_000).astype(np.int64)
    return pd.DataFrame(
        {
            "person": np.arange(count),
            "country": country,
            "offset": offset,
            "arrival": arrivals(rng, offset),
            "company": company,
            "industry": industry[company],
            "employees": employees[company],
            "persona": rng.choice(len(PERSONAS), count, p=PERSONA_SHARE),
            "names": rng.integers(0, 1_000_000, count),
            "two_devices": rng.random(count) < TWO_DEVICES,
            "noise": rng.random(count),
        }
    )


def first_channels(rng: np.random.Generator, count: int, effects: Effects) -> Ints:
    """Draw the channel of each person's first journey."""
    share = CHANNEL_SHARE if effects.paid_social_heavy else CHANNEL_SHARE_PLAIN
    return rng.choice(len(CHANNELS), count, p=share)


def devices(rng: np.random.Generator, channel: Ints) -> Ints:
    """Draw each person's device; people from social media are on mobile more often."""
    draw = rng.random(channel.size)
    mobile = np.array(MOBILE_SHARE)[channel]
    return np.where(draw < mobile, 1, np.where(draw < mobile + TABLET_SHARE, 2, 0))


def beginnings(
    rng: np.random.Generator, channel: Ints, known: np.ndarray, effects: Effects
) -> Beginnings:
    """Draw origin and first touch; the chance to land on case study or pricing is one for all."""
    cumulated = np.cumsum(LANDING, axis=1) / LANDING.sum(axis=1, keepdims=True)
    place = (cumulated[channel] < rng.random(channel.size)[:, None]).sum(axis=1)
    first = LANDING_CODES[place]
    draw = rng.random(channel.size)
    docs = DOCS_LANDING if effects.docs_rate == 0 else 0.0
    limits = np.cumsum([CASE_LANDING, PRICING_LANDING, docs])
    special = np.searchsorted(limits, draw, side="right")
    first = np.where(special < limits.size, np.array([CASE, PRICING, DOCS, 0])[special], first)
    first = np.where((channel == EMAIL) & known, CLICKED, first)
    return Beginnings(channel=channel, origin=_origins(rng, channel), first=first)


def _origins(rng: np.random.Generator, channel: Ints) -> Ints:
    shares: Floats = np.array(
        [[o.share if o.channel == name else 0.0 for o in ORIGINS] for name in CHANNELS]
    )
    cumulated = np.cumsum(shares, axis=1)
    origin: Ints = (cumulated[channel] <= rng.random(channel.size)[:, None]).sum(axis=1)
    return origin.clip(max=len(ORIGINS) - 1)
