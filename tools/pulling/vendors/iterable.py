"""Iterable: exports of one kind of event as lines of JSON, by stretch of time.

Source: api.iterable.com/api/docs, "Export data" (dataTypeName, startDateTime, endDateTime).
"""

from datetime import timedelta

from tools.pulling.api import Api, Endpoint, HeaderKey, Since

KINDS = (
    "emailSend", "emailOpen", "emailClick", "emailUnSubscribe", "emailSubscribe", "emailBounce",
    "emailComplaint", "pushSend", "pushOpen", "smsSend", "smsReceived", "smsClick", "inAppOpen",
    "inAppClick", "purchase", "customEvent", "user",
)  # fmt: skip

API = Api(
    "iterable",
    "https://api.iterable.com",
    HeaderKey("Api-Key", "ITERABLE_API_KEY"),
    (
        *(
            Endpoint(
                kind,
                "api/export/data.json",
                params={
                    "dataTypeName": kind,
                    "startDateTime": "{since:%Y-%m-%d %H:%M:%S}",
                    "endDateTime": "{until:%Y-%m-%d %H:%M:%S}",
                },
                form="lines",
                since=Since(step=timedelta(days=7), lookback=timedelta(hours=2)),
            )
            for kind in KINDS
        ),
        Endpoint("campaigns", "api/campaigns", "campaigns", key="id"),
    ),
)
