"""How each vendor's API answers, written from the vendors' documentation and not from our code.

Every vendor has records that change one after the other; a page has ten of them.
"""

import base64
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.api_server import SECRET, Asked, Reply
from tools.pulling.api import Api, Endpoint, LastRecord, Offset
from tools.pulling.registry import APIS

PAGE = 10
NOT_YET = "none yet"
START = datetime(2026, 5, 1, tzinfo=UTC)
NOW = START + timedelta(days=10)
SPACE = timedelta(hours=9)
Record = dict[str, Any]


def iso(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def epoch(time: datetime) -> int:
    return int(time.timestamp())


def read(text: object) -> datetime:
    """Read a time as strictly as a vendor would."""
    told = str(text)
    if re.fullmatch(r"\d{10}", told):
        return datetime.fromtimestamp(int(told), UTC)
    if re.fullmatch(r"\d{13}", told):
        return datetime.fromtimestamp(int(told) / 1000, UTC)
    for form in ("%Y%m%dT%H", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(told, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    time = datetime.fromisoformat(told)
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


@dataclass
class Vendor:
    """One vendor's account."""

    name: str
    endpoint: str
    make: Callable[[str, datetime], Record]
    serve: Callable[["Vendor", Asked], Reply]
    path: str
    """What requests for the endpoint's records have in their path."""
    number: Callable[[Record], str]
    signed: Callable[[Mapping[str, str]], bool]
    settings: Mapping[str, str] = field(default_factory=dict)
    variable: str = ""
    token: str = ""
    """The access token that is good now, where one is fetched."""
    tokens: int = 0
    rows: list[tuple[datetime, str]] = field(default_factory=list)
    twist: Callable[[Record], Record] = lambda record: record

    def fill(self, count: int = 25, start: datetime = START, prefix: str = "n") -> None:
        for n in range(count):
            self.rows.append((start + n * SPACE, f"{prefix}{n:03d}"))

    def numbers(self) -> list[str]:
        return [number for _, number in self.rows]

    def since(self, at: object, until: object = None) -> list[Record]:
        low = read(at)
        high = read(until) if until is not None else datetime(2100, 1, 1, tzinfo=UTC)
        return [self.twist(self.make(n, t)) for t, n in sorted(self.rows) if low <= t < high]

    def answer(self, asked: Asked) -> Reply:
        if asked.path.endswith("/token"):
            if SECRET not in {asked.body.get("client_secret"), asked.body.get("refresh_token")}:
                return Reply({"error": "invalid_client"}, 401)
            self.tokens += 1
            self.token = f"fetched-token-{self.tokens}"
            return Reply({"access_token": self.token, "expires_in": 3600})
        good = f"Bearer {self.token}" == asked.headers.get("authorization") if self.token else None
        if not (self.signed(asked.headers) if good is None else good):
            return Reply({"message": f"bad key {asked.headers.get('authorization')}"}, 401)
        return self.serve(self, asked)

    def is_data(self, asked: Asked) -> bool:
        return re.search(self.path, asked.path) is not None


def page(records: list[Record], asked_from: object) -> tuple[list[Record], int | None]:
    """Return one page and where the next begins."""
    first = int(str(asked_from or 0))
    following = first + PAGE
    return records[first:following], following if following < len(records) else None


def bearer(headers: Mapping[str, str]) -> bool:
    return headers.get("authorization") == f"Bearer {SECRET}"


def basic(user: str | None, password: str) -> Callable[[Mapping[str, str]], bool]:
    pair = base64.b64encode(f"{user or SECRET}:{password}".encode()).decode()
    return lambda headers: headers.get("authorization") == f"Basic {pair}"


def header(name: str, value: str = SECRET) -> Callable[[Mapping[str, str]], bool]:
    return lambda headers: headers.get(name) == value


def no(_: Mapping[str, str]) -> bool:
    return False


def hubspot(vendor: Vendor, asked: Asked) -> Reply:
    filters = asked.body["filterGroups"][0]["filters"][0]
    assert filters["operator"] == "GTE"
    found, following = page(vendor.since(filters["value"]), asked.body.get("after"))
    paging = (
        {} if following is None else {"paging": {"next": {"after": str(following), "link": "?"}}}
    )
    return Reply({"total": len(vendor.rows), "results": found, **paging})


def salesforce(vendor: Vendor, asked: Asked) -> Reply:
    locator = re.search(r"/query/01g-(\d+)-(\d+)$", asked.path)
    if locator:
        at, first = locator[1], locator[2]
    else:
        told = re.search(r"SystemModstamp >= (\S+) ORDER BY", asked.query["q"])
        assert told
        at, first = str(epoch(read(told[1]))), "0"
    found, following = page(vendor.since(at), first)
    more = (
        {}
        if following is None
        else {"nextRecordsUrl": f"/services/data/v65.0/query/01g-{at}-{following}"}
    )
    return Reply({"totalSize": 1, "done": following is None, "records": found, **more})


def klaviyo(vendor: Vendor, asked: Asked) -> Reply:
    told = re.fullmatch(r"greater-or-equal\(datetime,(\S+)\)", asked.query["filter"])
    assert told
    assert asked.headers["revision"]
    found, following = page(vendor.since(told[1]), asked.query.get("page[cursor]"))
    link = None
    if following is not None:
        link = f"{asked.base}/api/events?filter={asked.query['filter']}&sort=datetime&page%5Bcursor%5D={following}"
    return Reply({"data": found, "links": {"self": "-", "next": link, "prev": None}})


def mailchimp(vendor: Vendor, asked: Asked) -> Reply:
    if asked.path == "/3.0/lists":
        return Reply({"lists": [{"id": "l1"}], "total_items": 1})
    if "l1" not in asked.path:
        return Reply({"members": [], "total_items": 0})
    records = vendor.since(asked.query["since_last_changed"])
    first, size = int(asked.query.get("offset", 0)), int(asked.query["count"])
    return Reply(
        {"members": records[first : first + size], "list_id": "l1", "total_items": len(records)}
    )


def sendgrid(vendor: Vendor, asked: Asked) -> Reply:
    if asked.path != "/v3/messages":
        return Reply({"msg_id": asked.path.rsplit("/", 1)[1], "events": [{"event_name": "open"}]})
    told = re.findall(r'TIMESTAMP "([^"]+)"', asked.query["query"])
    records = vendor.since(told[0], told[1])
    return Reply({"messages": records[: int(asked.query["limit"])]})


def iterable(vendor: Vendor, asked: Asked) -> Reply:
    assert asked.query["dataTypeName"] == "emailSend"
    found = vendor.since(asked.query["startDateTime"], asked.query["endDateTime"])
    return Reply("".join(json.dumps(record) + "\n" for record in found))


def marketo(vendor: Vendor, asked: Asked) -> Reply:
    if asked.path.endswith("leads.json"):
        assert asked.query["filterValues"] == "7"
        return Reply({"success": True, "result": [{"id": 7, "email": "ann@example.com"}]})
    if "pagingtoken" in asked.path:
        return Reply(
            {"success": True, "nextPageToken": f"{epoch(read(asked.query['sinceDatetime']))}.0"}
        )
    at, first = asked.query["nextPageToken"].split(".")
    found, following = page(vendor.since(at), first)
    ended = int(first) + len(found)
    result = {"result": found} if found else {}
    return Reply(
        {
            "success": True,
            **result,
            "nextPageToken": f"{at}.{ended}",
            "moreResult": following is not None,
        }
    )


def customerio(vendor: Vendor, asked: Asked) -> Reply:
    records = vendor.since(asked.query["start_ts"], asked.query["end_ts"])
    found, following = page(records, asked.query.get("start"))
    return Reply({"messages": found, "next": "" if following is None else str(following)})


def zendesk(vendor: Vendor, asked: Asked) -> Reply:
    if "cursor" in asked.query:
        assert "start_time" not in asked.query
        at = int(asked.query["cursor"]) + 1
    else:
        at = epoch(read(asked.query["start_time"]))
    records = vendor.since(at)
    found = records[:PAGE]
    ended = epoch(read(found[-1]["updated_at"])) if found else at - 1
    return Reply(
        {"tickets": found, "after_cursor": str(ended), "end_of_stream": len(found) == len(records)}
    )


def intercom(vendor: Vendor, asked: Asked) -> Reply:
    query, pagination = asked.body["query"], asked.body["pagination"]
    assert isinstance(query["value"], int)
    found, following = page(vendor.since(query["value"]), pagination.get("starting_after"))
    pages: dict[str, Any] = {"type": "pages", "per_page": PAGE}
    if following is not None:
        pages["next"] = {"page": 2, "starting_after": str(following)}
    return Reply({"type": "list", "data": found, "pages": pages})


def freshdesk(vendor: Vendor, asked: Asked) -> Reply:
    if "conversations" in asked.path:
        return Reply([{"id": 1, "body_text": "hello"}])
    number = int(asked.query.get("page", 1))
    found, following = page(vendor.since(asked.query["updated_since"]), (number - 1) * PAGE)
    told = f"updated_since={asked.query['updated_since']}&page={number + 1}"
    link = (
        {"Link": f'<{asked.base}{asked.path}?{told}>; rel="next"'} if following is not None else {}
    )
    return Reply(found, headers=link)


def mixpanel(vendor: Vendor, asked: Asked) -> Reply:
    last = read(asked.query["to_date"]) + timedelta(days=1)
    found = vendor.since(asked.query["from_date"], last)
    return Reply("\n".join(json.dumps(record) for record in found))


def amplitude(vendor: Vendor, asked: Asked) -> Reply:
    found = vendor.since(asked.query["start"], read(asked.query["end"]) + timedelta(hours=1))
    if not found:
        return Reply("No data for this time range.", 404)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for n, record in enumerate(found):
            archive.writestr(f"1/1_{n}.json.gz", gzip.compress(json.dumps(record).encode()))
    return Reply(packed.getvalue())


def posthog(vendor: Vendor, asked: Asked) -> Reply:
    records = vendor.since(asked.query["after"], asked.query["before"])
    first = int(asked.query.get("offset", 0))
    found, size = records[first : first + 3], 3
    link = None
    if first + size < len(records):
        told = f"after={asked.query['after']}&before={asked.query['before']}&offset={first + size}"
        link = f"{asked.base}{asked.path}?{told}"
    return Reply({"next": link, "results": found})


def google_ads(vendor: Vendor, asked: Asked) -> Reply:
    assert asked.headers["developer-token"] == SECRET
    told = re.findall(r"'(\d{4}-\d\d-\d\d)'", asked.body["query"])
    records = vendor.since(told[0], read(told[1]) + timedelta(days=1))
    found, following = page(records, asked.body.get("pageToken"))
    more = {} if following is None else {"nextPageToken": str(following)}
    return Reply({**({"results": found} if found else {}), "fieldMask": "campaign.id", **more})


def facebook_ads(vendor: Vendor, asked: Asked) -> Reply:
    span = json.loads(asked.query["time_range"])
    records = vendor.since(span["since"], read(span["until"]) + timedelta(days=1))
    found, following = page(records, asked.query.get("after"))
    paging: dict[str, Any] = {"cursors": {"before": "b", "after": str(following or len(records))}}
    if following is not None:
        paging["next"] = f"{asked.base}{asked.path}?access_token={SECRET}&after={following}"
    return Reply({"data": found, "paging": paging})


def linkedin_ads(vendor: Vendor, asked: Asked) -> Reply:
    told = re.findall(r"year:(\d+),month:(\d+),day:(\d+)", asked.query["dateRange"])
    days = [datetime(int(day[0]), int(day[1]), int(day[2]), tzinfo=UTC) for day in told]
    assert asked.headers["linkedin-version"]
    found = vendor.since(iso(days[0]), iso(days[1] + timedelta(days=1)))
    return Reply({"paging": {"start": 0, "count": 10, "links": []}, "elements": found})


def stripe(vendor: Vendor, asked: Asked) -> Reply:
    records = list(reversed(vendor.since(asked.query["created[gte]"])))
    ids = [record["id"] for record in records]
    after = asked.query.get("starting_after")
    found, following = page(records, ids.index(after) + 1 if after else 0)
    return Reply({"object": "list", "data": found, "has_more": following is not None})


def shopify(vendor: Vendor, asked: Asked) -> Reply:
    told = asked.query.get("page_info")
    if told:
        if set(asked.query) - {"page_info", "limit"}:
            return Reply({"errors": "page_info takes no other parameter"}, 400)
        at, first = told.split(".")
    else:
        at, first = str(epoch(read(asked.query["updated_at_min"]))), "0"
    found, following = page(vendor.since(at), first)
    link = {}
    if following is not None:
        link = {
            "Link": f'<{asked.base}{asked.path}?limit=10&page_info={at}.{following}>; rel="next"'
        }
    return Reply({"orders": found}, headers=link)


def typeform(vendor: Vendor, asked: Asked) -> Reply:
    if asked.path == "/forms":
        return Reply({"total_items": 1, "page_count": 1, "items": [{"id": "f1"}]})
    records = list(reversed(vendor.since(asked.query["since"])))
    tokens = [record["token"] for record in records]
    before = asked.query.get("before")
    found, _ = page(records, tokens.index(before) + 1 if before else 0)
    return Reply({"total_items": len(records), "page_count": 3, "items": found})


def surveymonkey(vendor: Vendor, asked: Asked) -> Reply:
    if asked.path == "/v3/surveys":
        return Reply({"data": [{"id": "s1"}], "links": {"self": "-"}})
    number = int(asked.query.get("page", 1))
    found, following = page(vendor.since(asked.query["start_modified_at"]), (number - 1) * PAGE)
    links = {"self": "-"}
    if following is not None:
        links["next"] = (
            f"{asked.base}{asked.path}?start_modified_at={asked.query['start_modified_at']}&page={number + 1}"
        )
    return Reply({"data": found, "links": links})


def qualtrics(vendor: Vendor, asked: Asked) -> Reply:
    if asked.path == "/API/v3/surveys":
        if "skipToken" not in asked.query:
            more = f"{asked.base}/API/v3/surveys?skipToken=2"
            return Reply({"result": {"elements": [{"id": "SV_1"}], "nextPage": more}})
        return Reply({"result": {"elements": [{"id": "SV_2"}], "nextPage": None}})
    if asked.method == "POST":
        return Reply(
            {
                "result": {
                    "progressId": f"ES_{epoch(read(asked.body['startDate']))}",
                    "status": "inProgress",
                }
            }
        )
    file = re.search(r"/(SV_\d)/export-responses/F_(\d+)/file$", asked.path)
    if file:
        # Each survey has every other record.
        found = vendor.since(file[2])[file[1] == "SV_2" :: 2]
        return Reply({"responses": found})
    at = asked.path.rsplit("ES_", 1)[1]
    return Reply({"result": {"status": "complete", "fileId": f"F_{at}", "percentComplete": 100}})


def _id(record: Record) -> str:
    return str(record["id"])


def vendors() -> dict[str, Vendor]:
    """Return a new account of each vendor."""
    email = "ann@example.com"
    made = (
        Vendor("hubspot", "contacts", lambda n, t: {"id": n, "properties": {"email": email, "lastmodifieddate": iso(t)}, "createdAt": iso(START), "updatedAt": iso(t), "archived": False}, hubspot, "contacts/search$", _id, bearer),
        Vendor("salesforce", "Lead", lambda n, t: {"attributes": {"type": "Lead"}, "Id": n, "Email": email, "SystemModstamp": t.strftime("%Y-%m-%dT%H:%M:%S.000+0000")}, salesforce, "/services/data/", lambda r: str(r["Id"]), no, {"domain": "acme"}, "SALESFORCE_CLIENT_SECRET", token=NOT_YET),
        Vendor("klaviyo", "events", lambda n, t: {"type": "event", "id": n, "attributes": {"timestamp": epoch(t), "datetime": t.strftime("%Y-%m-%d %H:%M:%S+00:00"), "event_properties": {}}}, klaviyo, "/api/events", _id, header("authorization", f"Klaviyo-API-Key {SECRET}")),
        Vendor("mailchimp", "members", lambda n, t: {"id": n, "email_address": email, "last_changed": iso(t), "list_id": "l1"}, mailchimp, "/members$", _id, basic("desirepath", SECRET), {"server": "us1"}),
        Vendor("sendgrid", "messages", lambda n, t: {"msg_id": n, "to_email": email, "status": "delivered", "last_event_time": iso(t)}, sendgrid, "/v3/messages$", lambda r: str(r["msg_id"]), bearer),
        Vendor("iterable", "emailSend", lambda n, t: {"messageId": n, "email": email, "createdAt": t.strftime("%Y-%m-%d %H:%M:%S +00:00")}, iterable, "/export/", lambda r: str(r["messageId"]), header("api-key")),
        Vendor("marketo", "activities", lambda n, t: {"marketoGUID": n, "leadId": 7, "activityDate": iso(t), "activityTypeId": 1}, marketo, "/activities.json$", lambda r: str(r["marketoGUID"]), no, {"munchkin": "123-ABC"}, "MARKETO_CLIENT_SECRET", token=NOT_YET),
        Vendor("customerio", "messages", lambda n, t: {"id": n, "customer_id": "7", "created": epoch(t), "metrics": {"sent": epoch(t)}}, customerio, "/messages$", _id, bearer),
        Vendor("zendesk", "tickets", lambda n, t: {"id": n, "subject": "Help", "status": "open", "updated_at": iso(t)}, zendesk, "/tickets/cursor", _id, basic("me@acme.com/token", SECRET), {"subdomain": "acme", "email": "me@acme.com"}),
        Vendor("intercom", "contacts", lambda n, t: {"type": "contact", "id": n, "email": email, "updated_at": epoch(t)}, intercom, "/contacts/search$", _id, bearer),
        Vendor("freshdesk", "tickets", lambda n, t: {"id": n, "subject": "Help", "updated_at": iso(t)}, freshdesk, "/tickets$", _id, basic(None, ""), {"domain": "acme"}),
        Vendor("mixpanel", "events", lambda n, t: {"event": "Signup", "properties": {"$insert_id": n, "time": epoch(t), "distinct_id": "7"}}, mixpanel, "/export$", lambda r: str(r["properties"]["$insert_id"]), basic(None, SECRET), {"project": "1"}, "MIXPANEL_SERVICE_SECRET"),
        Vendor("amplitude", "events", lambda n, t: {"uuid": n, "event_type": "Signup", "user_id": "7", "event_time": t.strftime("%Y-%m-%d %H:%M:%S.000000")}, amplitude, "/export$", lambda r: str(r["uuid"]), basic(None, SECRET), {}, "AMPLITUDE_SECRET_KEY"),
        Vendor("posthog", "events", lambda n, t: {"id": n, "event": "$pageview", "distinct_id": "7", "timestamp": iso(t)}, posthog, "/events/$", _id, bearer, {"project": "1"}),
        Vendor("google_ads", "campaign_days", lambda n, t: {"campaign": {"id": n, "name": "Brand"}, "metrics": {"costMicros": "1000000"}, "segments": {"date": iso(t)[:10]}}, google_ads, "googleAds:search$", lambda r: str(r["campaign"]["id"]), no, {"customer": "1"}, "GOOGLE_ADS_REFRESH_TOKEN", token=NOT_YET),
        Vendor("facebook_ads", "campaign_insights", lambda n, t: {"campaign_id": n, "spend": "1.5", "date_start": iso(t)[:10]}, facebook_ads, "/insights$", lambda r: str(r["campaign_id"]), bearer, {"account": "1"}),
        Vendor("linkedin_ads", "campaign_analytics", lambda n, _: {"pivotValues": [f"urn:li:sponsoredCampaign:{n}"], "costInUsd": "1.5", "dateRange": {}}, linkedin_ads, "/adAnalytics$", lambda r: str(r["pivotValues"][0]).rsplit(":", 1)[1], bearer, {"account": "1"}),
        Vendor("stripe", "charges", lambda n, t: {"id": n, "object": "charge", "created": epoch(t), "amount": 500}, stripe, "/v1/charges$", _id, bearer),
        Vendor("shopify", "orders", lambda n, t: {"id": n, "email": email, "updated_at": iso(t)}, shopify, "/orders.json$", _id, header("x-shopify-access-token"), {"shop": "acme"}),
        Vendor("typeform", "responses", lambda n, t: {"response_id": n, "token": n, "submitted_at": iso(t), "answers": []}, typeform, "/responses$", lambda r: str(r["response_id"]), bearer),
        Vendor("surveymonkey", "responses", lambda n, t: {"id": n, "survey_id": "s1", "date_modified": iso(t), "pages": []}, surveymonkey, "/responses/bulk$", _id, bearer),
        Vendor("qualtrics", "responses", lambda n, t: {"responseId": n, "values": {"endDate": iso(t)}, "labels": {}}, qualtrics, "/file$", lambda r: str(r["responseId"]), header("x-api-token"), {"datacenter": "fra1"}),
    )  # fmt: skip
    for vendor in made:
        vendor.fill()
    return {vendor.name: vendor for vendor in made}


def environment(vendor: Vendor) -> dict[str, str]:
    """Return every key of a vendor, all the same secret."""
    return dict.fromkeys(APIS[vendor.name].keys(), SECRET)


def tuned(api: Api) -> Api:
    """Return an API with pages of ten where our description decides how many records one has."""
    return replace(api, endpoints=tuple(_tuned(endpoint) for endpoint in api.endpoints))


def _tuned(endpoint: Endpoint) -> Endpoint:
    sizes = {name: PAGE for name in ("limit", "page_size", "count") if name in endpoint.params}
    endpoint = replace(endpoint, params={**endpoint.params, **sizes})
    if endpoint.since and endpoint.since.full:
        endpoint = replace(endpoint, since=replace(endpoint.since, full=PAGE))
    if isinstance(endpoint.paging, LastRecord) and endpoint.paging.full:
        endpoint = replace(endpoint, paging=replace(endpoint.paging, full=PAGE))
    if isinstance(endpoint.paging, Offset):
        endpoint = replace(endpoint, paging=replace(endpoint.paging, limit=PAGE))
    return endpoint
