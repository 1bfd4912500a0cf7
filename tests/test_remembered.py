from tests import planted
from tests.company import company
from tests.test_timing import ALL, HAND
from tools import catalog
from tools.analyses.overview import overview
from tools.analyses.remembered import remembered
from tools.analyses.timing import timing
from tools.journeys.scope import Scope, conditions


def test_the_same_question_is_worked_out_once_and_another_one_anew() -> None:
    store = company(HAND)
    store.writable = False
    told = remembered(timing, store, scope=ALL)
    assert remembered(timing, store, first=None, top=10, scope=ALL) is told  # the defaults
    assert remembered(timing, store, top=1, scope=ALL) is not told
    assert remembered(timing, store, scope=Scope(minimum_group=2)) is not told
    narrow = Scope(where=conditions(["channel = ads"]), minimum_group=1)
    assert remembered(timing, store, scope=narrow).mature == 4
    assert remembered(overview, store, scope=ALL).scope == told.scope


def test_a_store_that_is_written_to_remembers_nothing() -> None:
    store = company(HAND)
    assert remembered(timing, store, scope=ALL) is not remembered(timing, store, scope=ALL)
    assert not [key for key in store.memory if isinstance(key, tuple) and key[0] == "part"]


def test_recommendations_take_what_was_asked_before() -> None:
    store = planted.leak(3, 2.5).store()
    alone = catalog.call(store, "recommendations", {})
    store.writable = False
    store.memory.clear()
    catalog.call(store, "attribution", {})
    known = [key for key in store.memory if isinstance(key, tuple) and key[0] == "part"]
    assert [key[1] for key in known] == ["attribution"]
    assert catalog.call(store, "recommendations", {}) == alone
    parts = {key[1] for key in store.memory if isinstance(key, tuple) and key[0] == "part"}
    assert parts == {
        "attribution", "recommendations", "inflection_points", "drop_off", "drop_off_causes",
    }  # fmt: skip
