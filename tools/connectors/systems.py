"""What systems are called when a person reads their names."""

NAMES = {
    "amplitude": "Amplitude",
    "customerio": "Customer.io",
    "events": "Event tables",
    "facebook_ads": "Meta Ads",
    "freshdesk": "Freshdesk",
    "ga4": "Google Analytics 4",
    "google_ads": "Google Ads",
    "heap": "Heap",
    "hubspot": "HubSpot",
    "intercom": "Intercom",
    "iterable": "Iterable",
    "klaviyo": "Klaviyo",
    "linkedin_ads": "LinkedIn Ads",
    "linkedin_social": "LinkedIn (social)",
    "mailchimp": "Mailchimp",
    "marketo": "Marketo",
    "meta_social": "Meta (social)",
    "mixpanel": "Mixpanel",
    "pendo": "Pendo",
    "posthog": "PostHog",
    "qualtrics": "Qualtrics",
    "rudderstack": "RudderStack",
    "salesforce": "Salesforce",
    "segment": "Segment",
    "sendgrid": "SendGrid",
    "shopify": "Shopify",
    "snowplow": "Snowplow",
    "stripe": "Stripe",
    "surveymonkey": "SurveyMonkey",
    "telemetry": "Product telemetry",
    "typeform": "Typeform",
    "x": "X",
    "zendesk": "Zendesk",
}


def system_name(source: str) -> str:
    """Return a source's name as its vendor writes it; any other as it is."""
    return NAMES.get(source, source)


def table_name(connector: str) -> str:
    """Return what a file was read as: `HubSpot: email event`."""
    system, _, table = connector.partition(" ")
    return f"{NAMES[system]}: {table.replace('_', ' ')}" if system in NAMES else connector
