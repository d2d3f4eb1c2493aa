"""Where events may be sent: every spelling of every address that is not public is refused, unless it is allowed."""

from __future__ import annotations

import unicodedata
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.hosts import AddressError
from common.hub.destinations import Allowed, require_allowed

FOUR = [
    IPv4Network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/29"),
        *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32"),
    )
]
"""The special-purpose addresses of IANA's registry (RFC 6890)."""

SIX = [
    IPv6Network(text)
    for text in (
        *("::/128", "::1/128", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32", "3fff::/20"),
        *("4000::/2", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
]
"""The same of IPv6, and what was never given out."""

_REFUSED = "which is no public address"
_DOTS = (".", "\u3002", "\uff0e", "\uff61")


def _likes() -> dict[str, list[str]]:
    """Every character that means a digit, or a letter of a number, in another script or form."""
    likes: dict[str, list[str]] = {sign: [sign] for sign in "0123456789abcdefx"}
    for code in range(128, 0x20000):
        plain = unicodedata.normalize("NFKC", chr(code)).lower()
        if plain in likes:
            likes[plain].append(chr(code))
    # As of Unicode 13; Python's own tables may be older.
    for digit in range(10):
        likes[str(digit)].append(chr(0x1FBF0 + digit))
    return likes


_LIKES = _likes()


def _in(networks: list[IPv4Network] | list[IPv6Network]) -> st.SearchStrategy[int]:
    """Numbers of addresses in the networks, their first and last often."""

    def within(network: IPv4Network | IPv6Network) -> st.SearchStrategy[int]:
        first, last = int(network.network_address), int(network.broadcast_address)
        return st.sampled_from([first, last]) | st.integers(first, last)

    return st.sampled_from(networks).flatmap(within)


_WRITERS = (str, lambda number: f"0{number:o}", lambda number: f"0x{number:x}", lambda number: f"0X{number:08X}")


@st.composite
def four_spelt(draw: st.DrawFn, number: int) -> str:
    """An IPv4 address in one to four numbers of any base, its characters in any script."""
    count = draw(st.integers(1, 4))
    octets = number.to_bytes(4, "big")
    numbers = [*octets[: count - 1], int.from_bytes(octets[count - 1 :], "big")]
    text = ".".join(draw(st.sampled_from(_WRITERS))(part) for part in numbers)
    return draw(scripts(text)) + draw(st.sampled_from(["", *_DOTS]))


@st.composite
def scripts(draw: st.DrawFn, text: str) -> str:
    """The text with some of its characters in other scripts and forms, and some that are passed over."""
    if draw(st.booleans()):
        return text
    signs = []
    for sign in text:
        likes = list(_DOTS) if sign == "." else _LIKES.get(sign.lower(), [sign])
        signs.append(draw(st.sampled_from([sign, *likes])))
        signs.append(draw(st.sampled_from(["", "", "", "\u00ad", "\u200b"])))
    return "".join(signs)


@st.composite
def six_spelt(draw: st.DrawFn, number: int) -> str:
    """An IPv6 address, short or long, with its end as four numbers or not, in either case."""
    address = IPv6Address(number)
    long = address.exploded
    dotted = f"{long[:30]}{IPv4Address(number & 0xFFFF_FFFF)}"
    text = draw(
        st.sampled_from([str(address), long, dotted, ":".join(f"{int(part, 16):x}" for part in long.split(":"))])
    )
    return text.upper() if draw(st.booleans()) else text


def _carried(number: int) -> list[int]:
    """The IPv6 addresses that lead to an IPv4 address: mapped, 6to4, NAT64."""
    return [0xFFFF << 32 | number, 0x2002 << 112 | number << 80 | 1, 0x64FF9B << 96 | number]


@st.composite
def spelt(draw: st.DrawFn) -> tuple[str, str]:
    """A host that leads to no public address, as it stands in an address, and the network of its own to allow."""
    kind = draw(st.sampled_from(["four", "carried", "six"]))
    if kind == "six":
        number = draw(_in(SIX))
        zone = draw(st.sampled_from(["", "%eth0", "%25eth0"])) if IPv6Address(number).is_link_local else ""
        return f"[{draw(six_spelt(number))}{zone}]", str(IPv6Address(number))
    number = draw(_in(FOUR))
    if kind == "four":
        return draw(four_spelt(number)), str(IPv4Address(number))
    return f"[{draw(six_spelt(draw(st.sampled_from(_carried(number)))))}]", str(IPv4Address(number))


_DISGUISES = ("{}%2e", "%31{}", "1.1.1.1\\{}", "{}\\.example", "{}!", "a@{}", "..{}", "{}..", "{};")
_around = st.tuples(st.sampled_from(["http://", "HTTPS://"]), st.sampled_from(["", ":80", ":", ":8080"]))


@settings(max_examples=1000, deadline=None)
@given(spelt(), _around, st.sampled_from(["", "/", "/a", "?b", "/@1.1.1.1", "/\\1.1.1.1"]))
def test_no_spelling_of_an_address_that_is_not_public_is_accepted(
    host: tuple[str, str], around: tuple[str, str], behind: str
):
    with pytest.raises(AddressError, match=_REFUSED):
        require_allowed(f"{around[0]}{host[0]}{around[1]}{behind}", Allowed(()))


@settings(max_examples=500, deadline=None)
@given(spelt(), _around)
def test_every_spelling_of_an_allowed_address_is_accepted(host: tuple[str, str], around: tuple[str, str]):
    spelling, network = host
    address = require_allowed(f"{around[0]}{spelling}{around[1]}/", Allowed((network,)))
    assert address.host.isascii()


@settings(max_examples=500, deadline=None)
@given(
    spelt(), st.sampled_from(["{}%2e", "%31{}", "1.1.1.1\\{}", "{}\\.example", "{}!", "a@{}", "..{}", "{}..", "{};"])
)
def test_a_host_with_more_around_it_is_refused_as_well(host: tuple[str, str], disguise: str):
    with pytest.raises(AddressError):
        require_allowed(f"http://{disguise.format(host[0])}/", Allowed(()))


@pytest.mark.parametrize("allowance", ["listener.internal", "LISTENER.internal"])
@pytest.mark.parametrize("spelling", ["listener.internal", "Listener.Internal.", "\uff4cistener\u3002internal"])
async def test_every_spelling_of_an_allowed_name_is_the_allowed_name(allowance: str, spelling: str):
    assert Allowed((allowance,)).names(require_allowed(f"http://{spelling}/", Allowed(())).host)


@pytest.mark.parametrize("host", ["1.1.1.1", "0x01010101", "[2606:4700:4700::1111]", "[::ffff:1.1.1.1]", "a.example"])
def test_public_addresses_and_names_are_accepted(host: str):
    assert require_allowed(f"https://{host}/a", Allowed(())).url.endswith("/a")
