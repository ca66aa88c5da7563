"""The identity graph, made again: which events and identifiers are of one person, and by which id the stream knows them."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from cdp.identity.components import components
from cdp.identity.in_order import Sighting, World
from cdp.identity.placement import IDENTIFIER_BYTES, Apart, limit_of

USERS, ACCOUNTS = "users", "accounts"


def find_people(seen: DataFrame, rules: dict, apart: Apart = Apart()) -> DataFrame:
    """The sightings, those of whom operators parted kept apart, with `person`, equal for those of one person, and the `identifiers` that they kept; without those that a cap kept out."""
    node = F.concat_ws("/", "collection", F.col("identifiers")[0])
    edges = seen.select(node.alias("a"), F.explode(F.transform("identifiers", lambda id_: F.concat_ws("/", "collection", id_))).alias("b")).distinct()
    found = components(edges).localCheckpoint()
    whole = seen.withColumn("identifier", node).join(found, "identifier").drop("identifier")
    binding = could_bind(found, rules)
    if apart.pairs:
        parted = F.substring(F.col("identifier"), len(USERS) + 2, 1_000).isin(*apart.homes)
        binding = binding.union(found.where(F.col("component").startswith(f"{USERS}/") & parted).select("component")).distinct()
    free = whole.join(binding, "component", "left_anti").withColumnRenamed("component", "person")
    return free.unionByName(placed_in_order(whole.join(binding, "component", "left_semi"), rules, apart).select(*free.columns))


def could_bind(found: DataFrame, rules: dict) -> DataFrame:
    """Components of people in which a limit or a cap might keep something out."""
    kind = F.substring_index(F.expr(f"substring(identifier, {len(USERS) + 2})"), ":", 1)
    counted = found.where(F.col("component").startswith(f"{USERS}/")).groupBy("component", kind.alias("kind")).agg(F.count("*").alias("count"), F.sum(F.octet_length("identifier")).alias("bytes"))
    counts = counted.groupBy("component").agg(F.map_from_entries(F.collect_list(F.struct("kind", "count"))).alias("counts"), F.sum("bytes").alias("bytes"))
    return counts.where(F.udf(lambda counts, size: may_bind(counts, size, rules), "boolean")("counts", "bytes")).select("component")


def may_bind(counts: dict[str, int], size: int, rules: dict) -> bool:
    """Whether some limit or cap could keep anything out of a component with so many identifiers of each type, of so many bytes; if not, it is one person."""
    everyone = sum(counts.values())
    over = any(count > limit_of(kind, rules)[0] for kind, count in counts.items())
    # Each merge takes two people that each have an identifier.
    return over or size > IDENTIFIER_BYTES or everyone > rules["caps"]["identifiers"] or everyone - 1 > min(rules["caps"]["merges"], rules["breaker"]["merges"])


def placed_in_order(bound: DataFrame, rules: dict, apart: Apart) -> DataFrame:
    """Sightings of such components placed one after the other, in the order of (timestamp, message id, event id)."""
    event = F.struct("event_id", "message_id", F.unix_micros("timestamp").alias("timestamp"), F.unix_micros("received_at").alias("received_at"), "identifiers")
    history = bound.groupBy("component").agg(F.collect_list(event).alias("events"))
    # Not isolated: without the answer a whole group of people would vanish, and the job is better ended.
    decide = F.udf(lambda events: decisions(events, rules, apart), "array<struct<event_id: string, first: string, identifiers: array<string>>>")
    decided = history.select("component", F.explode(decide("events")).alias("one"))
    # Clients choose both texts, and neither may look like a component by itself.
    person = F.to_json(F.array("component", "one.first"))
    made = decided.select("component", "one.event_id", F.col("one.identifiers").alias("kept"), person.alias("person"))
    return bound.join(made, ["component", "event_id"]).drop("identifiers", "component").withColumnRenamed("kept", "identifiers")


def decisions(events: list, rules: dict, apart: Apart = Apart()) -> list[tuple[str, str, list[str]]]:
    """Of each event that no cap kept out: its id, the first event of its person in the end, and the identifiers it kept."""
    world = World(rules, apart).take_in_order(Sighting(one.event_id, one.message_id, one.timestamp, one.received_at, tuple(one.identifiers)) for one in events)
    said = {one.event_id: one.identifiers for one in events}
    people = {event_id: world.live(profile) for event_id, profile in world.events.items()}
    return [(event_id, person.profile_id, [id_ for id_ in said[event_id] if id_ in person.identifiers]) for event_id, person in people.items()]


def identifiers_of(people: DataFrame) -> DataFrame:
    """One row an identifier: `collection`, `identifier`, `person`, `first_seen`, `last_seen`."""
    said = people.select("collection", F.explode("identifiers").alias("identifier"), "person", "timestamp", "by_platform")
    # What the platform says of an identifier is no sight of it.
    by_client = F.when(~F.col("by_platform"), F.col("timestamp"))
    first, last = (F.coalesce(extreme(by_client), extreme("timestamp")) for extreme in (F.min, F.max))
    return said.groupBy("collection", "identifier", "person").agg(first.alias("first_seen"), last.alias("last_seen"))


def survivors_by_log(log: DataFrame) -> DataFrame:
    """`profile_id` and its `survivor`, of every profile that took part in a merge that nobody undid: the oldest id survives, and sorts first."""
    merges = log.where("kind = 'merge'").select(F.col("profile_id").alias("a"), F.col("absorbed").alias("b"))
    parted = log.where("kind = 'unmerge'")
    undone = parted.select(F.col("profile_id").alias("a"), F.col("apart").alias("b")).union(parted.select("apart", "profile_id"))
    return components(merges.join(undone, ["a", "b"], "left_anti")).select(F.col("identifier").alias("profile_id"), F.col("component").alias("survivor"))


def apart_by_log(log: DataFrame, named: DataFrame) -> Apart:
    """What operators parted, and which identifiers are known to be whose of them. `named` is `named_by_log`."""
    parted = log.where("kind = 'unmerge'").select("profile_id", "apart").distinct().collect()
    if not parted:
        return Apart()
    ids = {profile_id for pair in parted for profile_id in pair}
    lives = {one.profile_id: one.survivor for one in survivors_by_log(log).where(F.col("profile_id").isin(*ids)).collect()}
    pairs = frozenset(frozenset(lives.get(profile_id, profile_id) for profile_id in pair) for pair in parted)
    # Only people are placed one event after the other.
    homes = named.where(F.col("profile_id").isin(*frozenset().union(*pairs)) & (F.col("collection") == USERS))
    return Apart(pairs, {one.identifier: one.profile_id for one in homes.select("identifier", "profile_id").collect()})


def named_by_log(log: DataFrame) -> DataFrame:
    """`collection`, `identifier` and the id of the profile that the stream has given it to, merges followed."""
    survivors = survivors_by_log(log)
    # Accounts and people may have the same identifier.
    collection = F.when(F.col("profile_id").startswith("acc_"), ACCOUNTS).otherwise(USERS)
    order = Window.partitionBy("collection", "identifier").orderBy(F.desc("at"), "profile_id")
    # An operator who undoes a link gives the identifier a profile of its own.
    given = log.where("kind = 'link' or kind = 'unmerge' and identifier is not null").withColumn("collection", collection)
    links = given.withColumn("rank", F.row_number().over(order)).where("rank = 1").select("collection", "identifier", "profile_id")
    return links.join(survivors, "profile_id", "left").select("collection", "identifier", F.coalesce("survivor", "profile_id").alias("profile_id"))


def with_profile_ids(identifiers: DataFrame, people: DataFrame, named: DataFrame) -> DataFrame:
    """`person` and `profile_id`: the stream's id of most of their identifiers; one that two claim goes to who has more of it, and the other gets an id of their own."""
    votes = identifiers.join(named, ["collection", "identifier"]).groupBy("person", "profile_id").count()
    best = votes.withColumn("rank", F.row_number().over(Window.partitionBy("person").orderBy(F.desc("count"), "profile_id"))).where("rank = 1").drop("rank")
    sole = best.withColumn("rank", F.row_number().over(Window.partitionBy("profile_id").orderBy(F.desc("count"), "person"))).where("rank = 1")
    born = people.groupBy("collection", "person").agg(F.min("received_at").alias("born"))
    hours = F.lpad(F.lower(F.hex(F.unix_millis("born"))), 12, "0")
    own = F.concat(F.when(F.col("collection") == USERS, "per_").otherwise("acc_"), hours, F.substring(F.sha2("person", 256), 1, 20))
    return born.join(sole.select("person", "profile_id"), "person", "left").select("person", F.coalesce("profile_id", own).alias("profile_id"))
