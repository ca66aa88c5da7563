"""How an API gives its pages, as the paginators of dlt."""

from collections.abc import Mapping
from typing import Any

import requests
from dlt.sources.helpers.rest_client.paginators import (
    BasePaginator,
    HeaderLinkPaginator,
    JSONLinkPaginator,
    JSONResponseCursorPaginator,
    OffsetPaginator,
    PageNumberPaginator,
    SinglePagePaginator,
)

from cdp.pulls.lines import at_path


def paginator_of(pages: Mapping[str, Any]) -> BasePaginator:
    """A paginator of its own for each reading: it remembers where it is."""
    match pages["type"]:
        case "cursor":
            return JSONResponseCursorPaginator(
                cursor_path=pages["at"],
                cursor_param=pages.get("param"),
                cursor_body_path=pages.get("body"),
                has_more_path=pages.get("more"),
            )
        case "offset":
            return OffsetPaginator(
                limit=pages["limit"],
                offset_param=pages["offsetParam"],
                limit_param=pages["limitParam"],
                total_path=pages.get("total"),
            )
        case "page":
            return PageNumberPaginator(base_page=pages["first"], page_param=pages["param"], total_path=None)
        case "link":
            return JSONLinkPaginator(next_url_path=pages["at"])
        case "header-link":
            return HeaderLinkPaginator()
        case _:
            return SinglePagePaginator()


def is_last(answer: requests.Response, read: Mapping[str, Any]) -> bool:
    """Whether an answer says itself that nothing comes after it."""
    return "ends" in read and at_path(answer.json(), read["ends"]) is True
