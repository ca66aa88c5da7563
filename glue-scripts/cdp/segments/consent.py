"""What people said about categories of data use, as the stream decides it (`lambdas/core/profile/consent.ts`)."""

import re
from collections.abc import Collection, Iterable, Mapping

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.identity.former_names import named_among
from cdp.identity.identifiers import COLUMNS, reader
from cdp.segments.person import object_in
from cdp.spark.isolated import isolated
from cdp.stream.put_events import PLATFORM

OWN = re.compile(r"@(gpc\Z|tcf:|gpp:)")
"""Categories of the platform's own, which no consent tool states."""
SIGNAL = re.compile(r"(tcf|gpp):")
SAID = "struct<identifiers: array<string>, preferences: map<string, boolean>>"


def consent_statements(owned: DataFrame, rules: dict, countries: dict[str, str]) -> DataFrame:
    """`profile_id` and `statements`, each with its time, its identifiers and its preferences; of people alone."""
    read = reader(rules, countries)
    said = F.udf(isolated(lambda event: (read(event).users, preferences(event["context"]))), SAID)
    stating = owned.where((F.col("collection") == "users") & (F.col("source_id") != PLATFORM)).where(
        F.col("context").contains('"consent"')
    )
    statement = F.struct(F.unix_millis("timestamp").alias("at"), said(F.struct(*COLUMNS)).alias("said"))
    return stating.groupBy("profile_id").agg(F.collect_list(statement).alias("statements"))


def preferences(context: str | None) -> dict[str, bool]:
    """What an event says by category, as `lambdas/core/consent/said-in.ts` reads it."""
    consent = object_in(context).get("consent")
    if not isinstance(consent, dict):
        return {}
    said = {name: one for name, one in booleans(consent.get("categoryPreferences")) if not OWN.match(name)}
    gpc = {"@gpc": not consent["gpc"]} if isinstance(consent.get("gpc"), bool) else {}
    signals = {f"@{name}": one for name, one in booleans(consent.get("signals")) if SIGNAL.match(name)}
    return {**said, **gpc, **signals}


def booleans(fields: object) -> list[tuple[str, bool]]:
    return [(name, one) for name, one in fields.items() if isinstance(one, bool)] if isinstance(fields, dict) else []


Statement = tuple[int, Iterable[str], Mapping[str, bool]]
"""When, the identifiers of the event, the most trusted first, and whether each category is granted."""


def granted(statements: Iterable[Statement], own: Collection[str]) -> dict[str, bool]:
    """Whether each category is granted: every identifier that said something about it must grant it last.

    The least trusted identifier that the profile has speaks, which is the device. If the device is somebody else's, the
    identifier speaks for it, which undoes nothing that it refused itself. Of statements at one time the stricter is
    taken.
    """
    last: dict[tuple[str, str, bool], tuple[int, bool]] = {}
    for at, identifiers, said in statements:
        named = named_among(identifiers, own, at)
        speaker = [id_ for id_ in named if id_ in own] or named
        for category, is_granted in said.items() if speaker else ():
            key, told = (category, speaker[-1], speaker[-1] != named[-1]), (at, not is_granted)
            last[key] = max(last.get(key, told), told)
    found: dict[str, bool] = {}
    for (category, who, is_elsewhere), (at, is_denied) in last.items():
        if is_elsewhere and last.get((category, who, False), (at, False))[0] > at:
            continue
        found[category] = found.get(category, True) and not is_denied
    return found
