"""How identifiers are written, which of them stand for nobody, and hashed addresses in any order."""

import hashlib
from collections.abc import Callable, Iterator

import pytest

from tests.identity_oracle import Link, Node
from tests.test_identity_ties import persons, see
from tools.identity.guards import names_a_person
from tools.store.workspace import memory_store

Hash = Callable[[bytes], "hashlib._Hash"]


@pytest.fixture(scope="module")
def read() -> Iterator[Callable[[str, str], str | None]]:
    """Return how a value of a kind is kept."""
    store = memory_store()

    def value(kind: str, told: str) -> str | None:
        see(store, [Link((kind, told), ("anchor", "x"))])
        found = store.value("SELECT value FROM identified WHERE kind = $kind", {"kind": kind})
        return None if found is None else str(found)

    yield value
    store.close()


@pytest.mark.parametrize(
    ("kind", "told", "kept"),
    [
        ("email", " Ann@X.com ", "ann@x.com"),
        ("email", "ann+news@x.com", "ann@x.com"),
        ("email", "<Ann@x.com>", "ann@x.com"),
        ("email", "Ann Lee <ann+a+b@x.com>", "ann@x.com"),
        ("email", "mailto:ann@x.com?subject=Hi", "ann@x.com"),
        ("email", "A" * 64, "a" * 64),
        ("phone", "+49 (0)151 234-567", "49151234567"),
        ("phone", "0049151234567", "49151234567"),
        ("phone", "tel:+1 (555) 010-9999 ext. 12", "15550109999"),
        ("phone", "0151 234567", "0151234567"),  # without its country it is another number
        ("user", "A1", "A1"),
        ("user", "Ann@X.com", "ann@x.com"),
        ("x_handle", "@Ann", "@Ann"),
        ("user", "a1", "a1"),
        ("user", "0", "0"),
        ("user", "101.0", "101"),
        (
            "device",
            "{6F9619FF-8B86-D011-B42D-00CF4FC964FF}",
            "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
        ),
        ("ga_client", "1234.5678", "1234.5678"),
        ("salesforce_contact", "0035g00000ABCdeAAH", "0035g00000ABCde"),
        ("salesforce_contact", "0035g00000ABCde", "0035g00000ABCde"),
    ],
)
def test_one_identifier_is_kept_in_one_form(
    read: Callable[[str, str], str | None], kind: str, told: str, kept: str
) -> None:
    assert read(kind, told) == kept


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("user", " NULL "), ("user", "undefined"), ("user", "[object Object]"), ("user", "true"), ("user", "-1"),
        ("user", "anonymous"), ("user", "Guest"), ("user", "deleted"), ("user", "(not set)"), ("user", "lmy47d"),
        ("device", "00000000-0000-0000-0000-000000000000"), ("device", "0"), ("device", "000000000000000"),
        ("email", "n/a"), ("email", "test@test.com"), ("email", "noreply@x.com"), ("email", "none@none.com"),
        ("email", "@x.com"), ("email", hashlib.sha256(b"").hexdigest()),
        ("phone", "0000000"), ("phone", "+1 111 111 1111"), ("phone", "123"), ("phone", "4.91512E+12"), ("phone", "none given"),
    ],
)  # fmt: skip
def test_placeholders_name_nobody(
    read: Callable[[str, str], str | None], kind: str, told: str
) -> None:
    assert read(kind, told) is None


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("email", "test@x.com"), ("email", "ann@example.com"), ("email", "info@x.com"), ("email", "null.person@x.com"),
        ("user", "nullable"), ("user", "10"), ("phone", "+49 111 234567"),
    ],
)  # fmt: skip
def test_what_may_be_a_person_is_kept(
    read: Callable[[str, str], str | None], kind: str, told: str
) -> None:
    assert read(kind, told) is not None


@pytest.mark.parametrize("hashing", [hashlib.md5, hashlib.sha1, hashlib.sha256])
@pytest.mark.parametrize("hash_first", [True, False])
@pytest.mark.parametrize("form", ["ann@x.com", "ann+news@x.com"])
def test_hashed_addresses_meet_their_clear_form_in_any_order(
    hashing: Hash, hash_first: bool, form: str
) -> None:
    digest: Node = ("email", hashing(form.encode()).hexdigest().upper())
    links = [[Link(digest, ("fbp", "f1"))], [Link(("email", "Ann+News@x.com"), ("user", "a1"))]]
    store = memory_store()
    for number, told in enumerate(links if hash_first else links[::-1]):
        see(store, told, load_id=number)
    assert len(set(persons(store).values())) == 1


def test_a_clear_address_and_its_hash_count_as_one_for_the_guard() -> None:
    store = memory_store()
    names = [f"a{n}@x.com" for n in range(4)]
    for address in names:
        digest = hashlib.sha256(address.encode()).hexdigest()
        see(
            store, [Link(("user", "u"), ("email", address)), Link(("user", "u"), ("email", digest))]
        )
    # Eight values, but four addresses: below the limit of five.
    assert len(set(persons(store).values())) == 1


@pytest.mark.parametrize(
    "kind",
    [
        "ga_client", "segment_anonymous", "amplitude_device", "mixpanel_device", "gclid", "fbclid", "li_fat_id", "wbraid",
        "ip_address", "session", "shopify_order", "zendesk_ticket", "stripe_charge", "hubspot_deal", "cookie", "idfa",
    ],
)  # fmt: skip
def test_a_person_may_have_many_of_these(kind: str) -> None:
    assert not names_a_person(kind)


@pytest.mark.parametrize(
    "kind",
    ["email", "phone", "user", "hubspot_contact", "klaviyo_person", "stripe_customer", "salesforce_lead", "shopify_customer"],
)  # fmt: skip
def test_these_name_one_person(kind: str) -> None:
    assert names_a_person(kind)


def test_a_person_with_hundreds_of_cookies_is_one_person() -> None:
    store = memory_store()
    see(store, [Link(("ga_client", f"c{n}"), ("user", "u")) for n in range(300)])
    assert len(set(persons(store).values())) == 1
