"""What a workgroup decides for its queries: where and how results are written, and how much a query may read."""

from typing import Any

from ministack.services import athena


class LimitExceeded(Exception):
    """A query read more than its workgroup allows."""


def result_configuration(name: str, asked: dict[str, Any] | None) -> dict[str, Any]:
    """The client's configuration; the workgroup's if that is enforced or the client has none."""
    config = athena._workgroups[name].get("Configuration") or {}
    enforced = str(config.get("EnforceWorkGroupConfiguration", name != "primary")).lower() == "true"
    chosen = dict(asked or {})
    if enforced or not chosen:
        chosen = dict(config.get("ResultConfiguration") or {})
    if chosen.get("OutputLocation"):
        chosen["OutputLocation"] = chosen["OutputLocation"].rstrip("/") + "/"
    return chosen


def check_scanned(name: str, scanned: int) -> None:
    """@raises LimitExceeded when a query has read more bytes than the workgroup allows"""
    config = athena._workgroups[name].get("Configuration") or {}
    if scanned > int(config.get("BytesScannedCutoffPerQuery") or scanned):
        raise LimitExceeded("Bytes scanned limit was exceeded")
