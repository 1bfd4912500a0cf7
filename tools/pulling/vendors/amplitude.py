"""Amplitude: archives of packed lines of JSON, by the hour of their arrival.

Source: amplitude.com/docs, "Export API" (start and end as YYYYMMDDTHH, both included; 404: no data;
ready two hours later; 4 GB at most).
"""

from datetime import timedelta

from tools.pulling.api import Api, Basic, Endpoint, Since

API = Api(
    "amplitude",
    "https://{host}",
    Basic("AMPLITUDE_API_KEY", "AMPLITUDE_SECRET_KEY"),
    (
        Endpoint(
            "events", "api/2/export",
            params={"start": "{since:%Y%m%dT%H}", "end": "{last:%Y%m%dT%H}"},
            form="zip", empty_is_404=True,
            since=Since(step=timedelta(days=1), lookback=timedelta(hours=2), lag=timedelta(hours=2), halves=True),
        ),
    ),
    defaults={"host": "amplitude.com"},
)  # fmt: skip
