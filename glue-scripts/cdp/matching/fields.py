"""Defines how two people's values are compared: levels of agreement from best to worst, in SQL and in words."""

import re
from collections.abc import Callable, Iterable

Level = tuple[str, str, float]
"""Words, a condition on `<field>_l` and `<field>_r`, and how often it is assumed to hold for records of one person."""
COMMON_VALUES = ("given_name", "surname", "birth_date", "city")
"""Fields in which a rare value proves more than a common one."""
RAREST = 1e-5


def levels_of(kinds: Iterable[str]) -> dict[str, list[Level]]:
    """Levels of each field, without those that need a value that nobody provides."""
    given = set(kinds)
    return {kind: [level for level in LEVELS[kind](kind) if needs(level[1]) <= given] for kind in kinds}


def needs(condition: str) -> set[str]:
    """The kinds of values that a condition uses."""
    return {found.group(1) for found in re.finditer(r"\b([a-z_]+)_[lr]\b", condition)}


def as_splink(field: str, levels: list[Level]) -> dict:
    """The comparison in the form of Splink's settings."""
    null = {
        "sql_condition": f"{field}_l IS NULL OR {field}_r IS NULL",
        "label_for_charts": "missing",
        "is_null_level": True,
    }
    frequency = (
        {"tf_adjustment_column": field, "tf_adjustment_weight": 1.0, "tf_minimum_u_value": RAREST}
        if field in COMMON_VALUES
        else {}
    )
    told = [
        {
            "sql_condition": sql,
            "label_for_charts": words,
            "m_probability": share,
            **(frequency if words == SAME else {}),
        }
        for words, sql, share in levels
    ]
    return {"output_column_name": field, "comparison_levels": [null, *told]}


def equal(field: str) -> str:
    return f"{field}_l = {field}_r"


def edits(one: str, other: str) -> str:
    """Letters inserted, deleted or changed. Spark's own function, tested first, takes a tenth of the time."""
    return f"levenshtein({one}, {other})"


def apart(field: str, most: int) -> str:
    """At most this many letters inserted, deleted or changed; with one letter also two that changed places."""
    few = f"{edits(f'{field}_l', f'{field}_r')} <= 2"
    return few if most == 2 else f"({few} AND damerau_levenshtein({field}_l, {field}_r) <= {most})"


def alike(field: str) -> str:
    """So many letters in common, most at the beginning, that it may be the same word."""
    return (
        f"({edits(f'{field}_l', f'{field}_r')} <= length({field}_l) / 2 AND jaro_winkler({field}_l, {field}_r) >= 0.88)"
    )


def exchanged(field: str, other: str) -> str:
    """Each has in one field what the other has in the other, except for a slip."""
    return f"{edits(f'{field}_l', f'{other}_r')} <= 1 OR {edits(f'{field}_r', f'{other}_l')} <= 1"


SAME, ELSE = "the same", "ELSE"


def words(*others: str) -> Callable[[str], list[Level]]:
    """Levels of a text that may stand in another field instead."""

    def levels(field: str) -> list[Level]:
        return [
            (SAME, equal(field), 0.7),
            ("one letter apart", apart(field, 1), 0.1),
            ("alike", f"{alike(field)} OR (length({field}_l) > 5 AND {apart(field, 2)})", 0.08),
            *((f"exchanged with {other}", exchanged(field, other), 0.05) for other in others),
            ("different", ELSE, 0.07),
        ]

    return levels


def code(field: str) -> list[Level]:
    return [
        (SAME, equal(field), 0.85),
        ("one character apart", apart(field, 1), 0.07),
        ("two characters apart", apart(field, 2), 0.02),
        ("different", ELSE, 0.06),
    ]


def birth_date(field: str) -> list[Level]:
    year, month, day = (f"substr({field}_{{side}}, {start}, {length})" for start, length in ((1, 4), (5, 2), (7, 2)))

    def same(one: str, other: str) -> str:
        return f"{one.format(side='l')} = {other.format(side='r')}"

    turned = f"({same(month, day)} AND {same(day, month)})"
    same_day = f"({same(month, month)} AND {same(day, day)})"
    two_of_three = f"({same(year, year)} AND ({same(month, month)} OR {same(day, day)} OR {turned})) OR {same_day}"
    return [
        (SAME, equal(field), 0.85),
        ("one digit apart", apart(field, 1), 0.06),
        ("day, month or year differs", two_of_three, 0.03),
        ("different", ELSE, 0.06),
    ]


def email(field: str) -> list[Level]:
    before = f"split_part({field}_l, '@', 1) = split_part({field}_r, '@', 1)"
    return [
        (SAME, equal(field), 0.7),
        ("one letter apart", apart(field, 1), 0.08),
        ("the same before the @", before, 0.07),
        ("different", ELSE, 0.15),
    ]


def phone(field: str) -> list[Level]:
    return [(SAME, equal(field), 0.7), ("one digit apart", apart(field, 1), 0.08), ("different", ELSE, 0.22)]


def short(field: str) -> list[Level]:
    return [(SAME, equal(field), 0.85), ("one character apart", apart(field, 1), 0.07), ("different", ELSE, 0.08)]


LEVELS: dict[str, Callable[[str], list[Level]]] = {
    "given_name": words("surname"),
    "surname": words("given_name"),
    "birth_date": birth_date,
    "strong_id": code,
    "email": email,
    "phone": phone,
    "house_number": short,
    "street": words("address_line"),
    "address_line": words("street"),
    "city": words(),
    "postcode": code,
    "state": short,
}
