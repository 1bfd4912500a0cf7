"""The words of the sample company: touchpoints, channels, devices, campaigns, pages."""

from dataclasses import dataclass
from datetime import UTC, datetime

TOUCHPOINTS = (
    "Home",
    "Blog: guides",
    "Blog: product",
    "Blog: industry",
    "Features",
    "Integrations",
    "Case study",
    "Pricing",
    "Webinar",
    "Demo request",
    "Docs",
    "Sign-up started",
    "Sign-up: company details",
    "Sign-up: verify email",
    "Sign-up completed",
    "Project created",
    "Teammate invited",
    "Integration connected",
    "Report viewed",
    "Email received",
    "Email opened",
    "Email clicked",
    "Ticket opened",
    "Subscription started",
)
CODE = {label: code for code, label in enumerate(TOUCHPOINTS)}
CASE, PRICING, WEBINAR, DEMO = (
    CODE[k] for k in ("Case study", "Pricing", "Webinar", "Demo request")
)
DOCS, STARTED, DETAILS = (CODE[k] for k in ("Docs", "Sign-up started", "Sign-up: company details"))
VERIFY, COMPLETED = CODE["Sign-up: verify email"], CODE["Sign-up completed"]
PROJECT, REPORT = CODE["Project created"], CODE["Report viewed"]
RECEIVED, OPENED, CLICKED = (CODE[f"Email {k}"] for k in ("received", "opened", "clicked"))
TICKET, SUBSCRIBED = CODE["Ticket opened"], CODE["Subscription started"]
PRODUCT_ACTIONS = (PROJECT, CODE["Teammate invited"], CODE["Integration connected"], REPORT)

SYSTEMS = ("ga4", "product", "klaviyo", "zendesk", "stripe")
SYSTEM_OF = (0,) * PROJECT + (1,) * 4 + (2,) * 3 + (3, 4)

DEVICES = ("desktop", "mobile", "tablet")
MOBILE = 1

CHANNELS = (
    "Organic search",
    "Paid search",
    "Paid social",
    "Organic social",
    "Email",
    "Referral",
    "Direct",
)
PAID_SOCIAL, EMAIL = CHANNELS.index("Paid social"), CHANNELS.index("Email")
CHANNEL_SHARE = (0.29, 0.15, 0.26, 0.06, 0.03, 0.07, 0.14)
CHANNEL_SHARE_PLAIN = (0.33, 0.19, 0.15, 0.07, 0.03, 0.08, 0.15)
MOBILE_SHARE = (0.34, 0.34, 0.52, 0.45, 0.40, 0.28, 0.28)
TABLET_SHARE = 0.04


@dataclass(frozen=True, slots=True)
class Origin:
    """One source, medium and campaign through which a journey can come."""

    channel: str
    source: str
    medium: str
    campaign: str
    share: float
    """Share of the channel's journeys, 0 to 1."""


ORIGINS = (
    Origin("Organic search", "google", "organic", "(organic)", 0.9),
    Origin("Organic search", "bing", "organic", "(organic)", 0.1),
    Origin("Paid search", "google", "cpc", "brand-search", 0.35),
    Origin("Paid search", "google", "cpc", "reporting-software", 0.45),
    Origin("Paid search", "google", "cpc", "competitor-terms", 0.2),
    Origin("Paid social", "facebook", "paid_social", "fb-lookalike-ops", 0.35),
    Origin("Paid social", "facebook", "paid_social", "fb-video-dashboards", 0.3),
    Origin("Paid social", "linkedin", "paid_social", "li-heads-of-marketing", 0.35),
    Origin("Organic social", "linkedin", "social", "(social)", 0.7),
    Origin("Organic social", "youtube", "social", "(social)", 0.3),
    Origin("Email", "klaviyo", "email", "monthly-digest", 1.0),
    Origin("Referral", "g2.com", "referral", "(referral)", 0.6),
    Origin("Referral", "partners.zapier.example", "referral", "(referral)", 0.4),
    Origin("Direct", "(direct)", "(none)", "(direct)", 1.0),
)


def epoch_ms(year: int, month: int, day: int) -> int:
    """Return the UTC start of a day in milliseconds since 1970."""
    return int(datetime(year, month, day, tzinfo=UTC).timestamp()) * 1000


SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
YEAR_START, YEAR_END = epoch_ms(2025, 9, 1), epoch_ms(2026, 9, 1)
REDESIGN = epoch_ms(2026, 3, 1)
MONTHS = tuple(
    (f"{year}{month:02d}", epoch_ms(year, month, 1))
    for year, month in [(2025, m) for m in range(9, 13)] + [(2026, m) for m in range(1, 9)]
)
