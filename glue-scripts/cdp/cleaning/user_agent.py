"""Reads the browser, the system and the device from the user agent."""

import ua_parser
from pyspark.sql import functions as F

from cdp.cleaning.column_steps import Step
from cdp.cleaning.lookup import computed
from cdp.cleaning.quality import CHANGED, FAILED, MISSING, outcome_column
from cdp.spark.sql import first_case, quoted
from cdp.values.text_in_sql import is_blank

AGENT = ("browser", "browser_version", "os", "os_version", "device", "device_kind")


def user_agent() -> Step:
    struct = f"struct<{', '.join(f'{name}: string' for name in AGENT)}>"
    sent = first_case((f"NOT {is_blank('user_agent')}", "user_agent"))
    told = computed(read_agent, struct, F.expr(sent))
    outcome = first_case(
        (is_blank("user_agent"), quoted(MISSING)),
        ("`found/agent`.browser IS NULL", quoted(FAILED)),
        otherwise=quoted(CHANGED),
    )
    made = {name: f"`found/agent`.{name}" for name in AGENT}
    return Step(("user_agent",), made | {outcome_column("enrich", "user_agent"): outcome}, {"found/agent": told})


def read_agent(text: str) -> tuple[str | None, ...]:
    """Browser, its version, system, its version, device, kind of device; None for each that is unknown."""
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
