"""The client of one source's API, made of its declaration and its secret."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import certifi
import requests
from dlt.common.configuration.specs.runtime_configuration import RuntimeConfiguration
from dlt.sources.helpers.rest_client import RESTClient

from cdp.pulls.egress import Egress, Lookup, by_system, place_of
from cdp.pulls.lines import at_path
from cdp.pulls.session import Meanings, Says, Wait, guarded_session, never
from cdp.pulls.tokens import Keep, Secret, auth_of


def client_of(
    source: Mapping[str, Any], secret: Secret, *, keep: Keep, wait: Wait, folder: Path, lookup: Lookup = by_system
) -> RESTClient:
    """Raises NotAllowed when the secret lacks a part."""
    api, way = source["api"], source["egress"]
    egress = Egress(
        hosts=frozenset(place_of(url) for url in (api["baseUrl"], api["auth"].get("tokenUrl")) if url),
        allowed_private=frozenset(source["allowedPrivateHosts"]),
        proxy=way.get("proxy"),
        lookup=lookup,
    )
    meanings = Meanings(is_throttled=saying(api.get("throttled")), is_expired=saying(api.get("expired")))
    session = guarded_session(egress, wait, trusted(way.get("ca"), folder), meanings)
    return RESTClient(
        base_url=api["baseUrl"],
        headers=dict(api["headers"]),
        auth=auth_of(api["auth"], secret, session, keep),
        session=session,
        config=RuntimeConfiguration(),
    )


def trusted(ca: str | None, folder: Path) -> str | bool:
    """A file with the public authorities and those of the deployment."""
    if ca is None:
        return True
    file = folder / "authorities.pem"
    file.write_text(f"{Path(certifi.where()).read_text('utf-8')}\n{ca}\n", "utf-8")
    return str(file)


def saying(rule: Mapping[str, str] | None) -> Says:
    """Whether an answer says at its place what a rule names."""
    if rule is None:
        return never

    def says(answer: requests.Response) -> bool:
        try:
            return re.fullmatch(rule["matches"], str(at_path(answer.json(), rule["at"]))) is not None
        except ValueError:
            return False

    return says
