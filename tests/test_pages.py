"""Page addresses: what is one page whatever its address carries, and what a page is called."""

from tools.connectors.macros import MACROS
from tools.dictionary.labelling import TouchpointRule, readable, shown
from tools.store.workspace import memory_store

SITE = "https://www.shop.example"
PATHS = [
    (SITE, "/"),
    (f"{SITE}/", "/"),
    (f"{SITE}?utm_source=x", "/"),
    (f"{SITE}/#top", "/"),
    (f"{SITE}/index.html", "/"),
    (f"{SITE}/Pricing/?utm_source=x&gclid=1#faq", "/pricing"),
    ("http://shop.example:8080/pricing", "/pricing"),
    ("//cdn.shop.example/pricing", "/pricing"),
    ("shop.example/pricing?x=1", "/pricing"),
    ("/pricing", "/pricing"),
    ("pricing", "/pricing"),
    (f"{SITE}/pricing.html", "/pricing"),
    (f"{SITE}/docs/index.php", "/docs"),
    (f"{SITE}//docs///api/", "/docs/api"),
    (f"{SITE}/page;jsessionid=A1B2", "/page"),
    (f"{SITE}/search?q=https://other.example/x", "/search"),
    # locales
    (f"{SITE}/en/pricing", "/pricing"),
    (f"{SITE}/de-DE/", "/"),
    (f"{SITE}/pt_br/pricing", "/pricing"),
    (f"{SITE}/es-419/pricing", "/pricing"),
    (f"{SITE}/it", "/"),
    (f"{SITE}/my/orders", "/my/orders"),  # a word before it is a language
    (f"{SITE}/hr-hr/jobs", "/jobs"),
    (f"{SITE}/english/pricing", "/english/pricing"),
    # ids
    (f"{SITE}/orders/12345/items/7", "/orders/:id/items/:id"),
    (f"{SITE}/orders/550E8400-E29B-41D4-A716-446655440000", "/orders/:id"),
    (f"{SITE}/u/5f3a9c1b2d4e6f708192a3b4/edit", "/u/:id/edit"),
    (f"{SITE}/pay/cs_test_a1b2C3d4E5f6G7h8", "/pay/:id"),
    (f"{SITE}/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms", "/d/:id"),
    (f"{SITE}/orders/order-10017", "/orders/:id"),
    (f"{SITE}/unsubscribe/ann@shop.example", "/unsubscribe/:id"),  # and no person in a name
    (f"{SITE}/top-10-tips", "/top-10-tips"),
    (f"{SITE}/report-2024", "/report-2024"),
    (f"{SITE}/404", "/404"),
    # writing
    (f"{SITE}/caf%C3%A9", "/café"),
    (f"{SITE}/%FF", "/%ff"),
    # single-page apps
    ("https://app.shop.example/#/pricing", "/pricing"),
    ("https://app.shop.example/index.html#!/plans?x=1", "/plans"),
    # no pages
    ("mailto:ann@shop.example", None),
    ("javascript:void(0)", None),
    ("data:text/html,hi", None),
    ("tel:+49123", None),
    ("chrome-extension://abc/x.html", None),
    ("  ", None),
    (None, None),
]
LABELS = {
    "/": "Home",
    "/pricing": "Pricing",
    "/case-studies/acme": "Case study",
    "/customers": "Case study",
    "/success-stories/acme": "Case study",
    "/blog": "Blog",
    "/blog/how-to": "Blog",
    "/blog/how-to/start": "Blog: how to",
    "/docs/api/auth": "Docs",
    "/free-trial": "Free trial",
    "/my_account/orders": "My account",
    "/:id": "Page",
    "/:id/settings": "Settings",
}


def page(path: str) -> str:
    return f"\ue003{path}\ue004"


def called(
    name: str, *rules: TouchpointRule, group: str | None = None
) -> tuple[str, str | None, bool]:
    told = shown(name, "web", group, {}, rules)
    return told.label, told.touchpoint_group, told.hidden


def test_what_differs_between_visits_to_a_page_is_not_in_its_name() -> None:
    store = memory_store()
    store.execute(MACROS)
    store.execute("CREATE TEMP TABLE told (place INTEGER, address VARCHAR)")
    for place, (address, _) in enumerate(PATHS):
        store.execute(
            "INSERT INTO told VALUES ($place, $address)", {"place": place, "address": address}
        )
    rows = store.rows("SELECT path_of(address), page_of(address) FROM told ORDER BY place")
    assert [(case[0], row[0]) for case, row in zip(PATHS, rows, strict=True)] == PATHS
    assert all(name is None if path is None else name == page(str(path)) for path, name in rows)


def test_a_path_cleaned_again_is_the_same() -> None:
    store = memory_store()
    store.execute(MACROS)
    for path in sorted({path for _, path in PATHS if path}):
        assert store.value("SELECT path_of($path)", {"path": path}) == path


def test_a_page_is_called_as_a_marketer_would() -> None:
    assert {path: readable(page(path)) for path in LABELS} == LABELS


def test_a_page_is_grouped_by_its_section_and_a_told_group_counts() -> None:
    assert called(page("/blog/how-to/start"))[1] == "Blog"
    assert called(page("/pricing"), group=page("/pricing"))[1] == "Pricing"  # made of a name
    assert called(page("/pricing"), group="Site")[1] == "Site"


def test_a_page_inside_another_name_reads_as_it_is_called() -> None:
    assert readable(f"Form submitted: {page('/free-trial')}") == "Form submitted: Free trial"


def test_a_name_that_only_looks_like_an_address_keeps_its_writing() -> None:
    assert called("/Orders/x") == ("/Orders/x", None, False)


def test_the_first_rule_for_addresses_counts() -> None:
    rules = (
        TouchpointRule(1, "/blog/news/*", "News"),
        TouchpointRule(2, "/blog*", "Articles", "Content"),
    )
    assert called(page("/blog/news/1"), *rules) == ("News", "News", False)
    assert called(page("/blog/a/b"), *rules) == ("Articles", "Content", False)


def test_rules_for_labels_build_on_one_another() -> None:
    rules = (TouchpointRule(1, "Blog: *", "Blog"), TouchpointRule(2, "blog", "Articles"))
    assert called(page("/blog/a/b"), *rules)[0] == "Articles"


def test_pages_hidden_by_address_do_not_hide_others_of_their_label() -> None:
    rule = TouchpointRule(1, "/docs/internal/*", hidden=True)
    assert called(page("/docs/internal/x"), rule) == ("/docs/internal/x", "/docs/internal/x", True)
    assert called(page("/docs/api"), rule) == ("Docs", "Docs", False)


def test_a_pattern_with_a_bar_means_either() -> None:
    rule = TouchpointRule(1, "Sign up | Signup", "Sign-up")
    assert [called(name, rule)[0] for name in ("signup", "Sign up", "Sign")] == [
        "Sign-up",
        "Sign-up",
        "Sign",
    ]
