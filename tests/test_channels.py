"""Channels: GA4's default grouping case by case, what visits came from, and the user's rules."""

from tests.names_desk import Event, Spent, desk, load, shown
from tools.connectors.macros import MACROS
from tools.dictionary.channels import list_rules, remove_rule, set_rule, settle_channels
from tools.store.door import Store
from tools.store.workspace import memory_store

SITE = "https://www.shop.example/pricing"

# source, medium, campaign -> channel: each condition of support.google.com/analytics/answer/9756891,
# in its order, in the spelling of this product.
GROUPING = [
    ("(direct)", "(none)", None, "Direct"),
    ("(direct)", "(not set)", None, "Direct"),
    ("google", "cpc", "Spring cross-network", "Cross-network"),
    ("amazon", "cpc", None, "Paid shopping"),
    ("google", "cpc", "shop now", "Paid shopping"),  # `shop` stands alone
    ("google", "cpc", "eshop", "Paid shopping"),  # or behind an e
    ("google", "cpc", "workshop", "Paid search"),  # but not behind another letter
    ("google", "cpc", "google shopping", "Paid shopping"),
    ("google", "cpc", None, "Paid search"),
    ("bing", "ppc", None, "Paid search"),
    ("duckduckgo.com", "paidsearch", None, "Paid search"),
    ("google", "retargeting", None, "Paid search"),
    ("google", "cpm", None, "Paid search"),  # `cp` stands before Display
    ("facebook.com", "cpc", None, "Paid social"),
    ("linkedin", "paid_social", None, "Paid social"),
    ("m.facebook.com", "paid", None, "Paid social"),
    ("youtube.com", "cpv-cpc", None, "Paid video"),
    ("vimeo", "paidvideo", None, "Paid video"),
    ("somewhere", "display", None, "Display"),
    ("somewhere", "banner", None, "Display"),
    ("somewhere", "expandable", None, "Display"),
    ("somewhere", "interstitial", None, "Display"),
    ("somewhere", "cpm", None, "Display"),
    ("somewhere", "cpc", None, "Paid other"),
    ("somewhere", "paid-content", None, "Paid other"),
    ("etsy.com", "referral", None, "Organic shopping"),
    ("somewhere", "blog", "shopping guide", "Organic shopping"),
    ("t.co", "referral", None, "Organic social"),
    ("l.instagram.com", "referral", None, "Organic social"),
    ("somewhere", "social", None, "Organic social"),
    ("somewhere", "social-network", None, "Organic social"),
    ("somewhere", "social media", None, "Organic social"),
    ("somewhere", "sm", None, "Organic social"),
    ("youtube.com", "referral", None, "Organic video"),
    ("somewhere", "a video ad", None, "Organic video"),
    ("google", "organic", None, "Organic search"),
    ("somewhere", "organic", None, "Organic search"),
    ("bing.com", "referral", None, "Organic search"),
    ("somewhere", "email", None, "Email"),
    ("somewhere", "e-mail", None, "Email"),
    ("somewhere", "e_mail", None, "Email"),
    ("e mail", "newsletter", None, "Email"),
    ("somewhere", "affiliate", None, "Affiliates"),
    ("somewhere", "referral", None, "Referral"),
    ("somewhere", "app", None, "Referral"),
    ("somewhere", "link", None, "Referral"),
    ("spotify", "audio", None, "Audio"),
    ("sms", "text", None, "SMS"),
    ("somewhere", "sms", None, "SMS"),
    ("somewhere", "webpush", None, "Mobile push notifications"),
    ("somewhere", "mobile-inbox", None, "Mobile push notifications"),
    ("somewhere", "notification", None, "Mobile push notifications"),
    ("firebase", "x", None, "Mobile push notifications"),
    ("chatgpt.com", "ai-assistant", "(ai-assistant)", "AI assistant"),
    ("chatgpt.com", None, None, "AI assistant"),  # ChatGPT sets the source alone
    ("claude.ai", "referral", None, "AI assistant"),
    ("newsletter", "partner", None, "Unassigned"),
    ("GOOGLE", "CPC", None, "Paid search"),  # no case counts
]

# referrer, address -> channel
VISITS = [
    ("https://www.google.de/", SITE, "Organic search"),
    ("https://mail.google.com/mail", SITE, "Referral"),  # not the search
    ("https://gemini.google.com/", SITE, "AI assistant"),
    ("https://uk.search.yahoo.com/x", SITE, "Organic search"),
    ("https://l.facebook.com/l.php?u=x", f"{SITE}?fbclid=1", "Organic social"),
    ("android-app://com.google.android.googlequicksearchbox/", SITE, "Organic search"),
    ("https://www.youtube.com/", SITE, "Organic video"),
    ("https://partner.example/a", SITE, "Referral"),
    ("https://notfacebook.com/", SITE, "Referral"),
    ("https://www.shop.example/", SITE, None),  # a page within the visit
    ("https://blog.shop.example/a", SITE, None),
    ("https://a.co.uk/", "https://b.co.uk/", "Referral"),
    ("https://shop.a.co.uk/", "https://a.co.uk/", None),
    ("https://checkout.stripe.com/c", SITE, None),  # back from paying
    ("$direct", SITE, "Direct"),
    ("", SITE, "Direct"),
    (None, SITE, None),
    (None, None, None),
    (None, f"{SITE}?gclid=Cj0", "Paid search"),
    (None, f"{SITE}?gclid=", None),
    (None, f"{SITE}#gbraid=Cj0", "Paid search"),
    (None, f"{SITE}?a=1&GCLID=Cj0", "Paid search"),
    (None, f"{SITE}?msclkid=1", "Paid search"),
    (None, f"{SITE}?dclid=1", "Display"),
    (None, f"{SITE}?li_fat_id=1", "Paid social"),
    (None, f"{SITE}?ttclid=1", "Paid social"),
    (None, f"{SITE}?twclid=1", "Paid social"),
    (None, f"{SITE}?fbclid=1", "Organic social"),  # every link out of Facebook has one
    (None, f"{SITE}?mc_eid=1", "Email"),
    (None, f"{SITE}?irclickid=1", "Affiliates"),
    (None, f"{SITE}?utm_source=News+letter&utm_medium=e-mail", "Email"),
    ("https://t.co/x", f"{SITE}?utm_medium=email", "Email"),  # what is tagged counts
    ("https://www.google.com/", f"{SITE}?utm_source=x&utm_medium=email&gclid=1", "Paid search"),
]


def macros() -> Store:
    store = memory_store()
    store.execute(MACROS)
    return store


def test_each_condition_of_the_default_grouping_gives_its_channel() -> None:
    store = macros()
    store.execute(
        "CREATE TEMP TABLE told (place INTEGER, source VARCHAR, medium VARCHAR, campaign VARCHAR)"
    )
    for place, (source, medium, campaign, _) in enumerate(GROUPING):
        store.execute(
            "INSERT INTO told VALUES ($place, $source, $medium, $campaign)",
            {"place": place, "source": source, "medium": medium, "campaign": campaign},
        )
    store.execute(
        "CREATE TEMP TABLE origins AS "
        "SELECT place, origin_of(source, medium, campaign, NULL, NULL) AS origin FROM told"
    )
    rows = store.rows("SELECT channel_of(origin) FROM origins ORDER BY place")
    found = [(*case[:3], row[0]) for case, row in zip(GROUPING, rows, strict=True)]
    assert found == GROUPING


def test_a_visit_is_told_by_its_referrer_its_tags_and_its_click_id() -> None:
    store = macros()
    store.execute("CREATE TEMP TABLE told (place INTEGER, referrer VARCHAR, address VARCHAR)")
    for place, (referrer, address, _) in enumerate(VISITS):
        store.execute(
            "INSERT INTO told VALUES ($place, $referrer, $address)",
            {"place": place, "referrer": referrer, "address": address},
        )
    store.execute(
        "CREATE TEMP TABLE origins AS "
        "SELECT place, origin_of(NULL, NULL, NULL, referrer, address) AS origin FROM told"
    )
    rows = store.rows("SELECT channel_of(origin) FROM origins ORDER BY place")
    found = [(*case[:2], row[0]) for case, row in zip(VISITS, rows, strict=True)]
    assert found == VISITS


def test_an_origin_is_compact_json_of_what_is_known() -> None:
    store = macros()
    assert (
        store.value("SELECT origin_of('a\"b', 'x', NULL, NULL, NULL)")
        == '{"source":"a\\"b","medium":"x"}'
    )
    assert store.value(
        f"SELECT origin_of(NULL, NULL, 'C', 'https://T.co/1', '{SITE}?gclid=1')"
    ) == ('{"campaign":"C","referrer":"t.co","host":"shop.example","click":"gclid"}')


def test_the_short_form_for_source_and_medium_follows_the_same_rules() -> None:
    store = macros()
    row = store.rows(
        "SELECT ga4_channel('google', 'organic', NULL), ga4_channel('x', 'Email', NULL), "
        "ga4_channel('x', 'organic', 'Cj0'), ga4_channel(NULL, NULL, NULL), ga4_channel('(direct)', '(none)', NULL)"
    )[0]
    assert row == ("Organic search", "Email", "Paid search", "Direct", "Direct")


GOOGLE = '{"source":"google","medium":"cpc","campaign":"Brand DE"}'


def test_the_first_rule_that_matches_gives_the_channel_and_removing_it_brings_back_the_old() -> (
    None
):
    store = desk()
    load(
        store,
        [
            Event(1, "web", "Visit", origin=GOOGLE),
            Event(2, "web", "Visit", origin='{"referrer":"t.co"}'),
        ],
    )
    assert [shown(store)[n][2] for n in (1, 2)] == ["Paid search", "Organic social"]
    store.execute("DELETE FROM touched_person")
    set_rule(store, "campaign", "brand*", "Brand search")
    set_rule(store, "channel", "Paid *", "Ads")
    assert [shown(store)[n][2] for n in (1, 2)] == ["Brand search", "Organic social"]
    assert store.rows("SELECT DISTINCT person_id FROM touched_person") == [(1,)]
    set_rule(store, "channel", "Paid *", "Ads", position=1)
    assert shown(store)[1][2] == "Ads"
    remove_rule(store, 1)
    remove_rule(store, 1)
    assert list_rules(store) == ()
    assert shown(store)[1][2] == "Paid search"


def test_a_rule_holds_for_what_is_imported_later_and_for_spend() -> None:
    store = desk()
    set_rule(store, "channel", "paid search", "Ads")
    load(
        store,
        [
            Event(1, "web", "Visit", origin=GOOGLE),
            Spent(1, "ads", "2026-01-01", "campaign", "A", 2),
        ],
    )
    assert shown(store)[1][2] == "Ads"
    assert store.rows("SELECT channel FROM spend") == [("Ads",)]
    remove_rule(store, 1)
    assert store.rows("SELECT channel FROM spend") == [("Paid search",)]


def test_a_channel_that_a_source_told_itself_is_renamed_and_comes_back() -> None:
    store = desk()
    load(
        store,
        [Event(1, "mail", "Clicked", channel="Email"), Event(2, "mail", "Sent", channel="SMS")],
    )
    set_rule(store, "channel", "email", "Newsletter")
    load(store, [Event(3, "mail", "Clicked", channel="Email")])
    assert [shown(store)[n][2] for n in (1, 2, 3)] == ["Newsletter", "SMS", "Newsletter"]
    remove_rule(store, 1)
    assert [shown(store)[n][2] for n in (1, 2, 3)] == ["Email", "SMS", "Email"]


def test_settling_again_writes_nothing() -> None:
    store = desk()
    load(store, [Event(1, "web", "Visit", origin=GOOGLE)])
    store.execute("DELETE FROM touched_person")
    settle_channels(store)
    assert store.value("SELECT count(*) FROM touched_person") == 0
