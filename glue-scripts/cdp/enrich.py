"""What can be told from what an event says: its browser, its campaign, how its page was come to, the country of its address."""

from functools import cache, reduce

import maxminddb
import ua_parser
from pyspark import SparkFiles
from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.lookup import computed
from cdp.quality import CHANGED, FAILED, MISSING, UNCHANGED, outcome_column

CAMPAIGN = {"source": "utm_source", "medium": "utm_medium", "name": "utm_campaign", "term": "utm_term", "content": "utm_content"}
CLICK_IDS = ("gclid", "gbraid", "wbraid", "dclid", "fbclid", "msclkid", "ttclid", "twclid", "li_fat_id", "ScCid", "epik")
AGENT = ("browser", "browser_version", "os", "os_version", "device", "device_kind")
HOSTS = {
    "search": r"(^|\.)(google|bing|yahoo|duckduckgo|ecosia|baidu|yandex|qwant|startpage|naver|seznam|search\.brave)\.[a-z.]+$",
    "social": r"(^|\.)(facebook|instagram|twitter|x|t|linkedin|lnkd|pinterest|reddit|tiktok|youtube|youtu|threads|snapchat|vk|weibo|mastodon)\.[a-z]+$",
    "email": r"^(mail|webmail|outlook|email)\.|(^|\.)(gmail|outlook|hotmail|proton)\.[a-z]+$",
}


def enrich(rows: DataFrame, rules: dict) -> DataFrame:
    """Applies what the deployment asks for; columns of what it does not ask for stay null."""
    if rules.get("userAgent"):
        rows = enrich_user_agent(rows)
    if rules.get("campaign"):
        rows = enrich_campaign(rows)
    if "referrer" in rules:
        rows = enrich_referrer(rows, rules["referrer"]["internal"])
    if "country" in rules:
        rows = enrich_country(rows, rules["country"]["database"])
    return rows


def enrich_user_agent(rows: DataFrame) -> DataFrame:
    struct = f"struct<{', '.join(f'{name}: string' for name in AGENT)}>"
    agent = F.when(F.trim("user_agent") != "", F.col("user_agent"))
    told = rows.withColumn("told", computed(read_agent, struct, agent))
    outcome = F.when(agent.isNull(), MISSING).when(F.col("told.browser").isNull(), FAILED).otherwise(CHANGED)
    return told.withColumns({name: F.col(f"told.{name}") for name in AGENT} | {outcome_column("enrich", "user_agent"): outcome}).drop("told")


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


def parameter(url: Expression, name: str) -> Expression:
    """A parameter of an address, decoded; null when it is not there or empty."""
    raw = F.regexp_extract(url, rf"[?&]{name}=([^&#]*)", 1)
    decodable = raw.rlike(r"^([^%]|%[0-9A-Fa-f]{2})*$")
    return F.when(raw != "", F.when(decodable, F.url_decode(raw)).otherwise(raw))


def enrich_campaign(rows: DataFrame) -> DataFrame:
    """Campaign fields that the event does not say are read from the page's address, and the id of the click."""
    url = F.col("page_url")
    said = {f"campaign_{field}": F.coalesce(F.col(f"campaign_{field}"), parameter(url, name)) for field, name in CAMPAIGN.items()}
    clicks = [F.when(parameter(url, name).isNotNull(), F.struct(parameter(url, name).alias("id"), F.lit(name).alias("kind"))) for name in CLICK_IDS]
    found = rows.withColumn("click", F.coalesce(*clicks))
    same = reduce(lambda a, b: a & b, (value.eqNullSafe(F.col(name)) for name, value in said.items()))
    outcome = F.when(url.isNull(), MISSING).when(same & F.col("click").isNull(), UNCHANGED).otherwise(CHANGED)
    enriched = found.withColumn(outcome_column("enrich", "campaign"), outcome)
    return enriched.withColumns(said | {"click_id": F.col("click.id"), "click_id_kind": F.col("click.kind")}).drop("click")


def enrich_referrer(rows: DataFrame, internal: list[str]) -> DataFrame:
    """How a page was come to. The page's own host and the domains given are internal."""
    page, referrer = host(F.col("page_url")), host(F.col("page_referrer"))
    own = reduce(lambda a, b: a | b, ((referrer == domain) | referrer.endswith(f".{domain}") for domain in internal), referrer == page)
    kind = F.when(F.coalesce(F.trim("page_referrer"), F.lit("")) == "", "direct").when(own, "internal")
    # Before search, for mail.google.com is mail.
    for name in ("email", "search", "social"):
        kind = kind.when(referrer.rlike(HOSTS[name]), name)
    told = rows.withColumn("referrer_kind", F.when(F.col("page_url").isNotNull(), kind.otherwise("other")))
    return told.withColumn(outcome_column("enrich", "referrer"), F.when(F.col("page_url").isNull(), MISSING).otherwise(CHANGED))


def host(url: Expression) -> Expression:
    return F.lower(F.regexp_extract(url, r"^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/:?#]+)", 1))


def enrich_country(rows: DataFrame, database: str) -> DataFrame:
    """Country of the address, from a MaxMind database that the deployment gives."""
    rows.sparkSession.sparkContext.addFile(database)
    name = database.rsplit("/", 1)[-1]
    address = F.when(F.trim("ip") != "", F.col("ip"))
    told = rows.withColumn("told", computed(lambda address: country_of(address, name), "string", address))
    outcome = F.when(F.col("ip").isNull(), MISSING).when(F.col("told").isNull(), FAILED).otherwise(CHANGED)
    return told.withColumns({"ip_country": F.col("told"), outcome_column("enrich", "ip"): outcome}).drop("told")


def country_of(address: str, name: str) -> str | None:
    try:
        found = open_database(SparkFiles.get(name)).get(address)
    except ValueError:
        return None
    return ((found or {}).get("country") or {}).get("iso_code")


@cache
def open_database(path: str) -> maxminddb.Reader:
    return maxminddb.open_database(path)
