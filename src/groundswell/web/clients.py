"""Who a client is: its address as far as it can be known, and whether it is a reverse proxy of the owner."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

Network = IPv4Network | IPv6Network
_WITH_PORT = re.compile(r"\[([^\]]+)\](?::\d+)?|([^:]+):\d+")


def identify_client(scope: Scope, proxies: tuple[Network, ...]) -> str:
    """Return the client's address as far as it can be known, as ``name_client`` writes it.

    ``X-Forwarded-For`` is read from right to left, as long as each reporting address belongs to ``proxies``. Some
    proxies add the port, which differs with each connection of one client, and is left out.
    """
    client = str((scope.get("client") or ("",))[0])
    forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    while is_within(client, proxies) and forwarded and forwarded[-1].strip():
        client = _drop_port(forwarded.pop().strip())
    return name_client(client)


def find_unnamed_proxy(scope: Scope, proxies: tuple[Network, ...]) -> str | None:
    """Return the address of what looks like a reverse proxy of the owner that is not among ``proxies``.

    Only of one on this machine or a network of the owner's: anybody else can send the header too.
    """
    peer = parse_address(str((scope.get("client") or ("",))[0]))
    if peer is None or peer.is_global or is_within(str(peer), proxies) or "x-forwarded-for" not in Headers(scope=scope):
        return None
    return str(peer)


def name_client(address: str) -> str:
    """Write an address as one client: of IPv6 its /64 network, which is one household."""
    parsed = parse_address(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, 64), strict=False))
    return str(parsed or address[:100])


def is_within(address: str, networks: tuple[Network, ...]) -> bool:
    """Whether an address belongs to one of the networks."""
    parsed = parse_address(address)
    return parsed is not None and any(parsed in network for network in networks)


def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """Parse an IP address; None for other text. IPv4 within IPv6, as sockets for both families write it, is IPv4."""
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed


def _drop_port(address: str) -> str:
    found = _WITH_PORT.fullmatch(address)
    return (found[1] or found[2]) if found else address
