"""Klaviyo: events, profiles, and what campaigns, flows, metrics and lists are called.

Warehouse tables name their columns; the API's records are JSON:API objects of several types, which
stand together in one page. Profiles come as a CSV from Klaviyo's own pages, too.
"""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
TOLD = "attributes.event_properties."
MESSAGE = (
    f"campaign_name|property_campaign_name|propertycampaignname|{TOLD}Campaign Name|event_properties.Campaign Name",
    f"flow_id|{TOLD}$flow|event_properties.$flow",
    f"subject|property_subject|propertysubject|{TOLD}Subject|event_properties.Subject",
    f"bounce_type|property_bounce_type|propertybouncetype|{TOLD}Bounce Type|event_properties.Bounce Type",
    f"url|property_url|propertyurl|{TOLD}URL|event_properties.URL",
    f"money|property_value|propertyvalue|{TOLD}$value|event_properties.$value",
    f"currency|property_currency_code|propertycurrencycode|{TOLD}$currency_code|event_properties.$currency_code",
    # Personal, or about the sending itself: known, and left out.
    f"recipient|{TOLD}Recipient Email Address|{TOLD}$email|{TOLD}email|property_email|propertyemail",
    "property_recipient_name|propertyrecipientname|property_sender_s_name|propertysendersname",
    f"property_to_number|propertytonumber|{TOLD}To Number|property_from_number|propertyfromnumber|{TOLD}From Number",
    f"property_message_body|propertymessagebody|{TOLD}Message Body|property_ordr_details|propertyordrdetails",
    f"sending_ip|{TOLD}$internal.Sending Ip Address|{TOLD}$extra.browser_ip|{TOLD}ip",
    "uuid|attributes.uuid",
    "epoch|timestamp|attributes.timestamp",
)
PROFILE = (
    "updated|attributes.updated|updated_at|last_updated",
    "phone_number|attributes.phone_number|Phone Number|$phone_number",
    "external_id|attributes.external_id|External ID",
    "anonymous_id|attributes.anonymous_id",
    "first_name|attributes.first_name|First Name|$first_name",
    "last_name|attributes.last_name|Last Name|$last_name",
    "city|attributes.location.city|$city",
    "country|attributes.location.country|$country",
)
NAMED = ("_fivetran_deleted", "_fivetran_synced", "updated|updated_at")

TABLES = (
    VendorTable(
        "klaviyo",
        "mail",
        ("metric_name", "datetime", "person_id", "email", "campaign_name", "flow_name", "subject"),
        SQL,
        optional=("id", "campaign_id", "flow_id"),
    ),
    VendorTable(
        "klaviyo",
        "event",
        (
            "id",
            "datetime",
            "metric_name|event_name|type|metric.name",
            "metric_id|statistic_id|metric.id|event_name|metric_name",
            "person_id|person.id|profile_id|profile.id",
        ),
        SQL,
        optional=(
            "campaign_id",
            "flow_message_id",
            "email|person.$email|person.email|profile.email",
            "phone|person.$phone_number|person.phone_number",
            "first_name|person.$first_name|person.first_name",
            "last_name|person.$last_name|person.last_name",
            "_variation",
            "object",
            *MESSAGE,
            *NAMED,
        ),
        lacks=("attributes.datetime", "flow_name"),
    ),
    VendorTable(
        "klaviyo",
        "record",
        (
            "type",
            "id",
            # Any of these tells a record of Klaviyo from those of other JSON:API systems.
            "klaviyo_mark|attributes.datetime|attributes.event_properties|attributes.integration.name|"
            "attributes.integration|attributes.send_strategy.method|attributes.send_strategy|"
            "attributes.trigger_type|attributes.opt_in_process|attributes.is_starred|"
            "attributes.last_event_date|attributes.organization|attributes.email|attributes.name|"
            "attributes.label|attributes.definition.label|relationships.attributed-event.data.id",
        ),
        SQL,
        optional=(
            "datetime|attributes.datetime",
            "metric|relationships.metric.data.id",
            "profile|relationships.profile.data.id",
            f"message|{TOLD}$message",
            f"client|{TOLD}Client Canonical|{TOLD}Client Type|{TOLD}Client Name",
            f"cohort|{TOLD}$_cohort$message_send_cohort",
            "event_properties|attributes.event_properties",
            "email|attributes.email",
            "organization|attributes.organization",
            "title|attributes.title",
            "created|attributes.created|attributes.created_at",
            "name|attributes.name|attributes.label|attributes.definition.label",
            "relationships.profile.data.type|relationships.metric.data.type|"
            "relationships.metric.links.self|relationships.metric.links.related|"
            "relationships.profile.links.self|relationships.profile.links.related|"
            "relationships.attributions.links.self|relationships.attributions.links.related|"
            "relationships.attributions.data|links.self",
            *MESSAGE,
            *PROFILE,
        ),
    ),
    VendorTable(
        "klaviyo",
        "profile",
        ("id", "email", "organization", "title", "created"),
        SQL,
        optional=PROFILE,
    ),
    VendorTable(
        "klaviyo",
        "profile_old",
        ("id", "email|$email", "$first_name", "$organization", "created|$created"),
        SQL,
        optional=("organization|$organization", "title|$title", *PROFILE),
        shares="profile",
    ),
    VendorTable(
        "klaviyo",
        "profile_export",
        (
            "email",
            "created|Profile Created On|Date Added|First Active",
            "consent|Email Marketing Consent|Last Open|Last Click|Klaviyo ID|Accepts Marketing",
            "organization|Company",
            "title|Job Title",
        ),
        SQL,
        optional=("id|Klaviyo ID|Profile ID", *PROFILE),
        lacks=("MEMBER_RATING", "LEID"),
        shares="profile",
    ),
    VendorTable(
        "klaviyo",
        "campaign",
        (
            "id",
            "name",
            "campaign_type|from_email|message_type",
            "send_time",
            "subject|status_label",
        ),
        SQL,
        optional=NAMED,
    ),
    VendorTable(
        "klaviyo",
        "flow",
        ("id", "name", "trigger_type", "status", "archived"),
        SQL,
        optional=NAMED,
    ),
    VendorTable(
        "klaviyo",
        "metric",
        ("id", "name", "integration_id|integration_name|integration.name|integration.id"),
        SQL,
        optional=NAMED,
    ),
    VendorTable(
        "klaviyo",
        "list",
        ("id|list_id", "name|list_name", "list_type|opt_in_process|person_count"),
        SQL,
        optional=NAMED,
        named=("klaviyo", "klaviyo_list"),
    ),
)
