"""Which connectors there are, and which of them a file belongs to."""

from tools.connectors import (
    facebook_ads,
    ga4,
    google_ads,
    hubspot,
    klaviyo,
    linkedin_ads,
    stripe,
    telemetry,
    zendesk,
)
from tools.connectors.contract import Connector, ImportOptions, RawTable
from tools.connectors.event_table import EventTable

VENDORS: tuple[Connector, ...] = (
    *ga4.TABLES,
    *hubspot.TABLES,
    *klaviyo.TABLES,
    *zendesk.TABLES,
    *stripe.TABLES,
    *google_ads.TABLES,
    *facebook_ads.TABLES,
    *linkedin_ads.TABLES,
    *telemetry.TABLES,
)
"""More particular ones first: the first that recognises a file reads it."""


def connector_for(raw: RawTable, options: ImportOptions) -> Connector:
    """Return the connector that reads a file: a vendor's, else the generic event table.

    Whoever names the person, time or event column has an event table.
    """
    if not options.columns():
        for vendor in VENDORS:
            if vendor.recognises(raw):
                return vendor
    return EventTable()
