"""Where the lake and the profile table do not say the same of a person or an account."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from cdp.comparison.stored_profile import as_text_of_time
from cdp.identity.components import components
from cdp.identity.people import survivors_by_log
from cdp.profiles.segments import asked_by
from cdp.spark.isolated import isolated
from cdp.values.exact_json import read_json, write_json

FOUND = "array<struct<kind: string, name: string, in_table: string, in_lake: string>>"
LONGEST_NAME = 128
"""Bytes of a trait's name in UTF-8 that the table keeps."""
COLUMNS = ("profile_id", "collection", "kind", "name", "in_table", "in_lake")


def lake_profiles(profiles: DataFrame) -> DataFrame:
    """Rows of `profiles` in the form of `stored_profiles`; their traits are one JSON object."""
    seen = [as_text_of_time(column).alias(column) for column in ("first_seen", "last_seen")]
    identifiers = F.array_sort(F.from_json("identifiers", "array<string>")).alias("identifiers")
    return profiles.select("profile_id", "collection", "event_count", *seen, identifiers, "traits", F.array_sort("segments").alias("segments"))


def differences(stored: DataFrame, made: DataFrame, aside: DataFrame, parted: DataFrame, segments: Sequence[dict] = ()) -> DataFrame:
    """One row each thing that is not the same in `stored` (`stored_profiles`) and `made` (`lake_profiles`), except of the profiles (`profile_id`) put aside.

    Of those that operators `parted` (`parted_by_log`) only identifiers are compared, and who there is: what one of them said while they were one stays with
    the other, and of that the lake knows nothing. Kinds: missing_person (the lake's only), unknown_person (the table's only), missing_events, extra_events, first_seen, last_seen, trait,
    segment, and those of `identifier_differences`. What the table has no room for (`unkept`, `is_cut`) differs on purpose, and so do `segments` that ask for it.
    """
    sides = (F.struct(*side.columns[1:]) for side in (stored, made))
    table, lake = (side.select("profile_id", content.alias(name)) for side, content, name in zip((stored, made), sides, ("in_table", "in_lake"), strict=True))
    both = table.join(lake, "profile_id", "full").join(aside, "profile_id", "left_anti").join(parted, "profile_id", "left")
    found = F.explode(F.udf(isolated(finder(segments), []), FOUND)("in_table", "in_lake", F.col("group").isNotNull())).alias("found")
    facts = both.select("profile_id", F.coalesce("in_table.collection", "in_lake.collection").alias("collection"), found).select("profile_id", "collection", "found.*")
    return facts.unionByName(identifier_differences(stored, made, aside, parted)).select(*COLUMNS)


Found = tuple[str, str, str | None, str | None]


def finder(segments: Sequence[dict]) -> Callable[[Row | None, Row | None, bool], list[Found]]:
    """Gives `found_in` by the segments of the configuration."""
    asked = {segment["key"]: asked_by(segment["where"]) for segment in segments}
    return lambda table, lake, is_parted: found_in(table, lake, is_parted, asked)


def found_in(table: Row | None, lake: Row | None, is_parted: bool, asked: Mapping[str, frozenset[str]]) -> list[Found]:
    """Differences of one profile, but for its identifiers: kind, name, what the table says and what the lake says."""
    if table is None or lake is None:
        only, kind = (table, "unknown_person") if lake is None else (lake, "missing_person")
        said = str(only.event_count)
        return [(kind, "", said, None) if lake is None else (kind, "", None, said)]
    facts = []
    if is_parted:
        return facts
    if table.event_count != lake.event_count:
        kind = "missing_events" if table.event_count < lake.event_count else "extra_events"
        facts.append((kind, "", str(table.event_count), str(lake.event_count)))
    facts += [(name, "", table[name], lake[name]) for name in ("first_seen", "last_seen") if table[name] != lake[name]]
    stored, made = ({name: canonical(text) for name, text in side.items()} for side in (table.traits, texts_in(lake.traits)))
    unkept = {name for name in made if name not in stored and is_unkept(name, table)}
    facts += [("trait", name, stored.get(name), made.get(name)) for name in sorted({*stored, *made} - unkept) if stored.get(name) != made.get(name)]
    differing = (key for key in sorted({*table.segments} ^ {*lake.segments}) if not unkept & asked.get(key, frozenset()))
    return facts + [("segment", key, *("member" if key in side else None for side in (table.segments, lake.segments))) for key in differing]


def is_unkept(name: str, table: Row) -> bool:
    """Whether the table has no room for a trait that it does not have (`lambdas/core/profile/trait-bound.ts`): it says so of the trait, or was full, or the name is too long."""
    return table.is_cut or name in table.unkept or not is_name(name)


def is_name(name: str) -> bool:
    """Whether a text can be the name of a trait that the table keeps."""
    return len(name.encode("utf-8", "surrogatepass")) <= LONGEST_NAME


def texts_in(traits: str) -> dict[str, str]:
    return {name: write_json(value) for name, value in read_json(traits).items()}


def canonical(text: str) -> str:
    """The same text for the same value, whatever the order of its fields."""
    return write_json(read_json(text), in_order=True)


def identifier_differences(stored: DataFrame, made: DataFrame, aside: DataFrame, parted: DataFrame) -> DataFrame:
    """Identifiers (`name`) that are not of the same profile in both, each told of the profile that an event has to mend.

    missing_identifier: nobody has it in the table. unknown_identifier: no event says it. not_merged: the table has it at a profile
    (`in_table`) that the lake has made one with this one. misplaced_identifier: it is this one's in the table, and another's (`in_lake`) in the lake.
    Whose of those whom an operator parted an identifier is was decided by the operator and what came after, so between them nothing differs.
    """
    table, lake = (side.select("collection", F.explode("identifiers").alias("name"), F.col("profile_id").alias(place)) for side, place in ((stored, "in_table"), (made, "in_lake")))
    moved = table.join(lake, ["collection", "name"], "full").where(~F.col("in_table").eqNullSafe(F.col("in_lake")))
    settled = reduce(lambda rows, place: rows.join(aside.withColumnRenamed("profile_id", place), place, "left_anti"), ("in_table", "in_lake"), moved)
    groups = (parted.select(F.col("profile_id").alias(place), F.col("group").alias(f"{place}_group")) for place in ("in_table", "in_lake"))
    grouped = reduce(lambda rows, side: rows.join(side, side.columns[0], "left"), groups, settled)
    strange = grouped.where(~F.coalesce(F.col("in_table_group") == F.col("in_lake_group"), F.lit(False)))
    live = [
        (made.select(F.col("profile_id").alias("in_table"), F.lit(True).alias("holder_is_made")), "in_table"),
        (stored.select(F.col("profile_id").alias("in_lake"), F.lit(True).alias("owner_is_stored")), "in_lake"),
    ]
    known = reduce(lambda rows, side: rows.join(side[0], side[1], "left"), live, strange)
    kind = (
        F.when(F.col("owner_is_stored") & F.col("in_table").isNull(), "missing_identifier")
        .when(F.col("holder_is_made") & F.col("in_lake").isNull(), "unknown_identifier")
        .when(F.col("holder_is_made"), "misplaced_identifier")
        .when(F.col("owner_is_stored") & F.col("in_table").isNotNull(), "not_merged")
    )
    mended = F.when(kind.isin("missing_identifier", "not_merged"), F.col("in_lake")).otherwise(F.col("in_table"))
    return known.select(mended.alias("profile_id"), "collection", kind.alias("kind"), "name", "in_table", "in_lake").where("kind is not null")


def put_aside(owners: DataFrame, stored: DataFrame, received_after: str) -> DataFrame:
    """Profiles that cannot be compared: those with events that the export may not hold yet, and those whose item cannot be read."""
    unsettled = owners.where(F.col("received_at") > F.lit(received_after).cast("timestamp")).select("profile_id")
    return unsettled.union(stored.where("collection is null").select("profile_id")).distinct()


def parted_by_log(log: DataFrame) -> DataFrame:
    """`profile_id` and `group` of profiles that operators parted, and of those that have one of them in them since: of one group is who was ever one."""
    pairs = log.where("kind = 'unmerge'").select(F.col("profile_id").alias("a"), F.col("apart").alias("b")).distinct().localCheckpoint()
    if pairs.isEmpty():
        return pairs.select(F.col("a").alias("profile_id"), F.col("b").alias("group"))
    ends = pairs.select(F.explode(F.array("a", "b")).alias("profile_id"))
    lives = survivors_by_log(log).join(ends, "profile_id", "left_semi").select(F.col("profile_id").alias("a"), F.col("survivor").alias("b"))
    return components(pairs.union(lives)).select(F.col("identifier").alias("profile_id"), F.col("component").alias("group")).localCheckpoint()
