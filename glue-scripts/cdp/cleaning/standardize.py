"""Brings values into one form, as `lake.standardize` declares. What cannot be read stays as it is and is counted."""

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

from cdp.cleaning.column_steps import Step
from cdp.cleaning.lookup import computed, known, read_data
from cdp.cleaning.quality import CHANGED, FAILED, MISSING, UNCHANGED, outcome_column
from cdp.spark.sql import first_case, identifier, quoted
from cdp.values.email import normalize_email
from cdp.values.phone import normalize_phone
from cdp.values.text_in_sql import is_blank

PUNCTUATION = r"[\s.,'’()\-]+"


def standardize(rules: list[dict], countries: dict[str, str]) -> list[Step]:
    """Steps that apply the rules in their order.

    `countries` has the default country for phones of each source that has one.
    """
    return [keep_or_replace(rule, READERS[rule["as"]](identifier(rule["column"]), rule, countries)) for rule in rules]


def keep_or_replace(rule: dict, value: Expression | str) -> Step:
    """Takes over what was read, if anything, and leaves the outcome."""
    name, found = rule["column"], f"read/{rule['column']}"
    before, read = identifier(name), identifier(found)
    cases = ((is_blank(before), MISSING), (f"{read} IS NULL", FAILED), (f"{read} = {before}", UNCHANGED))
    outcome = first_case(*((condition, quoted(kind)) for condition, kind in cases), otherwise=quoted(CHANGED))
    return Step(
        (name, "source_id"),
        {outcome_column(rule["as"], name): outcome, name: f"coalesce({read}, {before})"},
        {found: value},
    )


def read_date(value: str, rule: dict, _: dict) -> str:
    """ISO 8601: a date for formats without a time, else a date-time in UTC. The first format that fits decides."""
    return f"coalesce({', '.join(written_as_iso(value, form) for form in rule['formats'])})"


def written_as_iso(value: str, form: str) -> str:
    output = "yyyy-MM-dd'T'HH:mm:ss.SSSX" if "H" in form or "h" in form else "yyyy-MM-dd"
    return f"date_format(try_to_timestamp(trim({value}), {quoted(form)}), {quoted(output)})"


def read_country(value: str, *_: object) -> Expression:
    """ISO 3166 alpha-2, from alpha-2, alpha-3 or an English name; case and punctuation do not matter."""
    return known(read_data("countries"), F.expr(plain(value)))


def read_currency(value: str, *_: object) -> Expression:
    """ISO 4217, from a code, an English name or a sign that only one currency has."""
    return known(read_data("currencies"), F.expr(plain(value)))


def plain(value: str) -> str:
    """Lower case, without punctuation, single spaces: the form of the keys in `data/`."""
    return f"trim(regexp_replace(lower({value}), {quoted(PUNCTUATION)}, ' '))"


def read_email(value: str, *_: object) -> Expression:
    return computed(normalize_email, "string", F.expr(value))


def read_phone(value: str, rule: dict, countries: dict[str, str]) -> Expression:
    """E.164. A number without a country code belongs to the source's default country, else to the rule's."""
    return computed(
        lambda text, source: normalize_phone(text, countries.get(source) or rule.get("country")),
        "string",
        F.expr(value),
        F.col("source_id"),
    )


READERS = {
    "date": read_date,
    "country": read_country,
    "currency": read_currency,
    "email": read_email,
    "phone": read_phone,
}
