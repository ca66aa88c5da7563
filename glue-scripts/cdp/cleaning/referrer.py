"""Tells how a visitor reached a page, from the referrer."""

import re
from functools import cache

from pyspark.sql import functions as F

from cdp.cleaning.column_steps import Step
from cdp.cleaning.lookup import computed, read_data
from cdp.cleaning.quality import CHANGED, MISSING, outcome_column
from cdp.spark.sql import first_case, quoted
from cdp.values.email import ascii_label
from cdp.values.text_in_sql import is_blank, trimmed


def referrer(internal: list[str]) -> Step:
    """Adds the kind of referrer. The page's own host and the given domains are internal."""
    page, other = "`found/page`", "`found/referrer`"
    own = [
        f"{other} = {page}",
        *(
            f"{other} = {quoted(domain)} OR endswith({other}, {quoted(f'.{domain}')})"
            for name in internal
            for domain in forms(name)
        ),
    ]
    kind = first_case(
        (is_blank("page_referrer"), "'direct'"), (" OR ".join(own), "'internal'"), otherwise="`found/kind`"
    )
    outcome = first_case(("page_url IS NULL", quoted(MISSING)), otherwise=quoted(CHANGED))
    made = {"referrer_kind": first_case(("page_url IS NOT NULL", kind)), outcome_column("enrich", "referrer"): outcome}
    is_app = f"startswith(lower({trimmed('page_referrer')}), 'android-app:')"
    told = computed(kind_of_place, "string", F.expr(host("page_referrer")), F.expr(is_app))
    return Step(
        ("page_url", "page_referrer"),
        made,
        {"found/page": host("page_url"), "found/referrer": host("page_referrer"), "found/kind": told},
    )


def host(url: str) -> str:
    """The host of a URL or of an Android app, in lower case and without `www.`."""
    whole = f"lower(regexp_extract({trimmed(url)}, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/:?#]+)', 1))"
    return f"regexp_replace({whole}, '^www[.]|[.]$', '')"


def forms(domain: str) -> set[str]:
    """A domain in the letters of referrers and of browsers (`xn--…`). A URL stands for its host."""
    name = (
        re.split("[/?#:]", re.sub("^[a-z]+://", "", domain.strip().lower()))[0].removeprefix("www.").removesuffix(".")
    )
    return {name, ".".join(map(ascii_label, name.split(".")))} - {""}


@cache
def referrers() -> dict[str, str]:
    return read_data("referrers")


def kind_of_place(name: str, is_app: bool) -> str:
    """As `kind_of_host`. An app's name is reversed, so no part of it is a host above it."""
    return referrers().get(name, "other") if is_app else kind_of_host(name)


def kind_of_host(name: str) -> str:
    """The kind of a host.

    A host below a listed one has the same kind, except below search engines, which search elsewhere.
    """
    if name in referrers():
        return referrers()[name]
    first, _, above = name.partition(".")
    while "." in above:
        if above in referrers():
            kind = referrers()[above]
            return kind if kind != "search" or first in ("m", "mobile") else "other"
        first, _, above = above.partition(".")
    return "other"
