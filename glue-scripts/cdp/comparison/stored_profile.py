"""Reads profiles as the stream stored them, from an export of the profile table in DynamoDB's JSON."""

import base64
import json
import zlib

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdp.spark.isolated import isolated
from cdp.values.exact_json import read_json, write_json

ITEM = (
    "Item struct<kind: struct<S: string>, profileId: struct<S: string>, version: struct<N: string>, "
    "eventCount: struct<N: string>, packed: struct<B: string>>"
)
UNPACKED = (
    "collection string, first_seen string, last_seen string, identifiers array<string>, traits map<string, "
    "string>, segments array<string>, unkept array<string>, is_cut boolean, accounts array<string>, based int"
)


def stored_profiles(lines: DataFrame, dictionary: str) -> DataFrame:
    """One row for each live profile in an export: `profile_id`, `version`, `event_count` and its unpacked fields.

    Times are ISO 8601 with milliseconds. An item that cannot be read has only the fields that are not packed.
    `dictionary` is the one that the stream packs with. `unkept` names traits whose values the stream had no room for;
    `is_cut` tells that it may lack others, too. `accounts` are a person's group ids; `based` is the generation up to
    which it has the histories of its aggregates.
    """
    unpacked = F.udf(isolated(lambda packed: unpack(packed, dictionary.encode())), f"struct<{UNPACKED}>")
    items = (
        lines.select(F.from_json("line", ITEM).alias("read"))
        .where("read.Item.kind.S = 'profile'")
        .select("read.Item.*")
    )
    return items.select(
        F.col("profileId.S").alias("profile_id"),
        F.col("version.N").cast("int").alias("version"),
        F.col("eventCount.N").cast("bigint").alias("event_count"),
        unpacked("packed.B").alias("unpacked"),
    ).select("profile_id", "version", "event_count", "unpacked.*")


def unpack(packed: str, dictionary: bytes) -> tuple:
    """Unpacks what `lambdas/adapters/dynamodb/packed-items.ts` packs: JSON in raw DEFLATE, with lists as JSON texts."""
    inflated = zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=dictionary)
    item = json.loads(inflated.decompress(base64.b64decode(packed)) + inflated.flush())
    listed = {name: read_json(item.get(name) or "[]") for name in ("identifiers", "traits", "accounts")}
    # A removed trait is remembered as null; a trait whose value is not kept has its size, a number, at the end.
    traits = {name: write_json(value) for name, value, *_ in listed["traits"] if value is not None}
    unkept = [name for name, _, _, *more in listed["traits"] if any(isinstance(one, int) for one in more)]
    return (
        item["collection"],
        item["firstSeen"],
        item["lastSeen"],
        sorted(entry[0] for entry in listed["identifiers"]),
        traits,
        sorted(segments_in(item.get("segments") or "")),
        unkept,
        "traits" in json.loads(item.get("horizons") or "{}"),
        [entry[0] for entry in listed["accounts"]],
        based_of(item.get("histories")),
    )


def segments_in(text: str) -> list[str]:
    """`lambdas/core/table/membership-packing.ts`: a time and keys, `;` between; earlier a JSON list of key and time."""
    if text.startswith("["):
        return [key for key, _ in json.loads(text)]
    return [key for together in text.split(";") for key in together.split(" ")[1:]]


def based_of(histories: object) -> int:
    """`lambdas/core/table/histories-packing.ts`: born, based, counts."""
    return 0 if histories is None else int((read_json(histories) if isinstance(histories, str) else histories)[1])


def as_text_of_time(column: str) -> Column:
    """A time as the stream writes it."""
    return F.date_format(column, "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")
