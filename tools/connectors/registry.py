"""Which connectors there are, and which of them a file belongs to."""

from tools.connectors import (
    amplitude,
    customerio,
    facebook_ads,
    freshdesk,
    ga4,
    google_ads,
    heap,
    hubspot,
    intercom,
    iterable,
    klaviyo,
    linkedin_ads,
    mailchimp,
    marketo,
    mixpanel,
    pendo,
    posthog,
    qualtrics,
    rudderstack,
    salesforce,
    segment,
    sendgrid,
    shopify,
    snowplow,
    social,
    stripe,
    surveymonkey,
    telemetry,
    typeform,
    zendesk,
)
from tools.connectors.contract import LOADERS, Connector, ImportOptions, RawTable
from tools.connectors.event_table import EventTable
from tools.connectors.reference import ReferenceTable

VENDORS: tuple[Connector, ...] = (
    *customerio.TABLES,
    *freshdesk.TABLES,
    *ga4.TABLES,
    *hubspot.TABLES,
    *intercom.TABLES,
    *iterable.TABLES,
    *klaviyo.TABLES,
    *mailchimp.TABLES,
    *sendgrid.TABLES,
    *marketo.TABLES,
    *salesforce.TABLES,
    *zendesk.TABLES,
    *shopify.TABLES,
    *stripe.TABLES,
    *typeform.TABLES,
    *surveymonkey.TABLES,
    *social.TABLES,
    *qualtrics.TABLES,
    *google_ads.TABLES,
    *facebook_ads.TABLES,
    *linkedin_ads.TABLES,
    *mixpanel.TABLES,
    *amplitude.TABLES,
    *segment.TABLES,
    *rudderstack.TABLES,
    *snowplow.TABLES,
    *pendo.TABLES,
    *posthog.TABLES,
    *heap.TABLES,
    *telemetry.TABLES,
)
SYSTEMS = tuple(dict.fromkeys(vendor.name.split()[0] for vendor in VENDORS))


def connectors_for(raw: RawTable, options: ImportOptions) -> tuple[Connector, ...]:
    """Return who may read a file, the likeliest first; the next is for when one cannot.

    Of the vendors' tables the one that knows most of the file's columns reads it. Whoever names
    the person, time or event column has an event table. A table of a known system, or of
    a warehouse, that no connector knows is an event table if it reads as one, else a reference table.
    """
    if options.columns():
        return (EventTable(),)
    best = max(VENDORS, key=lambda vendor: vendor.fits(raw))
    if best.fits(raw):
        return (best,)
    if len(raw.columns) < 2:
        return (EventTable(),)
    system = next((system for system in SYSTEMS if raw.says(system)), None)
    listed = "#" in raw.name  # one of the lists of an API's answer: what stands beside its records
    if (listed and system) or any(LOADERS.match(column) for column in raw.columns):
        reference = ReferenceTable(system or "warehouse")
        return (reference,) if system else (EventTable(), reference)
    return (EventTable(), ReferenceTable(system)) if system else (EventTable(),)
