"""Brings identifiers into their normal form, and tells which are blocked."""

import re
from functools import lru_cache

from cdp.values.email import normalize_email
from cdp.values.phone import normalize_phone
from cdp.values.text import SPACE, lowered, units, visible

QUOTED = re.compile(r"""(["'])(.*)\1""", re.DOTALL)


def normalize(kind: str, value: object, country: str | None) -> str | None:
    """`type:value` in its normal form; None if the value does not have that type."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip(SPACE)
    if kind == "email":
        normal = email(text)
    elif kind == "phone":
        normal = phone(text, country)
    else:
        normal = text if 0 < units(text) <= 500 else None
    return None if normal is None else f"{kind}:{normal}"


email = lru_cache(maxsize=10_000)(normalize_email)
phone = lru_cache(maxsize=10_000)(normalize_phone)


def is_blocked(id_: str, rules: dict) -> bool:
    """Whether many people share this value, whatever its case, quotes and invisible signs."""
    kind, _, value = id_.partition(":")
    own = rules["blocked"].get(kind, {"values": [], "patterns": []})
    text = bare(value)
    return (
        not text.strip("0-")
        or text in map(bare, [*rules["blockedValues"], *own["values"]])
        or any(re.search(pattern, value, re.ASCII | re.DOTALL) for pattern in own["patterns"])
    )


@lru_cache(maxsize=10_000)
def bare(value: str) -> str:
    text = visible(value)
    quoted = QUOTED.fullmatch(text)
    return lowered((quoted[2] if quoted else text).strip(SPACE))
