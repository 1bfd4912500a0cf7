"""Stripe and Shopify: what was bought, by whom, in each of their shapes."""

import json
from pathlib import Path

from tests.intake import load, write
from tools.store.door import Store
from tools.store.workspace import memory_store

STORY = (
    "SELECT identifier.value, touchpoint.label, event.kind, event.value, event.currency FROM event "
    "JOIN touchpoint USING (touchpoint_id) JOIN identifier USING (identifier_id) ORDER BY occurred_at, label"
)


def taken(folder: Path, files: dict[str, str]) -> Store:
    store = memory_store()
    load(store, *(write(folder, name, text) for name, text in files.items()))
    return store


def lines(*records: object) -> str:
    return "\n".join(json.dumps(record) for record in records)


def test_stripes_api_tells_a_customer_from_checkout_to_cancellation(tmp_path: Path) -> None:
    store = taken(
        tmp_path,
        {
            "customers.jsonl": lines(
                {"id": "cus_1", "object": "customer", "email": "Ann@x.com", "name": "Ann", "created": 1767225600,
                 "metadata": {"user_id": "u1"}, "address": {"country": "DE"}}
            ),
            "charges.json": json.dumps({
                "object": "list", "has_more": False, "url": "/v1/charges", "data": [
                    {"id": "ch_1", "object": "charge", "amount": 4900, "currency": "usd", "created": 1767312000,
                     "customer": "cus_1", "paid": True, "status": "succeeded", "invoice": None, "captured": True},
                    # A renewal: the subscription's invoice made it.
                    {"id": "ch_2", "object": "charge", "amount": 900, "currency": "jpy", "created": 1767398400,
                     "customer": "cus_1", "paid": True, "status": "succeeded", "invoice": "in_1", "captured": True},
                    {"id": "ch_3", "object": "charge", "amount": 4900, "currency": "usd", "created": 1767484800,
                     "customer": "cus_1", "paid": False, "status": "failed", "invoice": None, "captured": False},
                ],
            }),
            "refunds.jsonl": lines(
                {"id": "re_1", "object": "refund", "amount": 1000, "currency": "usd", "created": 1767571200,
                 "charge": "ch_1", "status": "succeeded", "reason": "requested_by_customer"}
            ),
            "subscriptions.jsonl": lines(
                {"id": "sub_1", "object": "subscription", "customer": "cus_1", "status": "canceled", "created": 1767657600,
                 "current_period_start": 1767657600, "canceled_at": 1767744000, "ended_at": 1767744000, "currency": "usd",
                 "items": {"data": [{"price": {"nickname": "Team", "unit_amount": 1900}, "quantity": 3}]}}
            ),
        },
    )  # fmt: skip
    assert store.rows(STORY) == [
        ("cus_1", "Payment succeeded", "action", 49.0, "USD"),
        ("cus_1", "Payment succeeded", "exposure", 900.0, "JPY"),  # yen have no smaller unit
        ("cus_1", "Payment failed", "action", None, "USD"),
        ("ch_1", "Refund", "exposure", -10.0, "USD"),
        ("cus_1", "Subscription started", "action", 57.0, "USD"),
        ("cus_1", "Subscription cancelled", "action", None, None),
    ]
    # The refund is of whoever paid; the mailbox and the user id are the customer's.
    assert store.value("SELECT count(DISTINCT person_id) FROM event") == 1
    known = store.rows(
        "SELECT kind FROM identifier WHERE person_id = (SELECT any_value(person_id) FROM event) ORDER BY kind"
    )
    assert {kind for (kind,) in known} >= {"email", "stripe_customer", "user"}
    traits = dict(store.rows("SELECT name, value FROM trait"))  # type: ignore[arg-type,var-annotated]
    assert (traits["plan"], traits["country"]) == ("Team", "DE")


def test_stripes_webhooks_and_tables_tell_one_payment_once(tmp_path: Path) -> None:
    charge = {"id": "ch_9", "object": "charge", "amount": 500, "currency": "eur", "created": 1767312000,
              "customer": "cus_9", "paid": True, "status": "succeeded", "captured": True, "invoice": None}  # fmt: skip
    store = taken(
        tmp_path,
        {
            "events.jsonl": lines(
                {"id": "evt_1", "object": "event", "type": "charge.succeeded", "created": 1767312000, "data": {"object": charge}},
                {"id": "evt_2", "object": "event", "type": "payment_link.opened", "created": 1767312001,
                 "data": {"object": {"id": "pl_1", "object": "payment_link", "customer": "cus_9"}}},
            ),
            "charges.jsonl": lines(charge),
        },
    )  # fmt: skip
    assert [row[1] for row in store.rows(STORY)] == ["Payment succeeded", "Payment link opened"]


def test_shopifys_api_tells_orders_with_what_was_bought_and_whence(tmp_path: Path) -> None:
    order = {
        "id": 450789469, "admin_graphql_api_id": "gid://shopify/Order/450789469", "email": "bob@x.com", "created_at": "2026-01-10T11:00:00-05:00",
        "updated_at": "2026-01-10T11:00:00-05:00", "total_price": "598.94", "currency": "USD", "financial_status": "paid",
        "referring_site": "https://www.google.com/", "landing_site": "/products/tea?utm_source=news&utm_medium=email",
        "customer": {"id": 207119551, "email": "bob@x.com", "first_name": "Bob"}, "cancelled_at": None, "test": False,
        "line_items": [{"id": 1, "title": "Tea", "quantity": 2}, {"id": 2, "title": "Cup", "quantity": 1}],
    }  # fmt: skip
    store = taken(
        tmp_path, {"orders.json": json.dumps({"orders": [order, order | {"id": 2, "test": True}]})}
    )
    ((who, label, kind, value, currency),) = store.rows(STORY)
    assert (who, label, kind, value, currency) == (
        "207119551",
        "Order placed",
        "action",
        598.94,
        "USD",
    )
    assert store.rows("SELECT channel, occurred_at::VARCHAR FROM event") == [
        ("Email", "2026-01-10 16:00:00")
    ]
    assert json.loads(str(store.value("SELECT properties FROM event")))["items"] == ["Cup", "Tea"]
    assert store.rows("SELECT reason FROM rejected_row") == [("a test order",)]
    assert store.value("SELECT count(DISTINCT person_id) FROM identifier") == 1


def test_shopifys_lines_join_their_order_and_a_visit_its_buyer_whichever_comes_first(
    tmp_path: Path,
) -> None:
    files = {
        "order_line.csv": "order_id,id,title,quantity,sku,name\n5,1,Tea,1,t,Tea\n5,2,Cup,1,c,Cup\n",
        "customer_visit.csv": "id,order_id,landing_page,occurred_at,utm_parameters_source,utm_parameters_medium,type\n"
        "9,5,https://shop.example/sale,2026-01-01 10:00:00,google,cpc,first\n",
        "order.csv": "id,email,customer_id,total_price,currency,created_at\n5,ann@x.com,c1,20,EUR,2026-01-02 10:00:00\n",
    }
    told = []
    for order in (list(files), list(reversed(files))):
        store = memory_store()
        for name in order:
            load(store, write(tmp_path, name, files[name]))
        told.append(
            store.rows(
                "SELECT person_id, channel, json_extract_string(properties, '$.items') FROM event ORDER BY occurred_at"
            )
        )
    assert told[0] == told[1]
    (visitor, channel, _), (buyer, _, items) = told[0]
    assert (visitor == buyer, channel, items) == (True, "Paid search", '["Cup","Tea"]')


def test_shopifys_own_export_counts_an_order_once_however_many_lines_it_has(tmp_path: Path) -> None:
    text = (
        "Name,Email,Financial Status,Created at,Total,Currency,Lineitem name,Lineitem quantity,Billing Name\n"
        "#1001,ann@x.com,paid,2026-01-02 10:00:00 -0500,30.00,EUR,Tea,1,Ann A\n"
        "#1001,ann@x.com,,2026-01-02 10:00:00 -0500,,,Cup,1,\n"
    )
    store = taken(tmp_path, {"orders_export.csv": text})
    assert store.rows(STORY) == [("ann@x.com", "Order placed", "action", 30.0, "EUR")]
