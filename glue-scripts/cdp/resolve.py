"""Who is whom: components of the graph where no limit can bind, a replay of the events where one could, and the names of the profiles."""

from collections.abc import Callable

import pandas as pd
from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.graph import components, edges
from cdp.placement import Apart
from cdp.replay import Sighting, World

REPLAYED = "kind string, name string, received_at bigint, message_id string, first bigint, last bigint"
NODE = ["collection", "identifier"]


def resolve_identities(sightings: DataFrame, homes: DataFrame, pairs: DataFrame, rules: dict) -> tuple[DataFrame, DataFrame]:
    """Owned identifiers (collection, identifier, profile_id, first_seen, last_seen), and events with their profile.

    `homes` and `pairs` are what the identity log knows: live profiles of identifiers, and those that are kept apart.
    """
    parted = [frozenset(row) for row in pairs.collect()]
    divided = homes.where(F.col("live_id").isin(*sorted(frozenset().union(*parted)))).select("identifier", "live_id").persist()
    apart = Apart(frozenset(parted), {row.identifier: row.live_id for row in divided.collect()})
    members = with_components(sightings, rules, divided).persist()
    named = sightings.withColumn("identifier", F.col("identifiers")[0]).join(members, NODE).drop("identifier").persist()
    free, bound = named.where("not binds"), named.where("binds")
    groups = free.groupBy("collection", "component").agg(F.min(F.struct("received_at", "message_id")).alias("founder"))
    groups = groups.select("collection", "component", new_profile_id(F.col("collection"), F.col("founder.received_at"), F.col("founder.message_id")).alias("group"))
    seen = free.select("collection", "component", "timestamp", F.explode("identifiers").alias("identifier")).groupBy(*NODE, "component")
    identifiers = seen.agg(F.min("timestamp").alias("first_seen"), F.max("timestamp").alias("last_seen")).join(groups, ["collection", "component"])
    placed = free.join(groups, ["collection", "component"]).select("message_id", "collection", "group")
    owned_again, placed_again = replayed(bound, rules, apart)
    owned = identifiers.select(*NODE, "group", "first_seen", "last_seen").unionByName(owned_again).persist()
    names = name_groups(owned, homes).persist()
    times = sightings.select("message_id", "collection", "timestamp", "received_at")
    events = placed.unionByName(placed_again).join(names, "group").drop("group").join(times, ["message_id", "collection"])
    return owned.join(names, "group").drop("group"), events


def with_components(sightings: DataFrame, rules: dict, divided: DataFrame) -> DataFrame:
    """Each identifier's component, and whether a limit, a cap or an operator's parting could bind in it: then it `binds`."""
    nodes = sightings.select("collection", F.explode("identifiers").alias("identifier")).distinct()
    found = components(edges(sightings)).withColumn("collection", F.lit("users"))
    members = nodes.join(found, NODE, "left").withColumn("component", F.coalesce("component", "identifier"))
    type_ = F.substring_index("identifier", ":", 1)
    tagged = members.join(F.broadcast(divided.select("identifier", F.lit(True).alias("divided"))), "identifier", "left")
    counts = tagged.groupBy("collection", "component", type_.alias("type")).agg(F.count("*").alias("count"), F.max("divided").alias("divided"))
    limits = {name: limit["max"] for name, limit in rules["limits"].items()}
    most = F.coalesce(*(F.when(F.col("type") == name, top) for name, top in limits.items()), F.lit(rules["defaultLimit"]))
    # A profile takes at least one identifier to make, so that n identifiers merge n - 1 times at the most.
    enough = min(rules["caps"]["identifiers"], rules["caps"]["merges"] + 1, rules["breaker"]["merges"] + 1)
    binds = F.max((F.col("count") > most) | F.coalesce("divided", F.lit(False))) | (F.sum("count") > enough)
    return members.join(counts.groupBy("collection", "component").agg(binds.alias("binds")), ["collection", "component"])


def replayed(bound: DataFrame, rules: dict, apart: Apart) -> tuple[DataFrame, DataFrame]:
    """Owned identifiers and placed events of components that are replayed event by event."""
    rows = bound.select("collection", "component", "message_id", F.unix_micros("timestamp").alias("timestamp"), F.unix_micros("received_at").alias("received_at"), "identifiers")
    made = rows.groupBy("collection", "component").applyInPandas(replay(rules, apart), f"collection string, {REPLAYED}")
    group = new_profile_id(F.col("collection"), F.timestamp_micros("received_at"), F.col("message_id"))
    told = made.withColumn("group", group).persist()
    times = {"first_seen": F.timestamp_micros("first"), "last_seen": F.timestamp_micros("last")}
    owned = told.where("kind = 'identifier'").withColumns(times).select("collection", F.col("name").alias("identifier"), "group", *times)
    return owned, told.where("kind = 'event'").select(F.col("name").alias("message_id"), "collection", "group")


def replay(rules: dict, apart: Apart) -> Callable[[tuple, pd.DataFrame], pd.DataFrame]:
    """A function that replays one component; a profile is told by which of its events was received first."""

    def of_component(key: tuple, rows: pd.DataFrame) -> pd.DataFrame:
        said = [Sighting(row.message_id, row.timestamp, row.received_at, tuple(row.identifiers)) for row in rows.itertuples(index=False)]
        world = World(rules, apart).replay(said)
        received = {sighting.message_id: sighting.received_at for sighting in said}
        founders: dict[str, tuple[int, str]] = {}
        for message, profile in world.events.items():
            live = world.live(profile).profile_id
            founders[live] = min(founders.get(live, (received[message], message)), (received[message], message))
        events = [(key[0], "event", message, *founders[world.live(profile).profile_id], None, None) for message, profile in world.events.items()]
        owned = [(key[0], "identifier", name, *founders[profile.profile_id], *world.seen[name]) for name, profile in world.owners.items()]
        columns = ["collection", *(column.split()[0] for column in REPLAYED.split(", "))]
        return pd.DataFrame([*events, *owned], columns=columns).astype({"first": "Int64", "last": "Int64"})

    return of_component


def new_profile_id(collection: Expression, received_at: Expression, message_id: Expression) -> Expression:
    """`per_` or `acc_`, 48 bits of time and 80 of the first message's hash, in hex: sorts by creation, and is the same in every run."""
    prefix = F.when(collection == "accounts", "acc_").otherwise("per_")
    return F.concat(prefix, F.lpad(F.lower(F.hex(F.unix_millis(received_at))), 12, "0"), F.substring(F.sha2(message_id, 256), 1, 20))


def name_groups(owned: DataFrame, homes: DataFrame) -> DataFrame:
    """The profile id of each group: the smallest live one that the log knows for any of its identifiers, or else its own.

    A profile that batch finds to be several keeps its id where it began.
    """
    claims = owned.select(*NODE, "group").join(homes, NODE).groupBy("live_id", "group").agg(F.min("founded").alias("founded"))
    kept = claims.groupBy("live_id").agg(F.min_by("group", F.struct("founded", "group")).alias("group"))
    names = kept.groupBy("group").agg(F.min("live_id").alias("live_id"))
    return owned.select("group").distinct().join(names, "group", "left").select("group", F.coalesce("live_id", "group").alias("profile_id"))
