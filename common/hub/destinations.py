"""Where events may be sent: public addresses, and what the operator allows besides.

An address is judged twice: when it is registered, and by what its name leads to at each new connection, which is also
what is connected to, so a name that changes its mind gets nowhere. Both judge the host in one form (`common.hosts`),
and that form is connected to. An IP address is never resolved, so it is judged before each request.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from common.hosts import AddressError, WebAddress, plain_host, web_address

_TRANSLATED = IPv6Network("64:ff9b::/96")
"""What a NAT64 gateway leads to the IPv4 address in its last 32 bits (RFC 6052)."""

_UNICAST = IPv6Network("2000::/3")
"""The IPv6 addresses that are given out for hosts anywhere; the library takes others for public too."""

_CLOSED = (IPv4Network("192.88.99.0/24"), IPv6Network("3fff::/20"))
"""A relay that is no more (RFC 7526) and examples (RFC 9637), which the library takes for public."""

Address = IPv4Address | IPv6Address


class Allowed:
    """Which addresses events may be sent to: every public one, and the named hosts and networks."""

    def __init__(self, names: Iterable[str]):
        self._hosts: set[str] = set()
        self._networks: list[IPv4Network | IPv6Network] = []
        for name in names:
            place = _place(name)
            try:
                self._networks.append(ip_network(place))
            except ValueError:
                self._hosts.add(place)

    def names(self, host: str) -> bool:
        """Returns True where the operator has named this host, in its one form, so that it may lead anywhere."""
        return host in self._hosts

    def reaches(self, address: str) -> bool:
        """Returns True where events may be sent to this IP address."""
        plain = _plain(ip_address(address.partition("%")[0]))
        return _is_public(plain) or any(plain in network for network in self._networks)


def _place(name: str) -> str:
    """Returns a host in its one form; a network as it is."""
    try:
        return plain_host(name)
    except AddressError:
        return name.lower()


def _is_public(address: Address) -> bool:
    is_given_out = isinstance(address, IPv4Address) or address in _UNICAST
    is_closed = address.is_multicast or any(address in network for network in _CLOSED)
    return address.is_global and is_given_out and not is_closed


def _plain(address: Address) -> Address:
    """Returns the IPv4 address that an IPv6 one carries, or the address itself."""
    if isinstance(address, IPv6Address):
        translated = IPv4Address(int(address) & 0xFFFF_FFFF) if address in _TRANSLATED else None
        return address.ipv4_mapped or address.sixtofour or translated or address
    return address


def require_allowed(text: str, allowed: Allowed) -> WebAddress:
    """Returns the address of a subscriber in the form that is judged and connected to.

    Raises AddressError for what is no address, and for an IP address that events may not be sent to. A name is judged
    by what it leads to when it is resolved.
    """
    address = web_address(text)
    if not allowed.names(address.host) and _is_address(address.host) and not allowed.reaches(address.host):
        raise AddressError(_REFUSED.format(address.host))
    return address


def _is_address(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


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
    try:
        host = require_allowed(callback, allowed).host
    except AddressError as error:
        return str(error)
    if allowed.names(host):
        return None
    try:
        await Guarded(allowed).resolve(host, 0, socket.AF_UNSPEC)
    except OSError as error:
        text = str(error.strerror or "")
        return text.removeprefix(f"{host} ") if text.startswith(f"{host} leads") else None
    return None
