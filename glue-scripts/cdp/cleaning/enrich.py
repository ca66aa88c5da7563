"""Adds what follows from an event's values: browser, campaign, kind of referrer, and country of the IP address."""

from functools import cache

import maxminddb
from pyspark import SparkFiles
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from cdp.cleaning.column_steps import Step
from cdp.cleaning.lookup import computed
from cdp.cleaning.quality import CHANGED, FAILED, MISSING, UNCHANGED, outcome_column
from cdp.cleaning.referrer import referrer
from cdp.cleaning.user_agent import user_agent
from cdp.spark.sql import first_case, identifier, quoted
from cdp.values.text_in_sql import is_blank

CAMPAIGN = {
    "source": "utm_source",
    "medium": "utm_medium",
    "name": "utm_campaign",
    "term": "utm_term",
    "content": "utm_content",
}
CLICK_IDS = (
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "fbclid",
    "msclkid",
    "ttclid",
    "twclid",
    "li_fat_id",
    "ScCid",
    "epik",
)


def enrich(spark: SparkSession, rules: dict) -> list[Step]:
    """Steps for what the deployment turns on. Columns of what it leaves off stay null."""
    steps = []
    if rules.get("userAgent"):
        steps.append(user_agent())
    if rules.get("campaign"):
        steps.append(campaign())
    if "referrer" in rules:
        steps.append(referrer(rules["referrer"]["internal"]))
    if "country" in rules:
        steps.append(country(spark, rules["country"]["database"]))
    return steps


def parameter(url: str, name: str) -> str:
    """A decoded query parameter of a URL; null when it is absent or empty."""
    raw = f"regexp_extract({url}, '[?&]{name}=([^&#]*)', 1)"
    # Undecodable values stay as they are. The test has no repeated group: Java needs stack for one, and URLs are long.
    return first_case(
        (f"{raw} = ''", "NULL"), (f"{raw} RLIKE '%(?![0-9A-Fa-f]{{2}})'", raw), otherwise=f"url_decode({raw})"
    )


def campaign() -> Step:
    """Reads campaign fields that the event lacks from the page's URL, and the id of the click."""
    # One look settles most URLs, which have none of these parameters.
    has_any = f"page_url RLIKE '[?&]({'|'.join(CAMPAIGN.values())})='"
    has_click = f"page_url RLIKE '[?&]({'|'.join(CLICK_IDS)})='"
    columns = {
        f"campaign_{field}": f"coalesce(campaign_{field}, {first_case((has_any, parameter('page_url', name)))})"
        for field, name in CAMPAIGN.items()
    }
    ids = {name: parameter("page_url", name) for name in CLICK_IDS}
    clicks = first_case(
        *((f"{id_} IS NOT NULL", f"named_struct('id', {id_}, 'kind', '{name}')") for name, id_ in ids.items())
    )
    found = {f"found/{name}": value for name, value in columns.items()} | {
        "found/click": first_case((has_click, clicks))
    }
    same = " AND ".join(f"{identifier(f'found/{name}')} <=> {name}" for name in columns)
    outcome = first_case(
        ("page_url IS NULL", quoted(MISSING)),
        (f"{same} AND `found/click` IS NULL", quoted(UNCHANGED)),
        otherwise=quoted(CHANGED),
    )
    made = {name: identifier(f"found/{name}") for name in columns} | {
        "click_id": "`found/click`.id",
        "click_id_kind": "`found/click`.kind",
    }
    return Step(("page_url", *columns), made | {outcome_column("enrich", "campaign"): outcome}, found)


def country(spark: SparkSession, database: str) -> Step:
    """The country of the IP address, from the MaxMind database that the deployment provides."""
    spark.sparkContext.addFile(database)
    name = database.rsplit("/", 1)[-1]
    told = computed(
        lambda address: country_of(address, name), "string", F.expr(first_case((f"NOT {is_blank('ip')}", "ip")))
    )
    outcome = first_case(
        ("ip IS NULL", quoted(MISSING)), ("`found/country` IS NULL", quoted(FAILED)), otherwise=quoted(CHANGED)
    )
    return Step(
        ("ip",), {"ip_country": "`found/country`", outcome_column("enrich", "ip"): outcome}, {"found/country": told}
    )


def country_of(address: str, name: str) -> str | None:
    try:
        found = open_database(SparkFiles.get(name)).get(address)
    except (ValueError, TypeError):
        # The reader raises a TypeError for a text with a NUL.
        return None
    return ((found or {}).get("country") or {}).get("iso_code")


@cache
def open_database(path: str) -> maxminddb.Reader:
    return maxminddb.open_database(path)
