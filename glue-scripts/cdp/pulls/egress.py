"""The one guarded way out to the APIs of sources: their hosts only, public addresses, TLS, no redirects."""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

Lookup = Callable[[str, int], list[str]]
"""The addresses of a host name."""
PORTS = {"https": 443, "http": 80}
TRANSLATED = [ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]
"""Addresses that lead to an IPv4 address, which may be a private one."""


class Forbidden(Exception):
    """A request would have gone where no source may go. It names no path and no query, which may be secret."""


def by_system(host: str, port: int) -> list[str]:
    """What this machine's resolver answers."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError:
        return []


@dataclass(frozen=True)
class Egress:
    """Where the requests of one source may go."""

    hosts: frozenset[str]
    """`host:port` of the API and of its tokens."""
    allowed_private: frozenset[str] = frozenset()
    """`host:port` that may have a private address, and plain HTTP."""
    proxy: str | None = None
    """All requests pass it, and it resolves names."""
    lookup: Lookup = field(default=by_system)


def place_of(url: str) -> str:
    """`host:port` of an address. Raises Forbidden."""
    try:
        parts = urlsplit(url)
        if parts.scheme in PORTS and parts.hostname and parts.username is None:
            return f"{parts.hostname}:{parts.port or PORTS[parts.scheme]}"
    except ValueError:
        pass
    raise Forbidden("the address is not one of http or https without a login")


def is_public(address: str) -> bool:
    """Whether an address is on the public internet, also where IPv6 only wraps IPv4."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if any(found in network for network in TRANSLATED):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def checked(url: str, egress: Egress) -> str:
    """`host:port` of an address that the source may call. Raises Forbidden."""
    place = place_of(url)
    if place not in egress.hosts:
        raise Forbidden(f"{place} is not a host of this source")
    if place not in egress.allowed_private and not url.lower().startswith("https:"):
        raise Forbidden(f"{place} must be called by https")
    return place


def address_of(host: str, port: int, egress: Egress) -> str:
    """The one address that a connection goes to, checked, so that a second answer of DNS counts for nothing."""
    addresses = egress.lookup(host, port)
    if not addresses:
        raise Forbidden(f"{host} has no address")
    private = [each for each in addresses if not is_public(each)]
    if private and f"{host}:{port}" not in egress.allowed_private:
        raise Forbidden(f"{host} leads to a private address")
    return addresses[0]
