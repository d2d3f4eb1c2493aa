"""Profiles: what each API and version is asked for, derived from its document in `specs/`.

What documents do not say comes from `ctk/profiles/TMFnnn.yaml` (`ctk.standard.additions`). An API needs no such file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ctk.standard import derived
from ctk.standard.additions import FOLDER, Addition, Additions, read_additions
from ctk.standard.declaration import Declaration, declarations
from ctk.standard.derived import Row
from ctk.standard.document import SPECS, Document, ours

_CAUSES = {
    "Create": "create",
    "AttributeValueChange": "change",
    "StateChange": "state",
    "StatusChange": "state",
    "Delete": "delete",
    "InformationRequired": "pending",
    "Resolved": "resolved",
}
"""What causes an event, by what stands between the resource and `Event` in its name; anything else is `other`."""


@dataclass(frozen=True)
class Event:
    """Holds an event type.

    `resource` is the one it is about, `cause` what makes it happen (`create`, `change`, `state`, `delete`, `pending`,
    `resolved`, `other`), `content` the path of the resource in it (`event`, `troubleTicket`), `schema` its schema in
    the document, `source` the path of its listener.
    """

    type: str
    resource: str
    cause: str
    content: tuple[str, ...]
    schema: str
    source: str

    @property
    def listener(self) -> str:
        """Returns the last part of its listener path."""
        return self.source.rpartition("/")[2]


@dataclass(frozen=True)
class Resource:
    """Holds what is asked of one resource.

    `mandatory` stand in every answer, `conditional` where their `when` does, `required` are asked of a creation,
    `server` are set by the server, `protected` cannot be patched. `text` is an attribute whose text anybody may change;
    `state` the attribute of its life cycle, none where it is empty, and `path` states that follow each other.
    `other_name` is its name in the other version.
    """

    name: str
    schema: str
    text: str
    state: str
    path: tuple[str, ...]
    other_name: str
    operations: Mapping[str, Row]
    mandatory: Mapping[str, Row]
    conditional: Mapping[str, Row]
    required: Mapping[str, Row]
    server: Mapping[str, Row]
    protected: Mapping[str, Row]
    filters: Mapping[str, Row]

    def has(self, *words: str) -> bool:
        """Returns whether it has these operations and traits; a trait is `state`."""
        traits = {"state"} if self.state else set[str]()
        return set(words) <= set(self.operations) | traits

    def next_state(self, current: Any) -> str:
        """Returns the state that follows this one in a usual life; the second one where this one is not known."""
        states = list(self.path)
        return states[min(states.index(current) + 1, len(states) - 1)] if current in states else states[1]


@dataclass(frozen=True)
class Profile:
    """Holds what is asked of one API in one version; `base` is the path where the standard expects it."""

    api: str
    version: str
    title: str
    base: str
    resources: Mapping[str, Resource]
    events: Mapping[str, Event]

    @property
    def name(self) -> str:
        """Returns the name of its document: `TMF621-v5`."""
        return f"{self.api}-{self.version}"

    @property
    def other(self) -> str:
        """Returns the name of the same API in the other version."""
        return f"{self.api}-{'v5' if self.version == 'v4' else 'v4'}"

    def events_of(self, resource: str) -> tuple[Event, ...]:
        """Returns the event types about one resource."""
        return tuple(event for event in self.events.values() if event.resource == resource)


@cache
def profiles() -> Mapping[str, Profile]:
    """Returns the profile of every document in `specs/` by its name."""
    names = sorted(file.stem for file in SPECS.glob("TMF*-v[45].json"))
    return {name: profile_of(name, ours(name), read_additions(FOLDER / f"{name[:-3]}.yaml")) for name in names}


def profile_of(name: str, document: Document, additions: Additions) -> Profile:
    """Returns the profile that follows from a document, called as `TMF621-v5` is, and what is added to it."""
    api, _, version = name.partition("-")
    resources = {
        declaration.name: _resource(declaration, name, document, additions.of(declaration.name))
        for declaration in declarations(document).values()
    }
    events = {event.type: event for event in _events(document, resources)}
    return Profile(api, version, document.title, document.bases()[0], resources, events)


def _resource(declared: Declaration, document_name: str, document: Document, added: Addition) -> Resource:
    mandatory = derived.mandatory(declared, document_name.partition("-")[0], added.mandatory)
    return Resource(
        declared.name,
        declared.read.name,
        added.text or derived.text(declared),
        added.state,
        added.path,
        added.other_name or declared.name,
        derived.operations(declared, document_name),
        mandatory,
        derived.conditional(declared, document),
        derived.required(declared),
        derived.server(declared),
        derived.protected(declared),
        derived.filters(declared, document, mandatory),
    )


def _events(document: Document, resources: Mapping[str, Resource]) -> Iterator[Event]:
    """Yields an event type for each listener; one that is about none of the resources is passed over."""
    for (_, path), operation in document.operations.items():
        if not path.startswith("/listener/"):
            continue
        name = path.rpartition("/")[2]
        kind = name[:1].upper() + name[1:]
        about = max((resource for resource in resources if name.startswith(resource)), key=len, default="")
        schema = str(operation.body.get("$ref", "")).rpartition("/")[2]
        members = document.attributes(operation.body)
        outer = next((name for name in ("event", "payload") if name in members), "")
        inner = next(iter(document.attributes(members[outer].node)), "") if outer else ""
        if about and inner:
            cause = _CAUSES.get(name.removeprefix(about).removesuffix("Event"), "other")
            yield Event(kind, about, cause, (outer, inner), schema, path)
