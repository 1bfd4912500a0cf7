"""Write a year as export files, one COPY per file; the text of each file is a query beside this."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from tools.sample import texts
from tools.sample.people import COUNTRIES, INDUSTRIES, PERSONAS
from tools.sample.vocabulary import (
    COMPLETED,
    DEMO,
    MINUTE,
    MONTHS,
    ORIGINS,
    STARTED,
    SUBSCRIBED,
    YEAR_END,
    YEAR_START,
)
from tools.sample.year import ADDON_ATTEMPT, Year

BOTS = 20
OVERLAP = 120 * MINUTE
"""How much of the month before stands again at the start of a month's GA4 file, ms."""
BAD = (
    ("ga4", 11, "line cut off"),
    ("ga4", 32, "empty event_timestamp"),
    ("ga4", 53, "empty user_pseudo_id"),
    ("product", 21, "empty timestamp"),
    ("product", 42, "empty user_id"),
    ("klaviyo", 21, "empty email"),
    ("klaviyo", 42, "datetime is no time"),
    ("zendesk", 5, "empty created_at"),
)
"""System, the good row that a bad copy follows, and what is bad about it."""
TABLES = {
    "product/events.csv.gz": "product",
    "klaviyo/events.csv.gz": "klaviyo_events",
    "klaviyo/profiles.csv": "klaviyo_profiles",
    "zendesk/tickets.csv": "zendesk_tickets",
    "hubspot/contacts.csv": "hubspot_contacts",
    "hubspot/deals.csv": "hubspot_deals",
    "stripe/customers.csv": "stripe_customers",
    "stripe/subscriptions.csv": "stripe_subscriptions",
    "stripe/charges.csv": "stripe_charges",
    "google_ads/campaign_stats.csv": "google_ads",
    "facebook_ads/campaign_insights.csv": "facebook_ads",
    "linkedin_ads/campaign_analytics.csv": "linkedin_ads",
}
SETUP = ("setup", "ga4_rows", "ga4_shapes", "stripe_setup", "spend")
HUBSPOT_SOURCES = {
    "Organic search": "ORGANIC_SEARCH",
    "Paid search": "PAID_SEARCH",
    "Paid social": "PAID_SOCIAL",
    "Organic social": "SOCIAL_MEDIA",
    "Email": "EMAIL_MARKETING",
    "Referral": "REFERRALS",
    "Direct": "DIRECT_TRAFFIC",
}
CLICK_PRICES = {"google": 7.5, "facebook": 2.6, "linkedin": 9.8}


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One file of the sample, with its size in rows (header not counted, bad rows counted)."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that no reader can use."""

    file: str
    row: int
    """Which record of the file, from 1; a CSV header is not counted."""
    defect: str


def write_exports(year: Year, folder: Path) -> tuple[tuple[WrittenFile, ...], tuple[BadRow, ...]]:
    """Write all files under `folder` and return them with the bad rows in them."""
    files: list[WrittenFile] = []
    with duckdb.connect() as database:
        _load(database, year)
        for name in SETUP:
            database.execute(_text(name))
        files.extend(_copy_months(database, folder))
        files.extend(_copy(database, text, folder, path) for path, text in TABLES.items())
    return tuple(files), tuple(bad for file in files for bad in _bad_rows(file))


def _copy_months(database: duckdb.DuckDBPyConnection, folder: Path) -> list[WrittenFile]:
    """Write the GA4 files two at a time: packing a file takes one core."""
    ends = [start for _, start in MONTHS[1:]] + [YEAR_END]

    def copy(month: str, start: int, end: int) -> WrittenFile:
        with database.cursor() as cursor:
            _set(cursor, {"month_start": start, "month_end": end, "overlap": OVERLAP})
            return _copy(cursor, "ga4_month", folder, f"ga4/events_{month}.json.gz")

    with ThreadPoolExecutor(2) as pool:
        months, starts = zip(*MONTHS, strict=True)
        return list(pool.map(copy, months, starts, ends))


def _set(database: duckdb.DuckDBPyConnection, variables: dict[str, int]) -> None:
    for name, value in variables.items():
        database.execute(f"SET VARIABLE {name} = {value}")


def _copy(database: duckdb.DuckDBPyConnection, name: str, folder: Path, path: str) -> WrittenFile:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    lines = "HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01'"
    options = lines if ".json" in path else "HEADER true"
    packing = "gzip" if path.endswith(".gz") else "uncompressed"
    quoted = str(target).replace("'", "''")
    count = database.execute(
        f"COPY ({_text(name)}) TO '{quoted}' (FORMAT csv, {options}, COMPRESSION {packing})"
    ).fetchone()
    return WrittenFile(path, int(count[0]) if count else 0)


def _bad_rows(file: WrittenFile) -> list[BadRow]:
    folder, name = file.name.split("/")
    if folder == "klaviyo" and name.startswith("profiles"):
        return []
    planted = [(place, defect) for system, place, defect in BAD if system == folder]
    rows = [BadRow(file.name, place + n + 1, defect) for n, (place, defect) in enumerate(planted)]
    return [bad for bad in rows if bad.row <= file.rows]


def _text(name: str) -> str:
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8").strip()


def _load(database: duckdb.DuckDBPyConnection, year: Year) -> None:
    constants = {
        "year_start": YEAR_START,
        "year_end": YEAR_END,
        "bots": BOTS,
        "addon_attempt": ADDON_ATTEMPT,
    }
    _set(database, constants)
    frames = {
        "event": year.events.rename(columns={"at": "at_ms"}),
        "journey": _journeys(year),
        "person_code": _persons(year),
        "origin": _origins(),
        "bad_place": pd.DataFrame(BAD, columns=["system", "place", "defect"]),
        "topic": _topics(),
    }
    for name, frame in frames.items():
        database.register("frame", frame)
        database.execute(f"CREATE TABLE {name} AS FROM frame")
        database.unregister("frame")
    lists = {
        "countries": [name for name, _, _ in COUNTRIES],
        "industries": INDUSTRIES,
        "personas": PERSONAS,
        "first_names": texts.FIRST_NAMES,
        "last_names": texts.LAST_NAMES,
        "company_first": texts.COMPANY_FIRST,
        "company_last": texts.COMPANY_LAST,
        "jobs": [texts.JOBS[name] for name in PERSONAS],
        "openings": texts.OPENINGS,
        "endings": texts.ENDINGS,
        "trial_subjects": texts.TRIAL_SUBJECTS,
        "digest_subjects": texts.DIGEST_SUBJECTS,
        "won_notes": [topic.body for topic in texts.TOPICS if topic.mood == "won"],
        "lost_notes": [topic.body for topic in texts.TOPICS if topic.mood == "lost"],
    }
    values = {
        name: [list(v) if isinstance(v, tuple) else v for v in row] for name, row in lists.items()
    }
    columns = ", ".join(f"${name} AS {name}" for name in values)
    database.execute(f"CREATE TABLE words AS SELECT {columns}", values)


def _journeys(year: Year) -> pd.DataFrame:
    started = year.events.groupby("journey")["at"].min()
    journeys = year.journeys.loc[started.index, ["journey", "person", "origin", "converted"]]
    addon = year.journeys.loc[started.index, "attempt"] == ADDON_ATTEMPT
    return journeys.assign(started_at=started, addon=addon)


def _persons(year: Year) -> pd.DataFrame:
    events = year.events

    def when(touchpoint: int) -> "pd.Series[int]":
        return events[events["touchpoint"] == touchpoint].groupby("person")["at"].min()

    moments = {
        "demo_at": when(DEMO),
        "started_at": when(STARTED),
        "completed_at": when(COMPLETED),
        "subscribed_at": when(SUBSCRIBED),
        "last_at": events.groupby("person")["at"].max(),
    }
    frame = year.persons.assign(**{k: v.astype("Int64") for k, v in moments.items()})
    frame["known_at"] = frame[["demo_at", "started_at"]].min(axis=1).fillna(frame["arrival"])
    return frame


def _origins() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "origin": number,
            "channel": origin.channel,
            "source": origin.source,
            "medium": origin.medium,
            "campaign": origin.campaign,
            "hubspot_source": HUBSPOT_SOURCES[origin.channel],
            "click_price": CLICK_PRICES[origin.source] if "paid" in origin.channel.lower() else 0.0,
        }
        for number, origin in enumerate(ORIGINS)
    )


def _topics() -> pd.DataFrame:
    topics = pd.DataFrame([(t.mood, t.subject, t.body) for t in texts.TOPICS])
    topics.columns = pd.Index(["mood", "subject", "body"])
    by_mood = topics.groupby("mood")
    return topics.assign(number=by_mood.cumcount(), topics=by_mood["body"].transform("count"))
