"""Google Ads: what campaigns cost, day by day, and what they are called.

Reports of the same days at several levels (campaign, ad group, ad, keyword, account) tell the same
money: of a day only the coarsest that names campaigns counts.
"""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
DAY = "date|segments.date|day"
COST = "cost_micros|metrics.cost_micros|metrics.costMicros|cost"
CAMPAIGN = "campaign_id|campaign.id"
METRICS = (
    "cost",
    "impressions|metrics.impressions|impr.",
    "clicks|metrics.clicks",
    "_fivetran_synced|_airbyte_extracted_at",
    "device|segments.device",
    "ad_network_type|segments.ad_network_type|segments.adNetworkType|network",
    "customer_id|customer.id",
    "currency|currency_code|currency code|customer.currency_code|customer.currencyCode",
    "campaign_name|campaign.name|campaign",
    "conversions|metrics.conversions",
)
SAME_MONEY = "the same spend as other reports of these days have, by search term"
TABLES = (
    VendorTable(
        "google_ads",
        "campaign",
        (DAY, COST, "campaign_id|campaign.id|campaign_name|campaign.name|campaign"),
        SQL,
        optional=(
            *METRICS,
            "advertising_channel_type|campaign.advertising_channel_type|campaign.advertisingChannelType|campaign type",
        ),
        lacks=("ad_group_id", "ad_id", "adGroup.id", "ad_group.id", "ad group", "search_term"),
    ),
    VendorTable(
        "google_ads",
        "campaign_stats",
        (DAY, COST, "id", "base_campaign"),
        SQL,
        optional=METRICS,
    ),
    VendorTable(
        "google_ads",
        "ad_group_stats",
        (DAY, COST, CAMPAIGN, "id|ad_group.id|adGroup.id|ad group id|ad group"),
        SQL,
        optional=(*METRICS, "base_ad_group|ad_group.name|adGroup.name"),
        lacks=("ad_id", "ad_group_criterion_criterion_id", "search_term", "ad_group_id"),
    ),
    VendorTable(
        "google_ads",
        "ad_stats",
        (DAY, COST, "ad_id|ad_group_ad.ad.id|adGroupAd.ad.id"),
        SQL,
        optional=(*METRICS, CAMPAIGN, "keyword_ad_group_criterion", "ad_group_id", "ad_group"),
    ),
    VendorTable(
        "google_ads",
        "keyword_stats",
        (
            DAY,
            COST,
            "ad_group_criterion_criterion_id|adGroupCriterion.criterionId|ad_group_criterion.criterion_id",
        ),
        SQL,
        optional=(*METRICS, CAMPAIGN, "ad_group_id"),
    ),
    VendorTable(
        "google_ads",
        "search_term_stats",
        (
            DAY,
            COST,
            "search_term|searchTermView.searchTerm|search_term_view.search_term|search term",
        ),
        SQL,
        optional=(*METRICS, CAMPAIGN),
        nothing=SAME_MONEY,
    ),
    VendorTable(
        "google_ads",
        "account_stats",
        (DAY, COST, "customer_id|customer.id", "impressions|metrics.impressions"),
        SQL,
        optional=METRICS,
        lacks=(
            "id",
            "campaign_id",
            "campaign.id",
            "campaign_name",
            "campaign.name",
            "campaign",
            "ad_id",
            "ad_group_id",
            "search_term",
        ),
    ),
    VendorTable(
        "google_ads",
        "click",
        ("gclid|clickView.gclid|click_view.gclid", DAY, "campaign_id|campaign.id"),
        SQL,
        optional=(
            "campaign_name|campaign.name",
            "ad_group_name|ad_group.name|adGroup.name",
            "ad_group_id|ad_group.id|adGroup.id",
        ),
        lacks=(COST,),
    ),
    VendorTable(
        "google_ads",
        "campaign_history",
        (
            "id|campaign.id",
            "name|campaign.name",
            "advertising_channel_type|campaign.advertisingChannelType",
        ),
        SQL,
        optional=("updated_at",),
        lacks=("cost_micros", "metrics.costMicros", "metrics.cost_micros"),
    ),
    VendorTable(
        "google_ads",
        "ad_group_history",
        ("id", "campaign_id", "campaign_name", "name", "status"),
        SQL,
        optional=("updated_at",),
    ),
    VendorTable(
        "google_ads",
        "ad_history",
        ("id", "ad_group_id", "final_urls", "status"),
        SQL,
        optional=("name", "updated_at"),
        nothing="an ad says nothing about people",
    ),
    VendorTable(
        "google_ads", "ad_group_criterion_history", ("id", "ad_group_id", "keyword_text"), SQL
    ),
    VendorTable(
        "google_ads", "account_history", ("id", "auto_tagging_enabled", "currency_code"), SQL
    ),
)
