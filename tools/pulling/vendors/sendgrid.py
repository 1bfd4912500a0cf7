"""SendGrid: messages by the time of their last event.

The API does not page: an answer of 1,000 messages was cut, and its stretch of time is halved. It
answers six times a minute, so that each message's own events cannot be asked for: they come as files
of the event webhook.
Source: twilio.com/docs/sendgrid, "Filter all messages", "Rate limits".
"""

from datetime import timedelta

from tools.pulling.api import Api, Bearer, Endpoint, Since

BETWEEN = 'last_event_time BETWEEN TIMESTAMP "{since:seconds}" AND TIMESTAMP "{until:seconds}"'

API = Api(
    "sendgrid",
    "https://api.sendgrid.com",
    Bearer("SENDGRID_API_KEY"),
    (
        Endpoint(
            "messages", "v3/messages", "messages",
            params={"limit": 1000, "query": BETWEEN},
            since=Since(step=timedelta(days=1), lookback=timedelta(hours=1), full=1000),
            key="msg_id",
        ),
    ),
)  # fmt: skip
