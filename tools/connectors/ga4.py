"""Google Analytics 4: BigQuery's export of events and users, nested or flattened by a loader."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
LAST_CLICK = "session_traffic_source_last_click"
KNOWN_AND_UNUSED = (
    *["event_date", "date", "event_previous_timestamp", "event_server_timestamp_offset", "user_first_touch_timestamp", "stream_id"],
    *["is_active_user", "is_intraday", "platform", "items", "privacy_info", "user_ltv", "app_info", "publisher", "ecommerce", "event_dimensions"],
    *["collected_traffic_source", "traffic_source", "event_id"],
    "event_value_in_usd",
    *(f"privacy_info.{name}" for name in ("analytics_storage", "ads_storage", "uses_transient_token")),
    *(f"user_ltv.{name}" for name in ("revenue", "currency")),
    "device.web_info",
    *(
        f"device.{name}|device_{name}"
        for name in (
            *["mobile_brand_name", "mobile_model_name", "mobile_marketing_name", "mobile_os_hardware_model"],
            *["operating_system_version", "vendor_id", "advertising_id", "language", "is_limited_ad_tracking"],
            *["time_zone_offset_seconds", "browser_version"],
        )
    ),
    "device.web_info.browser_version|device_web_info_browser_version",
    "device.web_info.hostname|device_web_info_hostname|event_dimensions.hostname|event_dimensions_hostname|hostname",
    *(f"geo.{name}|geo_{name}" for name in ("continent", "sub_continent", "metro", "region")),
    *(f"app_info.{name}|app_info_{name}" for name in ("id", "install_store", "firebase_app_id", "install_source")),
    *(
        f"param_{name}"
        for name in (
            *["ga_session_number_2", "engagement_time_msec", "engaged_session_event", "session_engaged", "session_engaged_2"],
            *["entrances", "ignore_referrer", "term", "content", "page_title"],
        )
    ),
    *(
        f"{LAST_CLICK}{name}"
        for name in ("", ".manual_campaign", ".google_ads_campaign", ".cross_channel_campaign")
    ),
)  # fmt: skip
"""What GA4 always writes and no journey needs: it stays out of the events' properties."""

TABLES = (
    VendorTable(
        "ga4",
        "event",
        ("event_timestamp|timestamp", "event_name|name", "user_pseudo_id"),
        SQL,
        optional=(
            "event_params",
            "user_id",
            "user_properties",
            "event_bundle_sequence_id|bundle_sequence_id",
            "batch_page_id",
            "batch_ordering_id",
            "batch_event_index",
            "device.category|device_category|category",
            "device.operating_system|device_operating_system|operating_system",
            "device.web_info.browser|device.browser|device_web_info_browser|device_browser|browser",
            "geo.country|geo_country|country",
            "geo.city|geo_city|city",
            "app_info.version|app_info_version",
            "page_location|param_page_location",
            "page_title",
            "page_referrer|param_page_referrer",
            "ga_session_id|param_ga_session_id|session_id",
            "ga_session_number|param_ga_session_number|session_number",
            "param_value|value",
            "param_currency|currency",
            "param_source|event_source",
            "param_medium|event_medium",
            "param_campaign|event_campaign",
            "param_gclid",
            "ecommerce.transaction_id|ecommerce_transaction_id|transaction_id|param_transaction_id",
            "ecommerce.purchase_revenue|ecommerce_purchase_revenue|purchase_revenue",
            "ecommerce.purchase_revenue_in_usd|ecommerce_purchase_revenue_in_usd|purchase_revenue_in_usd|value_in_usd",
            "ecommerce.refund_value|ecommerce_refund_value",
            "ecommerce.refund_value_in_usd|ecommerce_refund_value_in_usd",
            "ecommerce.total_item_quantity|ecommerce_total_item_quantity|total_item_quantity",
            *(f"ecommerce.{n}|ecommerce_{n}" for n in ("shipping_value_in_usd", "shipping_value", "tax_value_in_usd",
              "tax_value", "unique_items")),
            "traffic_source.source|traffic_source_source",
            "traffic_source.medium|traffic_source_medium",
            "traffic_source.name|traffic_source_name",
            "collected_traffic_source.manual_source|collected_traffic_source_manual_source",
            "collected_traffic_source.manual_medium|collected_traffic_source_manual_medium",
            "collected_traffic_source.manual_campaign_name|collected_traffic_source_manual_campaign_name",
            *(
                f"collected_traffic_source.{n}|collected_traffic_source_{n}"
                for n in ("gclid", "dclid", "srsltid", "manual_campaign_id", "manual_term", "manual_content",
                          "manual_source_platform", "manual_creative_format", "manual_marketing_tactic")
            ),
            *(
                f"{LAST_CLICK}.cross_channel_campaign.{n}|{LAST_CLICK}.manual_campaign.{n}|"
                f"{LAST_CLICK}_cross_channel_campaign_{n}|{LAST_CLICK}_manual_campaign_{n}"
                for n in ("source", "medium", "campaign_name")
            ),
            f"{LAST_CLICK}.google_ads_campaign.campaign_name|{LAST_CLICK}_google_ads_campaign_campaign_name",
            *KNOWN_AND_UNUSED,
        ),
    ),
    VendorTable(
        "ga4",
        "user",
        ("anyone|pseudo_user_id|user_id", "user_info.last_active_timestamp_micros"),
        SQL,
        optional=(
            "pseudo_user_id",
            "user_id",
            "user_properties",
            "device.category",
            "geo.country",
            "geo.city",
            "last_updated_date",
            "occurrence_date",
        ),
        lacks=("event_name",),
    ),
)  # fmt: skip
