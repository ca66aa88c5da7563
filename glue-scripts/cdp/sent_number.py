"""Numbers in the digits in which they were sent, as the stream keeps them (`lambdas/core/json.ts`)."""

import json
import re
from dataclasses import dataclass

SAFE = 2**53 - 1


@dataclass(frozen=True)
class SentNumber:
    """A number as JSON has it; a double would lose digits, or write them otherwise."""

    text: str

    def __str__(self) -> str:
        """A whole number up to 2^53 in plain digits, any other as it was sent."""
        value = float(self.text)
        is_whole = abs(value) <= SAFE and value.is_integer() and significant(self.text) == significant(str(int(value)))
        return str(int(value)) if is_whole else self.text


def significant(text: str) -> str:
    """The digits of a number without the zeros around them."""
    return re.match(r"-?([\d.]*)", text)[1].replace(".", "").strip("0")


def read_json(text: str) -> object:
    """Reads JSON; numbers keep their digits."""
    return json.loads(text, parse_int=SentNumber, parse_float=SentNumber)
