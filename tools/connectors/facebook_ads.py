"""Meta Ads (Facebook, Instagram): what campaigns cost, day by day, and what they are called."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
CURRENCIES = [
    "usd",
    "eur",
    "gbp",
    "cad",
    "aud",
    "chf",
    "sek",
    "nok",
    "dkk",
    "pln",
    "inr",
    "brl",
    "jpy",
    "mxn",
    "nzd",
    "sgd",
]
SPEND = "|".join(
    ["spend", "amount spent", *(f"amount spent ({currency})" for currency in CURRENCIES)]
)
DAY = "date_start|date|day|reporting starts"
METRICS = (
    "impressions",
    "inline_link_clicks|link clicks|clicks",
    "clicks|clicks (all)",
    "_fivetran_synced|_airbyte_extracted_at",
    "account_id",
    "campaign_name|campaign name",
    "campaign_id|campaign id",
    "account_currency|currency",
    "publisher_platform|platform",
)
BREAKDOWN = "a breakdown of spend that other reports of the day have"
ACTIONS = "counts of actions after ads, which name no person"
TABLES = (
    VendorTable(
        "facebook_ads",
        "campaign",
        (DAY, SPEND, "campaign_name|campaign name|campaign_id|campaign id"),
        SQL,
        optional=METRICS,
        lacks=("ad_id", "adset_id", "ad id", "ad set id", "ad name", "ad set name"),
    ),
    VendorTable(
        "facebook_ads",
        "ad_set",
        (DAY, SPEND, "adset_id|ad set id|ad set name"),
        SQL,
        optional=METRICS,
        lacks=("ad_id", "ad id", "ad name"),
    ),
    VendorTable(
        "facebook_ads", "ad", (DAY, SPEND, "ad_id|ad id|ad name"), SQL,
        optional=(*METRICS, "adset_id|ad set id"),
    ),
    VendorTable(
        "facebook_ads", "country", (DAY, SPEND, "country", "impressions"), SQL, optional=METRICS,
        lacks=("ad_id", "campaign_id", "campaign_name"),
    ),
    VendorTable(
        "facebook_ads", "region", (DAY, SPEND, "region", "impressions"), SQL, optional=METRICS,
        lacks=("ad_id", "campaign_id", "campaign_name"), nothing=BREAKDOWN,
    ),
    VendorTable(
        "facebook_ads", "actions", ("date", "action_type", "value", "index"), SQL,
        optional=("ad_id", "account_id", "inline", "_7_d_click", "_1_d_view"), nothing=ACTIONS,
    ),
    VendorTable(
        "facebook_ads", "ad_history", ("id", "account_id", "campaign_id", "ad_set_id|adset_id", "name"), SQL,
        optional=("creative_id", "updated_time"),
    ),
    VendorTable(
        "facebook_ads", "ad_set_history", ("id", "account_id", "campaign_id", "name", "updated_time"), SQL,
        lacks=("ad_set_id", "adset_id"),
    ),
    VendorTable(
        "facebook_ads", "campaign_history", ("id", "account_id", "name", "updated_time"), SQL,
        optional=("objective", "status"),
        lacks=("ad_set_id", "adset_id", "campaign_id"),
    ),
    VendorTable(
        "facebook_ads", "creative_history", ("id", "page_link", "asset_feed_spec_link_urls"), SQL,
        optional=("name", "url_tags"), nothing="an ad's picture and words say nothing about people",
    ),
    VendorTable(
        "facebook_ads", "account_history", ("id", "name", "_fivetran_synced"), SQL,
        named=("facebook_ads_account", "account_history"),
        lacks=("campaign_id", "account_id", "updated_at", "currency"),
    ),
)  # fmt: skip
