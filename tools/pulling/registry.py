"""Which APIs can be pulled."""

from tools.errors import InvalidArgumentError, unknown
from tools.pulling.api import Api
from tools.pulling.vendors import (
    amplitude,
    customerio,
    facebook_ads,
    freshdesk,
    google_ads,
    hubspot,
    intercom,
    iterable,
    klaviyo,
    linkedin_ads,
    mailchimp,
    marketo,
    mixpanel,
    posthog,
    qualtrics,
    salesforce,
    sendgrid,
    shopify,
    stripe,
    surveymonkey,
    typeform,
    zendesk,
)

APIS: dict[str, Api] = {
    module.API.vendor: module.API
    for module in (
        amplitude, customerio, facebook_ads, freshdesk, google_ads, hubspot, intercom, iterable, klaviyo,
        linkedin_ads, mailchimp, marketo, mixpanel, posthog, qualtrics, salesforce,
        sendgrid, shopify, stripe, surveymonkey, typeform, zendesk,
    )
}  # fmt: skip


def api_of(vendor: str) -> Api:
    """Return a vendor's API.

    Raises:
        InvalidArgumentError: There is none of this name.
    """
    if vendor not in APIS:
        raise InvalidArgumentError(unknown("vendor", "API", vendor, sorted(APIS)))
    return APIS[vendor]
