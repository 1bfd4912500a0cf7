"""Iterable: events, users, campaigns and lists.

The raw export has a file per kind of event and does not repeat the kind in its rows: the file's
name says it (`emailOpen.json`), and becomes the SELECT's `$event_name`.
"""

from dataclasses import dataclass, replace

from tools.connectors.contract import ImportOptions, RawTable, Reading, VendorTable
from tools.store.door import Store, read_sql

SQL = read_sql(__file__)
KINDS = (
    "emailSend", "emailOpen", "emailClick", "emailBounce", "emailComplaint", "emailSubscribe",
    "emailUnSubscribe", "emailSendSkip", "hostedUnsubscribeClick", "pushSend", "pushOpen",
    "pushBounce", "pushUninstall", "pushSendSkip", "smsSend", "smsBounce", "smsClick",
    "smsReceived", "smsSendSkip", "inAppSend", "inAppOpen", "inAppClick", "inAppClose",
    "inAppDelivery", "inAppDelete", "inAppSendSkip", "inboxSession", "inboxMessageImpression",
    "webPushSend", "webPushClick", "webPushSendSkip", "whatsAppSend", "whatsAppClick",
    "embeddedSend", "embeddedClick", "embeddedImpression",
)  # fmt: skip
MORE = (
    "campaign_id|campaignId",
    "campaign_name|campaignName",
    "message_id|messageId",
    "created_at|createdAt",
    "email",
    "user_id|userId",
    "_fivetran_user_id|itblUserId",
    "url|clicked_url|href|linkUrl",
    "subject|email_subject|emailSubject",
    "total",
    "event_id|id|_fivetran_id|eventId",
    "transactional_data|transactionalData",
    "ip|city|region|country|email_id|emailId|to_phone_number|toPhoneNumber|phoneNumber|from_phone_number|fromPhoneNumber",
    "itblInternal.documentCreatedAt|itblInternal.documentUpdatedAt|message_bus_id|messageBusId",
)
NAMED = ("updated_at|updatedAt", "_fivetran_synced")


@dataclass(frozen=True, slots=True)
class Export(VendorTable):
    """A file of the raw export, whose rows are all of one kind."""

    kind: str = ""

    def read(self, store: Store, raw: RawTable, options: ImportOptions) -> Reading:
        """Return the SELECTs, which have the kind as `$event_name`."""
        reading = VendorTable.read(self, store, raw, options)
        return replace(reading, parameters={"event_name": self.kind})


def _words(kind: str) -> str:
    """Return 'email_un_subscribe' for 'emailUnSubscribe'."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind)


TABLES = (
    VendorTable(
        "iterable",
        "event",
        (
            "event_name|eventName|eventType",
            "created_at|createdAt",
            "_fivetran_user_id|email|userId|user_id",
            "iterable_mark|unsub_source|message_bus_id|campaignId|recipient_state|itblInternal.documentCreatedAt|"
            "dataFields|messageId",
        ),
        SQL,
        optional=("additional_properties", "_fivetran_synced", *MORE),
    ),
    *(
        Export(
            "iterable",
            _words(kind),
            (
                "createdAt|created_at",
                "email|userId|itblUserId",
                "campaignId|messageId|messageTypeId|campaign_id|signupSource|emailListIds|itblInternal.documentCreatedAt",
            ),
            SQL,
            optional=MORE,
            named=(kind.lower(), _words(kind)),
            lacks=("eventName", "event_name", "eventType"),
            shares="export",
            kind=kind,
        )
        for kind in KINDS
    ),
    Export(
        "iterable",
        "message",
        ("createdAt", "campaignId", "messageId"),
        SQL,
        optional=MORE,
        lacks=("eventName", "event_name", "eventType", "total"),
        shares="export",
        kind="message",
    ),
    VendorTable(
        "iterable",
        "purchase",
        ("createdAt", "email|userId", "total", "shoppingCartItems|items"),
        SQL,
        optional=("id|purchaseId", "currency", *MORE),
        lacks=("eventName", "event_name"),
    ),
    VendorTable(
        "iterable",
        "event_extension",
        ("_fivetran_id", "email_id|push_message|sms_message|in_app_body"),
        SQL,
        optional=(
            "workflow_name",
            "email_subject",
            "clicked_url|link_url|url",
            "_fivetran_user_id",
            "reason",
            "message_status",
        ),
        lacks=("event_name",),
    ),
    VendorTable(
        "iterable",
        "user",
        (
            "email",
            "updated_at|profileUpdatedAt",
            "signup_source|signupSource",
            "signup_date|signupDate",
        ),
        SQL,
        optional=(
            "user_id|userId",
            "iterable_user_id|itblUserId|_fivetran_user_id",
            "first_name|firstName",
            "last_name|lastName",
            "phone_number|phoneNumber",
            "city|locale.city",
            "country",
            "plan",
        ),
        lacks=("event_name", "createdAt", "messageId"),
    ),
    VendorTable("iterable", "list_user", ("_fivetran_id", "list_id"), SQL),
    VendorTable(
        "iterable",
        "user_unsubscribed_channel_history",
        ("email", "channel_id", "updated_at"),
        SQL,
    ),
    VendorTable(
        "iterable",
        "user_unsubscribed_message_type_history",
        ("email", "message_type_id", "updated_at"),
        SQL,
    ),
    VendorTable("iterable", "user_unsubscribed_channel", ("_fivetran_id", "channel_id"), SQL),
    VendorTable(
        "iterable",
        "user_unsubscribed_message_type",
        ("_fivetran_id", "message_type_id"),
        SQL,
        lacks=("event_name",),
    ),
    VendorTable(
        "iterable",
        "campaign",
        (
            "id",
            "name",
            "campaign_state|campaignState",
            "template_id|templateId|workflow_id|workflowId|messageMedium",
        ),
        SQL,
        optional=NAMED,
    ),
    VendorTable(
        "iterable",
        "template",
        (
            "id|templateId",
            "name",
            "template_type|messageTypeId",
            "client_template_id|clientTemplateId|creator_user_id|creatorUserId",
        ),
        SQL,
        optional=NAMED,
    ),
    VendorTable(
        "iterable",
        "channel",
        ("id", "name", "channel_type|channelType", "message_medium|messageMedium"),
        SQL,
        optional=NAMED,
    ),
    VendorTable(
        "iterable", "message_type", ("id", "name", "channel_id|channelId"), SQL, optional=NAMED
    ),
    VendorTable("iterable", "list", ("id", "name", "list_type|listType"), SQL, optional=NAMED),
    VendorTable("iterable", "campaign_label", ("campaign_id", "label", "updated_at"), SQL),
    VendorTable(
        "iterable",
        "campaign_list",
        ("campaign_id", "list_id|suppressed_list_id", "updated_at"),
        SQL,
    ),
    VendorTable(
        "iterable",
        "campaign_metrics",
        ("id", "date", "total_email_sends|total_email_opens|total_pushes_sent"),
        SQL,
    ),
)
