"""Where events may be sent: public addresses, and what the operator allows besides.

An address is judged twice: when it is registered, and by what its name leads to at each new connection, which is also
what is connected to, so a name that changes its mind gets nowhere.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

_LONGEST = 2000
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""What a NAT64 gateway leads to the IPv4 address in its last 32 bits (RFC 6052)."""

Address = IPv4Address | IPv6Address


class Allowed:
    """Which addresses events may be sent to: every public one, and the named hosts and networks."""

    def __init__(self, names: Iterable[str]):
        self._hosts: set[str] = set()
        self._networks: list[IPv4Network | IPv6Network] = []
        for name in names:
            try:
                self._networks.append(ip_network(name))
            except ValueError:
                self._hosts.add(name)

    def names(self, host: str) -> bool:
        """Returns True where the operator has named this host, so that it may lead anywhere."""
        return host.lower() in self._hosts

    def reaches(self, address: str) -> bool:
        """Returns True where events may be sent to this IP address."""
        plain = _plain(ip_address(address.partition("%")[0]))
        return (plain.is_global and not plain.is_multicast) or any(plain in network for network in self._networks)


def _plain(address: Address) -> Address:
    """Returns the IPv4 address that an IPv6 one carries, or the address itself."""
    if isinstance(address, IPv6Address):
        translated = IPv4Address(int(address) & 0xFFFF_FFFF) if address in _TRANSLATED else None
        return address.ipv4_mapped or address.sixtofour or translated or address
    return address


def fault(callback: str, allowed: Allowed) -> str | None:
    """Returns what is wrong with the address of a subscriber, as it ends a sentence. Returns None where nothing is."""
    try:
        parts = urlsplit(callback)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return "is no address"
    if len(callback) > _LONGEST or any(ord(sign) <= 32 or ord(sign) == 127 for sign in callback):
        return f"must have {_LONGEST} characters at most and none that is blank"
    if parts.scheme not in ("http", "https") or not host:
        return "must be an absolute http or https address"
    if parts.username is not None or parts.fragment:
        return "must have neither user, password nor fragment; credentials are given in headers or oauth"
    return None if allowed.names(host) else _address_fault(host, allowed)


def _address_fault(host: str, allowed: Allowed) -> str | None:
    """Returns what is wrong with a host that is an address itself. Any other is judged when it is resolved."""
    try:
        fine = allowed.reaches(host)
    except ValueError:
        return None
    return None if fine else _REFUSED.format(host)


_REFUSED = (
    "leads to {}, which is no public address; the setting TMF_CALLBACK_ALLOW names those that are allowed besides"
)


class Guarded(AbstractResolver):
    """Resolves names to addresses that events may be sent to. Raises OSError where a name leads elsewhere as well."""

    def __init__(self, allowed: Allowed):
        self._allowed = allowed
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """See AbstractResolver."""
        addresses = await self._resolver.resolve(host, port, family)
        if not self._allowed.names(host):
            for address in addresses:
                if not self._allowed.reaches(address["host"]):
                    raise OSError(None, f"{host} {_REFUSED.format(address['host'])}")
        return addresses

    async def close(self) -> None:
        """See AbstractResolver."""
        await self._resolver.close()


async def resolved_fault(callback: str, allowed: Allowed) -> str | None:
    """Returns what is wrong with an address at registration, the addresses that its name leads to now included.

    A name that cannot be resolved is not at fault yet: it is judged again at each delivery.
    """
    problem = fault(callback, allowed)
    host = urlsplit(callback).hostname if problem is None else None
    if host is None or allowed.names(host):
        return problem
    try:
        await Guarded(allowed).resolve(host, 0, socket.AF_UNSPEC)
    except OSError as error:
        text = str(error.strerror or "")
        return text.removeprefix(f"{host} ") if text.startswith(f"{host} leads") else None
    return None
