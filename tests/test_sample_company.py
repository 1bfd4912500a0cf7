"""The sample company: its truths are in it, its files say what truly happened."""

import gzip
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tools.errors import InvalidArgumentError
from tools.sample.company import SampleCompany, generate
from tools.sample.truths import NAMES, TRUTHS
from tools.sample.year import canonical, simulate

MONTH = pd.Timedelta(days=30)
YEAR_END = pd.Timestamp("2026-09-01", tz="UTC")
ACTIONS = ["Project created", "Teammate invited", "Integration connected", "Report viewed"]
PAGES = {
    "": "Home",
    "features": "Features",
    "integrations": "Integrations",
    "customers": "Case study",
    "pricing": "Pricing",
    "docs": "Docs",
}
NAMED = {
    "webinar_register": "Webinar",
    "generate_lead": "Demo request",
    "sign_up_start": "Sign-up started",
    "company_details": "Sign-up: company details",
    "verify_email": "Sign-up: verify email",
    "sign_up": "Sign-up completed",
}

Journeys = pd.DataFrame


def first(events: pd.DataFrame, labels: list[str], column: str = "occurred_at") -> "pd.Series":
    chosen = events[events["touchpoint"].isin(labels)]
    return chosen.groupby("journey")[column].min()


def mature_journeys(events: pd.DataFrame) -> Journeys:
    """One row per mature journey, measured from the canonical events alone."""
    by_journey = events.groupby("journey")
    journeys = by_journey.agg(
        start=("occurred_at", "min"),
        end=("occurred_at", "max"),
        channel=("channel", "first"),
        device=("device", "first"),
    )
    journeys["converted"] = journeys.index.isin(first(events, ["Subscription started"]).index)
    for label in ("Pricing", "Case study", "Sign-up: company details", "Sign-up: verify email"):
        journeys[label] = first(events, [label])
    journeys["docs_step"] = first(events, ["Docs"], "step")
    before_end = events[events["touchpoint"] != "Subscription started"]
    journeys["depth"] = before_end.groupby("journey")["step"].max()
    actions = events[events["touchpoint"].isin(ACTIONS)][["journey", "occurred_at"]]
    mails = events[events["touchpoint"] == "Email received"][["journey", "occurred_at"]]
    pairs = mails.merge(actions, on="journey", suffixes=("", "_action"))
    wait = pairs["occurred_at"] - pairs["occurred_at_action"]
    near = pairs[(wait >= pd.Timedelta(0)) & (wait <= pd.Timedelta(hours=48))]
    journeys["acted"] = journeys.index.isin(actions["journey"])
    journeys["nudged"] = journeys.index.isin(near["journey"])
    return journeys[journeys["start"] + MONTH <= YEAR_END]


def ratio(outcome: "pd.Series", group: "pd.Series") -> float:
    return float(outcome[group].mean() / outcome[~group].mean())


def case_study_first(journeys: Journeys) -> float:
    priced = journeys[journeys["Pricing"].notna()]
    return ratio(priced["converted"], priced["Case study"] < priced["Pricing"])


def pricing_first_leaves(journeys: Journeys) -> float:
    priced = journeys[journeys["Pricing"].notna()]
    return ratio(priced["end"] == priced["Pricing"], ~(priced["Case study"] < priced["Pricing"]))


def email_48h(journeys: Journeys) -> float:
    trials = journeys[journeys["acted"]]
    return ratio(trials["converted"], trials["nudged"])


def mobile_leak(journeys: Journeys) -> float:
    reached = journeys[journeys["Sign-up: company details"].notna()]
    return ratio(reached["Sign-up: verify email"].isna(), reached["device"] == "mobile")


def paid_social(journeys: Journeys) -> float:
    return ratio(journeys["converted"], journeys["channel"] == "Paid social")


def redesign(journeys: Journeys) -> float:
    priced = journeys[journeys["Pricing"].notna()]
    since = priced["Pricing"] >= pd.Timestamp("2026-03-01", tz="UTC")
    return ratio(priced["end"] == priced["Pricing"], since)


def docs_plain_lift(journeys: Journeys) -> float:
    return ratio(journeys["converted"], journeys["docs_step"].notna())


def docs_landmark(journeys: Journeys) -> float:
    """Mantel-Haenszel over steps: first Docs at step s against no Docs until step s."""
    above = below = 0.0
    for step in range(3, 40):
        there = journeys[(journeys["depth"] >= step) & ~(journeys["docs_step"] < step)]
        visits = there["docs_step"] == step
        with_docs, without = there[visits]["converted"], there[~visits]["converted"]
        if len(with_docs) and len(without):
            above += with_docs.sum() * len(without) / len(there)
            below += without.sum() * len(with_docs) / len(there)
    return above / below


MEASURES: dict[str, Callable[[Journeys], float]] = {
    "case_study_first": case_study_first,
    "pricing_first_leaves": pricing_first_leaves,
    "email_48h": email_48h,
    "mobile_leak": mobile_leak,
    "paid_social": paid_social,
    "redesign": redesign,
    "inert_long": docs_landmark,
}
SIZES = {truth.name: truth.size for truth in TRUTHS}


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    return canonical(simulate(20_000))


@pytest.fixture(scope="module")
def journeys(events: pd.DataFrame) -> Journeys:
    return mature_journeys(events)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SampleCompany:
    return generate(tmp_path_factory.mktemp("sample"), persons=1_500)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_each_truth_is_found_at_about_its_planted_size(name: str, journeys: Journeys) -> None:
    assert MEASURES[name](journeys) == pytest.approx(SIZES[name], rel=0.17)


@pytest.mark.parametrize("name", sorted(NAMES - {"inert_long"}))
def test_a_truth_left_out_is_not_found(name: str) -> None:
    left_out = mature_journeys(canonical(simulate(20_000, without=frozenset({name}))))
    assert MEASURES[name](left_out) == pytest.approx(1.0, abs=0.17)


def test_docs_flatter_long_journeys_only_when_planted(journeys: Journeys) -> None:
    assert docs_plain_lift(journeys) > 2.5
    left_out = mature_journeys(canonical(simulate(20_000, without=frozenset({"inert_long"}))))
    assert docs_plain_lift(left_out) < 1.5


def test_paid_social_brings_a_quarter_and_the_base_rate_is_plausible(journeys: Journeys) -> None:
    assert (journeys["channel"] == "Paid social").mean() == pytest.approx(0.25, abs=0.03)
    assert 0.04 < journeys["converted"].mean() < 0.08


def test_an_unknown_truth_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="Did you mean 'mobile_leak'"):
        simulate(10, without=frozenset({"mobil_leak"}))


def test_a_planted_journey_is_a_journey_of_the_design(events: pd.DataFrame) -> None:
    """First touch opens; 30 days of silence or 30 days in all close; a subscription closes."""
    seen, open_since, last, number, ended = -1, pd.NaT, pd.NaT, -1, False
    rebuilt = []
    rows = events.head(60_000)
    for person, at, label in zip(
        rows["person"], rows["occurred_at"], rows["touchpoint"], strict=True
    ):
        if person != seen or ended or at - last > MONTH or at - open_since > MONTH:
            number, open_since = number + 1, at
        rebuilt.append(number)
        seen, last, ended = person, at, label == "Subscription started"
    planted = rows["journey"].ne(rows["journey"].shift()).cumsum() - 1
    assert planted.tolist() == rebuilt


def test_people_come_on_working_days_and_more_of_them_late_in_the_year(
    events: pd.DataFrame,
) -> None:
    days = events["occurred_at"].dt.day_of_week.value_counts()
    assert days[5] < days[1] / 2
    months = events["occurred_at"].dt.strftime("%Y-%m").value_counts()
    assert months["2026-07"] > 1.2 * months["2025-10"]


def test_the_same_seed_writes_the_same_bytes(company: SampleCompany, tmp_path: Path) -> None:
    again = generate(tmp_path, persons=1_500)
    assert again.files == company.files
    for file in company.files:
        assert (tmp_path / file.name).read_bytes() == (company.folder / file.name).read_bytes()
    other = generate(tmp_path, persons=1_500, seed=8)
    assert other.files != company.files


def ga4_lines(company: SampleCompany) -> list[str]:
    files = sorted((company.folder / "ga4").glob("*.gz"))
    return [
        line
        for file in files
        for line in gzip.decompress(file.read_bytes()).decode().split("\n")
        if line
    ]


def ga4_touchpoint(row: dict[str, object]) -> str | None:
    params = {p["key"]: next(iter(p["value"].values())) for p in row["event_params"]}  # type: ignore[attr-defined]
    name = str(row["event_name"])
    if name != "page_view":
        return NAMED.get(params.get("step_name", name))
    parts = params["page_location"].removeprefix("https://www.tallyward.example/").split("/")
    return f"Blog: {parts[1]}" if parts[0] == "blog" else PAGES[parts[0]]


def good_ga4_rows(company: SampleCompany) -> list[dict[str, object]]:
    rows = []
    for line in dict.fromkeys(ga4_lines(company)):
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        bot = row["device"]["web_info"]["browser"] == "HeadlessChrome"
        if row["event_timestamp"] and row["user_pseudo_id"] and not bot:
            rows.append(row)
    return rows


def test_the_files_hold_every_event_once_duplicates_and_bad_rows_aside(
    company: SampleCompany,
) -> None:
    truth = canonical(simulate(1_500))
    read = Counter(
        (label, int(str(row["event_timestamp"])))
        for row in good_ga4_rows(company)
        if (label := ga4_touchpoint(row))
    )
    product = pd.read_csv(company.folder / "product/events.csv.gz").dropna().drop_duplicates()
    for event, at in zip(product["event"], product["timestamp"], strict=True):
        read[event.replace("_", " ").capitalize(), pd.Timestamp(at).value // 1000] += 1
    mails = pd.read_csv(company.folder / "klaviyo/events.csv.gz").drop_duplicates()
    mails = mails[mails["email"].notna() & (mails["datetime"] != "not a time")]
    for metric, at in zip(mails["metric_name"], mails["datetime"], strict=True):
        read[f"Email {metric.split()[0].lower()}", pd.Timestamp(at).value // 1000] += 1
    for at in pd.read_csv(company.folder / "zendesk/tickets.csv")["created_at"].dropna():
        read["Ticket opened", pd.Timestamp(at).value // 1000] += 1
    for created in pd.read_csv(company.folder / "stripe/subscriptions.csv")["created"]:
        read["Subscription started", created * 1_000_000] += 1
    moments = truth["occurred_at"].astype("int64").to_numpy() // _units(truth["occurred_at"])
    assert read == Counter(zip(truth["touchpoint"], moments.tolist(), strict=True))
    assert company.events == len(truth)


def _units(times: "pd.Series") -> int:
    """How many of the column's integer steps make a microsecond."""
    return int(np.datetime64(1, "us").astype(times.dt.tz_convert(None).dtype).astype(int))


def test_identifiers_tie_every_system_to_one_person(company: SampleCompany) -> None:
    rows = good_ga4_rows(company)
    clients = {row["user_pseudo_id"] for row in rows}
    users = {(row["user_pseudo_id"], row["user_id"]) for row in rows if "user_id" in row}
    contacts = pd.read_csv(company.folder / "hubspot/contacts.csv", dtype=str)
    assert set(contacts["ga_client_id"]) <= clients
    emails = set(contacts["email"])
    for path, column in (
        ("klaviyo/events.csv.gz", "email"),
        ("zendesk/tickets.csv", "requester_email"),
        ("stripe/customers.csv", "email"),
    ):
        found = pd.read_csv(company.folder / path)[column].dropna()
        plain = found.str.strip().str.lower().str.replace(r"\+[^@]*", "", regex=True)
        assert set(plain) <= emails
    product = pd.read_csv(company.folder / "product/events.csv.gz")["user_id"].dropna()
    assert set(product) <= set(contacts["app_user_id"].dropna())
    second = {client for client, _ in users if str(client).startswith("2")}
    assert second
    assert {client for client in clients if str(client).startswith("2")} == second
    assert len(contacts) < 0.7 * company.persons


def test_bad_rows_stand_where_the_company_says(company: SampleCompany) -> None:
    bad = [b for b in company.bad_rows if b.file == "ga4/events_202511.json.gz"]
    lines = gzip.decompress((company.folder / bad[0].file).read_bytes()).decode().split("\n")
    with pytest.raises(json.JSONDecodeError):
        json.loads(lines[bad[0].row - 1])
    assert json.loads(lines[bad[1].row - 1])["event_timestamp"] == ""
    assert json.loads(lines[bad[2].row - 1])["user_pseudo_id"] == ""
    tickets = pd.read_csv(company.folder / "zendesk/tickets.csv")
    planted = [b.row for b in company.bad_rows if b.file == "zendesk/tickets.csv"]
    assert (np.flatnonzero(tickets["created_at"].isna()) + 1).tolist() == planted
