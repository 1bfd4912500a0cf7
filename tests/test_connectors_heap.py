"""Heap: the tables of Heap Connect."""

from pathlib import Path

from tests.intake import load, taken
from tests.told import column, happened, properties, table, ties, traits
from tools.store.workspace import memory_store


def files(folder: Path) -> list[Path]:
    return [
        table(folder, "users.csv", "user_id,joindate,last_modified,identity,email,plan", "7,2026-01-01,2026-01-02,u1,ann@shop.example,pro"),
        table(folder, "sessions.csv", "event_id,session_id,user_id,time,landing_page,referrer,utm_source,utm_medium,device_type",
              "1,70,7,2026-01-01 10:00:00,https://shop.example/,,google,cpc,Desktop"),
        table(folder, "pageviews.csv", "event_id,user_id,session_id,time,path,domain,title", "2,7,70,2026-01-01 10:01:00,/pricing,shop.example,P"),
        table(folder, "plan_compared.csv", "event_id,user_id,session_id,time,library,plans", "3,7,70,2026-01-01 10:02:00,web,2"),
        table(folder, "all_events.csv", "event_id,time,user_id,session_id,event_table_name",
              "3,2026-01-01 10:02:00,7,70,plan_compared", "2,2026-01-01 10:01:00,7,70,pageviews"),
        table(folder, "user_migrations.csv", "from_user_id,to_user_id,time", "6,7,2026-01-01 10:00:00"),
    ]  # fmt: skip


def test_visits_pages_and_events_are_told_once_in_either_order(tmp_path: Path) -> None:
    for order in (files(tmp_path), files(tmp_path)[::-1]):
        store = taken(*order)
        assert happened(store) == [
            ("01-01 10:00", "Visit started"),
            ("01-01 10:01", "Pricing"),
            ("01-01 10:02", "Plan compared"),
        ]
        assert properties(store, "Plan compared") == {"plans": "2"}
    assert column(store, "channel")["Visit started"] == "Paid search"


def test_users_are_traits_and_links_and_every_row_is_accounted_for(tmp_path: Path) -> None:
    store = memory_store()
    report = load(store, *files(tmp_path))
    assert [file.connector for file in report.files] == [
        "heap user", "heap session", "heap pageview", "heap event_table", "heap event", "heap user_migration",
    ]  # fmt: skip
    assert all(sum(file.accounts.values()) == file.rows_read for file in report.files)
    assert traits(store) == {"plan": "pro"}
    assert ties(store) == {
        ("heap_visitor:7", "user:u1", "same"),
        ("email:ann@shop.example", "heap_visitor:7", "same"),
        ("heap_visitor:6", "heap_visitor:7", "same"),
    }


def test_a_company_s_own_events_are_not_heap_s(tmp_path: Path) -> None:
    own = table(
        tmp_path,
        "events.csv",
        "event_id,user_id,session_id,time,event",
        "1,7,70,2026-01-01 10:00:00,login",
    )
    assert load(memory_store(), own).files[0].connector == "event table"
