"""Reads one window of one endpoint, page after page, so that no row is missed where rows move between pages."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests
from dlt.common.jsonpath import find_values
from dlt.sources.helpers.rest_client import RESTClient

from cdp.pulls.lines import at_path, line_of
from cdp.pulls.pages import is_last, paginator_of
from cdp.pulls.session import Unanswered, said
from cdp.pulls.tokens import NotAllowed
from cdp.pulls.windows import Window, filled
from cdp.values.exact_json import write_json

READINGS = 5
"""Readings of a window in which rows keep moving, before the run gives up until the next one."""


class TooMany(Exception):
    """The API gives only the first rows of so many; smaller windows give them all."""


@dataclass(frozen=True)
class Asked:
    """One endpoint of one object, and how times are written in it."""

    client: RESTClient
    read: Mapping[str, Any]
    key: list[str]
    times: str


def read_window(asked: Asked, window: Window, take: Callable[[list[str]], None]) -> int:
    """Hands over the lines of a window, page by page; gives how many. A line may come twice.

    A window with more rows than the API gives is read in halves. Raises Unanswered, NotAllowed.
    """
    try:
        return read_until_still(asked, window, take)
    except TooMany as error:
        halves = window.halves()
        if halves is None:
            raise Unanswered(f"{error}, all of one second") from None
        return sum(read_window(asked, half, take) for half in halves)


def read_until_still(asked: Asked, window: Window, take: Callable[[list[str]], None]) -> int:
    """Reads where a page is a position in a list, until two readings in succession find the same rows.

    A row is skipped when one before it leaves the list while it is read; then the next reading lacks the one that left.
    """
    moves, before, count = asked.read["positional"] or asked.read["pages"]["type"] in ("offset", "page"), None, 0
    for _ in range(READINGS):
        found, pages = set(), 0
        for lines in pages_of(asked, window):
            take(lines)
            found.update(name_of(line, asked.key) for line in lines if moves)
            count, pages = count + len(lines), pages + 1
        if not moves or pages < 2 or found == before:
            return count
        before = found
    raise Unanswered(f"rows moved between the pages in each of {READINGS} readings")


def name_of(line: str, key: list[str]) -> str:
    """What stays of a row while it changes: its key; a row without one is named by all it holds."""
    row = json.loads(line).get("row")
    return line if row is None else write_json([row[part] for part in key])


def pages_of(asked: Asked, window: Window) -> Iterator[list[str]]:
    """The lines of each page. Raises Unanswered, TooMany."""
    read = asked.read
    place, most, number = f"{read['method']} {read['path']}", read.get("mostRows"), 0
    before: list | None = None
    for page in asked.client.paginate(
        read["path"],
        method=read["method"],
        params=filled(read["params"], window, asked.times),
        json=filled(read.get("json"), window, asked.times),
        paginator=paginator_of(read["pages"]),
        data_selector=read["rows"],
        hooks={"response": [good(read)]},
        allow_redirects=False,
    ):
        if page and page == before:
            raise Unanswered("the API gives the same page again and again")
        lines = [
            line_of(row, read, asked.key, {"file": place, "row": number + at}) for at, row in enumerate(page, start=1)
        ]
        number, before = number + len(page), list(page)
        yield lines
        if is_last(page.response, read):
            return
        if most is not None and number >= most and page.paginator.has_next_page:
            raise TooMany(f"the API gives only {most} rows at once, and there are more")


def good(read: Mapping[str, Any]) -> Callable[..., None]:
    """Refuses answers that are no page: another status, no JSON, no list where rows must be, or a failure with 200."""

    def check(answer: requests.Response, **_: Any) -> None:
        if answer.status_code == 401:
            raise NotAllowed(f"{read['method']} {read['path']}: HTTP 401, the API does not accept this source's secret")
        if answer.status_code != 200:
            raise Unanswered(f"{read['method']} {read['path']}: {said(answer)}")
        try:
            found = answer.json()
        except ValueError:
            raise Unanswered(f"{read['method']} {read['path']}: the answer is not JSON") from None
        failure = read.get("failure")
        if failure is not None and at_path(found, failure) is not None:
            raise Unanswered(f"{read['method']} {read['path']}: the answer has {failure}")
        if not find_values(read["rows"], found):
            raise Unanswered(f"{read['method']} {read['path']}: the answer has nothing at {read['rows']}")

    return check
