"""Builds fingerprints of texts, as the stream does (`lambdas/core/profile/message-marks.ts`)."""

from array import array
from collections.abc import Iterator

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
BETWEEN = 0x10000
"""Separates two texts: no text contains it, because it is not a UTF-16 code unit."""
WORD = 0xFFFFFFFF


def fingerprint(*texts: str) -> str:
    """54 bits of a list of texts, in nine characters."""
    high, low = 0xDEADBEEF, 0x41C6CE57
    for unit in units_of(texts):
        high = (high ^ unit) * 2654435761 & WORD
        low = (low ^ unit) * 1597334677 & WORD
    high = ((high ^ high >> 16) * 2246822507 & WORD) ^ ((low ^ low >> 13) * 3266489909 & WORD)
    low = ((low ^ low >> 16) * 2246822507 & WORD) ^ ((high ^ high >> 13) * 3266489909 & WORD)
    bits = high << 22 | low & 0x3FFFFF
    return "".join(DIGITS[bits >> shift & 63] for shift in range(48, -1, -6))


def units_of(texts: tuple[str, ...]) -> Iterator[int]:
    for n, text in enumerate(texts):
        if n > 0:
            yield BETWEEN
        yield from array("H", text.encode("utf-16-le", "surrogatepass"))


def place_of(*texts: str) -> float:
    """A place between 0 and 1 that a list of texts gives."""
    place = 0
    for digit in fingerprint(*texts)[:5]:
        place = place * 64 + DIGITS.index(digit)
    return place / 64**5
