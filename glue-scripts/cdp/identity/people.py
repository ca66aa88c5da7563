"""Rebuilds the identity graph: which events and identifiers belong to one person."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.identity.collection import USERS
from cdp.identity.components import components
from cdp.identity.in_order import Sighting, World
from cdp.identity.limits import IDENTIFIER_BYTES, limit_of
from cdp.identity.placement import Apart


def find_people(seen: DataFrame, rules: dict, apart: Apart = Apart()) -> DataFrame:
    """The sightings with `person`, equal for all of one person, and the `identifiers` that they kept.

    People whom operators took apart stay apart. Events that a cap keeps out are left out.
    """
    node = F.concat_ws("/", "collection", F.col("identifiers")[0])
    edges = seen.select(
        node.alias("a"),
        F.explode(F.transform("identifiers", lambda id_: F.concat_ws("/", "collection", id_))).alias("b"),
    ).distinct()
    found = components(edges).localCheckpoint()
    whole = seen.withColumn("identifier", node).join(found, "identifier").drop("identifier")
    binding = could_bind(found, rules)
    if apart.pairs:
        parted = F.substring(F.col("identifier"), len(USERS) + 2, 1_000).isin(*apart.homes)
        binding = binding.union(
            found.where(F.col("component").startswith(f"{USERS}/") & parted).select("component")
        ).distinct()
    free = whole.join(binding, "component", "left_anti").withColumnRenamed("component", "person")
    return free.unionByName(
        placed_in_order(whole.join(binding, "component", "left_semi"), rules, apart).select(*free.columns)
    )


def could_bind(found: DataFrame, rules: dict) -> DataFrame:
    """Components of people in which a limit or a cap might keep something out."""
    kind = F.substring_index(F.expr(f"substring(identifier, {len(USERS) + 2})"), ":", 1)
    counted = (
        found.where(F.col("component").startswith(f"{USERS}/"))
        .groupBy("component", kind.alias("kind"))
        .agg(F.count("*").alias("count"), F.sum(F.octet_length("identifier")).alias("bytes"))
    )
    counts = counted.groupBy("component").agg(
        F.map_from_entries(F.collect_list(F.struct("kind", "count"))).alias("counts"), F.sum("bytes").alias("bytes")
    )
    return counts.where(F.udf(lambda counts, size: may_bind(counts, size, rules), "boolean")("counts", "bytes")).select(
        "component"
    )


def may_bind(counts: dict[str, int], size: int, rules: dict) -> bool:
    """Whether a limit or a cap could bind in a component, by its identifiers of each type and their bytes.

    If not, the component is one person.
    """
    everyone = sum(counts.values())
    over = any(count > limit_of(kind, rules)[0] for kind, count in counts.items())
    # Each merge takes two people who each have an identifier.
    return (
        over
        or size > IDENTIFIER_BYTES
        or everyone > rules["caps"]["identifiers"]
        or everyone - 1 > min(rules["caps"]["merges"], rules["breaker"]["merges"])
    )


def placed_in_order(bound: DataFrame, rules: dict, apart: Apart) -> DataFrame:
    """Sightings of these components, placed one after another by (timestamp, message id, event id)."""
    event = F.struct(
        "event_id",
        "message_id",
        F.unix_micros("timestamp").alias("timestamp"),
        F.unix_micros("received_at").alias("received_at"),
        "identifiers",
    )
    history = bound.groupBy("component").agg(F.collect_list(event).alias("events"))
    # Not isolated: without the answer a whole group of people would vanish, so the job had better fail.
    decide = F.udf(
        lambda events: decisions(events, rules, apart),
        "array<struct<event_id: string, first: string, identifiers: array<string>>>",
    )
    decided = history.select("component", F.explode(decide("events")).alias("one"))
    # Clients choose both texts; JSON keeps either from looking like a component.
    person = F.to_json(F.array("component", "one.first"))
    made = decided.select("component", "one.event_id", F.col("one.identifiers").alias("kept"), person.alias("person"))
    return (
        bound.join(made, ["component", "event_id"])
        .drop("identifiers", "component")
        .withColumnRenamed("kept", "identifiers")
    )


def decisions(events: list, rules: dict, apart: Apart = Apart()) -> list[tuple[str, str, list[str]]]:
    """For each event that no cap kept out: its id, the first event of its person, and the identifiers that it kept."""
    world = World(rules, apart).take_in_order(
        Sighting(one.event_id, one.message_id, one.timestamp, one.received_at, tuple(one.identifiers)) for one in events
    )
    stated = {one.event_id: one.identifiers for one in events}
    people = {event_id: world.live(profile) for event_id, profile in world.events.items()}
    return [
        (event_id, person.profile_id, [id_ for id_ in stated[event_id] if id_ in person.identifiers])
        for event_id, person in people.items()
    ]


def identifiers_of(people: DataFrame) -> DataFrame:
    """One row for each identifier: `collection`, `identifier`, `person`, `first_seen`, `last_seen`."""
    stated = people.select(
        "collection", F.explode("identifiers").alias("identifier"), "person", "timestamp", "by_platform"
    )
    # An event of the platform's own does not count as seeing the identifier.
    by_client = F.when(~F.col("by_platform"), F.col("timestamp"))
    first, last = (F.coalesce(extreme(by_client), extreme("timestamp")) for extreme in (F.min, F.max))
    return stated.groupBy("collection", "identifier", "person").agg(first.alias("first_seen"), last.alias("last_seen"))
