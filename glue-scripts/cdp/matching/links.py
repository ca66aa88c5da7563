"""Decides which pairs are linked and which only suggested: the surest first, none against identity rules."""

import json
from collections.abc import Iterable

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.identity.components import components
from cdp.identity.limits import Profile, broken_limit, outgrown
from cdp.identity.normal_form import is_blocked
from cdp.identity.placement import by_trust

LINKED, SUGGESTED = "linked", "suggested"
Pair = tuple[str, str, float, list[str], list[str]]
"""Two profile ids, their score, and the identifiers of each."""


def decisions(pairs: DataFrame, people: DataFrame, parted: DataFrame, rules: dict) -> DataFrame:
    """The pairs with `decision`, and the `rule` that prevents a link.

    Also `identifier` and `other_identifier`, which link them, and the later `last_seen`. `people` has `profile_id`,
    `identifiers` (JSON) and `last_seen`; `parted` has pairs of ids that operators took apart; `rules` are the identity
    rules with `matching`.
    """
    trusted = F.udf(lambda text: trusted_of(text, rules), "array<string>")
    one = people.select("profile_id", trusted("identifiers").alias("ids"), F.col("last_seen").alias("seen"))
    other = one.select(*(F.col(name).alias(f"other_{name}") for name in one.columns))
    whole = pairs.join(one, "profile_id").join(other, "other_profile_id").localCheckpoint()
    sure = whole.where(F.col("score") >= rules["matching"]["linkAbove"])
    judged = judged_pairs(sure, {frozenset(row) for row in parted.collect()}, rules)
    told = whole.join(judged, ["profile_id", "other_profile_id"], "left")
    is_linked = F.col("judged") & F.col("rule").isNull()
    names = {
        "identifier": F.col("ids")[0],
        "other_identifier": F.col("other_ids")[0],
        "decision": F.when(is_linked, LINKED).otherwise(SUGGESTED),
        "last_seen": F.greatest("seen", "other_seen"),
    }
    return told.withColumns(names).drop("ids", "other_ids", "seen", "other_seen", "judged")


def judged_pairs(sure: DataFrame, parted: set[frozenset[str]], rules: dict) -> DataFrame:
    """The pairs with the `rule` that prevents a link. All pairs that touch each other are judged in one place."""
    edges = sure.select(F.col("profile_id").alias("a"), F.col("other_profile_id").alias("b"))
    groups = components(edges).withColumnRenamed("identifier", "profile_id")
    pair = F.struct("profile_id", "other_profile_id", "score", "ids", "other_ids")
    history = sure.join(groups, "profile_id").groupBy("component").agg(F.collect_list(pair).alias("pairs"))
    # Not isolated: pairs are judged one after another; without an answer the job might link people against a rule.
    decide = F.udf(
        lambda found: decided(map(tuple, found), rules, parted),
        "array<struct<profile_id: string, other_profile_id: string, rule: string>>",
    )
    return history.select(F.explode(decide("pairs")).alias("one")).select("one.*", F.lit(True).alias("judged"))


def trusted_of(text: str | None, rules: dict) -> list[str]:
    """Identifiers that can link somebody, the most trusted first."""
    return by_trust((identifier for identifier in json.loads(text or "[]") if not is_blocked(identifier, rules)), rules)


def decided(pairs: Iterable[Pair], rules: dict, parted: set[frozenset[str]]) -> list[tuple[str, str, str | None]]:
    """For each pair the rule that prevents a link, if any, in the order of scores.

    A pair must fit all links made before it.
    """
    people: dict[str, tuple[set[str], set[str]]] = {}
    found = []
    for one, other, _, ids, other_ids in sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])):
        mine = people.setdefault(one, ({one}, set(ids)))
        theirs = people.setdefault(other, ({other}, set(other_ids)))
        rule = forbidden(mine, theirs, rules, parted) if ids and other_ids else "no identifier"
        if rule is None and mine is not theirs:
            both = (mine[0] | theirs[0], mine[1] | theirs[1])
            people |= dict.fromkeys(both[0], both)
        found.append((one, other, rule))
    return found


def forbidden(
    mine: tuple[set[str], set[str]], theirs: tuple[set[str], set[str]], rules: dict, parted: set[frozenset[str]]
) -> str | None:
    """The rule that two people, each of some profiles and identifiers, would break as one."""
    if mine is theirs:
        return None
    profiles, identifiers = mine[0] | theirs[0], mine[1] | theirs[1]
    one, other = Profile("", 0), Profile("", 0)
    if any(pair <= profiles for pair in parted):
        return "unmerged"
    # As if linked at once: an operator decides about pairs that only a window of time would allow.
    if limit := broken_limit(
        {identifier: (0, one if identifier in mine[1] else other) for identifier in identifiers}, rules
    ):
        return limit
    if cap := outgrown(identifiers, rules["caps"]):
        return cap
    merges = min(rules["caps"]["merges"], rules["breaker"]["merges"])
    return f"cap of {merges} merges" if len(profiles) - 1 > merges else None
