"""Makes the tables of people from sightings, the log, and what the last run called them."""

from typing import NamedTuple

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.identity.collection import ACCOUNTS, USERS
from cdp.identity.components import components_of
from cdp.identity.former_names import to_plain
from cdp.identity.identity_log import apart_by_log
from cdp.identity.people import find_people, identifiers_of
from cdp.identity.sightings import by_collection
from cdp.placing.held import among, held
from cdp.placing.profile_ids import with_profile_ids
from cdp.placing.reached import DECIDES, Reached, Tables, named_by_entry

NODE = ["collection", "identifier"]


class Known(NamedTuple):
    """What is known of identifiers: entries of the `log`, whose they are by these (`named_by_log`), and ids to use.

    `ids` are of `known_ids`, without those of people who were erased.
    """

    log: DataFrame
    named: DataFrame
    ids: DataFrame


def known_ids(identity_map: DataFrame, named: DataFrame) -> DataFrame:
    """Profiles of identifiers by the stream's log (`named_by_log`), else by the last run: ids seldom change."""
    identifier = F.concat_ws(":", "identifier_type", "identifier_value").alias("identifier")
    last = identity_map.select("collection", identifier, "profile_id")
    return named.unionByName(last.join(named, NODE, "left_anti"))


def made_of(seen: DataFrame, rules: dict, known: Known) -> dict[str, DataFrame]:
    """Places every sighting and gives each person an id: rows of each table that shows it."""
    found = components_of(seen)
    people = find_people(seen, rules, apart_by_log(known.log, known.named), found).localCheckpoint()
    identifiers = identifiers_of(people).localCheckpoint()
    ids = with_profile_ids(identifiers, people, known.ids).localCheckpoint()
    split, node = F.split("identifier", ":", 2), F.split("identifier", "/", 2)
    return {
        "identity_map": identifiers.join(ids, "person").withColumns(
            {"identifier_type": split[0], "identifier_value": split[1]}
        ),
        "event_profiles": people.where(~F.col("by_platform")).join(ids, "person"),
        "identity_components": found.select(node[0].alias("collection"), node[1].alias("identifier"), "component"),
    }


def rows_about(tables: Tables, whom: Reached) -> DataFrame:
    """Rows of `sightings` that name who is reached, new ones, and all of the same events: only the first counts."""
    plain = held(whom.nodes.rows.select("collection", to_plain("identifier").alias("identifier")).distinct())
    named = by_collection(tables.sightings.rows())
    named = named.select("event_id", "collection", F.explode("identifiers").alias("identifier"))
    events = among(named, plain, NODE).select("event_id").unionByName(whom.events.rows).distinct()
    return among(tables.sightings.rows(), held(events), "event_id")


def about(seen: DataFrame, whom: Reached) -> DataFrame:
    """The sightings of who is reached. Whoever is named beside them in one is reached, too."""
    first = seen.withColumn("identifier", F.col("identifiers")[0])
    return among(first, whom.nodes, NODE).select(*seen.columns).localCheckpoint()


def entries_about(tables: Tables, whom: Reached) -> DataFrame:
    """Entries of the log that say whose these identifiers are, or which of their profiles are one or apart."""
    log = tables.identity_log.rows().where(DECIDES)
    named = log.select("entry_hash", named_by_entry())
    return among(log, held(among(named, whom.profiles, "profile_id").select("entry_hash").distinct()), "entry_hash")


def owned_about(tables: Tables, whom: Reached) -> DataFrame:
    """Rows of `identity_map` of who is reached. An identifier that a limit dropped is reached and has no owner."""
    identifier = F.concat_ws(":", "identifier_type", "identifier_value")
    owned = tables.identity_map.rows().withColumn("identifier", identifier)
    return held(among(owned, whom.nodes, NODE)).rows


def stored_about(tables: Tables, whom: Reached, owned: DataFrame, seen: DataFrame) -> dict[str, DataFrame]:
    """What the last run left of who is reached, of their sightings, and of events that new rows name, by table.

    An event that a cap keeps out is seen and nobody's.
    """
    both = F.explode(F.array(F.lit(USERS), F.lit(ACCOUNTS))).alias("collection")
    new = whom.events.rows.select("event_id", both)
    events = held(seen.select("event_id", "collection").unionByName(new).distinct())
    return {
        "identity_map": owned,
        "event_profiles": among(tables.event_profiles.rows(), events, ["event_id", "collection"]),
        "identity_components": among(tables.identity_components.rows(), whom.nodes, NODE),
    }
