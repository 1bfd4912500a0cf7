"""Pendo: hourly counts of pages and features, guides, polls, visitors, accounts and their names."""

from tools.connectors.contract import VendorTable
from tools.connectors.nested_table import NestedTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
VISITOR = "visitor_id|visitorId"
AT = "timestamp|hour|day|browserTime|browser_time"
WHERE = (
    "account_id|accountId",
    "remote_ip|remoteIp",
    "server_name|server|serverName",
    "user_agent|userAgent",
    "app_id|appId",
)
COUNTS = ("num_events|numEvents", "num_minutes|numMinutes", "param_parameter|parameters.parameter")
SEEN = (
    "guide_step_id|guideStepId",
    "country",
    "region",
    "latitude",
    "longitude",
    "load_time|loadTime",
    "element_path|elementPath",
    "event_id|eventId",
    "url",
)
BROWSER = "browser|last_browser_name|metadata.auto.lastbrowsername|last_operating_system|agent_email|metadata.agent.email"
PROFILE = (
    "first_visit|metadata.auto.firstvisit",
    "last_visit|metadata.auto.lastvisit",
    "id_hash|metadata.auto.idhash",
)
UPDATED = "last_updated_at|metadata.auto.lastupdated|lastUpdatedAt"


def _names(table: str, needed: tuple[str, ...], lacks: tuple[str, ...] = ()) -> VendorTable:
    return VendorTable(
        "pendo", table, needed, SQL, optional=(UPDATED,), lacks=(*lacks, "visitor_id", "email"), nothing="it has no name"
    )  # fmt: skip


def _silent(table: str, needed: tuple[str, ...], nothing: str) -> VendorTable:
    return VendorTable("pendo", table, needed, SQL, nothing=nothing)


TABLES = (
    VendorTable(
        "pendo",
        "feature_event",
        ("feature_id|featureId", VISITOR, AT, COUNTS[0]),
        SQL,
        optional=(*WHERE, *COUNTS),
    ),
    VendorTable(
        "pendo",
        "page_event",
        ("page_id|pageId", VISITOR, AT, COUNTS[0]),
        SQL,
        optional=(*WHERE, *COUNTS),
        lacks=("feature_id", "featureId"),
    ),
    VendorTable(
        "pendo",
        "guide_event",
        ("guide_id|guideId", VISITOR, AT, "type|action"),
        SQL,
        optional=(*WHERE, *SEEN),
        lacks=("poll_id", "pollId"),
    ),
    VendorTable(
        "pendo",
        "poll_event",
        ("poll_id|pollId", VISITOR, AT, "poll_response|pollResponse"),
        SQL,
        optional=(*WHERE, *SEEN, "guide_id|guideId", "type"),
    ),
    NestedTable(
        "pendo",
        "visitor",
        ("id|visitorId", BROWSER, f"changed|{UPDATED}", "hash|id_hash|metadata.auto.idhash|metadata.auto.id"),
        SQL,
        optional=(
            UPDATED,
            *PROFILE,
            "account_id|metadata.auto.accountid|accountId",
            "email|agent_email|metadata.agent.email",
            "name|agent_full_name|agent_name|metadata.agent.full_name|metadata.agent.name",
            "persona|agent_role|metadata.agent.role",
            "language|agent_language|metadata.agent.language",
            "pendo_lastemail",
            "last_user_agent",
        ),
        lacks=("visitor_id",),
        gathered=(("own_traits", ("agent_", "metadata.agent.", "metadata.custom.", "salesforce_", "custom_")),),
    ),
    NestedTable(
        "pendo",
        "account",
        ("id|accountId", "hash|id_hash|metadata.auto.idhash", f"changed|{UPDATED}", PROFILE[0]),
        SQL,
        optional=(
            UPDATED,
            *PROFILE,
            "company|agent_name|metadata.agent.name",
            "plan|agent_planlevel|metadata.agent.planlevel|metadata.agent.plan",
            "company_size|salesforce_employee_range_c",
            "salesforce_account_owner_email_c",
            "agent_creationdate",
        ),
        lacks=("last_browser_name", "metadata.auto.lastbrowsername", "account_id"),
        gathered=(("own_traits", ("agent_", "metadata.agent.", "metadata.custom.", "salesforce_", "custom_")),),
    ),
    VendorTable(
        "pendo",
        "visitor_account",
        ("visitor_id|visitorId", "account_id|accountId", "visitor_last_updated_at"),
        SQL,
    ),
    _names("feature", ("id", "name", "page_id", "root_version_id", "is_core_event")),
    _names("page", ("id", "name", "root_version_id", "dirty"), ("page_id", "is_core_event", "launch_method")),
    _names("guide", ("id", "name", "launch_method", "root_version_id")),
    _names("group", ("id", "name", "length", "color", "created_by_user_id")),
    _names("application", ("id", "display_name", "starting_event_time")),
    _names("object", ("id", "name", "kind", "rootVersionId|stableVersionId|launchMethod|createdByUser.id")),
    VendorTable("pendo", "poll", ("id", "question", "attribute_type|attributes.type"), SQL, nothing="the poll has no question"),
    _silent("guide_step", ("guide_id", "step_id", "guide_last_updated_at"), "a step of a guide has no name and no visitor"),
    _silent("page_rule", ("page_id", "rule", "page_last_updated_at"), "a rule by which Pendo tells pages apart"),
    _silent("user", ("username", "user_type", "role"), "a user of Pendo, not a customer"),
)  # fmt: skip
