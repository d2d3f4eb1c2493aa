"""What checks run against: one API in one version of one server, and all that a check needs there."""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from ctk.exchange import Caller, Exchange, Untestable
from ctk.standard.bodies import Payloads
from ctk.standard.document import Document
from ctk.standard.profile import Profile, Resource
from ctk.standard.schemas import Schemas
from ctk.target.listener import Listener
from ctk.target.published import PublishedDocument, find_published
from ctk.verdict.ledger import Ledger


@dataclass(frozen=True)
class Options:
    """Holds what the user may set.

    `event_wait`: seconds to wait for an event. `event_quiet`: seconds of silence after which an event counts as not
    sent. `fuzz_seconds`: seconds of fuzzing an API (0: none). `document`: the address of the server's own document
    (empty: looked for). `payloads`: a file of bodies in place of ours.
    """

    event_wait: float = 10.0
    event_quiet: float = 0.7
    fuzz_seconds: float = 0.0
    document: str = ""
    payloads: Path | None = None


@dataclass(frozen=True)
class Instance:
    """Holds a resource that the kit created: what was sent, what came back, its path under the base address."""

    resource: Resource
    sent: Mapping[str, Any]
    body: Mapping[str, Any]
    path: str
    exchange: Exchange

    @property
    def id(self) -> str:
        """Returns its id."""
        return str(self.body["id"])


@dataclass
class FuzzBudget:
    """Shares the time for fuzzing an API among its operations.

    `operations` are schemathesis' own, by path and method; `end` is of the monotonic clock; `left` counts the
    operations that have no share yet.
    """

    operations: Any
    end: float
    left: int

    def share(self) -> float:
        """Returns until when (monotonic clock) the next operation may take."""
        now = time.monotonic()
        until = now + max(0.0, self.end - now) / max(1, self.left)
        self.left -= 1
        return until


@dataclass
class Target:
    """Holds one API and version at one base address.

    `other_version` is the target of the other version, None where the server lacks it. `fuzz_budget` is made by the
    area `fuzzing` at its first check.
    """

    profile: Profile
    document: Document
    http: Caller
    schemas: Schemas
    listener: Listener
    options: Options
    ledger: Ledger
    other_version: Target | None = None
    fuzz_budget: FuzzBudget | None = None
    _published: PublishedDocument | str = ""
    _created_paths: list[str] = field(default_factory=list)
    _count: itertools.count[int] = field(default_factory=itertools.count)
    _run: str = field(default_factory=lambda: secrets.token_hex(4))

    def __post_init__(self) -> None:
        self.payloads = Payloads(self.profile.name, self.options.payloads, self.unique, self._attribute_of_new)

    def unique(self) -> str:
        """Returns another text each time, unlike that of any other run."""
        return f"ctk-{self._run}-{next(self._count)}"

    def unique_text(self, resource: Resource) -> str:
        """Returns another value each time for the resource's `text`: an address where its template has one."""
        address = "://" in str(self.payloads.template(resource.name, "full").get(resource.text))
        return ("https://files.brindlemoor.example/" if address else "") + self.unique()

    def path(self, resource: Resource, key: str = "") -> str:
        """Returns the path of a resource's collection, or of the resource with an id, under the base address."""
        return f"/{resource.name}" + (f"/{quote(key, safe='')}" if key else "")

    def body(self, resource: Resource, kind: str = "full", **changes: Any) -> dict[str, Any]:
        """Returns a body that creates a resource (`full` or `minimal`), with some attributes of the caller's."""
        return {**self.payloads.body(resource.name, kind), **changes}

    def must_have(self, instance: Instance, name: str, elements: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Returns the elements of a list that must carry the mandatory attribute `name`.

        Normally these are all. If only the create schema requires it, they are those that this kit created in this
        version: others may have come by the other version, which does not require it.
        """
        of_creation = instance.resource.mandatory[name].source.endswith("what must be sent is returned")
        always = name in self.document.required(self.document.schema(instance.resource.schema))
        return [element for element in elements if always or not of_creation or element.get("id") == instance.id]

    def published_document(self) -> PublishedDocument:
        """Returns the document of this API that the server publishes; asks for it once.

        Raises Untestable where there is none.
        """
        if not self._published:
            self._published = find_published(self.http, self.profile, self.options.document)
        if isinstance(self._published, str):
            raise Untestable(self._published)
        return self._published

    def post(self, resource: Resource, body: Any) -> Exchange:
        """Asks for a creation; what comes of it is deleted at the end."""
        return self.delete_later(resource, self.http("post", self.path(resource), body=body))

    def delete_later(self, resource: Resource, answer: Exchange) -> Exchange:
        """Returns the answer, and remembers what it created: that is deleted at the end."""
        if answer.status == 201 and isinstance(key := answer.body.get("id"), str) and resource.has("delete"):
            self._created_paths.append(self.path(resource, key))
        return answer

    def create(self, resource: Resource, kind: str = "full", **changes: Any) -> Instance:
        """Returns a resource to try things on. Raises Untestable where the server does not create it."""
        sent = self.body(resource, kind, **changes)
        answer = self.post(resource, sent)
        key = answer.body.get("id")
        if answer.status != 201 or not isinstance(key, str) or not key:
            raise Untestable(f"no {resource.name} to try it on: creating one answered {answer.status}")
        return Instance(resource, sent, answer.body, self.path(resource, key), answer)

    def get(self, instance: Instance, **request: Any) -> Exchange:
        """Returns what reading an instance answers now; `request` is passed on to the caller."""
        return self.http("get", instance.path, **request)

    def follow(self, address: str, answer: Exchange) -> Exchange | None:
        """Returns what reading an address that an answer names answers. Returns None where that is on another server.

        A relative address is taken from the request's, and where that leads nowhere from the base address.
        """
        whole = urljoin(answer.url, address)
        if urlsplit(whole)[:2] != urlsplit(answer.url)[:2]:
            return None
        read = self.http("get", whole)
        if read.status == 404 and "://" not in address:
            read = self.http("get", f"{self.http.base}/{address.lstrip('/')}")
        return read

    def patch(self, instance: Instance, body: Any, media: str = "application/json", **headers: str) -> Exchange:
        """Changes an instance; headers are named as keywords (`if_match`)."""
        return self.http("patch", instance.path, body=body, media=media, headers=_header_names(headers))

    def delete(self, instance: Instance, **headers: str) -> Exchange:
        """Deletes an instance; headers are named as keywords (`if_match`)."""
        answer = self.http("delete", instance.path, headers=_header_names(headers))
        if answer.status == 204 and instance.path in self._created_paths:
            self._created_paths.remove(instance.path)
        return answer

    def clean_up(self) -> None:
        """Deletes what the kit has created; what cannot be deleted stays."""
        while self._created_paths:
            self.http("delete", self._created_paths.pop())

    def _attribute_of_new(self, resource: str, attribute: str) -> str:
        """Returns an attribute of a resource of this API that is created for the purpose."""
        if resource not in self.profile.resources:
            raise Untestable(f"a payload asks for ${{{resource}.{attribute}}}; this API has no {resource}")
        return str(self.create(self.profile.resources[resource], "minimal").body.get(attribute, ""))


def _header_names(keywords: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in keywords.items()}
