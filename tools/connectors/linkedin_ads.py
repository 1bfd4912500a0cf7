"""LinkedIn Ads: what campaigns cost, day by day, and what they are called."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
DAY = "day|date|start_at|dateRange.start.year|start date (in utc)"
COST = "cost_in_local_currency|costInLocalCurrency|cost_in_usd|costInUsd|total spent"
METRICS = (
    "cost_in_usd|costInUsd",
    "impressions",
    "clicks",
    "_fivetran_synced|_airbyte_extracted_at",
    "campaign_name|campaign name",
    "currency",
    "landing_page_clicks|landingPageClicks",
)
MONTHS = "a month's total by place: the daily reports have the same spend"
TABLES = (
    VendorTable(
        "linkedin_ads", "campaign", (DAY, COST, "campaign_id|campaign_name|campaign id|campaign name"), SQL,
        optional=METRICS, lacks=("creative_id", "creative name"),
    ),
    VendorTable("linkedin_ads", "creative", (DAY, COST, "creative_id"), SQL, optional=METRICS),
    VendorTable(
        "linkedin_ads", "api", ("dateRange.start.year", "costInLocalCurrency", "pivotValues"), SQL,
        optional=("dateRange.start.month", "dateRange.start.day", "impressions", "clicks"),
    ),
    VendorTable(
        "linkedin_ads", "month_by_country", ("month", "member_country", "cost_in_usd"), SQL,
        optional=("campaign_id", "clicks", "impressions"), nothing=MONTHS,
    ),
    VendorTable(
        "linkedin_ads", "month_by_region", ("month", "member_region", "cost_in_usd"), SQL,
        optional=("campaign_id", "clicks", "impressions"), nothing=MONTHS,
    ),
    VendorTable(
        "linkedin_ads", "campaign_history", ("id", "campaign_group_id|campaignGroup", "name"), SQL,
        optional=("last_modified_time", "account_id|account", "version_tag"),
    ),
    VendorTable(
        "linkedin_ads", "campaign_group_history", ("id", "account_id", "last_modified_time", "name"), SQL,
        lacks=("campaign_group_id", "currency"),
    ),
    VendorTable(
        "linkedin_ads", "creative_history", ("id", "campaign_id", "intended_status"), SQL,
        optional=("last_modified_at", "click_uri"),
    ),
    VendorTable(
        "linkedin_ads", "account_history", ("id", "last_modified_time", "name", "currency", "version_tag"), SQL,
    ),
    VendorTable("linkedin_ads", "geo", ("id", "value"), SQL, named=("linkedin_geo", "geo_data", "geo")),
)  # fmt: skip
