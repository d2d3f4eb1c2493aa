"""The ledger of one run against one API: every assertion that is asked, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from ctk.exchange import Exchange
from ctk.rule import Assertion, Level, Rule, rules
from ctk.standard.document import Document
from ctk.standard.operations import writable_attributes
from ctk.standard.profile import Profile, Resource
from ctk.standard.shapes import SORTS
from ctk.standard.traits import TRAITS, with_trait

Key = tuple[str, str, str]
"""An assertion of one API and version: the rule's number, the resource, the item."""


class Verdict(StrEnum):
    """Says what became of an assertion.

    Nothing passes that was not tried: an empty list, a skipped area, an unreachable hub are `not tested`.
    """

    PASSED = "passed"
    FAILED = "failed"
    NOT_TESTED = "not tested"


_WEIGHT = {Verdict.NOT_TESTED: 0, Verdict.PASSED: 1, Verdict.FAILED: 2}


@dataclass(frozen=True)
class Finding:
    """Holds an assertion, its verdict, the reason where it is not `passed`, and the exchanges that show it."""

    assertion: Assertion
    verdict: Verdict
    reason: str
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True)
class Selection:
    """Holds what the user asks for: the highest level, areas and resources by name (empty: all of them)."""

    level: Level = Level.best
    areas: frozenset[str] = frozenset()
    resources: frozenset[str] = frozenset()

    def asks(self, assertion: Assertion) -> bool:
        """Returns whether an assertion is asked in this run."""
        return (
            assertion.level <= self.level
            and (not self.areas or assertion.rule.area in self.areas)
            and (not self.resources or not assertion.resource or assertion.resource in self.resources)
        )


class Ledger:
    """Keeps the assertions of one API and version that are asked, and the findings so far.

    `other_version` is the profile of the other version, None where the server lacks it. Rules that need
    `other_version` are asked of resources which that profile has as well.
    """

    def __init__(
        self, profile: Profile, document: Document, selection: Selection, other_version: Profile | None = None
    ):
        every = [
            assertion for rule in rules().values() for assertion in _assertions(rule, profile, document, other_version)
        ]
        self._every = {assertion.key for assertion in every}
        self._asked = {assertion.key: assertion for assertion in every if selection.asks(assertion)}
        self._findings: dict[Key, Finding] = {}
        self._left_out: set[Key] = set()
        self._by_rule: dict[tuple[str, str], list[Assertion]] = {}
        for assertion in self._asked.values():
            self._by_rule.setdefault(assertion.key[:2], []).append(assertion)
        self.profile = profile

    def wants(self, area: str, resource: str) -> bool:
        """Returns whether anything of an area is asked of a resource (empty: of the API itself)."""
        return any(assertion.rule.area == area and assertion.resource == resource for assertion in self._open())

    def items(self, rule: str, resource: str) -> tuple[str, ...]:
        """Returns the items of which a rule is asked in this run; `("",)` for a rule without items."""
        assertions = self._by_rule.get((rule, resource), ())
        return tuple(assertion.item for assertion in assertions if assertion.key not in self._left_out)

    def needs(self, operation: str, resource: str) -> bool:
        """Returns whether anything that is asked needs an operation of a resource."""
        return any(_needs(assertion, operation, resource) for assertion in self._open())

    def leave_out(self, operation: str, resource: str, why: str) -> None:
        """Marks all that needs an operation of a resource as not tested, whatever a check notes later."""
        for assertion in [assertion for assertion in self._open() if _needs(assertion, operation, resource)]:
            self._left_out.add(assertion.key)
            self._findings[assertion.key] = Finding(assertion, Verdict.NOT_TESTED, why, ())

    def _open(self) -> Iterator[Assertion]:
        return (assertion for key, assertion in self._asked.items() if key not in self._left_out)

    def note(self, key: Key, verdict: Verdict, reason: str, exchanges: tuple[Exchange, ...]) -> None:
        """Keeps a verdict: the first failure stays, and `not tested` gives way to both others.

        Passes over what is not asked in this run. Raises KeyError for what no run would ask.
        """
        if key not in self._every:
            raise KeyError(f"{key} is no assertion about {self.profile.name}")
        if key not in self._asked or key in self._left_out:
            return
        before = self._findings.get(key)
        if before is None or _WEIGHT[verdict] > _WEIGHT[before.verdict]:
            self._findings[key] = Finding(self._asked[key], verdict, reason, exchanges)

    def close(self, area: str, resource: str, why: str) -> None:
        """Marks all of an area and resource that has no verdict yet as not tested."""
        for key, assertion in self._asked.items():
            if assertion.rule.area == area and assertion.resource == resource and key not in self._findings:
                self._findings[key] = Finding(assertion, Verdict.NOT_TESTED, why, ())

    def findings(self) -> list[Finding]:
        """Returns a finding for every assertion asked, in the order of the rules, resources and items."""
        return [
            self._findings.get(key) or Finding(assertion, Verdict.NOT_TESTED, "the run ended before", ())
            for key, assertion in self._asked.items()
        ]

    def findings_of(self, area: str, resource: str) -> list[Finding]:
        """Returns the findings of one area and resource so far, in the order of their verdicts."""
        return [
            finding
            for finding in self._findings.values()
            if finding.assertion.rule.area == area and finding.assertion.resource == resource
        ]


class Expect:
    """Notes in a ledger what a check expects of one resource (empty: of the API itself), and whether it holds."""

    def __init__(self, ledger: Ledger, resource: str):
        self._ledger = ledger
        self._resource = resource

    def __call__(self, rule: str, holds: bool, reason: str, *exchanges: Exchange, item: str = "") -> None:
        """Notes `passed` where `holds`, else `failed` with the reason: a sentence about what the server did."""
        verdict = Verdict.PASSED if holds else Verdict.FAILED
        self._ledger.note((rule, self._resource, item), verdict, "" if holds else reason, exchanges)

    def equal(self, rule: str, actual: object, expected: object, *exchanges: Exchange, item: str = "") -> None:
        """Notes `passed` where both values are equal, else `failed` with both of them."""
        self(rule, actual == expected, f"found {actual!r}, wanted {expected!r}", *exchanges, item=item)

    def untested(self, rule: str, why: str, item: str = "") -> None:
        """Notes `not tested`: the assertion cannot be tried here."""
        self._ledger.note((rule, self._resource, item), Verdict.NOT_TESTED, why, ())

    def items(self, rule: str) -> tuple[str, ...]:
        """Returns the items of which a rule is asked here; empty where it is not asked at all."""
        return self._ledger.items(rule, self._resource)


def _needs(assertion: Assertion, operation: str, resource: str) -> bool:
    rule = assertion.rule
    return assertion.resource == resource and (
        operation in rule.needs or (rule.per == "operations" and assertion.item == operation)
    )


def _assertions(rule: Rule, profile: Profile, document: Document, other_version: Profile | None) -> Iterator[Assertion]:
    """Yields what a rule becomes for an API and version; nothing where it is not asked of that version."""
    if profile.version not in rule.levels:
        return
    level = rule.levels[profile.version]
    if rule.per == "api":
        yield Assertion(rule, profile.name, "", "", level)
        return
    for resource in profile.resources.values():
        needs = set(rule.needs)
        if "other_version" in needs and (other_version is None or resource.other_name not in other_version.resources):
            continue
        if not resource.has(*needs - {"other_version"}):
            continue
        for item, own_level in _items(rule.per, resource, profile, document):
            yield Assertion(rule, profile.name, resource.name, item, max(own_level or level, level))


def _items(per: str, resource: Resource, profile: Profile, document: Document) -> Iterable[tuple[str, Level | None]]:
    """Returns the items of a kind that a resource has, each with a level of its own where its row has one."""
    if per == "resource":
        return [("", None)]
    if per == "event":
        return [(event.type, None) for event in profile.events_of(resource.name)]
    if per in TRAITS:
        return [(name, None) for name in with_trait(per, document, document.schema(resource.schema))]
    if per in SORTS:
        declared = writable_attributes(document, "patch" if per == "changed" else "create", resource.name)
        fits = SORTS[per]
        return [
            (name, None)
            for name, attribute in declared.items()
            if name not in resource.server and fits(document, attribute)
        ]
    if per in ("operations", "mandatory", "conditional", "required", "server", "protected", "filters"):
        return [(row.name, row.level) for row in getattr(resource, per).values()]
    raise ValueError(f"no profile has items of the kind {per}")
