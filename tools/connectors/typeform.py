"""Typeform: answers to forms, from the API, a webhook or the form's own export."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
TABLES = (
    VendorTable(
        "typeform", "response",
        (
            "token|response_id|form_response.token", "submitted_at|form_response.submitted_at",
            "answers|form_response.answers",
        ),
        SQL,
        optional=(
            "landed_at|form_response.landed_at", "form_id|form_response.form_id", "hidden.email|form_response.hidden.email",
            "hidden.user_id|form_response.hidden.user_id", "hidden.utm_source|form_response.hidden.utm_source",
            "hidden.utm_medium|form_response.hidden.utm_medium", "hidden.utm_campaign|form_response.hidden.utm_campaign",
            "metadata.referer|form_response.metadata.referer", "calculated.score|form_response.calculated.score",
            "form_response.definition.title|definition.title", "form_response.definition.id", "form_response.definition.fields",
            "metadata.user_agent", "metadata.network_id", "landing_id", "event_id", "event_type", "response_type", "variables",
            "form_response.variables", "form_response.calculated.score", "metadata.browser", "metadata.platform", "calculated",
        ),
    ),
    VendorTable("typeform", "form", ("id", "title", "_links.display"), SQL, optional=("last_updated_at",)),
    VendorTable(
        "typeform", "export", ("Submit Date (UTC)", "Network ID"), SQL,
        optional=("#", "Start Date (UTC)", "Tags", "email|E-mail|Email address|What is your email?", "Response Type", "Stage Date (UTC)", "Ending"),
    ),
)  # fmt: skip
