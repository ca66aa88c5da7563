"""Identifiers that events say, read by the rules of the stream (`lambdas/core/identifier.ts`)."""

import json

import pandas as pd
from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.events import STRICT, is_structure
from cdp.normal import is_blocked, normal_email, normal_text, trimmed
from cdp.standardize import normalize_phone

CUSTOM_TYPE = r"^[a-z][a-z0-9_.-]{0,39}\z"
CLAIM = "struct<type: string, value: string>"


def sightings(events: DataFrame, rules: dict, countries: dict[str, str]) -> DataFrame:
    """Whom each event is about, a row for the person and one for a group call's account: message_id, collection, timestamp, received_at and `identifiers`.

    Events that name nobody have no row. `countries` is the default country of each source that has one, for phone numbers.
    """
    named = with_phones(with_claims(events, rules), countries).withColumns({"said": normal_forms(F.col("claims")), "account": normal_text(F.when(F.col("type") == "group", F.col("group_id")))})
    usable = F.filter("said", lambda one: ~is_blocked(one["type"], one["value"], rules))
    people = named.withColumn("identifiers", F.array_distinct(F.transform(usable, as_identifier))).where(F.size("identifiers") > 0)
    is_account = F.col("account").isNotNull() & ~is_blocked(F.lit("group_id"), F.col("account"), rules)
    account = F.when(is_account, F.struct(F.lit("accounts").alias("collection"), F.array(F.concat(F.lit("group_id:"), "account")).alias("identifiers")))
    both = F.filter(F.array(F.struct(F.lit("users").alias("collection"), "identifiers"), account), lambda one: one.isNotNull())
    return people.select("message_id", "timestamp", "received_at", F.inline(both))


def with_claims(events: DataFrame, rules: dict) -> DataFrame:
    """Adds `claims`: everything an event says as an identifier, as it says it, an array of types and values."""
    # Each step is a column, for else every JSON text would be read again for each of its fields.
    own_traits = F.when(F.col("type") == "identify", F.col("traits"))
    parsed = events.withColumns({"own": from_object(own_traits, "email", "phone"), "around": from_object(F.col("context"), "traits", "device", "externalIds")})
    device = F.col("around.device")
    tracked = F.from_json(device, "adTrackingEnabled boolean", STRICT)["adTrackingEnabled"]
    further = {"about": from_object(F.col("around.traits"), "email", "phone"), "device": from_object(device, "id", "type", "advertisingId"), "tracked": tracked}
    system = F.when(F.lower("device.type").isin("ios", "android"), F.lower("device.type")).otherwise("device")
    ids = [("user_id", "user_id"), ("anonymous_id", "anonymous_id"), ("anonymous_id", F.when(F.col("type") == "alias", F.col("previous_id")))]
    said = [
        *((name, f"{traits}.{name}") for traits in ("own", "about") for name in ("email", "phone")),
        (F.concat(system, F.lit(".id")), "device.id"),
        (F.concat(system, F.lit(".idfa")), F.when(F.col("tracked"), F.col("device.advertisingId"))),
        *((custom["type"], value_at(custom["path"])) for custom in rules["identifiers"]),
    ]
    listed = F.concat(claims_of(said), external_ids(F.col("around.externalIds")))
    claims = F.concat(claims_of(ids), F.transform(listed, lambda one: claim(one["type"], scalar(one["value"]))))
    return parsed.withColumns(further).withColumn("claims", F.filter(claims, lambda one: one["value"].isNotNull()))


def claims_of(said: list[tuple]) -> Expression:
    return F.array(*(claim(F.lit(type_) if isinstance(type_, str) else type_, F.col(value) if isinstance(value, str) else value) for type_, value in said))


def claim(type_: Expression, value: Expression) -> Expression:
    return F.struct(type_.alias("type"), value.alias("value"))


def external_ids(listed: Expression) -> Expression:
    """Of the list only items with all four fields count."""
    items = F.transform(F.from_json(listed, "array<string>", STRICT), lambda item: from_object(item, "id", "type", "collection", "encoding"))
    complete = F.filter(items, lambda item: (item["collection"] == "users") & (item["encoding"] == "none") & item["type"].rlike(CUSTOM_TYPE))
    return F.coalesce(F.transform(complete, lambda item: claim(item["type"], item["id"])), F.array().cast(f"array<{CLAIM}>"))


def value_at(path: str) -> Expression:
    """The value at a path such as `traits.loyalty.id`."""
    column, *names = path.split(".")
    value = F.col(column)
    for name in names:
        value = from_object(value, name)[name]
    return value


def from_object(value: Expression, *names: str) -> Expression:
    """Fields of a JSON object as texts; null where the value is no object."""
    fields = ", ".join(f"`{name}` string" for name in names)
    return F.from_json(F.when(value.startswith("{"), value), fields, STRICT)


def scalar(value: Expression) -> Expression:
    """A text or a number; lists, objects and truth values are no identifiers."""
    return F.when(~is_structure(value) & ~value.isin("true", "false"), value)


def normal_forms(said: Expression) -> Expression:
    """Claims in their normal forms. Phone numbers are looked up in `phones`, which `with_phones` adds."""
    forms = F.transform(
        said,
        lambda one: claim(
            one["type"],
            F.when(one["type"] == "email", normal_email(one["value"]))
            .when(one["type"] == "phone", F.col("phones")[trimmed(one["value"])])
            .otherwise(normal_text(one["value"])),
        ),
    )
    return F.filter(forms, lambda one: one["value"].isNotNull())


def with_phones(claimed: DataFrame, countries: dict[str, str]) -> DataFrame:
    """Adds `phones`: for each text that an event claims to be a phone number its E.164 form, where it has one."""
    texts = F.transform(F.filter("claims", lambda one: one["type"] == "phone"), lambda one: trimmed(one["value"]))
    known: dict[tuple[str, str | None], str | None] = {}

    def read(text: str, source: str) -> str | None:
        key = text, countries.get(source)
        if key not in known:
            known[key] = normalize_phone(*key)
        return known[key]

    @F.pandas_udf("string")
    def read_all(texts: pd.Series, sources: pd.Series) -> pd.Series:
        return pd.Series([json.dumps({text: read(text, source) for text in said}) if len(said) else None for said, source in zip(texts, sources, strict=True)])

    return claimed.withColumn("phones", F.from_json(read_all(texts, F.col("source_id")), "map<string, string>"))


def as_identifier(one: Expression) -> Expression:
    return F.concat(one["type"], F.lit(":"), one["value"])
