import pytest

from assistant.analyst import practice
from assistant.analyst.asked.scope import own_filters
from assistant.analyst.language import is_known
from assistant.analyst.linking import link
from assistant.analyst.reader import read
from assistant.analyst.vocabulary import Vocabulary, vocabulary_of
from assistant.analyst.words import stem, stems
from tests.company import DAY, HOUR, START, company
from tests.journey_oracle import Event
from tools.journeys.definition import JourneyDefinition

COMPANY = practice.vocabulary("company")
SHOP = practice.vocabulary("shop")


def named(text: str, vocabulary: Vocabulary = COMPANY) -> list[str]:
    return [mention.name.label for mention in link(text, vocabulary, is_known)]


def test_all_forms_of_a_word_have_one_stem() -> None:
    for forms in (
        "price prices pricing",
        "study studies",
        "visit visits visited visiting",
        "complete completes completed completing",
        "ship shipping shipped",
    ):
        assert len({stem(form) for form in forms.split()}) == 1, forms
    assert stems("addToCart") == stems("add_to_cart") == stems("Adds to carts")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("what happens after the pricing page", "Pricing"),
        ("after the pricng page", "Pricing"),
        ("people who opened the email", "Email opened"),
        ("before requesting a demo", "Demo request"),
        ("the casestudy", "Case study"),
        ("a customer story", "Case study"),
        ("at the company details step", "Sign-up: company details"),
        ("people who created a project", "Project created"),
        ("visitors from Germany", "DE"),
        ("german visitors", "DE"),
        ("on smartphones", "mobile"),
        ("from the newsletter", "Email"),
        ("via google ads", "Paid Search"),
        ("paid scial visitors", "Paid Social"),
        ("split by chanels", "channel"),
        ("compare devises", "device"),
        ("conversion by size", "company_size"),
    ],
)
def test_a_name_is_found_in_the_forms_people_write(text: str, label: str) -> None:
    assert named(text) == [label]


def test_the_longest_name_wins() -> None:
    assert named("from cart to add to cart", SHOP) == ["cart", "add_to_cart"]
    assert named("the payment error", SHOP) == ["payment_error"]


def test_a_word_that_is_a_verb_too_is_a_name_only_where_it_is_used_as_one() -> None:
    assert named("compare channels", SHOP) == ["channel"]
    assert named("after the compare page", SHOP) == ["compare"]
    assert named("how does our team convert") == ["converting"]
    assert named("customers of the Team plan") == ["Team"]


def test_a_two_letter_country_counts_in_capitals_only() -> None:
    assert named("tell us about it") == []
    assert named("people in the US") == ["US"]


def test_email_is_a_channel_or_a_touchpoint_by_its_grammar() -> None:
    assert read("visitors from email", COMPANY).filters[0].text() == "channel = Email"
    assert read("email visitors", COMPANY).filters[0].text() == "channel = Email"
    unclear = read("what happens after the email", COMPANY).unclear[0]
    assert set(unclear.labels) >= {"Email received", "Email opened", "Email clicked"}


def test_a_group_of_touchpoints_is_named_by_its_common_part() -> None:
    touch = read("people who read the blog", COMPANY).touches[0]
    assert touch.label == "Blog: guides | Blog: product"


def test_paid_means_every_paid_channel_and_says_so() -> None:
    reading = read("conversion of paid traffic", COMPANY)
    assert reading.filters[0].values == ("Paid Search", "Paid Social")
    assert reading.notes == ["I took 'paid traffic' as Paid Search or Paid Social."]


@pytest.mark.parametrize(
    "text",
    [
        "conversion of people not from email",
        "conversion excluding email",
        "conversion for everyone except email",
        "how do we convert without email traffic",
    ],
)
def test_a_negated_segment_is_left_out(text: str) -> None:
    assert [each.text() for each in read(text, COMPANY).filters] == ["channel != Email"]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("people who saw the case study", "seen"),
        ("visitors that read a case study", "seen"),
        ("those who never visited the case study", "not seen"),
        ("journeys without seeing the case study", "not seen"),
        ("what do people see after the case study", "plain"),
        ("why do people leave the case study", "plain"),
    ],
)
def test_a_touchpoint_filters_people_or_is_the_subject(text: str, role: str) -> None:
    assert read(text, COMPANY).touches[0].role == role


@pytest.mark.parametrize(
    ("text", "filter_"),
    [
        ("people who opened two tickets", "saw Ticket opened >= 2"),
        ("people who saw pricing more than once", "saw Pricing >= 2"),
        ("visitors who read the docs at least three times", "saw Docs >= 3"),
        ("people who saw pricing more than twice", "saw Pricing >= 3"),
        ("people who saw pricing once", "saw Pricing"),
        ("people who opened a ticket", "saw Ticket opened"),
        ("people who never opened two tickets", "not saw Ticket opened >= 2"),
    ],
)
def test_how_often_something_was_seen_is_read(text: str, filter_: str) -> None:
    assert own_filters(read(text, COMPANY)) == (filter_,)


def test_saved_segments_and_recorded_changes_are_names() -> None:
    reading = read("conversion of big accounts since the homepage redesign", COMPANY)
    assert own_filters(reading) == ("saved segment = Big accounts",)
    assert reading.change == "Homepage redesign"
    assert reading.touches == []


def test_a_question_that_is_turned_round_denies_nothing() -> None:
    for text in ("why don't german visitors convert", "do not email visitors convert"):
        assert not read(text, COMPANY).filters[0].negated, text
    assert read("people that didn't come from email", COMPANY).filters[0].negated


def test_what_is_said_of_things_is_no_segment() -> None:
    assert read("is there anything new", SHOP).filters == []
    assert read("how do new visitors convert", SHOP).filters[0].text() == "user_lifecycle = new"


def test_a_word_that_nothing_in_the_data_bears_is_noted() -> None:
    assert read("what happens after the wishlist", COMPANY).unknown == ["wishlist"]
    assert read("conversion of gold members", COMPANY).unknown == ["gold"]
    assert read("how do people usually get to pricing, please?", COMPANY).unknown == []


def test_the_vocabulary_is_read_from_the_store() -> None:
    events = [
        Event(
            person,
            START + day * DAY + hour * HOUR,
            n,
            touchpoint,
            channel,
            session=f"{person}{day}",
        )
        for n, (person, day, hour, touchpoint, channel) in enumerate(
            [
                ("ann", 0, 0, "home", "ads"),
                ("ann", 0, 1, "pricing", "ads"),
                ("ann", 0, 2, "buy", "ads"),
                ("ben", 1, 0, "home", "email"),
                ("ben", 1, 1, "docs", "email"),
                ("ben", 2, 0, "pricing", "email"),
                ("ben", 2, 1, "buy", "email"),
                ("cat", 40, 0, "home", None),
            ]
        )
    ]
    store = company(events, traits={"ann": {"plan": "pro"}, "ben": {"plan": "free"}})
    vocabulary = vocabulary_of(store)
    assert set(vocabulary.touchpoints) == {"home", "pricing", "docs", "buy"}
    assert vocabulary.touchpoints[0] == "home"  # three events, more than any other
    assert set(vocabulary.segments["channel"]) == {"ads", "email"}
    assert set(vocabulary.segments["plan"]) == {"pro", "free"}
    assert vocabulary.ends == ("buy",)
    assert vocabulary.starts == ()
    assert vocabulary.usual == ("home", "docs", "pricing", "buy")  # docs: one of two converted
    assert vocabulary.as_of == (START + 40 * DAY).date()
    assert vocabulary.sessions


def test_a_journey_without_an_end_has_no_usual_steps() -> None:
    store = company([Event("ann", START, 1, "home")], JourneyDefinition("open"))
    vocabulary = vocabulary_of(store)
    assert vocabulary.ends == vocabulary.usual == ()


SAMPLE = practice.vocabulary("sample")


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("conversion of small companies", ["company_size = 1-10 | 11-50"]),
        ("conversion of enterprise companies", ["company_size = 201-1000 | over 1000"]),
        ("conversion in Germany", ["country = Germany"]),  # not visit_country
        ("conversion via facebook", ["channel = Paid social | Organic social"]),
        ("which channel brings the best customers", []),  # persons, no lifecycle stage
        ("conversion of lifecycle stage customer", ["lifecycle_stage = customer"]),
        ("show me the big picture", []),
        ("is there a big drop for large accounts", ["company_size = 201-1000 | over 1000"]),
        ("everyone but the us", ["country != United States"]),
    ],
)
def test_a_segment_is_read_as_marketers_speak_of_it(text: str, filters: list[str]) -> None:
    assert [each.text() for each in read(text, SAMPLE).filters] == filters


def test_fields_that_tell_nobody_apart_are_no_segments() -> None:
    events = [
        Event(f"p{n}", START + n * HOUR, n, "home", "ads" if n % 2 else "email") for n in range(60)
    ]
    traits = {
        f"p{n}": {
            "plan": "pro" if n % 3 else "free",
            "landing": f"/page/{n % 4}",
            "workspace": f"w{n}",
            "tenant": "all of them",
        }
        for n in range(60)
    }
    assert set(vocabulary_of(company(events, traits=traits)).segments) == {"channel", "plan"}


def test_the_usual_order_of_touchpoints_is_read_from_the_journeys() -> None:
    events = [
        Event(person, START + hour * HOUR, n * 3 + hour, touchpoint, "ads")
        for n, person in enumerate(("ann", "ben"))
        for hour, touchpoint in enumerate(
            # one sees docs first, the other the blog: neither usually comes before
            ("form start", "docs", "blog") if n else ("form start", "blog", "docs")
        )
    ]
    told = vocabulary_of(company(events)).precedes
    assert told == {("form start", "docs"), ("form start", "blog")}
