"""How nine vendors answer, by their public documentation: filters, pages, and what they say of those who are gone.

Each takes the people, and what was asked; it gives the body of an answer. Pages hold three rows.
"""

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from vendor_people import People, Person

PAGE = 3
Answer = dict[str, Any]
Asked = dict[str, Any]
"""`path`, `query` (a dictionary), `json`, `host`."""


def iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def seconds(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=UTC).timestamp()


def after(
    rows: Iterable[Person], cursor: str | None, place: Callable[[Person], str]
) -> tuple[list[Person], str | None]:
    """A page after the row that a cursor names, and the cursor of the next page."""
    left = [row for row in rows if cursor is None or place(row) > cursor]
    page = left[:PAGE]
    return page, place(page[-1]) if len(left) > PAGE else None


def by_time(person: Person) -> str:
    return f"{int(person.at.timestamp()):012}-{person.id:06}"


def by_id(person: Person) -> str:
    return f"{person.id:06}"


def hubspot(people: People, asked: Asked) -> Answer:
    def row(person: Person) -> Answer:
        properties = {"email": person.email, "firstname": None, "lastmodifieddate": iso(person.at)}
        return {"id": str(person.id), "properties": properties, "updatedAt": iso(person.at), "archived": person.gone}

    if asked["path"].endswith("/search"):
        bounds = [int(each["value"]) / 1000 for each in asked["json"]["filterGroups"][0]["filters"]]
        found = people.between(*bounds, gone=False)
        at = int(asked["json"].get("after", 0))
        if at + PAGE > 18:
            return {"status": 400, "message": "no more than 18 results"}
        page, rest = found[at : at + PAGE], len(found) > at + PAGE
        return {"total": len(found), "results": [row(each) for each in page]} | (
            {"paging": {"next": {"after": str(at + PAGE)}}} if rest else {}
        )
    gone = asked["query"]["archived"].lower() == "true"
    rows = sorted((each for each in people.all.values() if each.gone == gone), key=by_id)
    page, cursor = after(rows, asked["query"].get("after"), by_id)
    return {"results": [row(each) for each in page]} | ({"paging": {"next": {"after": cursor}}} if cursor else {})


SNAPSHOTS: dict[str, list[Answer]] = {}


def salesforce(people: People, asked: Asked) -> Answer:
    def row(person: Person) -> Answer:
        at = person.at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        fields = {"Id": str(person.id), "IsDeleted": person.gone, "SystemModstamp": at, "Email": person.email}
        return {"attributes": {"type": "Contact"}, **fields}

    if "-" in asked["path"].rsplit("/", 1)[-1]:
        locator, _, at = asked["path"].rsplit("/", 1)[-1].partition("-")
        found, begin = SNAPSHOTS[locator], int(at)
    else:
        bounds = re.findall(r"SystemModstamp (?:>=|<) (\S+)", asked["query"]["q"])
        gone = "queryAll" in asked["path"]
        found = [row(each) for each in people.between(*(map(seconds, bounds) if bounds else [0.0]), gone=gone)]
        locator, begin = f"01g{len(SNAPSHOTS)}", 0
        SNAPSHOTS[locator] = found
    rest = len(found) > begin + PAGE
    more = {"nextRecordsUrl": f"/services/data/v62.0/query/{locator}-{begin + PAGE}"} if rest else {}
    return {"totalSize": len(found), "done": not rest, "records": found[begin : begin + PAGE]} | more


def shopify(people: People, asked: Asked) -> Answer:
    root = re.search(r"(customers|orders)\(", asked["json"]["query"])[1]
    bounds = [seconds(each) for each in re.findall(r"_at:(?:>=|<)'([^']+)'", asked["json"]["variables"]["query"])]
    rows = people.between(*(bounds or [0.0]), gone=False)
    page, cursor = after(rows, asked["json"]["variables"].get("after"), by_time)
    nodes = [
        {"legacyResourceId": str(each.id), "updatedAt": iso(each.at), "createdAt": iso(each.at)}
        | {"defaultEmailAddress": {"emailAddress": each.email}, "tags": []}
        for each in page
    ]
    return {"data": {root: {"nodes": nodes, "pageInfo": {"hasNextPage": cursor is not None, "endCursor": cursor}}}}


def stripe(people: People, asked: Asked) -> Answer:
    query = asked["query"]

    def customer(person: Person) -> Answer:
        return {"id": str(person.id), "object": "customer", "email": person.email, "created": 1}

    if asked["path"] == "/v1/customers":
        rows = [customer(each) for each in sorted(people.all.values(), key=lambda each: -each.id) if not each.gone]
    else:
        begin, end = int(query["created[gte]"]), int(query["created[lt]"])
        rows = [
            {"id": f"evt_{n}", "created": int(each.at.timestamp()), "data": {"object": customer(each)}}
            | {"type": f"customer.{'deleted' if each.gone else 'updated'}"}
            for n, each in reversed(list(enumerate(people.events)))
            if begin <= each.at.timestamp() < end
        ]
    ids = [each["id"] for each in rows]
    begin = ids.index(query["starting_after"]) + 1 if query.get("starting_after") in ids else 0
    return {"object": "list", "data": rows[begin : begin + PAGE], "has_more": len(rows) > begin + PAGE}


def zendesk(people: People, asked: Asked) -> Answer:
    if "organizations" in asked["path"]:
        return zendesk_organizations(people, asked)
    cursor = asked["query"].get("cursor")
    rows = people.between(0 if cursor else float(asked["query"]["start_time"]), people.now.timestamp() - 60)
    left = [each for each in rows if cursor is None or by_time(each) > cursor]
    page = left[:PAGE]
    users = [{"id": each.id, "email": each.email, "active": not each.gone, "updated_at": iso(each.at)} for each in page]
    # The cursor of the last page leads on to what will change.
    last = by_time(page[-1]) if page else cursor or "0"
    return {"users": users, "after_cursor": last, "end_of_stream": len(left) <= PAGE}


def zendesk_organizations(people: People, asked: Asked) -> Answer:
    def row(person: Person) -> Answer:
        return {"id": person.id, "name": person.email, "domain_names": [], "updated_at": iso(person.at)}

    if "incremental" not in asked["path"]:
        rows = sorted((each for each in people.all.values() if not each.gone), key=by_id)
        page, cursor = after(rows, asked["query"].get("page[after]"), by_id)
        # There is a cursor on the last page, too.
        meta = {"has_more": cursor is not None, "after_cursor": by_id(page[-1]) if page else None}
        return {"organizations": [row(each) for each in page], "meta": meta}
    rows = people.between(float(asked["query"]["start_time"]), people.now.timestamp() - 60, gone=False)
    # A page ends where a second does, and the next one begins with that second again.
    count = PAGE
    while count < len(rows) and rows[count - 1].at in (rows[0].at, rows[count].at):
        count += 1
    begin = int(rows[:count][-1].at.timestamp()) if rows else asked["query"]["start_time"]
    link = f"http://{asked['host']}/api/v2/incremental/organizations.json?start_time={begin}"
    page = [row(each) for each in rows[:count]]
    return {"organizations": page, "end_time": begin, "next_page": link, "end_of_stream": count >= len(rows)}


def pipedrive(people: People, asked: Asked) -> Answer:
    query = asked["query"]
    bounds = [seconds(query[name]) for name in ("updated_since", "updated_until") if name in query]
    place = by_time if query["sort_by"] == "update_time" else by_id
    rows = sorted(people.between(*(bounds or [0.0]), gone=False), key=place)
    page, cursor = after(rows, query.get("cursor"), place)
    data = [
        {"id": each.id, "update_time": iso(each.at), "emails": [{"value": each.email, "primary": True}], "phones": []}
        | {"name": each.email, "is_deleted": False}
        for each in page
    ]
    return {"success": True, "data": data, "additional_data": {"next_cursor": cursor}}


def klaviyo(people: People, asked: Asked) -> Answer:
    query = asked["query"]
    begin = re.search(r"greater-than\(updated,([^)]+)\)", query.get("filter", ""))
    end = re.search(r"less-than\(updated,([^)]+)\)", query.get("filter", ""))
    rows = people.between(seconds(begin[1]) + 1 if begin else 0, seconds(end[1]) if end else None, gone=False)
    place = by_time if query["sort"] == "updated" else by_id
    page, cursor = after(sorted(rows, key=place), query.get("page[cursor]"), place)
    kept = "&".join(f"{name}={value}" for name, value in query.items() if name != "page[cursor]")
    link = f"http://{asked['host']}/api/profiles?{kept}&page[cursor]={cursor}" if cursor else None
    attributes = [(str(each.id), {"email": each.email, "updated": iso(each.at)}) for each in page]
    data = [{"type": "profile", "id": id_, "attributes": each} for id_, each in attributes]
    return {"data": data, "links": {"next": link}}


def mailchimp(people: People, asked: Asked) -> Answer:
    query = asked["query"]
    bounds = [seconds(query[name]) for name in ("since_last_changed", "before_last_changed") if name in query]
    rows = people.between(*(bounds or [0.0]))
    begin = int(query["offset"])
    members = [
        {"contact_id": str(each.id), "email_address": each.email, "last_changed": iso(each.at), "merge_fields": {}}
        | {"status": "archived" if each.gone else "subscribed"}
        for each in rows
    ]
    # Positions count in pages of the size that was asked for.
    return {"members": members[begin : begin + int(query["count"])], "total_items": len(rows)}


def meta_leads(people: People, asked: Asked) -> Answer:
    lower, upper = (each["value"] for each in json.loads(asked["query"]["filtering"]))
    rows = people.between(lower + 1, upper)
    page, cursor = after(rows, asked["query"].get("after"), by_time)
    data = [
        {"id": str(each.id), "created_time": each.at.strftime("%Y-%m-%dT%H:%M:%S+0000"), "form_id": "12345678"}
        | {"field_data": [{"name": "email", "values": [each.email]}, {"name": "full_name", "values": []}]}
        for each in page
    ]
    # There is a cursor on the last page, too.
    return {"data": data} | ({"paging": {"cursors": {"after": by_time(page[-1])}}} if page else {})


VENDORS: dict[str, tuple[str, Callable[[People, Asked], Answer]]] = {
    "hubspot": ("contacts", hubspot),
    "salesforce": ("contacts", salesforce),
    "shopify": ("customers", shopify),
    "stripe": ("customers", stripe),
    "zendesk": ("users", zendesk),
    "pipedrive": ("persons", pipedrive),
    "klaviyo": ("profiles", klaviyo),
    "mailchimp": ("members", mailchimp),
    "meta-leads": ("leads", meta_leads),
}
"""The object that is read of each, and how the vendor answers."""

EXPIRED: dict[str, tuple[int, Answer]] = {
    "meta-leads": (400, {"error": {"type": "OAuthException", "code": 190, "error_subcode": 463}}),
}
"""What a vendor answers to a token that ran out, if it is not 401."""

COMPANIES = {
    "hubspot": "companies",
    "salesforce": "accounts",
    "zendesk": "organizations",
    "pipedrive": "organizations",
}
"""Objects of companies, which vendors give as they give people."""
