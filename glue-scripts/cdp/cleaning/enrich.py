"""What can be told from what an event says: its browser, its campaign, how its page was reached, the country of its address."""

from functools import cache

import maxminddb
import ua_parser
from pyspark import SparkFiles
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from cdp.cleaning.column_steps import Step
from cdp.cleaning.lookup import computed
from cdp.cleaning.quality import CHANGED, FAILED, MISSING, UNCHANGED, outcome_column
from cdp.cleaning.referrer import referrer
from cdp.spark.sql import first_case, identifier, quoted
from cdp.values.text_in_sql import is_blank

CAMPAIGN = {"source": "utm_source", "medium": "utm_medium", "name": "utm_campaign", "term": "utm_term", "content": "utm_content"}
CLICK_IDS = ("gclid", "gbraid", "wbraid", "dclid", "fbclid", "msclkid", "ttclid", "twclid", "li_fat_id", "ScCid", "epik")
AGENT = ("browser", "browser_version", "os", "os_version", "device", "device_kind")


def enrich(spark: SparkSession, rules: dict) -> list[Step]:
    """Steps for what the deployment asks for; columns of what it does not ask for stay null."""
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


def user_agent() -> Step:
    struct = f"struct<{', '.join(f'{name}: string' for name in AGENT)}>"
    said = first_case((f"NOT {is_blank('user_agent')}", "user_agent"))
    told = computed(read_agent, struct, F.expr(said))
    outcome = first_case((is_blank("user_agent"), quoted(MISSING)), ("`found/agent`.browser IS NULL", quoted(FAILED)), otherwise=quoted(CHANGED))
    made = {name: f"`found/agent`.{name}" for name in AGENT}
    return Step(("user_agent",), made | {outcome_column("enrich", "user_agent"): outcome}, {"found/agent": told})


def read_agent(text: str) -> tuple[str | None, ...]:
    """Browser, its version, system, its version, device, kind of device; None for what cannot be told."""
    parsed = ua_parser.parse(text)
    browser, system, device = parsed.user_agent, parsed.os, parsed.device
    kind = device_kind(text, system.family if system else "", device.family if device else "")
    return (
        *((browser.family, browser.major) if browser else (None, None)),
        *((system.family, system.major) if system else (None, None)),
        device.family if device else None,
        kind,
    )


def device_kind(text: str, system: str, device: str) -> str | None:
    if device == "Spider":
        return "bot"
    if device == "iPad" or "Tablet" in text or (system == "Android" and "Mobile" not in text):
        return "tablet"
    if system in ("iOS", "Android", "Windows Phone", "KaiOS"):
        return "mobile"
    return "desktop" if system else None


def parameter(url: str, name: str) -> str:
    """A parameter of an address, decoded; null when it is not there or empty."""
    raw = f"regexp_extract({url}, '[?&]{name}=([^&#]*)', 1)"
    # What has no form that could be decoded, which is told without a group that repeats: Java needs its stack for one, and addresses are long.
    return first_case((f"{raw} = ''", "NULL"), (f"{raw} RLIKE '%(?![0-9A-Fa-f]{{2}})'", raw), otherwise=f"url_decode({raw})")


def campaign() -> Step:
    """Campaign fields that the event does not say are read from the page's address, and the id of the click."""
    # Most addresses have nothing of all this, which is told by one look.
    has_any = f"page_url RLIKE '[?&]({'|'.join(CAMPAIGN.values())})='"
    has_click = f"page_url RLIKE '[?&]({'|'.join(CLICK_IDS)})='"
    said = {f"campaign_{field}": f"coalesce(campaign_{field}, {first_case((has_any, parameter('page_url', name)))})" for field, name in CAMPAIGN.items()}
    ids = {name: parameter("page_url", name) for name in CLICK_IDS}
    clicks = first_case(*((f"{id_} IS NOT NULL", f"named_struct('id', {id_}, 'kind', '{name}')") for name, id_ in ids.items()))
    found = {f"found/{name}": value for name, value in said.items()} | {"found/click": first_case((has_click, clicks))}
    same = " AND ".join(f"{identifier(f'found/{name}')} <=> {name}" for name in said)
    outcome = first_case(("page_url IS NULL", quoted(MISSING)), (f"{same} AND `found/click` IS NULL", quoted(UNCHANGED)), otherwise=quoted(CHANGED))
    made = {name: identifier(f"found/{name}") for name in said} | {"click_id": "`found/click`.id", "click_id_kind": "`found/click`.kind"}
    return Step(("page_url", *said), made | {outcome_column("enrich", "campaign"): outcome}, found)


def country(spark: SparkSession, database: str) -> Step:
    """Country of the address, from a MaxMind database that the deployment gives."""
    spark.sparkContext.addFile(database)
    name = database.rsplit("/", 1)[-1]
    told = computed(lambda address: country_of(address, name), "string", F.expr(first_case((f"NOT {is_blank('ip')}", "ip"))))
    outcome = first_case(("ip IS NULL", quoted(MISSING)), ("`found/country` IS NULL", quoted(FAILED)), otherwise=quoted(CHANGED))
    return Step(("ip",), {"ip_country": "`found/country`", outcome_column("enrich", "ip"): outcome}, {"found/country": told})


def country_of(address: str, name: str) -> str | None:
    try:
        found = open_database(SparkFiles.get(name)).get(address)
    except (ValueError, TypeError):
        # A TypeError is what it has for a text with a NUL in it.
        return None
    return ((found or {}).get("country") or {}).get("iso_code")


@cache
def open_database(path: str) -> maxminddb.Reader:
    return maxminddb.open_database(path)
