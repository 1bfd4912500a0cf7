"""Which column is what: headers in other languages and orders, and the shapes of public logs."""

from pathlib import Path

import pytest

from tests.intake import events, load, roles, write
from tools.connectors.names import name_score
from tools.store.workspace import memory_store

TIMES = [f"2026-01-{day:02} 10:0{day % 10}:00" for day in range(1, 13)]
PEOPLE = ["101", "102", "103", "101", "104", "102", "105", "101", "103", "106", "104", "102"]
ACTS = ["view", "view", "cart", "buy", "view", "cart", "view", "view", "view", "cart", "buy", "buy"]


@pytest.mark.parametrize(
    ("person", "time", "event"),
    [
        ("user_id", "timestamp", "event"),
        ("visitorid", "ts", "action"),
        ("KundenNr", "Zeitstempel", "Ereignis"),
        ("Kundennummer", "Datum", "Aktivität"),
        ("cliente", "fecha", "evento"),
        ("id_usuario", "fecha_hora", "acción"),
        ("Utilisateur", "Horodatage", "Évènement"),
        ("client_id", "date", "activité"),
        ("utente", "data", "azione"),
        ("klantnummer", "tijdstip", "gebeurtenis"),
        ("id_usuario", "data_hora", "ação"),
        ("case:concept:name", "time:timestamp", "concept:name"),
        ("Case ID", "Complete Timestamp", "Activity"),
        ("customerId", "eventTime", "eventName"),
        ("fullVisitorId", "visitStartTime", "pagePath"),
        ("Patient", "Zeitpunkt", "Vorgang"),
        ("cookie", "time", "touchpoint"),
        ("uid", "created_at", "page"),
        ("member_no", "event_date", "step"),
        ("distinct_id", "time", "event_type"),
    ],
)
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_headers_are_told_in_any_language_and_order(
    tmp_path: Path, person: str, time: str, event: str, order: tuple[int, ...]
) -> None:
    header = [person, time, event]
    rows = [header, *map(list, zip(PEOPLE, TIMES, ACTS, strict=True))]
    text = "\n".join(";".join(row[n] for n in order) for row in rows)
    store = memory_store()
    report = load(store, write(tmp_path, "log.csv", text))
    assert roles(report) == {person: "person", time: "time", event: "event"}
    assert (report.events, report.persons, report.touchpoints) == (12, 6, 3)


def log(header: str, row: str) -> str:
    """Return a log of twelve rows; `{p}`, `{t}`, `{e}` and `{n}` are filled in."""
    rows = [
        row.format(p=p, t=t, e=e, n=n, ms=1433221332117 + n * 1000)
        for n, (p, t, e) in enumerate(zip(PEOPLE, TIMES, ACTS, strict=True))
    ]
    return "\n".join([header, *rows]) + "\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "shop visits",
            log("timestamp,visitorid,event,itemid,transactionid", "{ms},{p},{e},9{n},"),
        ),
        (
            "shop sessions",
            log(
                "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session",
                "{t} UTC,{e},10{n},20534,electronics,acme,{n}.5,{p},s{p}-{n}",
            ),
        ),
        (
            "app",
            log(
                "insert_id,event_time,user_id,device_id,event_type,country",
                "x{n},{t},{p},d{p},{e},DE",
            ),
        ),
        (
            "helpdesk",
            log(
                "Case ID,Activity,Resource,Complete Timestamp,Variant,customer",
                "{p},{e},Value 2,{t},V1,c{n}",
            ),
        ),
        (
            "loans",
            log(
                "case:concept:name,case:REG_DATE,case:AMOUNT_REQ,org:resource,lifecycle:transition,concept:name,time:timestamp",
                "{p},2025-10-01 00:38:44.546+02:00,20000,112,COMPLETE,{e},{t}.546+02:00",
            ),
        ),
        (
            "row numbers",
            log(
                ",concept:name,Activity,time:timestamp,case:concept:name,case:creator",
                "{n},{e},{e},{t}+01:00,{p},me",
            ),
        ),
        (
            "orders",
            log("order_id,order_date,customer_email,status,amount", "{n},{t},u{p}@x.com,{e},1{n}"),
        ),
        (
            "course",
            log("username,course_id,session_id,action,object,time", "{p},c1,s{n},{e},o1,{t}"),
        ),
    ],
)
def test_public_logs_are_read_with_no_options(tmp_path: Path, name: str, text: str) -> None:
    store = memory_store()
    report = load(store, write(tmp_path, f"{name}.csv", text))
    assert (report.events, report.persons, report.touchpoints) == (12, 6, 3)
    assert [label for _, _, label in sorted(events(store), key=lambda row: row[1])] == ACTS


def test_a_date_and_a_time_of_day_are_read_together(tmp_path: Path) -> None:
    text = (
        "fecha,hora,cliente,acción\n31/01/2026,10:05,ana,compra\n01/02/2026,09:00:30,ana,visita\n"
    )
    store = memory_store()
    load(store, write(tmp_path, "split.csv", text))
    assert [at for _, at, _ in events(store)] == ["2026-01-31 10:05:00", "2026-02-01 09:00:30"]


def test_decimal_commas_and_currency_signs_are_numbers(tmp_path: Path) -> None:
    text = "Kunde;Datum;Ereignis;Betrag\na;01.02.2026;Kauf;1.234,50 €\nb;13.02.2026;Kauf;9,00 €\n"
    store = memory_store()
    load(store, write(tmp_path, "de.csv", text))
    assert store.rows("SELECT value FROM event ORDER BY value") == [(9.0,), (1234.5,)]


def test_session_channel_campaign_value_and_currency_are_told(tmp_path: Path) -> None:
    header = "user,when,event,visit_id,marketing_channel,utm_campaign,revenue,currency"
    text = f"{header}\na,2026-01-01,buy,v1,email,spring,12.5,EUR\nb,2026-01-02,see,v2,search,,,\n"
    store = memory_store()
    load(store, write(tmp_path, "full.csv", text))
    told = store.rows(
        "SELECT session_id, channel, campaign, value, currency, properties FROM event ORDER BY 1"
    )
    assert told == [
        ("v1", "email", "spring", 12.5, "EUR", None),
        ("v2", "search", None, None, None, None),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "user_cohort",
        "useragent",
        "user_agent",
        "customer_segment",
        "case:creator",
        "user_lifecycle",
        "event_id",
        "page_load_time",
    ],
)
def test_a_name_that_only_mentions_a_role_is_not_taken_for_it(name: str) -> None:
    assert name_score("person", name) == 0
    assert name_score("event", name) == 0


def test_a_channel_that_never_changes_for_a_person_is_not_the_event(tmp_path: Path) -> None:
    lines = [
        f"{p},{t},{e},{'ads' if int(p) % 2 else 'email'}"
        for p, t, e in zip(PEOPLE, TIMES, ACTS, strict=True)
    ]
    text = "\n".join(["user,when,foo,channel", *lines])
    told = roles(load(memory_store(), write(tmp_path, "log.csv", text)))
    assert told == {"user": "person", "when": "time", "foo": "event", "channel": "channel"}


def test_a_channel_that_changes_is_the_event_of_an_advertising_log(tmp_path: Path) -> None:
    lines = [f"{p},{t},{e},mobile" for p, t, e in zip(PEOPLE, TIMES, ACTS, strict=True)]
    text = "\n".join(["cookie,time,channel,device", *lines])
    assert roles(load(memory_store(), write(tmp_path, "log.csv", text)))["channel"] == "event"
