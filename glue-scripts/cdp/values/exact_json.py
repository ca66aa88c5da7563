"""JSON whose numbers keep their digits, by the rule of the stream (`lambdas/core/values/json.ts`).

Whole numbers up to 2^53 are plain numbers; all others keep the text in which they were sent.
"""

import json
import re
from decimal import Decimal

MANTISSA = re.compile(r"-?([\d.]*)")
quoted = json.encoder.encode_basestring


class SentNumber(float):
    """The double nearest to a number, with the text in which the number was sent."""

    text: str

    def __new__(cls, text: str) -> "SentNumber":
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __str__(self) -> str:
        return self.text


def read_number(text: str) -> int | SentNumber:
    value = float(text)
    is_plain = abs(value) < 2**53 and value.is_integer() and significant(text) == significant(str(int(value)))
    return int(value) if is_plain else SentNumber(text)


def is_number(value: object) -> bool:
    """Unlike in Python, a boolean is no number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def number_text(number: float) -> str:
    """A number as it was sent, or else as JavaScript writes it."""
    if isinstance(number, SentNumber | int):
        return str(number)
    sign, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
    written, point = "".join(map(str, digits)), len(digits) + exponent
    if 0 < point <= 21:
        whole, rest = written[:point].ljust(point, "0"), written[point:]
        text = f"{whole}.{rest}" if rest else whole
    elif -6 < point <= 0:
        text = f"0.{'0' * -point}{written}" if number else "0"
    else:
        rest = f".{written[1:]}" if written[1:] else ""
        text = f"{written[0]}{rest}e{point - 1:+d}"
    return f"-{text}" if sign and number else text


def is_same_number(a: str, b: str) -> bool:
    """Whether two texts mean the same number to the last digit, if one of them is a double's."""
    return float(a) == float(b) and significant(a) == significant(b)


def significant(text: str) -> str:
    """The digits of a number without leading and trailing zeros."""
    return MANTISSA.match(text)[1].replace(".", "").strip("0")


def read_json(text: str) -> object:
    """The value of a text. Raises ValueError, as the stream does, also for words such as NaN, which JSON lacks."""
    return json.loads(text, parse_int=read_number, parse_float=read_number, parse_constant=refuse)


def refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def write_json(value: object, *, in_order: bool = False) -> str:
    """Compact JSON; with `in_order` the fields of objects are sorted by name."""
    if isinstance(value, SentNumber):
        return value.text
    if isinstance(value, dict):
        fields = sorted(value.items()) if in_order else value.items()
        return f"{{{','.join(f'{quoted(name)}:{write_json(each, in_order=in_order)}' for name, each in fields)}}}"
    if isinstance(value, list):
        return f"[{','.join(write_json(each, in_order=in_order) for each in value)}]"
    return quoted(value) if isinstance(value, str) else json.dumps(value)
