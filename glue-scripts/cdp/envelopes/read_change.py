"""Reads a change from the envelope that its object declares."""

from cdp.envelopes.change import Change, Emptied, Envelope
from cdp.envelopes.debezium import read_debezium
from cdp.envelopes.dms import read_dms

READERS = {"debezium": read_debezium, "dms": read_dms}


def read_change(told: dict, envelope: Envelope) -> Change | Emptied | None:
    """A change of a row, the emptying of a table, or None for what is neither. Raises Refused."""
    return READERS[envelope.kind](told, envelope)
