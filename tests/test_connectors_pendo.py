"""Pendo: hours of use, guides, polls, visitors and accounts."""

from pathlib import Path

from tests.intake import load, taken
from tests.told import happened, lines, properties, table, ties, traits
from tools.store.workspace import memory_store

EVENT = "account_id,{},remote_ip,server_name,timestamp,user_agent,visitor_id,_fivetran_synced,app_id,num_events,num_minutes,param_parameter"
ROW = "acc,{},10.0.0.1,app.example,2026-01-01 10:00:00,UA,v1,2026-01-02,-3,4,2,"


def test_an_hour_of_use_is_one_event_named_by_its_feature_whichever_comes_first(
    tmp_path: Path,
) -> None:
    used = table(tmp_path, "feature_event.csv", EVENT.format("feature_id"), ROW.format("f1"))
    names = table(
        tmp_path, "feature_history.csv", "id,last_updated_at,name,page_id,root_version_id,is_core_event",
        "f1,2026-01-01,Old name,p1,f1,", "f1,2026-01-02,Share report,p1,f1,",
    )  # fmt: skip
    for order in ((used, names), (names, used)):
        store = taken(*order)
        assert happened(store) == [("01-01 10:00", "Used feature: Share report")]
    assert properties(store, "Used feature: Share report") == {"times": "4", "minutes": "2"}
    assert ties(store) == {
        ("pendo_visitor:v1", "user:v1", "same"),
        ("pendo_visitor:v1", "pendo_account:acc", "member"),
    }


def test_pages_have_names_and_use_of_the_product_at_large_has_one(tmp_path: Path) -> None:
    rows = (ROW.format("p1"), ROW.format("allevents"))
    store = taken(table(tmp_path, "page_event.csv", EVENT.format("page_id"), *rows))
    assert happened(store) == [
        ("01-01 10:00", "Used the product"),
        ("01-01 10:00", "Viewed page: p1"),
    ]


def test_a_guide_that_is_seen_is_an_exposure_and_what_is_done_with_it_an_action(
    tmp_path: Path,
) -> None:
    store = taken(
        table(
            tmp_path, "guide_event.csv",
            "account_id,guide_id,remote_ip,timestamp,visitor_id,country,guide_step_id,type,url",
            "acc,g1,10.0.0.1,2026-01-01 10:00:00,_PENDO_T_9,SE,s1,guideSeen,https://app.example/home",
            "acc,g1,10.0.0.1,2026-01-01 10:01:00,_PENDO_T_9,SE,s1,guideDismissed,https://app.example/home",
            "acc,g1,10.0.0.1,2026-01-01 10:02:00,_PENDO_T_9,SE,s1,guideBrandNew,https://app.example/home",
        )
    )  # fmt: skip
    assert store.rows("SELECT label, event.kind FROM event JOIN touchpoint USING (touchpoint_id) ORDER BY occurred_at") == [
        ("Guide seen: g1", "exposure"), ("Guide dismissed: g1", "action"), ("Guide brand new: g1", "action"),
    ]  # fmt: skip
    assert store.value("SELECT count(*) FROM event WHERE properties LIKE '%10.0.0.1%'") == 0


def test_an_answer_in_words_is_a_note(tmp_path: Path) -> None:
    answers = table(
        tmp_path, "poll_event.csv", "account_id,guide_id,poll_id,timestamp,visitor_id,poll_response,type,url",
        "acc,g1,q1,2026-01-01 10:00:00,v1,9,pollResponse,", "acc,g1,q2,2026-01-01 10:01:00,v1,Too many clicks,pollResponse,",
    )  # fmt: skip
    polls = table(
        tmp_path, "poll.csv", "id,question,attribute_type", "q1,Would you recommend us?,NPSRating"
    )
    store = taken(answers, polls)
    assert happened(store) == [
        ("01-01 10:00", "Poll answered: Would you recommend us?"),
        ("01-01 10:01", "Poll answered: q2"),
    ]
    assert store.rows("SELECT kind, text FROM note") == [("survey", "Too many clicks")]


def test_the_newest_state_of_visitors_and_accounts_counts(tmp_path: Path) -> None:
    visitors = table(
        tmp_path, "visitor_history.csv", "id,last_updated_at,account_id,agent_email,agent_role,id_hash,first_visit,last_browser_name",
        "v1,2026-01-02,acc,ann@shop.example,Owner,1,2026-01-01,Chrome", "v1,2026-01-01,acc,ann@shop.example,Member,1,2026-01-01,Chrome",
    )  # fmt: skip
    accounts = table(
        tmp_path,
        "account_history.csv",
        "id,last_updated_at,agent_name,agent_planlevel,first_visit,id_hash",
        "acc,2026-01-02,Acme,Pro,2026-01-01,2",
    )
    store = taken(visitors, accounts)
    assert traits(store) == {"persona": "Owner", "company": "Acme", "plan": "Pro"}
    assert ("email:ann@shop.example", "pendo_visitor:v1", "same") in ties(store)


def test_employees_and_rules_are_rejected_with_the_reason(tmp_path: Path) -> None:
    report = load(
        memory_store(),
        table(tmp_path, "user.csv", "id,role,user_type,username", "1,2,normal,bob@vendor.example"),
        table(
            tmp_path,
            "page_rule_history.csv",
            "page_id,page_last_updated_at,rule",
            "p1,2026-01-01,//*/x",
        ),
    )
    assert [file.rows_rejected for file in report.files] == [1, 1]
    assert report.rejects[0].reason == "a user of Pendo, not a customer"


def test_the_api_s_own_names_read_the_same(tmp_path: Path) -> None:
    row = {
        "visitorId": "v1",
        "accountId": "acc",
        "featureId": "f1",
        "numEvents": 4,
        "numMinutes": 2,
        "remoteIp": "10.0.0.1",
    }
    rows = [{**row, "hour": 1767261600000}, {**row, "hour": 1767265200000}]
    store = taken(lines(tmp_path, "results.json", *rows))
    assert happened(store) == [
        ("01-01 10:00", "Used feature: f1"),
        ("01-01 11:00", "Used feature: f1"),
    ]
