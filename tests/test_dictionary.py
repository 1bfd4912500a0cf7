"""Names that come late: references, touchpoints that keep their numbers, and any order of loading."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.names_desk import Event, Named, Note, Row, Spent, desk, everything, load, shown
from tools.connectors.macros import MACROS
from tools.dictionary.labelling import TouchpointRule
from tools.dictionary.references import resolve, token
from tools.dictionary.rules import write_rules
from tools.dictionary.settling import settle_names
from tools.journeys.definition import JourneyDefinition, Rule, load_definition, save_definition
from tools.store.door import Store

WRITTEN = st.characters(codec="utf-8")
SPRING = token("campaign", "7")


def label_ids(store: Store) -> dict[str, int]:
    rows = store.rows("SELECT label, touchpoint_id FROM touchpoint ORDER BY touchpoint_id")
    return {str(label): int(str(number)) for label, number in rows}


def test_a_reference_reads_as_its_label_wherever_it_stands() -> None:
    labels = {("k", "campaign", "7"): "Spring sale"}
    assert resolve(f"Email clicked: {SPRING}!", "k", labels) == "Email clicked: Spring sale!"
    assert resolve(SPRING, "other", labels) == "campaign 7"  # names are a source's own


def test_an_unknown_reference_reads_as_its_fallback_or_its_entity_and_key() -> None:
    assert resolve(token("deal_stage", "a_1"), "k", {}) == "deal stage a_1"
    assert resolve(token("campaign", "7", "Told"), "k", {}) == "Told"


def test_a_label_may_refer_to_others_and_a_circle_ends() -> None:
    labels = {
        ("k", "stage", "1"): f"{token('pipeline', '2')}: Won",
        ("k", "pipeline", "2"): "Sales",
        ("k", "a", "1"): f"A of {token('b', '1')}",
        ("k", "b", "1"): f"B of {token('a', '1')}",
    }
    assert resolve(token("stage", "1"), "k", labels) == "Sales: Won"
    assert resolve(token("a", "1"), "k", labels) == "A of B of a 1"


def test_a_reference_survives_titles_cases_json_and_joining() -> None:
    store = desk()
    store.execute(MACROS)
    told = store.rows(
        "SELECT titled(n), lower(n), upper(n), json_extract_string(to_json({'a': n}), '$.a'), 'x_' || n || ' y' "
        "FROM (SELECT named('deal_stage', 'Ä_b 1') AS n)"
    )[0]
    labels = {("k", "deal_stage", "Ä_b 1"): "Won"}
    assert [resolve(str(text), "k", labels) for text in told] == ["Won"] * 4 + ["x_Won y"]


def test_macros_refer_only_where_there_is_a_key() -> None:
    store = desk()
    store.execute(MACROS)
    row = store.rows(
        "SELECT named('campaign', NULL), named('campaign', ' '), named_or('campaign', NULL, 'Told'), "
        "named_or('campaign', 7, NULL), named_or('campaign', 7, 'Told')"
    )[0]
    assert row == (None, None, "Told", SPRING, token("campaign", "7", "Told"))


@given(st.text(WRITTEN), st.text(WRITTEN, min_size=1), st.text(WRITTEN))
def test_a_token_holds_any_text(entity: str, key: str, label: str) -> None:
    plain = "".join(c for c in label if c not in "\ue000\ue001\ue002")
    assert resolve(f"<{token(entity, key)}>", "s", {("s", entity, key): plain}) == f"<{plain}>"


def test_a_name_that_comes_later_renames_the_touchpoint_and_the_campaign() -> None:
    store = desk()
    clicked = Event(1, "k", f"Email clicked: {SPRING}", campaign=SPRING)
    load(store, [clicked, Event(2, "k", "Email opened")])
    assert shown(store)[1] == ("Email clicked: campaign 7", "campaign 7", None)
    touched = load(store, [Named("k", "campaign", "7", "Spring sale")])
    assert shown(store)[1] == ("Email clicked: Spring sale", "Spring sale", None)
    assert touched == {1}
    assert set(label_ids(store)) == {"Email clicked: Spring sale", "Email opened"}


def test_a_newer_version_of_a_name_wins_in_either_order() -> None:
    old, new = Named("k", "campaign", "7", "Draft", 1), Named("k", "campaign", "7", "Spring", 2)
    for names in ([old, new], [new, old]):
        store = desk()
        load(store, [Event(1, "k", SPRING)])
        for name in names:
            load(store, [name])
        assert shown(store)[1][0] == "Spring"


def test_names_with_one_label_are_one_touchpoint_that_keeps_its_number() -> None:
    store = desk()
    load(store, [Event(1, "web", "Sign-up"), Event(2, "web", "Zoo")])
    before = label_ids(store)
    load(store, [Event(3, "app", "Sign-up", group="App"), Event(4, "app", "Alpha")])
    after = label_ids(store)
    assert after["Sign-up"] == before["Sign-up"]
    assert after["Alpha"] > max(before.values())
    assert store.rows(
        "SELECT source, touchpoint_group FROM touchpoint WHERE label = 'Sign-up'"
    ) == [("app", "App")]


def test_nothing_is_touched_by_an_import_that_changes_no_name() -> None:
    store = desk()
    rows: list[Row] = [
        Event(1, "k", SPRING, campaign=SPRING),
        Named("k", "campaign", "7", "Spring"),
    ]
    load(store, rows)
    assert load(store, [Event(2, "k", "Other")]) == set()


def test_a_note_and_a_days_spend_read_the_name() -> None:
    store = desk()
    load(
        store,
        [Note(1, "k", f"Lost to {SPRING}"), Spent(1, "k", "2026-01-01", "campaign", SPRING, 5)],
    )
    load(store, [Named("k", "campaign", "7", "Spring")])
    assert store.rows("SELECT text FROM note") == [("Lost to Spring",)]
    assert store.rows("SELECT campaign, cost FROM spend") == [("Spring", 5.0)]


def test_only_the_coarsest_level_of_a_day_is_spent_and_the_account_last() -> None:
    store = desk()
    load(
        store,
        [
            Spent(1, "ads", "2026-01-01", "ad", "A", 1),
            Spent(2, "ads", "2026-01-01", "ad_group", "A", 2),  # coarsest of this day
            Spent(3, "ads", "2026-01-02", "account", "(none)", 9),
            Spent(4, "ads", "2026-01-02", "keyword", "A", 3),  # names campaigns, so it counts
            Spent(5, "ads", "2026-01-03", "account", "(none)", 7),  # there is nothing else
        ],
    )
    days = "SELECT strftime(day, '%d'), campaign, cost FROM spend ORDER BY day"
    assert store.rows(days) == [("01", "A", 2.0), ("02", "A", 3.0), ("03", "(none)", 7.0)]
    load(store, [Spent(6, "ads", "2026-01-01", "campaign", "A", 4)])  # a coarser file comes later
    assert store.rows(days)[0] == ("01", "A", 4.0)


def test_campaigns_of_one_label_are_summed_by_channel_and_currency() -> None:
    store = desk()
    load(
        store,
        [
            Named("ads", "campaign", "1", "Brand"),
            Spent(1, "ads", "2026-01-01", "campaign", token("campaign", "1"), 1),
            Spent(2, "ads", "2026-01-01", "campaign", "Brand", 2),
            Spent(3, "ads", "2026-01-01", "campaign", "Brand", 4, channel="Display"),
        ],
    )
    assert store.rows("SELECT channel, campaign, cost FROM spend ORDER BY ALL") == [
        ("Display", "Brand", 4.0),
        ("Paid search", "Brand", 3.0),
    ]


def test_a_journey_definition_follows_the_names_of_its_touchpoints() -> None:
    store = desk()
    load(store, [Event(1, "k", token("stage", "won")), Event(2, "k", "Visit")])
    save_definition(
        store,
        JourneyDefinition(
            "default", end=Rule(("Stage won",)), funnel=("Visit", "visit | STAGE WON")
        ),
    )
    load(store, [Named("k", "stage", "won", "Deal won")])
    told = load_definition(store)
    assert told.end.touchpoints == ("Deal won",)
    assert told.funnel == ("Visit", "visit | Deal won")


def test_what_a_definition_names_stays_when_nothing_points_to_it() -> None:
    store = desk()
    load(store, [Event(1, "k", "Visit"), Event(2, "k", "Bought")])
    save_definition(store, JourneyDefinition("default", end=Rule(("Bought",))))
    store.execute("DELETE FROM event WHERE event_id = 2")
    store.execute("DELETE FROM touchpoint_name WHERE name = 'Bought'")
    settle_names(store, rules_changed=True)
    assert set(label_ids(store)) == {"Visit", "Bought"}


def test_a_store_settled_twice_is_the_same() -> None:
    store = desk()
    load(
        store,
        [Event(1, "k", SPRING, campaign=SPRING), Spent(1, "k", "2026-01-01", "ad", SPRING, 1)],
    )
    before = everything(store)
    store.execute("DELETE FROM touched_person")
    settle_names(store, rules_changed=True)
    assert everything(store) == before
    assert store.value("SELECT count(*) FROM touched_person") == 0


KEYS = ("1", "2")
TEXTS = st.sampled_from(
    [
        "Visit",
        "Sign-up",
        token("campaign", "1"),
        f"Email: {token('campaign', '1')}",
        f"Email: {token('campaign', '2', 'Told')}",
        token("list", "1"),
        "\ue003/pricing\ue004",
        "\ue003/blog/how-to/start\ue004",
        "Form: \ue003/pricing\ue004",
        "campaign 1",
    ]
)
ORIGINS = st.sampled_from(
    [
        None,
        '{"source":"google","medium":"cpc"}',
        '{"referrer":"t.co","host":"shop.example"}',
        '{"source":"(direct)"}',
    ]
)
SOURCES = st.sampled_from(["a", "b"])
RULES = st.sampled_from(
    [
        TouchpointRule(0, "/pricing", "Prices"),
        TouchpointRule(0, "/blog/*", hidden=True),
        TouchpointRule(0, "Email: *", "Email", "Mail"),
        TouchpointRule(0, "Visit | Sign-up", "Came"),
        TouchpointRule(0, "campaign*", hidden=True),
        TouchpointRule(0, "prices", "Pricing"),
    ]
)


@st.composite
def companies(draw: st.DrawFn) -> tuple[list[Row], list[TouchpointRule]]:
    rows: list[Row] = [
        Event(number, draw(SOURCES), draw(TEXTS), draw(st.none() | TEXTS), draw(ORIGINS))
        for number in range(1, draw(st.integers(1, 8)))
    ]
    pairs = st.tuples(
        SOURCES, st.sampled_from(["campaign", "list"]), st.sampled_from(KEYS), st.integers(0, 2)
    )
    for source, entity, key, version in draw(st.lists(pairs, unique=True, max_size=5)):
        label = draw(
            st.sampled_from(["Spring", "Visit", token("list", "2"), token("campaign", "1")])
        )
        rows.append(Named(source, entity, key, label, version))
    rows += [
        Spent(
            number, draw(SOURCES), f"2026-01-0{draw(st.integers(1, 2))}", level, draw(TEXTS), number
        )
        for number, level in enumerate(
            draw(st.lists(st.sampled_from(["campaign", "ad", "account"]), max_size=5))
        )
    ]
    rows += [Note(number, "a", draw(TEXTS)) for number in range(draw(st.integers(0, 2)))]
    return rows, draw(st.lists(RULES, unique=True, max_size=4))


@settings(max_examples=12, deadline=None)
@given(companies(), st.randoms(use_true_random=False), st.booleans())
def test_any_order_and_any_pieces_end_in_the_same_dictionary(
    company: tuple[list[Row], list[TouchpointRule]], chance: random.Random, told_first: bool
) -> None:
    rows, rules = company
    whole = desk()
    load(whole, rows)
    write_rules(whole, rules)

    pieces = desk()
    shuffled = list(rows)
    chance.shuffle(shuffled)
    settled_rules = chance.randrange(len(shuffled) + 1)
    at = 0
    while at < len(shuffled) or settled_rules >= 0:
        if at >= settled_rules >= 0:
            write_rules(pieces, rules)
            settled_rules = -1
        size = chance.randint(1, 4)
        before = shown(pieces)
        touched = load(pieces, shuffled[at : at + size], told_first=told_first)
        after = shown(pieces)
        assert {number for number in before if before[number] != after[number]} <= touched
        at += size
    assert everything(pieces) == everything(whole)
