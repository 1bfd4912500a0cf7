"""SendGrid: messages by the time of their last event, and each one's events.

The API does not page: an answer of 1,000 messages was cut, and its stretch of time is halved.
Source: twilio.com/docs/sendgrid, "Filter all messages", "Filter messages by message ID".
"""

from datetime import timedelta

from tools.pulling.api import Api, Bearer, Beside, Endpoint, Since

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
            beside=(Beside("message_events", "v3/messages/{id}"),),
        ),
    ),
)  # fmt: skip
