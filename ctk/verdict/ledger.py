"""The docket of one run against one API: every assertion that is asked, and what was found of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ctk.exchange import Exchange
from ctk.profile import Profile, Resource
from ctk.rule import Assertion, Level, Rule, rules
from ctk.standard.document import Attribute, Document
from ctk.standard.shapes import SORTS
from ctk.standard.traits import TRAITS, with_trait


class Verdict(StrEnum):
    """What became of an assertion. Nothing passes that was not tried: an empty list, a skipped area, an unreachable
    hub are `not tested`."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_TESTED = "not tested"


_WEIGHT = {Verdict.NOT_TESTED: 0, Verdict.PASSED: 1, Verdict.FAILED: 2}


@dataclass(frozen=True)
class Finding:
    """An assertion, its verdict, the reason where it is not `passed`, and the exchanges that show it."""

    assertion: Assertion
    verdict: Verdict
    told: str
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True)
class Chosen:
    """What the user asks for: the level, and areas and resources by name (none: all)."""

    level: Level = Level.best
    areas: frozenset[str] = frozenset()
    resources: frozenset[str] = frozenset()

    def asks(self, one: Assertion) -> bool:
        """Whether an assertion is asked in this run."""
        return (
            one.level <= self.level
            and (not self.areas or one.rule.area in self.areas)
            and (not self.resources or not one.resource or one.resource in self.resources)
        )


class Docket:
    """The assertions of one API and version that are asked, and the findings so far.

    `twin` is the profile of the other version, where the server has it: rules that need `twin` are asked of resources
    that it has too.
    """

    def __init__(self, profile: Profile, document: Document, chosen: Chosen, twin: Profile | None = None):
        every = [one for rule in rules().values() for one in _asked(rule, profile, document, twin)]
        self._known = {one.key for one in every}
        self._asked = {one.key: one for one in every if chosen.asks(one)}
        self._found: dict[tuple[str, str, str], Finding] = {}
        self._left: set[tuple[str, str, str]] = set()
        self._of_rule: dict[tuple[str, str], list[Assertion]] = {}
        for one in self._asked.values():
            self._of_rule.setdefault(one.key[:2], []).append(one)
        self.profile = profile

    def wants(self, area: str, resource: str) -> bool:
        """Whether anything of an area is asked of a resource (empty: of the API itself)."""
        return any(one.rule.area == area and one.resource == resource for one in self._open())

    def items(self, rule: str, resource: str) -> tuple[str, ...]:
        """The items of which a rule is asked in this run."""
        return tuple(one.item for one in self._of_rule.get((rule, resource), ()) if one.key not in self._left)

    def needs(self, operation: str, resource: str) -> bool:
        """Whether anything that is asked needs an operation of a resource."""
        return any(_needs(one, operation, resource) for one in self._open())

    def leave(self, operation: str, resource: str, why: str) -> None:
        """What needs an operation of a resource is not tested, whatever a story finds."""
        for one in [one for one in self._open() if _needs(one, operation, resource)]:
            self._left.add(one.key)
            self._found[one.key] = Finding(one, Verdict.NOT_TESTED, why, ())

    def _open(self) -> Iterator[Assertion]:
        return (one for key, one in self._asked.items() if key not in self._left)

    def note(self, key: tuple[str, str, str], verdict: Verdict, told: str, exchanges: tuple[Exchange, ...]) -> None:
        """Keeps what was found of an assertion; the first failure stays, and `not tested` gives way to both others.

        What is not asked in this run is passed over; KeyError for what no run would ask.
        """
        if key not in self._known:
            raise KeyError(f"{key} is no assertion about {self.profile.name}")
        if key not in self._asked or key in self._left:
            return
        before = self._found.get(key)
        if before is None or _WEIGHT[verdict] > _WEIGHT[before.verdict]:
            self._found[key] = Finding(self._asked[key], verdict, told, exchanges)

    def close(self, area: str, resource: str, why: str) -> None:
        """Everything of an area and resource that no story judged is not tested."""
        for key, one in self._asked.items():
            if one.rule.area == area and one.resource == resource and key not in self._found:
                self._found[key] = Finding(one, Verdict.NOT_TESTED, why, ())

    def findings(self) -> list[Finding]:
        """What was found of every assertion asked, in the order of the rules, resources and items."""
        return [
            self._found.get(key) or Finding(one, Verdict.NOT_TESTED, "the run ended before", ())
            for key, one in self._asked.items()
        ]

    def found(self, area: str, resource: str) -> list[Finding]:
        """The findings of one area and resource so far."""
        return [
            one
            for one in self._found.values()
            if one.assertion.rule.area == area and one.assertion.resource == resource
        ]


class Judge:
    """Tells a docket what a story finds about one resource, or about the API where the resource is empty."""

    def __init__(self, docket: Docket, resource: str):
        self._docket = docket
        self._resource = resource

    def __call__(self, rule: str, holds: bool, told: str, *exchanges: Exchange, item: str = "") -> None:
        """The assertion holds, or `told` says what is wrong, in a sentence about what the server did."""
        verdict = Verdict.PASSED if holds else Verdict.FAILED
        self._docket.note((rule, self._resource, item), verdict, "" if holds else told, exchanges)

    def equal(self, rule: str, found: object, wanted: object, *exchanges: Exchange, item: str = "") -> None:
        """The assertion holds where both are the same."""
        self(rule, found == wanted, f"found {found!r}, wanted {wanted!r}", *exchanges, item=item)

    def untested(self, rule: str, why: str, item: str = "") -> None:
        """The assertion cannot be tried here."""
        self._docket.note((rule, self._resource, item), Verdict.NOT_TESTED, why, ())

    def items(self, rule: str) -> tuple[str, ...]:
        """The items of which a rule is asked here."""
        return self._docket.items(rule, self._resource)


def _needs(one: Assertion, operation: str, resource: str) -> bool:
    return one.resource == resource and (
        operation in one.rule.needs or (one.rule.per == "operations" and one.item == operation)
    )


_OPERATIONS: Mapping[str, tuple[str, str]] = {
    "list": ("get", "/{}"),
    "create": ("post", "/{}"),
    "retrieve": ("get", "/{}/{{id}}"),
    "patch": ("patch", "/{}/{{id}}"),
    "delete": ("delete", "/{}/{{id}}"),
}


def operation_of(verb: str, resource: str) -> tuple[str, str]:
    """Method and path of a resource's operation in its document."""
    method, path = _OPERATIONS[verb]
    return method, path.format(resource)


def taken(document: Document, verb: str, resource: str) -> Mapping[str, Attribute]:
    """The attributes that the body of a creation or a change may have, by name."""
    operation = document.operations.get(operation_of(verb, resource))
    return document.attributes(operation.body) if operation else {}


def _asked(rule: Rule, profile: Profile, document: Document, twin: Profile | None) -> Iterator[Assertion]:
    if profile.version not in rule.levels:
        return
    level = rule.levels[profile.version]
    if rule.per == "api":
        yield Assertion(rule, profile.name, "", "", level)
        return
    for resource in profile.resources.values():
        needs = set(rule.needs)
        if "twin" in needs and (twin is None or resource.twin not in twin.resources):
            continue
        if not resource.has(*needs - {"twin"}):
            continue
        for item, particular in _items(rule.per, resource, profile, document):
            yield Assertion(rule, profile.name, resource.name, item, max(particular or level, level))


def _items(per: str, resource: Resource, profile: Profile, document: Document) -> Iterable[tuple[str, Level | None]]:
    """The items of a kind that a resource has, each with a level of its own where its row has one."""
    if per == "resource":
        return [("", None)]
    if per == "event":
        return [(event.type, None) for event in profile.events_of(resource.name)]
    if per in TRAITS:
        return [(name, None) for name in with_trait(per, document, document.schema(resource.schema))]
    if per in SORTS:
        given = taken(document, "patch" if per == "changed" else "create", resource.name)
        return [(n, None) for n, one in given.items() if n not in resource.server and SORTS[per](document, one)]
    if per in ("operations", "mandatory", "conditional", "required", "server", "protected", "filters"):
        return [(row.name, row.level) for row in getattr(resource, per).values()]
    raise ValueError(f"no profile has items of the kind {per}")
