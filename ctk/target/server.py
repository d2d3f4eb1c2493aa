"""Finds what a server has: which APIs, in which versions, at which base addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import httpx

from ctk.profile import Profile, profiles


class NothingFound(Exception):
    """No API that the kit knows answers at the address; the message says where it looked."""


@dataclass(frozen=True)
class Found:
    """An API and version, and the whole address of its base."""

    profile: Profile
    base: str


def find(client: httpx.Client, url: str, named: Sequence[str], headers: Mapping[str, str]) -> tuple[Found, ...]:
    """The APIs that answer at a server's address or at a base address, those named alone where some are.

    A base address ends as the standard's does (`/tmf-api/troubleTicket/v5`), whatever stands before it; any other
    address is a base address where exactly one API is named, and a server's otherwise. Raises NothingFound.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise NothingFound(f"{url} is no http address")
    address = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))
    known = profiles()
    if unknown := [name for name in named if name not in known]:
        raise NothingFound(f"{unknown[0]} is none of {', '.join(known)}")
    chosen = [known[name] for name in named] or list(known.values())
    ending = [one for one in chosen if address.endswith(one.base)]
    if ending:
        candidates = [Found(one, address) for one in ending]
    else:
        candidates = [Found(one, address + one.base) for one in chosen]
        if len(named) == 1:
            candidates.append(Found(chosen[0], address))
    found = tuple(_answering(client, candidates, headers, certain=bool(ending or named)))
    if not found:
        looked = ", ".join(one.base for one in candidates[:3]) + (", ..." if len(candidates) > 3 else "")
        raise NothingFound(f"no API answers at {address} (looked at {looked})")
    return found


def _answering(
    client: httpx.Client, candidates: Sequence[Found], headers: Mapping[str, str], *, certain: bool
) -> Iterator[Found]:
    """Those of which one resource is there; `certain`: the user says so, and then refusals by TMF630 count, too."""
    seen = set[str]()
    for one in candidates:
        if one.profile.name in seen:
            continue
        answers = (_asked(client, f"{one.base}/{resource}?limit=1", headers) for resource in one.profile.resources)
        if any(answer is not None and _is_there(answer, certain) for answer in answers):
            seen.add(one.profile.name)
            yield one


def _asked(client: httpx.Client, url: str, headers: Mapping[str, str]) -> httpx.Response | None:
    try:
        return client.get(url, headers=dict(headers))
    except httpx.HTTPError:
        return None


def _is_there(answer: httpx.Response, certain: bool) -> bool:
    """Any answer but 404 and 5xx says that there is something; where it is certain, these do with TMF630's body."""
    if answer.status_code != 404 and answer.status_code < 500:
        return True
    try:
        told = answer.json()
    except ValueError:
        return False
    return certain and isinstance(told, dict) and {"code", "reason"} <= told.keys()


def twin_of(client: httpx.Client, one: Found, headers: Mapping[str, str]) -> Found | None:
    """The same API in the other version, where it answers at its usual place beside this one; None otherwise."""
    other = profiles().get(one.profile.other)
    if other is None or not one.base.endswith(one.profile.base):
        return None
    candidate = Found(other, one.base.removesuffix(one.profile.base) + other.base)
    return next(_answering(client, [candidate], headers, certain=False), None)
