"""Snowplow: enriched TSV without a header, warehouse rows."""

import json
from pathlib import Path

from tests.intake import load, taken, write
from tests.told import column, happened, properties, table, ties
from tools.connectors.snowplow import FIELDS
from tools.store.workspace import memory_store

HEADER = (
    "app_id,collector_tstamp,derived_tstamp,event,event_id,v_tracker,user_id,domain_userid,domain_sessionid,page_url,"
    "mkt_source,mkt_medium,event_name,se_category,se_action,contexts_com_snowplowanalytics_snowplow_web_page_1_0_0"
)


def row(
    event: str,
    at: str,
    number: str,
    view: str = "",
    *,
    user: str = "",
    collected: str = "2026-01-01 12:00:00",
) -> str:
    page = f'"[{{""id"": ""{view}""}}]"' if view else ""
    return (
        f"shop,{collected},2026-01-01 {at}:00.5,{event},{number},js,{user},c1,s1,https://shop.example/pricing,"
        f"google,cpc,{event},forms,submit,{page}"
    )  # fmt: skip


def test_a_page_is_viewed_once_and_pings_only_tell_that_it_still_is(tmp_path: Path) -> None:
    store = memory_store()
    file = load(
        store,
        table(
            tmp_path, "events.csv", HEADER,
            row("page_ping", "10:02", "e3", "v1"),
            row("page_view", "10:01", "e1", "v1"),
            row("page_view", "10:03", "e2", "v1"),  # the same view, told again
            row("page_ping", "10:09", "e5", "v2"),  # of a view that is lost
            row("page_ping", "10:08", "e4", "v2"),
            row("page_ping", "10:10", "e6"),
        ),
    ).files[0]  # fmt: skip
    assert happened(store) == [("01-01 10:01", "Pricing"), ("01-01 10:08", "Pricing")]
    assert (file.rows_read, sum(file.accounts.values()), file.accounts["identifiers"]) == (6, 6, 1)


def test_pings_in_a_file_of_their_own_change_nothing_whichever_comes_first(tmp_path: Path) -> None:
    views = table(tmp_path, "a.csv", HEADER, row("page_view", "10:01", "e1", "v1"))
    pings = table(tmp_path, "b.csv", HEADER, row("page_ping", "10:00", "e2", "v1"))
    for order in ((views, pings), (pings, views)):
        assert happened(taken(*order)) == [("01-01 10:01", "Pricing")]


def test_events_sessions_users_and_channels(tmp_path: Path) -> None:
    store = taken(
        table(
            tmp_path, "events.csv", HEADER,
            row("struct", "10:01", "e1", user="u1"),
            row("link_click", "10:02", "e2", collected="2026-01-01 12:00:02"),
            row("link_click", "10:03", "e2", collected="2026-01-01 12:00:01"),  # collected first
        )
    )  # fmt: skip
    assert happened(store) == [("01-01 10:01", "Forms: Submit"), ("01-01 10:03", "Link click")]
    assert store.rows("SELECT DISTINCT session_id, channel FROM event") == [("s1", "Paid search")]
    assert ties(store) == {("snowplow_cookie:c1", "user:u1", "same")}


def test_the_stream_s_lines_need_no_header(tmp_path: Path) -> None:
    def enriched(**values: str) -> str:
        told = {
            "app_id": "shop", "platform": "web", "collector_tstamp": "2026-01-01 12:00:00.000", "v_tracker": "js-3",
            "domain_userid": "c1", "domain_sessionid": "s1", "derived_tstamp": "2026-01-01 10:00:00.000",
            "page_url": "https://shop.example/pricing", "event_format": "jsonschema", **values,
        }  # fmt: skip
        return "\t".join(told.get(name, "") for name in FIELDS)

    page = {"schema": "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0", "data": [
        {"schema": "iglu:com.snowplowanalytics.snowplow/web_page/jsonschema/1-0-0", "data": {"id": "v1"}}]}  # fmt: skip
    own = {"schema": "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0", "data": {
        "schema": "iglu:com.acme/plan_compared/jsonschema/1-0-0", "data": {"plans": 2}}}  # fmt: skip
    rows = [
        enriched(
            event="page_view", event_id="e1", event_name="page_view", contexts=json.dumps(page)
        ),
        enriched(
            event="page_ping", event_id="e2", event_name="page_ping", contexts=json.dumps(page)
        ),
        enriched(
            event="unstruct",
            event_id="e3",
            event_name="plan_compared",
            unstruct_event=json.dumps(own),
        ),
        enriched(
            event="transaction",
            event_id="e4",
            event_name="transaction",
            tr_orderid="O1",
            tr_total="9.5",
        ),
    ]
    store = memory_store()
    file = load(store, write(tmp_path, "part-0000.tsv", "\n".join(rows))).files[0]
    assert (file.connector, sum(file.accounts.values())) == ("snowplow enriched event", 4)
    assert [label for _, label in happened(store)] == ["Order", "Plan compared", "Pricing"]
    assert properties(store, "Plan compared")["plans"] == 2
    assert column(store, "value")["Order"] == 9.5
