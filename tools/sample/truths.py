"""The truths planted in the sample company, and what each does to how people move."""

from dataclasses import dataclass

from tools.errors import InvalidArgumentError, unknown


@dataclass(frozen=True, slots=True)
class Truth:
    """One effect that the generator plants and an analysis must find."""

    name: str
    sentence: str
    planted: str
    """What the generator does to the walk."""
    size: float
    """The planted size; what it is a size of stands in `measure`."""
    measure: str
    """How to measure it on journeys, and what it is when not planted."""


TRUTHS = (
    Truth(
        "case_study_first",
        "A case study read before pricing doubles conversion.",
        "Journeys that read a case study before their first pricing visit convert twice as often, "
        "all in all; a case study after pricing adds nothing.",
        2.0,
        "Of journeys that visit Pricing: conversion with Case study before the first Pricing, "
        "divided by conversion of all others. Not planted: 1.",
    ),
    Truth(
        "pricing_first_leaves",
        "Seeing pricing before a case study makes leaving about three times as likely.",
        "The chance to leave right after the first Pricing is three times as high when no Case "
        "study came before; it is 0.38 right after a first Case study that follows Pricing.",
        3.0,
        "Of journeys that visit Pricing: share whose first Pricing visit is their last step, "
        "without Case study before it, divided by the share with it. Not planted: 1.",
    ),
    Truth(
        "email_48h",
        "An email within 48 hours after a product action helps conversion.",
        "Half of the trials get an email 1 to 40 hours after a product action and convert 1.6 times "
        "as often; a quarter get one 60 to 100 hours after, to no effect; a quarter get none.",
        1.6,
        "Of journeys with a product action: conversion with an Email received 0 to 48 hours after "
        "a product action, divided by conversion of all others. Not planted: 1.",
    ),
    Truth(
        "mobile_leak",
        "The company details step of the sign-up leaks on mobile.",
        "The chance to leave at Sign-up: company details is 0.55 on mobile and 0.20 elsewhere.",
        2.75,
        "Of journeys that reach Sign-up: company details: share that never reaches Sign-up: verify "
        "email, mobile divided by the rest. Not planted: 1.",
    ),
    Truth(
        "paid_social",
        "Paid social brings many and converts few.",
        "Paid social brings a quarter of first journeys (0.15 when not planted); its people bounce "
        "more and start the sign-up less.",
        0.3,
        "Conversion of journeys that came by Paid social, divided by that of the rest. Not "
        "planted: about 0.9, because more of them are on mobile (1 when that leak is off too).",
    ),
    Truth(
        "redesign",
        "Since the pricing page was redesigned on 2026-03-01, fewer leave there.",
        "From then on the chance to leave right after the first Pricing is 0.6 of what it was.",
        0.6,
        "Of journeys that visit Pricing: share whose first Pricing visit is their last step, first "
        "Pricing from 2026-03-01 on divided by before. Not planted: 1.",
    ),
    Truth(
        "inert_long",
        "Docs stand in long journeys, and do nothing.",
        "From the fourth step on any step may become, or be preceded by, a Docs page, whoever it "
        "is and wherever they stand; nothing else changes. Not planted: Docs is a landing page only.",
        1.0,
        "Landmark: conversion of journeys whose first Docs is at step s, against journeys at step "
        "s without Docs so far, over steps (Mantel-Haenszel). It is 1, while the plain lift (with "
        "Docs against without) is well over 2. Not planted: the plain lift is 1 too.",
    ),
)
NAMES = frozenset(truth.name for truth in TRUTHS)
ORDER_CORRECTION = 0.85


@dataclass(frozen=True, slots=True)
class Effects:
    """The numbers that the walk runs on; every chance is 0 to 1."""

    pricing_leave_informed: float = 0.14
    """Chance to leave right after the first pricing visit, a case study read before."""
    pricing_leave: float = 0.42
    late_case_leave: float = 0.38
    redesign_factor: float = 0.6
    case_study_lift: float = 2.0
    order_correction: float = ORDER_CORRECTION
    """Makes up for what leaving after a late case study takes from the comparison."""
    email_lift: float = 1.6
    details_leave_mobile: float = 0.55
    paid_social_heavy: bool = True
    paid_social_bounce: float = 0.42
    paid_social_sign_up: float = 0.30
    docs_rate: float = 0.10


BOUNCE = 0.18
BROWSE_LEAVE = 0.04
DETAILS_LEAVE = 0.20
PRICING_LEAVE_PLAIN = 0.25


def effects(without: frozenset[str] = frozenset()) -> Effects:
    """Return the walk's numbers with the truths named in `without` switched off.

    Raises:
        InvalidArgumentError: A name is no truth.
    """
    for name in sorted(without - NAMES):
        raise InvalidArgumentError(unknown("without", "truth", name, sorted(NAMES)))
    plain: dict[str, dict[str, float]] = {
        "case_study_first": {"case_study_lift": 1.0},
        "pricing_first_leaves": {
            "pricing_leave_informed": PRICING_LEAVE_PLAIN,
            "pricing_leave": PRICING_LEAVE_PLAIN,
            "late_case_leave": 0.22,
            "order_correction": 0.93,
        },
        "email_48h": {"email_lift": 1.0},
        "mobile_leak": {"details_leave_mobile": DETAILS_LEAVE},
        "paid_social": {
            "paid_social_heavy": False,
            "paid_social_bounce": BOUNCE,
            "paid_social_sign_up": 1.0,
        },
        "redesign": {"redesign_factor": 1.0},
        "inert_long": {"docs_rate": 0.0},
    }
    changed: dict[str, float] = {}
    for name in sorted(without):
        changed |= plain[name]
    return Effects(**changed)  # type: ignore[arg-type]
