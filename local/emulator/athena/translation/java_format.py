"""`format` as Java has it."""

import re
from decimal import ROUND_HALF_UP, Decimal

from sqlglot import exp

from emulator.athena.grammar.statements import not_supported
from emulator.athena.types.trino_types import WHOLE, Type

_SPECIFIER = re.compile(r"%(?:(\d+)\$)?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])")
_KINDS = {
    **dict.fromkeys(WHOLE, "d"),
    "decimal": "f",
    "double": "e",
    "real": "e",
    "boolean": "b",
    "varchar": "s",
    "char": "s",
    "date": "s",
}


def formatted(node: exp.Anonymous, given: list[Type | None]) -> exp.Expression:
    """The call with each value as a text that begins with a letter for its type. @raises QueryFailed"""
    template, *values = node.expressions
    letters = [_KINDS.get(kind.name) if kind else None for kind in given[1:]]
    if None in letters:
        raise not_supported(
            "formats texts, numbers, booleans and dates; others work on AWS. CAST(... AS varchar) works in both"
        )
    texts = [
        exp.DPipe(this=exp.Literal.string(letter), expression=exp.cast(value.copy(), "varchar"))
        for letter, value in zip(letters, values, strict=True)
    ]
    return exp.Anonymous(this="cdp_format", expressions=[template.copy(), exp.Array(expressions=texts)])


def java_format(template: str | None, values: list[str | None]) -> str | None:
    """@raises ValueError with Trino's words"""
    if template is None:
        return None
    taken = 0

    def one(found: re.Match) -> str:
        nonlocal taken
        position, flags, width, digits, kind = found.groups()
        if kind in "%n":
            return "%" if kind == "%" else "\n"
        taken += position is None
        at = int(position) - 1 if position else taken - 1
        if at >= len(values):
            raise ValueError(
                f"INVALID_FUNCTION_ARGUMENT: Invalid format string: {template} "
                f"(MissingFormatArgument: Format specifier '{found[0]}')"
            )
        text = _one(template, values[at], flags, digits, kind)
        filled = text.rjust(int(width or 0)) if "-" not in flags else text.ljust(int(width or 0))
        return _zeroes(filled) if "0" in flags and kind in "dfexX" else filled

    made = _SPECIFIER.sub(one, template)
    if re.search(r"%(?!%)", _SPECIFIER.sub("", template)):
        raise ValueError(f"INVALID_FUNCTION_ARGUMENT: Invalid format string: {template}")
    return made


def _zeroes(text: str) -> str:
    digits = text.lstrip(" ")
    sign = digits[:1] if digits[:1] in "+-" else ""
    return sign + digits[len(sign) :].rjust(len(text) - len(sign), "0")


def _one(template: str, value: str | None, flags: str, digits: str | None, kind: str) -> str:
    if value is None:
        return "false" if kind == "b" else "null"
    letter, text = value[0], value[1:]
    fits = {
        "s": True,
        "S": True,
        "b": True,
        "d": letter == "d",
        "x": letter == "d",
        "X": letter == "d",
        "f": letter in "fe",
        "e": letter in "fe",
        "E": letter in "fe",
    }
    if not fits.get(kind, False):
        raise ValueError(
            f"INVALID_FUNCTION_ARGUMENT: Invalid format string: {template} "
            f"(IllegalFormatConversion: {kind} does not take it)"
        )
    comma, plus = "," if "," in flags else "", "+" if "+" in flags else " " if " " in flags else ""
    match kind.lower():
        case "d":
            made = f"{int(text):{plus}{comma}}"
        case "x":
            made = f"{int(text) if int(text) >= 0 else int(text) + 2**64:x}"
        case "f":
            number, unit = Decimal(text), Decimal(1).scaleb(-int(digits or 6))
            made = f"{number.quantize(unit, ROUND_HALF_UP) if number.is_finite() else text:{plus}{comma}}"
        case "e":
            made = f"{Decimal(text):.{digits or 6}e}"
            made = re.sub(r"e([+-])(\d)$", r"e\g<1>0\2", made)
        case "b":
            made = text if letter == "b" else "true"
        case _:
            made = _string(letter, text)[: int(digits) if digits else None]
    return made.upper() if kind.isupper() else made


def _string(letter: str, text: str) -> str:
    return java_double(float(text)) if letter == "e" else text


def java_double(value: float) -> str:
    """As Java writes a double: digits from a thousandth to ten millions, an exponent beyond."""
    if value != value or value in (float("inf"), float("-inf")):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        plain = f"{Decimal(repr(value)):f}"
        return plain if "." in plain else f"{plain}.0"
    return scientific(value)


def scientific(value: float) -> str:
    """One digit, a point, the others and an exponent: as CAST writes a double."""
    if value != value or value in (float("inf"), float("-inf")):
        return java_double(value)
    if value == 0:
        return "-0E0" if str(value).startswith("-") else "0E0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    rest = "".join(map(str, digits[1:])) or "0"
    return f"{'-' if sign else ''}{digits[0]}.{rest}E{exponent + len(digits) - 1}"
