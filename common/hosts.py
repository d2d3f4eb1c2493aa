"""The host of a web address in one form (RFC 3986, UTS 46 and RFC 5891, the numeric forms of inet_aton).

Clients of HTTP read one host from many spellings: digits of other scripts, `127.1`, `0x7f000001`, a dot at the end,
`::ffff:127.0.0.1`. Who judges a host judges the form that is given here, and connects to that form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import SplitResult, urlsplit

import idna

_LONGEST = 2000
_LONGEST_NAME = 253
_LONGEST_LABEL = 63
_LABEL = re.compile(r"[a-z0-9_-]+")
_NUMBER = re.compile(r"(?:0x)?[0-9a-f]+")
_LAST_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_ZONE = re.compile(r"(?:25)?[A-Za-z0-9._-]{1,64}")


class AddressError(ValueError):
    """An address that is not read; the text says why, as it ends a sentence that begins with the address."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An absolute http or https address.

    `host`: a name in lower-case ASCII without a dot at the end, or an IP address without brackets.
    `port`: as it was written; None where it was not.
    `url`: the whole address, with the host in that form.
    """

    host: str
    port: int | None
    url: str


def web_address(text: str) -> WebAddress:
    """Returns the address that a text writes. Raises AddressError."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressError("is no address") from error
    if "[" in parts.netloc and ":" not in host:
        raise AddressError("has a host in brackets that is no IPv6 address")
    if len(text) > _LONGEST or any(ord(sign) <= 32 or ord(sign) == 127 for sign in text):
        raise AddressError(f"must have {_LONGEST} characters at most and none that is blank")
    if parts.scheme not in ("http", "https") or not host:
        raise AddressError("must be an absolute http or https address")
    if parts.username is not None or parts.fragment:
        raise AddressError("must have neither user, password nor fragment; credentials are given in headers or oauth")
    host = plain_host(host)
    return WebAddress(host, port, _written(text, parts, host, port))


def _written(text: str, parts: SplitResult, host: str, port: int | None) -> str:
    """Returns the text with another host in its place, and everything behind it as it was."""
    behind = text[len(parts.scheme) + len("://") + len(parts.netloc) :]
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{'' if port is None else f':{port}'}{behind}"


def plain_host(host: str) -> str:
    """Returns the one form of a host: a name in lower-case ASCII, or an IP address. Raises AddressError.

    `host`: without brackets and port.
    """
    if ":" in host:
        return _six(host)
    name = _ascii(host)
    labels = name.split(".")
    if _LAST_NUMBER.fullmatch(labels[-1]):
        return str(_four(labels))
    return name


def _six(host: str) -> str:
    """Returns an IPv6 address in its short form, or the IPv4 address that it is mapped from (RFC 4291, 2.5.5.2)."""
    digits, has_zone, zone = host.partition("%")
    try:
        address = IPv6Address(digits)
    except AddressValueError as error:
        raise AddressError("has a host in brackets that is no IPv6 address") from error
    if has_zone and not (address.is_link_local and _ZONE.fullmatch(zone)):
        raise AddressError("has a zone in its host, which link-local addresses alone have")
    return str(address.ipv4_mapped or address) + has_zone + zone


def _ascii(host: str) -> str:
    """Returns a name with every label in ASCII, and without the dot at its end."""
    too_long = AddressError(f"has a host name of more than {_LONGEST_NAME} characters")
    if len(host) > 2 * _LONGEST_NAME:
        raise too_long
    try:
        mapped = host.lower() if host.isascii() else idna.uts46_remap(host, std3_rules=False)
    except idna.IDNAError as error:
        raise AddressError("has a host name with a character that no host name has") from error
    name = ".".join(_label(label) for label in mapped.removesuffix(".").split("."))
    if len(name) > _LONGEST_NAME:
        raise too_long
    return name


def _label(label: str) -> str:
    """Returns one label of a name in ASCII."""
    if not label:
        raise AddressError("has a host name with an empty label, two dots in a row or one at its beginning")
    if len(label) > _LONGEST_LABEL:
        raise AddressError(f"has a host name with a label of more than {_LONGEST_LABEL} characters")
    try:
        plain = label if label.isascii() else idna.alabel(label).decode()
    except idna.IDNAError as error:
        raise AddressError("has a host name with a label that is none in any language (RFC 5891)") from error
    if not _LABEL.fullmatch(plain):
        raise AddressError("has a host name with a character that no host name has")
    return plain


def _four(labels: list[str]) -> IPv4Address:
    """Returns the IPv4 address that up to four numbers write, each decimal, octal or hexadecimal; the last one fills
    the places that are left."""
    refused = AddressError("has a host that ends in a number and is no IPv4 address")
    *front, last = map(_number, labels)
    if len(labels) > 4 or last is None or last >= 256 ** (5 - len(labels)):
        raise refused
    value = last
    for place, number in enumerate(front):
        if number is None or number > 255:
            raise refused
        value += number << (24 - 8 * place)
    return IPv4Address(value)


def _number(text: str) -> int | None:
    """Returns the number that a label writes as C does; None for what is none."""
    if not _NUMBER.fullmatch(text):
        return None
    base = 16 if text.startswith("0x") else 8 if text.startswith("0") else 10
    try:
        return int(text, base)
    except ValueError:
        return None
