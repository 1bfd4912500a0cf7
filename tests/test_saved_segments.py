import pytest

from tests.company import DAY, HOUR, START, company, number
from tests.journey_oracle import Event
from tools.analyses.overview import overview
from tools.errors import InvalidArgumentError, UnknownSegmentError
from tools.journeys.scope import Scope, conditions, saved_segments
from tools.journeys.segments import SavedSegment, forget_segment, save_segment, segments
from tools.store.door import Store

EVENTS = [
    Event("ann", START, 1, "home", "ads"),
    Event("ann", START + HOUR, 2, "pricing", "ads"),
    Event("ben", START, 3, "home", "email"),
    Event("cat", START + 50 * DAY, 4, "home", "email"),
]


def counted(store: Store, where: str) -> int:
    return overview(store, scope=Scope(where=conditions([where]))).journeys


def test_filters_are_saved_as_they_are_written_and_used_by_name() -> None:
    store = company(EVENTS)
    saved = save_segment(store, " Keen  ones ", ["Channel = ads", "saw pricing"], saved_at=START)
    assert saved == SavedSegment("Keen ones", ("channel = ads", "saw pricing"), 0, START)
    assert segments(store) == (saved,)
    assert saved_segments(store) == ("Keen ones",)
    assert counted(store, "saved segment = keen ones") == 1
    assert counted(store, "saved segment != Keen ones") == 2


def test_people_are_saved_one_by_one() -> None:
    store = company(EVENTS)
    people = [number("ann"), number("cat"), number("ann")]
    assert save_segment(store, "Two", person_ids=people, saved_at=START).persons == 2
    assert counted(store, "saved segment = Two") == 2


def test_a_name_is_used_once_and_what_it_meant_is_replaced() -> None:
    store = company(EVENTS)
    save_segment(store, "Mine", person_ids=[number("ann")], saved_at=START)
    save_segment(store, "mine", ["channel = email"], saved_at=START)
    assert [each.name for each in segments(store)] == ["mine"]
    assert counted(store, "saved segment = Mine") == 2


def test_segments_are_made_of_segments_but_never_of_themselves() -> None:
    store = company(EVENTS)
    save_segment(store, "Ads", ["channel = ads"], saved_at=START)
    save_segment(store, "Both", ["saved segment = Ads", "saw pricing"], saved_at=START)
    assert counted(store, "saved segment = Both") == 1
    with pytest.raises(InvalidArgumentError, match="is part of 'Both'"):
        forget_segment(store, "Ads")
    with pytest.raises(InvalidArgumentError, match="made of itself"):
        save_segment(store, "Both", ["saved segment = Both"], saved_at=START)
    forget_segment(store, "both")
    forget_segment(store, "ads")
    assert segments(store) == ()


def test_what_cannot_be_saved_is_a_clear_error() -> None:
    store = company(EVENTS)
    for name in ("", "a | b", "x = y"):
        with pytest.raises(InvalidArgumentError, match="should be words"):
            save_segment(store, name, ["channel = ads"], saved_at=START)
    with pytest.raises(InvalidArgumentError, match="filters, or a list of people"):
        save_segment(store, "Nobody", saved_at=START)
    with pytest.raises(UnknownSegmentError, match="no channel 'ad'"):
        save_segment(store, "Ads", ["channel = ad"], saved_at=START)
    with pytest.raises(UnknownSegmentError, match="no saved segment 'Adz'"):
        forget_segment(store, "Adz")
