"""GA4: BigQuery's nested rows as JSON and as Parquet, and a loader's flat table."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.intake import load, taken
from tests.told import column, happened, lines, properties, table, ties, traits
from tools.store.workspace import memory_store

AT = 1_767_261_600_000_000  # 2026-01-01 10:00 UTC
SITE = "https://www.shop.example"


def told(**values: object) -> list[dict[str, Any]]:
    kinds = {int: "int_value", float: "double_value", str: "string_value"}
    return [
        {"key": key, "value": {kinds[type(value)]: str(value) if isinstance(value, int) else value}}
        for key, value in values.items()
    ]


def row(
    name: str, minute: int, *, params: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "event_date": "20260101",
        "event_timestamp": str(AT + minute * 60_000_000),
        "event_name": name,
        "event_params": told(ga_session_id=77, **(params or {})),
        "event_bundle_sequence_id": str(minute),
        "user_pseudo_id": "1.1",
        "device": {"category": "mobile", "web_info": {"browser": "Safari"}},
        "geo": {"country": "Sweden", "city": "Malmo"},
        **more,
    }


SHOPPING = (
    row("session_start", 0),
    row("page_view", 0, params={"page_location": f"{SITE}/pricing?email=ann@x.example", "page_title": "Pricing"}),
    row("view_item", 1, params={"value": 29.5, "currency": "SEK", "colour": "red"}, items=[{"item_name": "Shirt"}]),
    row("purchase", 2, params={"value": 29.5, "currency": "SEK", "transaction_id": "T-1"}, user_id="u1"),
    row("spun_the_wheel", 3),
)  # fmt: skip


def test_pages_orders_and_unknown_events_are_events_and_a_session_s_start_is_none(
    tmp_path: Path,
) -> None:
    store = taken(lines(tmp_path, "events.json", *SHOPPING))
    assert happened(store) == [
        ("01-01 10:00", "Pricing"),
        ("01-01 10:01", "View item"),
        ("01-01 10:02", "Purchase"),
        ("01-01 10:03", "Spun the wheel"),
    ]
    assert store.rows("SELECT DISTINCT session_id FROM event") == [("1.1.77",)]
    assert traits(store) == {"visit_country": "Sweden"}


def test_money_counts_where_it_is_paid(tmp_path: Path) -> None:
    store = taken(lines(tmp_path, "events.json", *SHOPPING))
    assert column(store, "value") == {
        "Pricing": None,
        "View item": None,
        "Purchase": 29.5,
        "Spun the wheel": None,
    }
    assert column(store, "currency")["Purchase"] == "SEK"
    told = properties(store, "View item")
    assert (told["price"], told["item"]) == ("29.5", "Shirt")


def test_a_parameter_of_the_team_s_own_is_a_property_and_an_address_s_query_is_not(
    tmp_path: Path,
) -> None:
    store = taken(
        lines(tmp_path, "events.json", *SHOPPING, row("odd", 4, brand_new={"field": "x"}))
    )
    assert properties(store, "View item")["colour"] == "red"
    assert properties(store, "Pricing")["page"] == "/pricing"
    assert properties(store, "Odd")["brand_new.field"] == "x"
    assert store.value("SELECT count(*) FROM event WHERE properties LIKE '%ann@%'") == 0


def test_users_clicks_and_orders_belong_to_the_browser(tmp_path: Path) -> None:
    click = row("page_view", 0, collected_traffic_source={"gclid": "G1"})
    store = taken(lines(tmp_path, "events.json", click, *SHOPPING))
    assert ties(store) == {
        ("ga_client:1.1", "user:u1", "same"),
        ("gclid:G1", "ga_client:1.1", "part"),
        ("order:T-1", "ga_client:1.1", "part"),
    }


@pytest.mark.parametrize(
    ("more", "channel"),
    [
        ({"traffic_source": {"source": "google", "medium": "organic", "name": "(organic)"}}, "Organic search"),
        ({"traffic_source": {"source": "google", "medium": "organic"},
          "collected_traffic_source": {"manual_source": "newsletter", "manual_medium": "email"}}, "Email"),
        ({"collected_traffic_source": {"manual_source": "newsletter", "manual_medium": "email"},
          "session_traffic_source_last_click": {"cross_channel_campaign": {"source": "bing", "medium": "cpc"}}}, "Paid search"),
        ({"session_traffic_source_last_click": {"manual_campaign": {"source": "(direct)", "medium": "(none)"}}}, "Direct"),
        ({"params": {"source": "facebook", "medium": "paid_social"}}, "Paid social"),
        ({"params": {"page_referrer": "https://duckduckgo.com/"}}, "Organic search"),
        ({"params": {"ga_session_number": 4}, "traffic_source": {"source": "google", "medium": "cpc"}}, None),
    ],
)  # fmt: skip
def test_the_visit_s_own_source_counts_before_the_user_s_first(
    tmp_path: Path, more: dict[str, Any], channel: str | None
) -> None:
    params = {"page_location": f"{SITE}/", **more.pop("params", {})}
    store = taken(lines(tmp_path, "events.json", row("page_view", 0, params=params, **more)))
    assert store.rows("SELECT channel FROM event") == [(channel,)]


def test_the_day_s_export_replaces_the_one_within_the_day_in_either_order(tmp_path: Path) -> None:
    source = {
        "session_traffic_source_last_click": {
            "cross_channel_campaign": {"source": "bing", "medium": "organic"}
        }
    }
    early = lines(tmp_path, "events_intraday_20260101.json", row("page_view", 0))
    late = lines(tmp_path, "events_20260101.json", row("page_view", 0, **source))
    for order in ((early, late), (late, early)):
        assert taken(*order).rows("SELECT channel FROM event") == [("Organic search",)]


def test_parquet_reads_as_json_does(tmp_path: Path) -> None:
    plain = lines(tmp_path, "events.json", *SHOPPING)
    packed = tmp_path / "events.parquet"
    duckdb.sql(f"COPY (FROM read_json('{plain}')) TO '{packed}' (FORMAT parquet)")
    store = memory_store()
    load(store, packed)
    assert happened(store) == happened(taken(plain))
    report = load(store, plain)
    assert report.events == 4  # the same events, told twice


def test_user_properties_are_traits(tmp_path: Path) -> None:
    one = row("page_view", 0, user_properties=told(plan="free"))
    two = row("page_view", 1, user_properties=told(plan="pro", seats=3))
    assert traits(taken(lines(tmp_path, "events.json", two, one))) == {"plan": "pro", "seats": "3"}


def test_bots_and_rows_without_a_time_are_kept_as_rejected(tmp_path: Path) -> None:
    bot = row("page_view", 0) | {"device": {"web_info": {"browser": "HeadlessChrome"}}}
    late = row("page_view", 1) | {"event_timestamp": ""}
    report = load(memory_store(), lines(tmp_path, "events.json", bot, late, row("page_view", 2)))
    assert {reject.field for reject in report.rejects} == {"device.web_info.browser", "time"}
    assert report.events == 1


def test_a_loader_s_flat_table_says_the_same(tmp_path: Path) -> None:
    header = (
        "_fivetran_synced,bundle_sequence_id,name,timestamp,user_pseudo_id,user_id,device_category,geo_country,"
        "param_page_location,param_ga_session_id,param_source,param_medium,param_campaign,param_colour,"
        "ecommerce_purchase_revenue_in_usd,ecommerce_transaction_id"
    )
    store = taken(
        table(
            tmp_path, "event.csv", header,
            f"2026-01-02,1,page_view,2026-01-01 10:00:00,1.1,,mobile,SE,{SITE}/pricing,77,google,cpc,brand,red,,",
            "2026-01-02,2,purchase,2026-01-01 10:02:00,1.1,u1,mobile,SE,,77,,,,,29.5,T-1",
            "2026-01-02,3,scroll,2026-01-01 10:03:00,1.1,u1,mobile,SE,,77,,,,,,",
        )
    )  # fmt: skip
    assert happened(store) == [("01-01 10:00", "Pricing"), ("01-01 10:02", "Purchase")]
    assert column(store, "channel")["Pricing"] == "Paid search"
    assert column(store, "campaign")["Pricing"] == "brand"
    assert column(store, "currency")["Purchase"] == "USD"
    assert properties(store, "Pricing")["colour"] == "red"


def test_the_export_of_users_gives_traits(tmp_path: Path) -> None:
    user = {
        "pseudo_user_id": "1.1",
        "user_id": "u1",
        "user_info": {"last_active_timestamp_micros": str(AT)},
        "geo": {"country": "Sweden"},
        "user_properties": [
            {"key": "s1", "value": {"string_value": "pro", "user_property_name": "plan"}}
        ],
        "user_ltv": {"sessions": "3"},
    }
    other = {**user, "pseudo_user_id": "2.2", "user_id": None, "user_properties": [], "geo": {}}
    store = taken(lines(tmp_path, "pseudonymous_users.json", user, other))
    assert traits(store) == {"plan": "pro", "visit_country": "Sweden"}
    assert ("ga_client:1.1", "user:u1", "same") in ties(store)
