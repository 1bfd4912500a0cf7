import pytest

from tests.company import START, company
from tests.journey_oracle import Event
from tools.journeys.definition import JourneyDefinition
from tools.journeys.proposal import propose


@pytest.mark.parametrize(
    ("labels", "end"),
    [
        (["home", "purchase", "payment_error", "payment_details"], "purchase"),
        (["Visited pricing", "Subscription started", "Sign-up completed"], "Subscription started"),
        (["signup_started", "SignupCompleted"], "SignupCompleted"),
        (["Create Fine", "Send Fine", "Payment"], "Payment"),
        (["view", "addtocart", "transaction"], "transaction"),
        (["startseite", "Bestellung", "Warenkorb"], "Bestellung"),
        (["facebook", "conversion"], "conversion"),
        (["purchase_started", "purchase"], "purchase"),
    ],
)
def test_the_most_purchase_like_name_is_proposed_as_the_end(labels: list[str], end: str) -> None:
    events = [Event("ann", START, n, label) for n, label in enumerate(labels)]
    store = company(events, JourneyDefinition("any"))
    assert propose(store).end.touchpoints == (end,)


def test_no_end_is_proposed_where_nothing_is_like_one() -> None:
    events = [Event("ann", START, 1, "home"), Event("ann", START, 2, "payment failed")]
    store = company(events, JourneyDefinition("any"))
    proposed = propose(store)
    assert proposed.end.touchpoints == ()
    assert proposed.proposed
