"""The APIs of a server: which ones, in which versions, at which base addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import httpx

from ctk.standard.profile import Profile, profiles


class NothingFound(Exception):
    """Says where the kit looked, and that no API that it knows answers there."""


@dataclass(frozen=True)
class ServedApi:
    """Holds the profile of an API and version, and the whole address of its base."""

    profile: Profile
    base: str


def find(client: httpx.Client, url: str, names: Sequence[str], headers: Mapping[str, str]) -> tuple[ServedApi, ...]:
    """Returns the APIs that answer at a server's address or at a base address, those named alone where some are.

    A base address ends as the standard's does (`/tmf-api/troubleTicket/v5`), whatever stands before it; any other
    address is a base address where exactly one API is named, and a server's otherwise. Raises NothingFound.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise NothingFound(f"{url} is no http address")
    address = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))
    by_name = profiles()
    if unknown := [name for name in names if name not in by_name]:
        raise NothingFound(f"{unknown[0]} is none of {', '.join(by_name)}")
    chosen_profiles = [by_name[name] for name in names] or list(by_name.values())
    ending = [profile for profile in chosen_profiles if profile.base and address.endswith(profile.base)]
    if ending:
        candidates = [ServedApi(profile, address) for profile in ending]
    else:
        candidates = [ServedApi(profile, address + profile.base) for profile in chosen_profiles]
        if len(names) == 1:
            candidates.append(ServedApi(chosen_profiles[0], address))
    apis = tuple(_answering(client, candidates, headers, certain=bool(ending or names)))
    if not apis:
        looked = ", ".join(candidate.base for candidate in candidates[:3]) + (", ..." if len(candidates) > 3 else "")
        raise NothingFound(f"no API answers at {address} (looked at {looked})")
    return apis


def _answering(
    client: httpx.Client, candidates: Sequence[ServedApi], headers: Mapping[str, str], *, certain: bool
) -> Iterator[ServedApi]:
    """Yields those of which one resource is there; `certain`: the user says so, then refusals by TMF630 count, too."""
    seen = set[str]()
    for candidate in candidates:
        if candidate.profile.name in seen:
            continue
        answers = (
            _asked(client, f"{candidate.base}/{resource}?limit=1", headers) for resource in candidate.profile.resources
        )
        if any(answer is not None and _is_there(answer, certain) for answer in answers):
            seen.add(candidate.profile.name)
            yield candidate


def _asked(client: httpx.Client, url: str, headers: Mapping[str, str]) -> httpx.Response | None:
    try:
        return client.get(url, headers=dict(headers))
    except httpx.HTTPError:
        return None


def _is_there(answer: httpx.Response, certain: bool) -> bool:
    """Returns whether an answer says that there is something: any but 404 and 5xx.

    Where it is certain, these count too with TMF630's body.
    """
    if answer.status_code != 404 and answer.status_code < 500:
        return True
    try:
        body = answer.json()
    except ValueError:
        return False
    return certain and isinstance(body, dict) and {"code", "reason"} <= body.keys()


def other_version_of(client: httpx.Client, api: ServedApi, headers: Mapping[str, str]) -> ServedApi | None:
    """Returns the same API in the other version, where it answers at its usual place beside this one; else None."""
    other = profiles().get(api.profile.other)
    if other is None or not api.base.endswith(api.profile.base):
        return None
    candidate = ServedApi(other, api.base.removesuffix(api.profile.base) + other.base)
    return next(_answering(client, [candidate], headers, certain=False), None)
