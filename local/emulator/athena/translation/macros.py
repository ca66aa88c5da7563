"""What DuckDB needs to answer as Trino does."""

from duckdb import DuckDBPyConnection

from emulator.athena.translation.java_format import java_format, scientific

_ZERO = "'Division by zero'"


def _failing(head: str, condition: str, words: str, value: str) -> tuple[str, str]:
    """A macro that fails where a condition holds, and its like that gives null there."""
    code = "DIVISION_BY_ZERO" if words is _ZERO else "INVALID_FUNCTION_ARGUMENT"
    name, _, given = head.partition("(")
    return (
        f"{head} AS CASE WHEN {condition} THEN error('{code}: ' || {words}) ELSE {value} END",
        f"{name}_or_null({given} AS CASE WHEN {condition} THEN NULL ELSE {value} END",
    )


_MACROS = (
    "every(condition) AS bool_and(condition)",
    "map_agg(key, value) AS map(list(key), list(value))",
    *_failing("cdp_quotient(a, b)", "b = 0", _ZERO, "a // b"),
    *_failing("cdp_rest(a, b)", "b = 0", _ZERO, "a % b"),
    *_failing(
        "cdp_subscript(a, i)",
        "i > len(a)",
        "'Array subscript must be less than or equal to array length: ' || i || ' > ' || len(a)",
        "a[i]",
    ),
    *_failing("cdp_value(a, k)", "NOT map_contains(a, k)", "'Key not present in map: ' || k", "a[k]"),
    "cdp_entries(a) AS CAST(len(map_keys(a)) AS BIGINT)",
    "cdp_double_quotient(a, b) AS CASE WHEN a IS NULL OR b <> 0 OR b IS NULL THEN a / b "
    "WHEN a = 0 OR isnan(a) THEN 'NaN'::DOUBLE WHEN a < 0 THEN '-Infinity'::DOUBLE ELSE 'Infinity'::DOUBLE END",
    "cdp_unscaled(a) AS CAST(replace(CAST(a AS VARCHAR), '.', '') AS HUGEINT)",
    # Half up, away from zero.
    "cdp_rounded(a, b) AS (CASE WHEN (a < 0) <> (b < 0) THEN -1 ELSE 1 END) * ((2 * abs(a) + abs(b)) // (2 * abs(b)))",
    *_failing(
        "cdp_decimal_quotient(a, b, shift, unit)",
        "b = 0",
        _ZERO,
        "CAST(cdp_rounded(cdp_unscaled(a) * CAST(shift AS HUGEINT), cdp_unscaled(b)) AS DECIMAL(38, 0)) * unit",
    ),
    "cdp_ranked(a, fraction) AS a[CAST(least(floor(len(a) * CAST(fraction AS DOUBLE)), len(a) - 1) AS BIGINT) + 1]",
    "cdp_percentile(a, fraction) AS cdp_ranked(list_sort(list_filter(a, lambda x: x IS NOT NULL)), fraction)",
    "cdp_percentiles(a, fractions) AS list_transform(fractions, lambda f: cdp_percentile(a, f))",
    "cdp_json(a) AS CASE WHEN json_valid(a) THEN a END",
    "cdp_is_one_value(j) AS json_type(j) NOT IN ('OBJECT', 'ARRAY')",
    "cdp_months(n) AS to_months(CAST(n AS INTEGER))",
    "cdp_milliseconds(n) AS to_milliseconds(n)",
    "cdp_days(n) AS to_days(CAST(n AS INTEGER))",
    "cdp_month_count(i) AS CAST(datepart('year', i) * 12 + datepart('month', i) AS BIGINT)",
    "cdp_millisecond_count(i) AS CAST(round(epoch(i) * 1000) AS BIGINT)",
    "cdp_text(a, pattern, words) AS CASE WHEN a IS NULL OR regexp_full_match(a, pattern) THEN trim(a) "
    "ELSE CAST(error('INVALID_CAST_ARGUMENT: ' || replace(words, '%', a)) AS VARCHAR) END",
    "cdp_text_or_null(a, pattern) AS CASE WHEN regexp_full_match(a, pattern) THEN trim(a) END",
    "cdp_time_text(a, digits, zone) AS left(strftime(a, '%Y-%m-%d %H:%M:%S.%f'), "
    "19 + CASE WHEN digits = 0 THEN 0 ELSE digits + 1 END) || zone",
)


def provide(connection: DuckDBPyConnection) -> None:
    """Makes functions that the rewriting of queries names."""
    for macro in _MACROS:
        connection.execute(f"CREATE MACRO {macro}")
    connection.create_function("cdp_format", java_format, ["VARCHAR", "VARCHAR[]"], "VARCHAR", null_handling="special")
    connection.create_function("cdp_double_text", scientific, ["DOUBLE"], "VARCHAR")
