import time
from collections import defaultdict
from math import log, sqrt

import pytest
from hypothesis import assume, given, settings

from tests import planted
from tests.company import DAY, HOUR, START, company, number
from tests.facts_in_words import unfounded
from tests.histories import companies
from tests.journey_oracle import Event, NaiveJourney, naive_journeys
from tools.analyses.drop_off_cause_rows import CauseRow, is_clear
from tools.analyses.drop_off_causes import DropOffCausesResult, drop_off_causes
from tools.analyses.quotes import common_words, masked
from tools.charts.drop_off_causes import chart
from tools.errors import InvalidArgumentError, NoDataError, UnknownTouchpointError
from tools.journeys.definition import JourneyDefinition, Rule
from tools.journeys.scope import Scope
from tools.narration.drop_off_causes import narrate
from tools.statistics.stratified import TwoByTwo, risk_ratio
from tools.statistics.terms import PRIOR, overused
from tools.store.door import Store

ALL = Scope(minimum_group=1)
AS_OF = Event("z", START + 60 * DAY, 99_999, "home")
HAND = [
    Event("ann", START, 1, "home", "ads"),
    Event("ann", START + HOUR, 2, "docs", "ads"),
    Event("ann", START + 2 * HOUR, 3, "form", "ads"),  # arrives having seen docs, goes on
    Event("ann", START + 3 * HOUR, 4, "blog", "ads"),  # seen after: no cause
    Event("ben", START, 5, "home", "ads"),
    Event("ben", START + HOUR, 6, "form", "ads"),  # leaves right there
    Event("cat", START, 7, "form", "email"),
    Event("cat", START + HOUR, 8, "home", "email"),
    Event("cat", START + 2 * HOUR, 9, "form", "email"),  # ends at form, but not on first arriving
    Event("dan", START, 10, "form", "email"),  # arrives at once, converts
    Event("dan", START + HOUR, 11, "buy", "email"),
    Event("eve", START + 50 * DAY, 12, "form", "ads"),  # under way: no exit
    AS_OF,
]


def row(result: DropOffCausesResult, cause: str) -> CauseRow:
    return next(each for each in result.rows if each.cause == cause)


def checked(result: DropOffCausesResult) -> str:
    words = narrate(result)
    assert unfounded(words, result, *result.quotes, *(r.cause for r in result.rows)) == []
    assert "None" not in words.text()
    assert "nan" not in words.text().split()
    chart(result)
    return words.answer


def test_only_what_was_known_on_first_arriving_is_compared() -> None:
    result = drop_off_causes(company(HAND), at="form", top=100, scope=ALL)
    assert (result.persons, result.exits) == (4, 1)  # ben of ann, ben, cat, dan
    seen = row(result, "had not seen docs")
    assert (seen.persons, seen.exits, seen.others, seen.other_exits) == (3, 1, 1, 0)
    assert not [each for each in result.rows if each.value == "blog"]
    assert not [each for each in result.rows if each.value == "form"]  # no cause of itself
    channel = row(result, "first came by ads")
    assert (channel.persons, channel.exits, channel.others, channel.other_exits) == (2, 1, 2, 0)
    assert row(result, "had taken no step before").persons == 2
    assert row(result, "came straight from home").exits == 1
    checked(result)


def test_a_leak_of_one_device_is_found_with_its_size() -> None:
    result = drop_off_causes(planted.leak(3, 2.5).store(), at="Form", scope=Scope())
    first = result.rows[0]
    assert (first.cause, is_clear(first)) == ("have device mobile", True)
    assert first.ratio_low is not None
    assert first.ratio_high is not None
    assert first.ratio_low < 2.5 < first.ratio_high
    assert checked(result).startswith("People who have device mobile leave Form 2.")
    assert "First channel and depth held equal" in narrate(result).text()


def test_without_the_leak_nothing_is_found() -> None:
    clear = []
    for seed in range(12):
        result = drop_off_causes(planted.leak(seed, 1.0).store(), at="Form", scope=Scope())
        clear += [each.cause for each in result.rows if is_clear(each)]
        assert result.compared > 5
    assert len(clear) <= 2, clear
    assert "clearly goes together" in checked(result) or clear


def test_depth_does_not_stand_for_what_long_journeys_contain() -> None:
    """Whoever comes late leaves less; docs stand in late arrivals only, and do nothing."""
    told = []
    for n in range(1200):
        late, docs = n % 2 == 0, n % 6 in (0, 2)
        names = ["home", *(["docs" if docs else "blog", "about"] if late else []), "form"]
        names += ["about"] if n // 6 % 10 < (8 if late else 4) else []
        told += [Event(f"p{n}", START + k * HOUR, 10 * n + k, x) for k, x in enumerate(names)]
    result = drop_off_causes(company([*told, AS_OF]), at="form", top=100, scope=Scope())
    docs_row = next(each for each in result.rows if each.kind == "seen" and each.value == "docs")
    assert docs_row.crude_ratio is not None
    assert docs_row.crude_ratio < 0.5
    assert not is_clear(docs_row)


def test_nor_does_one_step_more_stand_for_it() -> None:
    """At the sixth, seventh and eighth step ever more leave, and ever more have seen docs: by chance."""
    told = []
    for n in range(3000):
        further = n % 3
        docs, leaves = ((n // size) % 10 < (2, 5, 8)[further] for size in (3, 30))
        pages = ["home", "docs" if docs else "blog", *(f"page {k}" for k in range(3 + further))]
        names = [*pages, "form", *([] if leaves else ["about"])]
        told += [Event(f"p{n}", START + k * HOUR, 20 * n + k, x) for k, x in enumerate(names)]
    result = drop_off_causes(company([*told, AS_OF]), at="form", top=100, scope=Scope())
    docs_row = next(each for each in result.rows if each.kind == "seen" and each.value == "docs")
    assert docs_row.crude_ratio == pytest.approx(0.62 / 0.38, abs=0.01)
    assert docs_row.ratio == pytest.approx(1, abs=0.02)
    assert not is_clear(docs_row)


def crowd(traits: dict[str, dict[str, str]]) -> Store:
    told = []
    for n in range(300):
        names = ["form", *(["blog"] if n % 2 else []), *(["buy"] if n % 6 == 1 else [])]
        told += [Event(f"p{n}", START + k * HOUR, 10 * n + k, x) for k, x in enumerate(names)]
    return company([*told, AS_OF], traits=traits)


def test_what_is_learnt_later_is_left_out() -> None:
    """The plan is known of those who went on only; the stage says who converted."""
    traits = {
        f"p{n}": {
            "stage": "customer" if n % 6 == 1 else "lead",
            "size": "big" if n % 3 else "small",
            **({"plan": ["pro", "free"][n // 2 % 2]} if n % 2 else {}),
        }
        for n in range(300)
    }
    result = drop_off_causes(crowd(traits), at="form", top=100, scope=Scope())
    assert set(result.left_out) == {"plan", "stage"}
    assert not [each for each in result.rows if each.field in {"plan", "stage"}]
    assert [each for each in result.rows if each.field == "size"]
    assert "plan, stage" in result.caveats[-1]


def test_what_is_sent_counts_only_before_arriving() -> None:
    told = []
    for n in range(200):
        person, mailed = f"p{n}", n % 2 == 0
        told.append(Event(person, START, 10 * n, "home"))
        if mailed:
            told.append(Event(person, START + 5 * HOUR, 10 * n + 1, "mail", kind="exposure"))
        else:  # too long before, and too late
            told.append(Event(person, START - 90 * HOUR, 10 * n + 1, "mail", kind="exposure"))
            told.append(Event(person, START + 30 * HOUR, 10 * n + 4, "mail", kind="exposure"))
        told.append(Event(person, START + 20 * HOUR, 10 * n + 2, "form"))
        if (mailed and n % 20) or n % 10 == 1:
            told.append(Event(person, START + 26 * HOUR, 10 * n + 3, "blog"))
    store = company([*told, AS_OF])
    result = drop_off_causes(store, at="form", scope=Scope())
    sent = row(result, "had not been sent mail in the 48 hours before")
    assert (sent.persons, sent.exits, sent.other_exits) == (100, 80, 10)
    store.execute("UPDATE touchpoint SET hidden = true WHERE label = 'mail'")
    assert not [
        each
        for each in drop_off_causes(store, at="form", scope=Scope()).rows
        if each.kind == "shown"
    ]


def write(store: Store, texts: dict[str, str]) -> None:
    for person, text in texts.items():
        store.execute(
            "INSERT INTO note (note_id, person_id, identifier_id, occurred_at, source, kind, text, load_id) "
            "VALUES ($id, $person, $person, $at, 'desk', 'ticket', $text, 1)",
            {
                "id": number(text + person),
                "person": number(person),
                "at": START + DAY,
                "text": text,
            },
        )


def test_leavers_own_words_are_told_and_their_names_are_not() -> None:
    store = crowd({})
    write(
        store,
        {
            f"p{n}": (
                f"Form\nHello, the postcode field rejects my address, says Maria {n} at "
                f"maria{n}@shop.example, call +49 170 1234567.\n\nThanks\nMaria"
                if n % 2 == 0
                else "Invoice\nCould you send the invoice of last month to our office?"
            )
            for n in range(200)
        },
    )
    result = drop_off_causes(store, at="form", scope=Scope())
    assert (result.notes, result.other_notes) == (100, 100)
    assert "postcode field" in [term.text for term in result.terms] or "postcode" in str(
        result.terms
    )
    assert result.quotes
    for quote in result.quotes:
        assert "postcode field rejects" in quote
        for secret in ("Maria", "maria", "@", "170", "1234567", "shop.example"):
            assert secret not in quote
    assert "In what they write" in narrate(result).text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Maria Keller says it fails", "[name] [name] says it fails"),
        ("M\u00fcller from \u0141\u00f3d\u017a wrote", "[name] from [name] wrote"),
        ("MARIA wrote: the CSV and SSO fail", "[name] wrote: the CSV and SSO fail"),
        ("Bluefield 9514 - Tallyward", "[name] [number] - [name]"),
        ("The form fails. Form is slow", "The form fails. Form is slow"),
        ("mail a.b@c.de or +49 170 1234567", "mail [email] or [number]"),
        ("see https://x.example/u?id=7 on Pricing", "see [link] on Pricing"),
    ],
)
def test_names_and_addresses_are_masked_wherever_they_stand(text: str, said: str) -> None:
    common = common_words(["it fails says from wrote the form and is slow see mail or on fail"])
    assert masked(text, ["Pricing"], (), common) == said


def test_words_are_those_of_the_paper() -> None:
    """Monroe, Colaresi and Quinn's equations 16, 20 and 22, by hand for one word."""
    own = ["price too high"] * 30 + ["nice tool"] * 10
    rest = ["price fine"] * 20 + ["nice tool"] * 40
    told = {term.text: term for term in overused(own, rest)}
    words = {"price": (30, 20), "high": (30, 0), "fine": (0, 20), "nice": (10, 40)}
    words |= {"tool": (10, 40), "price high": (30, 0), "price fine": (0, 20), "nice tool": (10, 40)}
    totals = [sum(pair[side] for pair in words.values()) for side in (0, 1)]
    prior = PRIOR * 50 / sum(totals)
    odds = [
        log((count + prior) / (total + PRIOR - count - prior))
        for count, total in zip(words["price"], totals, strict=True)
    ]
    z = (odds[0] - odds[1]) / sqrt(1 / (30 + prior) + 1 / (20 + prior))
    assert told["price"].log_odds == pytest.approx(odds[0] - odds[1])
    assert told["price"].z == pytest.approx(z)
    assert told["high"].q_value < 0.05
    assert overused(["same words here"] * 50, ["same words here"] * 50) == ()
    assert overused([], ["a text"]) == overused(["the and of"], ["it is"]) == ()


@pytest.mark.parametrize(
    ("leaves", "said"),
    [(0, "Nobody leaves at form"), (60, "Everybody who comes to form leaves there (60 people)")],
)
def test_the_first_sentence_is_true_at_the_extremes(leaves: int, said: str) -> None:
    told = [
        Event(f"p{n}", START + k * HOUR, 10 * n + k, name)
        for n in range(60)
        for k, name in enumerate(["home", "form", *([] if n < leaves else ["blog"])])
    ]
    result = drop_off_causes(company([*told, AS_OF]), at="form", scope=Scope())
    assert checked(result).startswith(said)


def test_what_cannot_be_asked_is_a_clear_error() -> None:
    store = company(HAND)
    with pytest.raises(InvalidArgumentError, match="where this journey ends"):
        drop_off_causes(store, at="buy", scope=ALL)
    with pytest.raises(UnknownTouchpointError):
        drop_off_causes(store, at="frm", scope=ALL)
    with pytest.raises(NoDataError, match="No journey"):
        drop_off_causes(store, at="form", scope=Scope(until=START.date().replace(year=2025)))
    young = [Event("a", START, 1, "form")]
    with pytest.raises(NoDataError, match="old enough to judge came to form"):
        drop_off_causes(company(young), at="form", scope=ALL)


def _depth(step: int) -> int:
    return step if step <= 20 else 21 if step <= 30 else 31


@settings(max_examples=50, deadline=None)
@given(companies)
def test_every_touchpoint_seen_before_equals_a_naive_reading(events: list[Event]) -> None:
    definition = JourneyDefinition(
        "test", end=Rule(("buy",)), window=10 * DAY, inactivity=4 * DAY, collapse_repeats=False
    )
    journeys = naive_journeys(
        events, end=frozenset({"buy"}), window=10 * DAY, inactivity=4 * DAY, collapse=False
    )
    assume(len({(j.person, j.started_at) for j in journeys}) == len(journeys))
    as_of = max(event.at for event in events)
    came: dict[str, NaiveJourney] = {}
    for journey in sorted(journeys, key=lambda j: j.started_at):
        if journey.started_at + 10 * DAY <= as_of and "pricing" in journey.path():
            came.setdefault(journey.person, journey)
    assume(came)
    result = drop_off_causes(company(events, definition), at="pricing", top=1000, scope=ALL)
    told = []
    for journey in came.values():
        first = journey.path().index("pricing") + 1
        left = journey.outcome != "converted" and first == len(journey.path())
        told.append((set(journey.path()[: first - 1]), journey.channel or "", _depth(first), left))
    assert (result.persons, result.exits) == (len(told), sum(left for *_, left in told))
    rows = {each.value: each for each in result.rows if each.kind == "seen"}
    for name in {name for seen, *_ in told for name in seen}:
        strata: dict[object, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for seen, channel, depth, left in told:
            counts = strata[channel, depth]
            counts[0 if name in seen else 2] += 1
            counts[1 if name in seen else 3] += left
        if all(name in seen for seen, *_ in told):
            assert name not in rows  # nobody to compare with
            continue
        cells = [TwoByTwo(*counts) for counts in strata.values()]
        if rows[name].is_absence:
            cells = [TwoByTwo(c.others, c.other_events, c.exposed, c.exposed_events) for c in cells]
        expected = risk_ratio(cells)
        assert rows[name].persons == sum(cell.exposed for cell in cells)
        assert rows[name].exits == sum(cell.exposed_events for cell in cells)
        assert rows[name].ratio == pytest.approx(expected.ratio)
        assert rows[name].ratio_low == pytest.approx(expected.low)
        assert rows[name].extra == pytest.approx(expected.exposed_events - expected.expected)
    checked(result)


def test_a_trait_that_is_everybodys_own_is_passed_over_and_costs_nothing() -> None:
    people = [f"p{n}" for n in range(6000)]
    events = [
        Event(person, START + step * HOUR, step, name)
        for n, person in enumerate(people)
        for step, name in enumerate(["form", *(["home"] if n % 2 else [])])
    ]
    traits = {person: {"company": f"{person} Ltd"} for person in people}
    store = company([*events, AS_OF], traits=traits)
    begun = time.process_time()
    result = drop_off_causes(store, at="form", scope=Scope())
    assert time.process_time() - begun < 5  # seconds; a minute where each value looks at all
    assert all(row.field != "company" for row in result.rows)
