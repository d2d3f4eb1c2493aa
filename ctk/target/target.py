"""Where stories play: one API in one version of one server, and what every story needs there."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from ctk.exchange import Caller, Exchange, Untestable
from ctk.payload import Payloads
from ctk.profile import Profile, Resource
from ctk.standard.document import Document
from ctk.standard.schemas import Schemas
from ctk.target.listener import Listener
from ctk.verdict.ledger import Docket


@dataclass(frozen=True)
class Options:
    """What the user may set: seconds to wait for an event, and to stay quiet before an event counts as not sent;
    seconds of fuzzing (0: none); where the server's own document is (empty: looked for)."""

    event_wait: float = 10.0
    event_quiet: float = 0.7
    fuzz_seconds: float = 0.0
    document: str = ""
    payloads: Path | None = None


@dataclass(frozen=True)
class Created:
    """A resource the kit made: what was sent, what came back, and its path under the base address."""

    resource: Resource
    sent: Mapping[str, Any]
    body: Mapping[str, Any]
    path: str
    exchange: Exchange

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.body["id"])


@dataclass
class Stage:
    """One API and version at one base address. `twin` is the other version, where the server has both; `memory` is what
    an area keeps for its later stories."""

    profile: Profile
    document: Document
    http: Caller
    schemas: Schemas
    listener: Listener
    options: Options
    docket: Docket
    twin: Stage | None = None
    memory: dict[str, Any] = field(default_factory=dict)
    _made: list[str] = field(default_factory=list)
    _count: itertools.count[int] = field(default_factory=itertools.count)
    _run: str = field(default_factory=lambda: secrets.token_hex(4))

    def __post_init__(self) -> None:
        self.payloads = Payloads(self.profile.name, self.options.payloads, self.unique, self._looked_up)

    def unique(self) -> str:
        """Another text each time, unlike that of any other run."""
        return f"ctk-{self._run}-{next(self._count)}"

    def mark(self, resource: Resource) -> str:
        """Another value each time for the resource's `text`: an address where its template has one."""
        address = "://" in str(self.payloads.template(resource.name, "full").get(resource.text))
        return ("https://files.brindlemoor.example/" if address else "") + self.unique()

    def path(self, resource: Resource, key: str = "") -> str:
        """The path of a resource's collection, or of one of its resources, under the base address."""
        return f"/{resource.name}" + (f"/{quote(key, safe='')}" if key else "")

    def body(self, resource: Resource, kind: str = "full", **changes: Any) -> dict[str, Any]:
        """A body that creates a resource, with some attributes of the caller's."""
        return {**self.payloads.body(resource.name, kind), **changes}

    def owing(self, made: Created, name: str, elements: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The elements of a list that must have a mandatory attribute: all of them; what was made alone, where only a
        creation asks for it: others may have come by the other version, which does not."""
        asked = made.resource.mandatory[name].source.endswith("what must be sent is returned")
        always = name in self.document.required(self.document.schema(made.resource.schema))
        return [one for one in elements if always or not asked or one.get("id") == made.id]

    def post(self, resource: Resource, body: Any) -> Exchange:
        """Asks for a creation; what comes of it is deleted at the end."""
        return self.note(resource, self.http("post", self.path(resource), body=body))

    def note(self, resource: Resource, answer: Exchange) -> Exchange:
        """Notes what a request of a story's own created: it is deleted at the end, too."""
        if answer.status == 201 and isinstance(key := answer.body.get("id"), str) and resource.has("delete"):
            self._made.append(self.path(resource, key))
        return answer

    def create(self, resource: Resource, kind: str = "full", **changes: Any) -> Created:
        """A resource to try things on; raises Untestable where the server does not make it."""
        sent = self.body(resource, kind, **changes)
        answer = self.post(resource, sent)
        key = answer.body.get("id")
        if answer.status != 201 or not isinstance(key, str) or not key:
            raise Untestable(f"no {resource.name} to try it on: creating one answered {answer.status}")
        return Created(resource, sent, answer.body, self.path(resource, key), answer)

    def get(self, made: Created, **asked: Any) -> Exchange:
        """A made resource as it stands now."""
        return self.http("get", made.path, **asked)

    def follow(self, address: str, answer: Exchange) -> Exchange | None:
        """What stands at an address that an answer names; None where that is on another server.

        A relative address is taken from the request's, and where that leads nowhere from the base address.
        """
        whole = urljoin(answer.url, address)
        if urlsplit(whole)[:2] != urlsplit(answer.url)[:2]:
            return None
        found = self.http("get", whole)
        if found.status == 404 and "://" not in address:
            found = self.http("get", f"{self.http.base}/{address.lstrip('/')}")
        return found

    def patch(self, made: Created, body: Any, media: str = "application/json", **headers: str) -> Exchange:
        """Changes a made resource; headers are named as keywords (`if_match`)."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http("patch", made.path, body=body, media=media, headers=told)

    def delete(self, made: Created, **headers: str) -> Exchange:
        """Deletes a made resource."""
        answer = self.http("delete", made.path, headers={name.replace("_", "-"): v for name, v in headers.items()})
        if answer.status == 204 and made.path in self._made:
            self._made.remove(made.path)
        return answer

    def clean(self) -> None:
        """Deletes what the kit has made; what cannot be deleted stays."""
        while self._made:
            self.http("delete", self._made.pop())

    def _looked_up(self, resource: str, attribute: str) -> str:
        """An attribute of a resource of this API, made for the purpose."""
        if resource not in self.profile.resources:
            raise Untestable(f"a payload asks for ${{{resource}.{attribute}}}; this API has no {resource}")
        return str(self.create(self.profile.resources[resource], "minimal").body.get(attribute, ""))
