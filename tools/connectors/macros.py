"""The macros that stand ready in every SELECT, with the lists of sites and click ids in them.

`sites.csv` has the form of Google's own list of source categories. A source with a dot matches
its subdomains too, but for search, where only those of the search itself do (mail.google.com is
none); `.*` at its end stands for any country's ending.
"""

import csv
import re
from pathlib import Path

from tools.store.door import read_sql

CLICKS = {
    # click id: (source, medium), as GA4 would tell them
    "gclid": ("google", "cpc"),
    "gbraid": ("google", "cpc"),
    "wbraid": ("google", "cpc"),
    "dclid": ("dv360", "display"),
    "msclkid": ("bing", "cpc"),
    "yclid": ("yandex", "cpc"),
    "li_fat_id": ("linkedin", "cpc"),
    "ttclid": ("tiktok", "cpc"),
    "twclid": ("twitter", "cpc"),
    "rdt_cid": ("reddit", "cpc"),
    "sccid": ("snapchat", "cpc"),
    "qclid": ("quora", "cpc"),
    "irclickid": ("impact", "affiliate"),
    "awc": ("awin", "affiliate"),
    "cjevent": ("cj", "affiliate"),
    "mc_eid": ("mailchimp", "email"),
    "mkt_tok": ("marketo", "email"),
    "_hsenc": ("hubspot", "email"),
    "_kx": ("klaviyo", "email"),
    "vero_id": ("vero", "email"),
    "fbclid": ("facebook", "referral"),
    "igshid": ("instagram", "referral"),
    "igsh": ("instagram", "referral"),
    "epik": ("pinterest", "referral"),
}
LANGUAGES = (
    "af|ar|az|bg|bn|bs|ca|cs|cy|da|de|el|en|eo|es|et|eu|fa|fi|fr|ga|gl|he|hi|hu|hy|it|ja|ka|kk|km|ko|"
    "lo|lt|lv|mk|mn|ms|mt|nb|ne|nl|nn|no|pl|pt|ro|ru|sk|sl|sq|sr|sv|sw|ta|te|th|tl|tr|uk|ur|uz|vi|zh"
)
AMBIGUOUS_LANGUAGES = "|am|be|hr|id|is|my|so|to"
"""Languages that are words too (/my, /hr, /id): a country has to follow, as in /hr-hr."""
SEARCH_SUBDOMAINS = r"(?:(?:m|cn|images?|lite|html|[a-z]{2}|(?:[a-z0-9-]+\.)*search)\.)?"


def _macros() -> str:
    text = read_sql(__file__)
    pages = read_sql(__file__, "pages.sql").replace(
        "/* ambiguous languages */", AMBIGUOUS_LANGUAGES
    )
    pages = pages.replace("/* languages */", LANGUAGES)
    channels = read_sql(__file__, "channels.sql")
    for kind in ("search", "social", "shopping", "video", "assistant", "payment"):
        channels = channels.replace(f"/* {kind} sites */", _pattern(kind))
    channels = channels.replace("/* click ids */", "|".join(CLICKS))
    for place, name in ((0, "sources"), (1, "mediums")):
        cases = " ".join(f"WHEN '{click}' THEN '{told[place]}'" for click, told in CLICKS.items())
        channels = channels.replace(f"/* click {name} */", cases)
    return f"{text}\n{pages}\n{channels}"


def _pattern(kind: str) -> str:
    """Return the expression that the sources of one kind match, in small letters."""
    category = f"SOURCE_CATEGORY_{kind.upper()}"
    with Path(__file__).with_name("sites.csv").open(encoding="utf-8", newline="") as file:
        sources = [
            row["source"] for row in csv.DictReader(file) if row["source category"] == category
        ]
    names = [re.escape(source) for source in sources if "." not in source]
    hosts = [_host(source) for source in sources if "." in source]
    below = SEARCH_SUBDOMAINS if kind == "search" else r"(?:[a-z0-9_-]+\.)*"
    return "|".join([*names, f"(?:www\\.)?{below}(?:{'|'.join(hosts)})"]).replace("'", "''")


def _host(source: str) -> str:
    if source.endswith(".*"):
        return re.escape(source[:-2]) + r"\.[a-z]{2,4}(?:\.[a-z]{2})?"
    return re.escape(source)


MACROS = _macros()
