"""Finds where the lake and the profile table differ about a person or an account."""

from collections.abc import Callable, Mapping, Sequence

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from cdp.comparison.identifier_differences import identifier_differences
from cdp.comparison.stored_profile import as_text_of_time
from cdp.segments.definitions import traits_asked
from cdp.spark.isolated import isolated
from cdp.values.exact_json import read_json, write_json

FOUND = "array<struct<kind: string, name: string, in_table: string, in_lake: string>>"
LONGEST_NAME = 128
"""The table keeps names of traits up to this many bytes of UTF-8."""
COLUMNS = ("profile_id", "collection", "kind", "name", "in_table", "in_lake")


def lake_profiles(profiles: DataFrame) -> DataFrame:
    """Rows of `profiles` in the form of `stored_profiles`; their traits are one JSON object.

    Of segments in `unsure`, if there is such a column, the table may say either.
    """
    seen = [as_text_of_time(column).alias(column) for column in ("first_seen", "last_seen")]
    identifiers = F.array_sort(F.from_json("identifiers", "array<string>")).alias("identifiers")
    return profiles.select(
        "profile_id",
        "collection",
        "event_count",
        *seen,
        identifiers,
        "traits",
        F.array_sort("segments").alias("segments"),
        F.col("unsure") if "unsure" in profiles.columns else F.array().cast("array<string>").alias("unsure"),
    )


def differences(
    stored: DataFrame,
    made: DataFrame,
    aside: DataFrame,
    parted: DataFrame,
    segments: Sequence[dict] = (),
    traits: Sequence[dict] = (),
) -> DataFrame:
    """One row for each difference between `stored` (`stored_profiles`) and `made` (`lake_profiles`).

    Profiles put `aside` are left out. For people whom operators took apart (`parted`, from `parted_by_log`), only their
    existence and identifiers are compared: what one stated while they were one person stays with the other, and the
    lake cannot know. What the table has no room for (`unkept`, `is_cut`) differs on purpose, and so do `segments` that
    compare it. Computed `traits` are not stored, so they are not compared.

    Kinds: missing_person (only in the lake), unknown_person (only in the table), missing_events, extra_events,
    first_seen, last_seen, trait, segment, and those of `identifier_differences`.
    """
    sides = (F.struct(*side.columns[1:]) for side in (stored, made))
    table, lake = (
        side.select("profile_id", content.alias(name))
        for side, content, name in zip((stored, made), sides, ("in_table", "in_lake"), strict=True)
    )
    both = (
        table.join(lake, "profile_id", "full").join(aside, "profile_id", "left_anti").join(parted, "profile_id", "left")
    )
    found = F.explode(
        F.udf(isolated(finder(segments, traits), []), FOUND)("in_table", "in_lake", F.col("group").isNotNull())
    ).alias("found")
    facts = both.select(
        "profile_id", F.coalesce("in_table.collection", "in_lake.collection").alias("collection"), found
    ).select("profile_id", "collection", "found.*")
    return facts.unionByName(identifier_differences(stored, made, aside, parted)).select(*COLUMNS)


Found = tuple[str, str, str | None, str | None]


def finder(segments: Sequence[dict], traits: Sequence[dict]) -> Callable[[Row | None, Row | None, bool], list[Found]]:
    """Makes `found_in` for the configured segments and computed traits."""
    asked, computed = traits_asked(segments, traits), frozenset(trait["key"] for trait in traits)
    return lambda table, lake, is_parted: found_in(table, lake, is_parted, asked, computed)


def found_in(
    table: Row | None,
    lake: Row | None,
    is_parted: bool,
    asked: Mapping[str, frozenset[str]],
    computed: frozenset[str] = frozenset(),
) -> list[Found]:
    """Differences of one profile except its identifiers: kind, name, value in the table and value in the lake."""
    if table is None or lake is None:
        only, kind = (table, "unknown_person") if lake is None else (lake, "missing_person")
        count = str(only.event_count)
        return [(kind, "", count, None) if lake is None else (kind, "", None, count)]
    facts = []
    if is_parted:
        return facts
    if table.event_count != lake.event_count:
        kind = "missing_events" if table.event_count < lake.event_count else "extra_events"
        facts.append((kind, "", str(table.event_count), str(lake.event_count)))
    facts += [(name, "", table[name], lake[name]) for name in ("first_seen", "last_seen") if table[name] != lake[name]]
    stored, made = (
        {name: canonical(text) for name, text in side.items()} for side in (table.traits, texts_in(lake.traits))
    )
    unkept = {name for name in made if name not in stored and is_unkept(name, table)}
    facts += [
        ("trait", name, stored.get(name), made.get(name))
        for name in sorted({*stored, *made} - unkept - computed)
        if stored.get(name) != made.get(name)
    ]
    differing = (
        key
        for key in sorted(({*table.segments} ^ {*lake.segments}) - {*lake.unsure})
        if not unkept & asked.get(key, frozenset())
    )
    return facts + [
        ("segment", key, *("member" if key in side else None for side in (table.segments, lake.segments)))
        for key in differing
    ]


def is_unkept(name: str, table: Row) -> bool:
    """Whether the table has no room for a trait that it lacks (`lambdas/core/profile/trait-bound.ts`).

    It marks the trait, or it was full, or the name is too long.
    """
    return table.is_cut or name in table.unkept or not is_name(name)


def is_name(name: str) -> bool:
    """Whether a text can be the name of a trait in the table."""
    return len(name.encode("utf-8", "surrogatepass")) <= LONGEST_NAME


def texts_in(traits: str) -> dict[str, str]:
    return {name: write_json(value) for name, value in read_json(traits).items()}


def canonical(text: str) -> str:
    """The same text for the same value, whatever the order of its fields."""
    return write_json(read_json(text), in_order=True)
