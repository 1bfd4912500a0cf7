"""HubSpot: contacts and deals."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
TABLES = (
    VendorTable(
        "hubspot",
        "contact",
        ("id", "email", "lifecyclestage", "createdate"),
        SQL,
        optional=(
            "industry",
            "numberofemployees",
            "country",
            "hs_persona",
            "jobtitle",
            "ga_client_id",
            "app_user_id",
            "company",
        ),
    ),
    VendorTable(
        "hubspot",
        "deal",
        ("id", "dealname", "dealstage", "createdate"),
        SQL,
        optional=("contact_id", "closedate", "description"),
    ),
)
