"""Which IP addresses may be fetched from: public ones, and networks that the owner names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# The special-purpose registries of IANA (RFC 6890 and its updates), in the words of the status page. Written out,
# because the version of Python decides which of them ``ipaddress`` knows.
_SPECIAL: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("this machine itself", ("0.0.0.0/8", "127.0.0.0/8", "::/128", "::1/128")),
    ("in a private network", ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10")),
    ("link-local", ("169.254.0.0/16", "fe80::/10")),
    ("behind a carrier's translation", ("100.64.0.0/10",)),
    ("multicast", ("224.0.0.0/4", "ff00::/8")),
    ("reserved for documentation", ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")),
    ("reserved for special uses", ("192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24")),
    ("reserved for special uses", ("192.175.48.0/24", "198.18.0.0/15", "240.0.0.0/4", "100::/64", "5f00::/16")),
    ("reserved for special uses", ("64:ff9b:1::/48", "2001::/23")),
    # Public by the registries, but within a cloud they lead to its host (Azure) and its own services (IBM). All other
    # known addresses of such services lie in the networks above.
    ("a service of the cloud", ("168.63.129.16/32", "161.26.0.0/16", "166.8.0.0/14")),
)
_REFUSED = tuple((reason, ip_network(network)) for reason, networks in _SPECIAL for network in networks)
_GLOBAL = IPv6Network("2000::/3")  # all of IPv6 that has been allocated
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
_ISATAP = re.compile("(?:0000|0200)5efe")
_NUMERIC = re.compile(r"(?:\d+|0x[0-9a-f]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Networks:
    """The addresses that may be connected to: public ones, and those of the ``allowed`` networks."""

    allowed: tuple[Network, ...] = ()

    def find_refusal(self, address: str) -> str:
        """Return why the IP ``address`` may not be connected to, or "" if it may.

        An IPv6 address that carries an IPv4 address (mapped, compatible, 6to4, NAT64, Teredo, ISATAP) may be connected
        to only if the one it carries may. Raises ``ValueError`` for text that is no IP address.
        """
        outer = ip_address(address.partition("%")[0])
        if reason := self._find_reason(outer):
            return f"the address {address} is {reason}"
        for carried in _carried_addresses(outer):
            if reason := self._find_reason(carried):
                return f"{address} leads to {carried}: {reason}"
        return ""

    def _find_reason(self, address: Address) -> str:
        if any(address in network for network in self.allowed):
            return ""
        for reason, network in _REFUSED:
            if address in network:
                return reason
        if isinstance(address, IPv6Address) and address not in _GLOBAL and not any(_carried_addresses(address)):
            return "not public"
        return ""


def _carried_addresses(address: Address) -> Iterator[IPv4Address]:
    """Yield the IPv4 addresses that a packet to an IPv6 address may end up at."""
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    last = IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _NAT64 or (address in _COMPATIBLE and int(last) > 1):
        yield last
    if _ISATAP.fullmatch(f"{(int(address) >> 32) & 0xFFFFFFFF:08x}"):
        yield last


def is_oddly_spelled(host: str) -> bool:
    """Whether ``host`` is a number or IPv4 address in an unusual spelling (decimal, octal, hexadecimal or short)."""
    last = host.rstrip(".").rpartition(".")[2]
    if not _NUMERIC.fullmatch(last):
        return False
    try:
        IPv4Address(host)
    except ValueError:
        return True
    return False
