"""Reads people's values for matching: traits in one form, so that they can be compared."""

import re
import unicodedata

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from cdp.identity.normal_form import normalize
from cdp.spark.isolated import isolated
from cdp.values.exact_json import read_json

KINDS = (
    "given_name",
    "surname",
    "full_name",
    "birth_date",
    "strong_id",
    "email",
    "phone",
    "house_number",
    "street",
    "address_line",
    "city",
    "postcode",
    "state",
)
"""Kinds of values that `identity.matching.traits` may name; `full_name` only fills in given name and surname."""
OF_ONE = ("strong_id", "email", "phone")
SHARED = 10
"""A value that more people share tells nobody apart: it is a placeholder, or a company's."""
DATES = (
    (re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?"), (1, 2, 3)),
    (re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})"), (3, 2, 1)),
)
SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")


def person_values(profiles: DataFrame, traits: dict[str, list[str]]) -> DataFrame:
    """One row for each person: `profile_id`, `last_seen`, `identifiers`, and a column for each kind of value.

    `traits` has the paths of each kind, the preferred first.
    """
    kinds = kinds_of(traits)
    read = F.udf(
        isolated(lambda text: read_values(text, traits)), f"struct<{', '.join(f'{kind}: string' for kind in kinds)}>"
    )
    people = profiles.where("collection = 'users'").select(
        "profile_id", "last_seen", "identifiers", read("traits").alias("value")
    )
    values = people.select(
        "profile_id", "last_seen", "identifiers", *(F.col(f"value.{kind}").alias(kind) for kind in kinds)
    )
    for kind in filter(kinds.__contains__, OF_ONE):
        values = values.withColumn(kind, F.when(F.count(kind).over(Window.partitionBy(kind)) <= SHARED, F.col(kind)))
    return values


def kinds_of(traits: dict[str, list[str]]) -> list[str]:
    """Kinds that are compared, in their order; a full name is two of them."""
    named = {"given_name", "surname"} if "full_name" in traits else set()
    return [kind for kind in KINDS if kind != "full_name" and (kind in traits or kind in named)]


def read_values(text: str, traits: dict[str, list[str]]) -> dict[str, str | None]:
    """The first value of each kind that is not blank, in its form."""
    traits_of_person = read_json(text)
    values = {
        kind: next(filter(None, (FORMS.get(kind, compact)(value_at(traits_of_person, path)) for path in paths)), None)
        for kind, paths in traits.items()
        if kind != "full_name"
    }
    given, surname = next(
        filter(all, (halves(value_at(traits_of_person, path)) for path in traits.get("full_name", ()))), (None, None)
    )
    return {**values, "given_name": values.get("given_name") or given, "surname": values.get("surname") or surname}


def value_at(traits_of_person: dict, path: str) -> str | None:
    """A text or number at a dotted path, or under a name that contains dots."""
    value: object = traits_of_person.get(path)
    if value is None:
        value = traits_of_person
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def compact(text: str | None) -> str | None:
    """Letters and digits only, in lower case and without accents: people differ most in spaces and signs."""
    if text is None:
        return None
    folded = unicodedata.normalize(
        "NFKD", text.replace("ß", "ss").replace("ø", "o").replace("Ø", "o").replace("ł", "l").replace("Ł", "l")
    ).casefold()
    return "".join(sign for sign in folded if sign.isalnum())[:100] or None


def halves(text: str | None) -> tuple[str | None, str | None]:
    """Given name and surname from a full name, `Ann B. Smith` or `Smith, Ann`."""
    if text is None:
        return None, None
    last, comma, first = text.partition(",")
    words = [*first.split(), *last.split()] if comma else text.split()
    if not words:
        return None, None
    return (compact(words[0]), compact(words[-1])) if len(words) > 1 else (None, compact(words[0]))


def digits_of_date(text: str | None) -> str | None:
    """`yyyyMMdd`, even of a day that no calendar has, because it may be a typing error; None for what is no date."""
    if text is None:
        return None
    text = text.strip()
    for form, (year, month, day) in DATES:
        if found := form.fullmatch(text):
            return f"{found[year]}{int(found[month]):02d}{int(found[day]):02d}"
    if found := SLASHED.fullmatch(text):
        # Month first, as in the United States, unless that is impossible.
        month, day = (found[2], found[1]) if int(found[1]) > 12 else (found[1], found[2])
        return f"{found[3]}{int(month):02d}{int(day):02d}"
    return None


def email_form(text: str | None) -> str | None:
    return value_of(normalize("email", text, None))


def phone_form(text: str | None) -> str | None:
    """E.164 where the number has its country, else its digits."""
    return value_of(normalize("phone", text, None)) or ("".join(filter(str.isdigit, text or "")).lstrip("0") or None)


def value_of(identifier: str | None) -> str | None:
    return identifier.partition(":")[2] if identifier else None


FORMS = {"birth_date": digits_of_date, "email": email_form, "phone": phone_form}
