"""HubSpot: CRM objects by their time of change, what belongs to what, forms, email events.

Source: developers.hubspot.com, "CRM search" (pages of 100, 10,000 records a search), "Associations
v4", "Email events API", "Forms: submissions".
"""

from datetime import timedelta

from tools.pulling.api import Api, Bearer, Beside, Each, Endpoint, Reference, Since

PAGES = Reference("paging.next.after", body="after")


def _object(
    name: str, properties: tuple[str, ...], *beside: Beside, changed: str = "hs_lastmodifieddate"
) -> Endpoint:
    return Endpoint(
        name,
        f"crm/v3/objects/{name}/search",
        records="results",
        body={
            "limit": 100,
            "properties": properties,
            "sorts": [{"propertyName": changed, "direction": "ASCENDING"}],
            "filterGroups": [
                {"filters": [{"propertyName": changed, "operator": "GTE", "value": "{since:ms}"}]}
            ],
        },
        paging=PAGES,
        since=Since("updatedAt", lookback=timedelta(minutes=1), most=10_000),
        key="id",
        beside=beside,
    )


def _belongs(name: str, one: str, other: str) -> Beside:
    return Beside(
        name,
        f"crm/v4/associations/{one}/{other}/batch/read",
        {"inputs": "{inputs}"},
        records="results",
    )


def _history(name: str, of: str, field: str) -> Beside:
    return Beside(
        name,
        f"crm/v3/objects/{of}/batch/read",
        {"inputs": "{inputs}", "properties": [field], "propertiesWithHistory": [field]},
        records="results",
        batch=50,
    )


API = Api(
    "hubspot",
    "https://api.hubapi.com",
    Bearer("HUBSPOT_ACCESS_TOKEN"),
    (
        _object(
            "contacts",
            (
                "email",
                "firstname",
                "lastname",
                "phone",
                "company",
                "country",
                "jobtitle",
                "lifecyclestage",
                "createdate",
                "lastmodifieddate",
                "hs_analytics_source",
                "hs_analytics_first_url",
                "hs_analytics_first_referrer",
                "hs_analytics_first_timestamp",
                "hs_email_optout",
                "hubspot_owner_id",
                "associatedcompanyid",
            ),
            changed="lastmodifieddate",
        ),
        _object(
            "companies",
            (
                "name",
                "domain",
                "industry",
                "numberofemployees",
                "annualrevenue",
                "country",
                "city",
                "lifecyclestage",
                "createdate",
                "hs_lastmodifieddate",
            ),
        ),
        _object(
            "deals",
            (
                "dealname",
                "amount",
                "deal_currency_code",
                "dealstage",
                "pipeline",
                "closedate",
                "createdate",
                "hs_lastmodifieddate",
                "hs_is_closed",
                "hs_is_closed_won",
                "closed_lost_reason",
                "closed_won_reason",
                "description",
                "dealtype",
            ),
            _belongs("deal_contacts", "deals", "contacts"),
            _belongs("deal_companies", "deals", "companies"),
            _history("deal_history", "deals", "dealstage"),
        ),
        *(
            _object(
                name,
                ("hs_timestamp", "hs_createdate", "hs_lastmodifieddate", *properties),
                _belongs(f"{one}_contacts", name, "contacts"),
            )
            for name, one, properties in (
                ("notes", "note", ("hs_note_body",)),
                (
                    "calls",
                    "call",
                    (
                        "hs_call_title",
                        "hs_call_body",
                        "hs_call_direction",
                        "hs_call_disposition",
                        "hs_call_duration",
                    ),
                ),
                (
                    "emails",
                    "email",
                    ("hs_email_subject", "hs_email_text", "hs_email_direction", "hs_email_status"),
                ),
                (
                    "meetings",
                    "meeting",
                    (
                        "hs_meeting_title",
                        "hs_meeting_body",
                        "hs_meeting_outcome",
                        "hs_meeting_start_time",
                    ),
                ),
                (
                    "tasks",
                    "task",
                    ("hs_task_subject", "hs_task_body", "hs_task_status", "hs_task_type"),
                ),
            )
        ),
        Endpoint(
            "forms",
            "marketing/v3/forms",
            "results",
            paging=Reference("paging.next.after", param="after"),
            key="id",
        ),
        Endpoint(
            "form_submissions",
            "form-integrations/v1/submissions/forms/{parent}",
            "results",
            params={"limit": 50},
            paging=Reference("paging.next.after", param="after"),
            each=Each("forms", adds="formId"),
        ),
        Endpoint(
            "email_campaigns",
            "email/public/v1/campaigns",
            "campaigns",
            params={"limit": 500},
            paging=Reference("offset", param="offset", more="hasMore"),
        ),
        Endpoint(
            "email_events",
            "email/public/v1/events",
            "events",
            params={"limit": 1000, "startTimestamp": "{since:ms}", "endTimestamp": "{until:ms}"},
            paging=Reference("offset", param="offset", more="hasMore"),
            since=Since(step=timedelta(days=30), lookback=timedelta(hours=2)),
            key="id",
        ),
    ),
)
