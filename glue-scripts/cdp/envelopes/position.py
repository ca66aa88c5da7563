"""Places in a database's log, as texts that sort as the places do."""

import re

from cdp.values.exact_json import is_number, number_text

Position = tuple[int, ...]
"""Numbers that count one after the other; a place comes before those that go on after its numbers."""
PART_DIGITS = 40
"""DMS numbers its changes by 35 digits."""
LSN = re.compile(r"([0-9A-F]{1,8})/([0-9A-F]{1,8})", re.IGNORECASE)
DIGITS = re.compile(r"[0-9]+")
HEX_GROUPS = re.compile(r"\s*[0-9A-F]{1,16}(?:[:.][0-9A-F]{1,16})+\s*", re.IGNORECASE)


def read_position(value: object) -> Position | None:
    """Reads `24023128`, PostgreSQL's `0/16E3778`, `mysql-bin.000003:4696`; None where there is no number."""
    text = number_text(value) if is_number(value) else value
    if not isinstance(text, str) or len(text) > 200:
        return None
    if found := LSN.fullmatch(text):
        return ((int(found[1], 16) << 32) + int(found[2], 16),)
    return sized(tuple(int(digits) for digits in DIGITS.findall(text)))


def read_hex_groups(value: object) -> Position:
    """Reads `00000027:00000758:0005` of SQL Server and ` 0x000124.00000015.0010 ` of Oracle; empty for anything else.

    Oracle may write `0x` before it.
    """
    text = re.sub("0x", "", value, flags=re.IGNORECASE) if isinstance(value, str) and len(value) <= 200 else ""
    if not HEX_GROUPS.fullmatch(text):
        return ()
    return tuple(int(group, 16) for group in re.split("[:.]", text.strip()))


def sized(parts: Position) -> Position | None:
    """The parts, if there are any, and none is longer than the texts of places hold."""
    return parts if parts and all(len(str(part)) <= PART_DIGITS for part in parts) else None


def position_text(position: Position) -> str:
    return ".".join(f"{part:0{PART_DIGITS}}" for part in position)
