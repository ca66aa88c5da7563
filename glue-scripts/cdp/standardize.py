"""Values in one form, as `lake.standardize` declares it. What cannot be read is kept as it is and counted."""

import phonenumbers
from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.lookup import computed, known, read_data
from cdp.quality import CHANGED, FAILED, MISSING, UNCHANGED, outcome_column

EMAIL = r'^[^\s@"<>]+@[^\s@"<>]+\.[^\s@"<>.]+$'


def standardize(rows: DataFrame, rules: list[dict], countries: dict[str, str]) -> DataFrame:
    """Applies the rules in their order. `countries` is the default country of each source that has one, for phone numbers."""
    for rule in rules:
        read = READERS[rule["as"]](F.col(f"`{rule['column']}`"), rule, countries)
        rows = keep_or_replace(rows.withColumn("read", read), rule["column"], rule["as"])
    return rows


def keep_or_replace(rows: DataFrame, column: str, step: str) -> DataFrame:
    """Takes over `read` where there is one, and leaves the outcome."""
    before, read = F.col(f"`{column}`"), F.col("read")
    missing = before.isNull() | (F.trim(before) == "")
    outcome = F.when(missing, MISSING).when(read.isNull(), FAILED).when(read == before, UNCHANGED).otherwise(CHANGED)
    return rows.withColumns({outcome_column(step, column): outcome, column: F.coalesce(read, before)}).drop("read")


def read_date(value: Expression, rule: dict, _: dict) -> Expression:
    """ISO 8601: a date for formats without a time, else a date-time in UTC. The first format that fits decides."""
    return F.coalesce(*(written_as_iso(value, form) for form in rule["formats"]))


def written_as_iso(value: Expression, form: str) -> Expression:
    output = "yyyy-MM-dd'T'HH:mm:ss.SSSX" if "H" in form or "h" in form else "yyyy-MM-dd"
    return F.date_format(F.try_to_timestamp(F.trim(value), F.lit(form)), output)


def read_country(value: Expression, *_: object) -> Expression:
    """ISO 3166 alpha-2 from alpha-2, alpha-3 or an English name, without regard to case, accents' absence and punctuation."""
    return known(read_data("countries"), plain(value))


def read_currency(value: Expression, *_: object) -> Expression:
    """ISO 4217 from a code, an English name or a sign that only one currency has."""
    return known(read_data("currencies"), plain(value))


def plain(value: Expression) -> Expression:
    """Lower case, without punctuation, single spaces: as the keys of `data/` are written."""
    return F.trim(F.regexp_replace(F.lower(value), r"[\s.,'’()\-]+", " "))


def read_email(value: Expression, *_: object) -> Expression:
    email = F.lower(F.trim(value))
    return F.when(email.rlike(EMAIL) & (F.length(email) <= 320), email)


def read_phone(value: Expression, rule: dict, countries: dict[str, str]) -> Expression:
    """E.164; a number without a country code is of the source's default country, or else of the rule's."""
    return computed(lambda text, source: normalize_phone(text, countries.get(source) or rule.get("country")), "string", value, F.col("source_id"))


def normalize_phone(text: str, country: str | None) -> str | None:
    """E.164, e.g. `+12015550123`; None when no valid number can be read from it. Agrees with `normalizePhone` of the core."""
    if len(text) > 40:
        return None
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if phonenumbers.is_valid_number(number) else None


READERS = {"date": read_date, "country": read_country, "currency": read_currency, "email": read_email, "phone": read_phone}
