"""Finds whom new events and new entries of the log reach. All others are as the last run left them."""

from typing import NamedTuple

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdp.identity.collection import ACCOUNTS, USERS
from cdp.identity.former_names import named_then, releases
from cdp.identity.sightings import by_collection
from cdp.placing.held import Held, among, held
from cdp.placing.placed import Placed
from cdp.tables.pinned import Pinned

PART = 0.2
"""If more than this part of all identifiers is reached, everybody is placed: that costs about the same then."""
DECIDES = "kind IN ('link', 'merge', 'unmerge', 'release')"
"""Entries of the log by which people are placed or named."""


class Tables(NamedTuple):
    """The job's tables as they were when it began."""

    sightings: Pinned
    identity_log: Pinned
    identity_map: Pinned
    event_profiles: Pinned
    identity_components: Pinned


class Reached(NamedTuple):
    """Identifiers of people who may be decided otherwise now (`collection`, `identifier`), and what is known of them.

    `profiles` are ids that they have or ever had, `events` those of new rows, and `released` of `releases`.
    """

    nodes: Held
    profiles: Held
    events: Held
    released: DataFrame


def reached(tables: Tables, last: Placed) -> Reached | str:
    """Whom something reaches that came since the last run; or why that may be everybody.

    Whoever is in a component with them is, too, and whoever has or had a profile id that is known of them: people who
    claim one id are decided together.
    """
    for name in ("sightings", "identity_log"):
        if not getattr(tables, name).was_only_appended_to(last.read[name]):
            return f"rows of {name} were changed or removed, or their history is no longer kept"
    new = tables.sightings.appended(last.read["sightings"]).localCheckpoint()
    if not new.where("released IS NOT NULL").isEmpty():
        return "a source released an identifier"
    told = tables.identity_log.appended(last.read["identity_log"]).where(f"{DECIDES} OR kind = 'erased'")
    told = told.localCheckpoint()
    if not told.where("kind = 'erased'").isEmpty():
        return "somebody was erased"
    events = held(new.select("event_id").distinct())
    stored = stored_of(tables.sightings.rows_at(last.read["sightings"]), events)
    before = stored.rows.select("event_id", F.col("received_at").alias("stored_at"))
    if stored.count and not new.join(before, "event_id").where("received_at <= stored_at").isEmpty():
        return "a message came that was received before the row that is stored of it"
    released = releases(tables.sightings.rows()).localCheckpoint()
    nodes = held(named_in(new.unionByName(stored.rows), released).distinct())
    labels = held(told.select(named_by_entry()).dropna().select(of_profile()).distinct())
    found = spread(nodes, labels, labelled(tables), PART * tables.identity_components.size)
    return "much is new" if found is None else Reached(identifiers(found[0]), profiles(found[1]), events, released)


def stored_of(before: DataFrame, events: Held) -> Held:
    """Rows that were stored of the same events: of messages that came again. Mostly there are none."""
    ids = held(among(before.select("event_id"), events, "event_id").distinct())
    return held(among(before, ids, "event_id")) if ids.count else Held(before.limit(0), 0)


def named_in(rows: DataFrame, released: DataFrame) -> DataFrame:
    """`node` of whomever rows of `sightings` name, by the names that identifiers had then."""
    named = by_collection(rows)
    named = named if released.isEmpty() else named_then(named, released)
    return named.select(F.explode("identifiers").alias("identifier"), "collection").select(node_of())


def labelled(tables: Tables) -> DataFrame:
    """Each `node` with each `label`: its component, and every profile that it has or that the log ever gave it to.

    A merge, undone or not, counts as a node that both profiles have.
    """
    named = F.concat_ws(":", "identifier_type", "identifier_value").alias("identifier")
    own = tables.identity_map.rows().select("collection", named, "profile_id").select(node_of(), of_profile())
    log = tables.identity_log.rows().where(DECIDES)
    collection = F.when(F.col("profile_id").startswith("acc_"), ACCOUNTS).otherwise(USERS).alias("collection")
    given = log.where("identifier IS NOT NULL AND profile_id IS NOT NULL").select(
        collection, "identifier", "profile_id"
    )
    merge = F.concat_ws(" ", F.lit("merge"), "profile_id", "absorbed").alias("node")
    both = F.explode(F.array("profile_id", "absorbed")).alias("profile_id")
    merges = log.where("kind = 'merge'").select(merge, both).select("node", of_profile())
    component = F.concat(F.lit("component "), "component").alias("label")
    joined = tables.identity_components.rows().select(node_of(), component)
    return joined.unionByName(own).unionByName(given.select(node_of(), of_profile())).unionByName(merges)


def spread(nodes: Held, labels: Held, known: DataFrame, most: float) -> tuple[Held, Held] | None:
    """All nodes that share a label with these or with others of them, directly or not, and their labels.

    None if they are too many.
    """
    fresh, more = nodes, labels
    while fresh.count + more.count and nodes.count <= most:
        others = beyond(known, fresh, labels)
        labels, more = labels.with_more(others), more.with_more(others)
        fresh = beyond(known, more, nodes)
        nodes, more = nodes.with_more(fresh), Held(more.rows.limit(0), 0)
    return None if nodes.count > most else (nodes, labels)


def beyond(known: DataFrame, of: Held, found: Held) -> Held:
    """The labels of these nodes, or the nodes of these labels, that are not found yet."""
    (by,), (column,) = of.rows.columns, found.rows.columns
    if of.count == 0:
        return Held(found.rows.limit(0), 0)
    return held(among(known, of, by).select(column).distinct().join(found.beside, column, "left_anti"))


def identifiers(nodes: Held) -> Held:
    parts = F.split("node", "/", 2)
    named = nodes.rows.where("NOT startswith(node, 'merge ')")
    return held(named.select(parts[0].alias("collection"), parts[1].alias("identifier")))


def profiles(labels: Held) -> Held:
    parts = F.split("label", " ", 2)
    return held(labels.rows.where(parts[0] == "profile").select(parts[1].alias("profile_id")))


def named_by_entry() -> Column:
    """Each of the profiles that an entry of the log names."""
    return F.explode(F.array("profile_id", "absorbed", "apart")).alias("profile_id")


def node_of() -> Column:
    return F.concat_ws("/", "collection", "identifier").alias("node")


def of_profile() -> Column:
    return F.concat(F.lit("profile "), "profile_id").alias("label")
