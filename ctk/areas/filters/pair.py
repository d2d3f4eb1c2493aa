"""Two resources that differ wherever conditions may tell them apart, and what becomes of conditions tried on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ctk.areas.filters.value import FilterAttribute, filter_attribute, instant, moment, parameter, plain, spelt, values
from ctk.exchange import Exchange, Untestable
from ctk.standard.profile import Resource
from ctk.target.target import Instance, Target
from ctk.verdict.ledger import Expect

Change = Callable[[FilterAttribute, Any], Any]
Trial = tuple[str, str]
"""A query and what it finds of the two: "a", "b", "ab" or "" (neither)."""


@dataclass(frozen=True)
class Contrast:
    """Holds an attribute that both resources have: its value in `a` and in `b`."""

    attribute: FilterAttribute
    a: Any
    b: Any

    @property
    def name(self) -> str:
        """Returns its dotted path."""
        return self.attribute.name

    @property
    def kind(self) -> str:
        """Returns `boolean`, `number`, `moment` or `text`."""
        return self.attribute.kind(self.a)

    @property
    def differs(self) -> bool:
        """Returns whether conditions on it tell the two apart."""
        return not self.attribute.same(self.a, self.b)

    @property
    def ordered(self) -> tuple[str, str]:
        """Returns the letters of the lesser and the greater; ordering by either case of letters gives the same."""
        return ("a", "b") if self._less(self.a, self.b) else ("b", "a")

    @property
    def orderable(self) -> bool:
        """Returns whether every server would put the two into the same order."""
        if self.kind == "boolean":
            return False
        return self.kind != "text" or (self.a < self.b) == (self.a.casefold() < self.b.casefold())

    def of(self, letter: str) -> str:
        """Returns the value of the one or the other, as a query has it."""
        return spelt(self.a if letter == "a" else self.b)

    def _less(self, left: Any, right: Any) -> bool:
        if self.kind == "moment":
            return (instant(left) or datetime.max) < (instant(right) or datetime.max)
        return bool(left < right)


@dataclass(frozen=True)
class Specimens:
    """Holds resources that filters are to find, each by a letter, and notes what a filter found of them."""

    target: Target
    expect: Expect
    resource: Resource
    instances: Mapping[str, Instance]

    def asks(self, rule: str, item: str = "") -> bool:
        """Returns whether a rule is asked in this run."""
        return item in self.expect.items(rule)

    def ask(self, query: str) -> Exchange:
        """Returns the list that a query finds."""
        return self.target.http("get", self.target.path(self.resource), query=query)

    def letters_of(self, answer: Exchange) -> str:
        """Returns the letters of the resources that an answer holds."""
        keys = {element.get("id") for element in answer.elements}
        return "".join(letter for letter, instance in self.instances.items() if instance.id in keys)

    def holds(self, rule: str, trials: Sequence[Trial], item: str = "") -> tuple[Exchange, ...]:
        """Expects each query to find what it should of them, and returns the answers; 501 is not tested."""
        shown: list[Exchange] = []
        for query, wanted in trials if self.asks(rule, item) else ():
            shown.append(answer := self.ask(query))
            if answer.status == 501:
                self.expect.untested(rule, "answered 501: not implemented", item)
                return tuple(shown)
            if problem := self._wrong(answer, wanted):
                self.expect(rule, False, problem, answer, item=item)
                return tuple(shown)
        if shown:
            self.expect(rule, True, "", *shown, item=item)
        return tuple(shown)

    def _wrong(self, answer: Exchange, wanted: str) -> str:
        if answer.status not in (200, 206) or not isinstance(answer.json, list):
            return f"answered {answer.status}{'' if answer.status >= 300 else ' without a JSON array'}"
        letters = self.letters_of(answer)
        others = len(answer.elements) - len(letters)
        if others:
            return f"found {others} resources that do not fit"
        return "" if letters == wanted else f"found {_in_words(letters)}, wanted {_in_words(wanted)}"

    def harmless(self, rule: str, queries: Sequence[str]) -> None:
        """Expects each query to be refused with 400 or to find nothing."""
        shown: list[Exchange] = []
        for query in queries if self.asks(rule) else ():
            shown.append(answer := self.ask(query))
            if answer.status in (401, 403, 429, 501):
                self.expect.untested(rule, f"answered {answer.status}")
                return
            if answer.status != 400 and (problem := self._wrong(answer, "")):
                self.expect(rule, False, problem, answer)
                return
        if shown:
            self.expect(rule, True, "", *shown)

    def refused(self, rule: str, query: str) -> Exchange | None:
        """Expects a query to be refused with 400, and returns the answer; 501 is not tested.

        Returns None where the rule is not asked.
        """
        if not self.asks(rule):
            return None
        answer = self.ask(query)
        if answer.status == 501:
            self.expect.untested(rule, "answered 501: not implemented")
        else:
            self.expect(rule, answer.status == 400, f"answered {answer.status}", answer)
        return answer


@dataclass(frozen=True)
class Pair(Specimens):
    """Holds two resources, `a` and `b`, that have the same unique text in `resource.text`."""

    @property
    def a(self) -> Instance:
        """Returns the first."""
        return self.instances["a"]

    @property
    def b(self) -> Instance:
        """Returns the second."""
        return self.instances["b"]

    @property
    def mark(self) -> str:
        """Returns the condition that finds the two and nothing else."""
        return parameter(self.resource.text, str(self.a.body[self.resource.text]))

    def contrast(self, name: str) -> Contrast | None:
        """Returns an attribute with one value in each of the two. Returns None where one of them has none, or
        several."""
        attribute = filter_attribute(self.target.document, self.resource, name)
        a, b = (values(instance.body, attribute.path) for instance in (self.a, self.b))
        return Contrast(attribute, a[0], b[0]) if len(a) == len(b) == 1 else None

    def telling(self, *kinds: str) -> Contrast | None:
        """Returns the first attribute of such a kind that tells the two apart; counted values come last."""
        contrasts = [
            contrast for name in self.resource.filters if (contrast := self.contrast(name)) and contrast.differs
        ]
        fit = [contrast for kind in kinds for contrast in contrasts if contrast.kind == kind and contrast.orderable]
        return min(
            fit, key=lambda contrast: (bool(contrast.attribute.enum), contrast.name in ("id", "href")), default=None
        )


def _in_words(letters: str) -> str:
    return " and ".join(letters) or "nothing"


def telling(target: Target) -> Resource:
    """Returns the resource whose attributes are of the most kinds.

    Raises Untestable where none is listed and created.
    """
    candidates = [resource for resource in target.profile.resources.values() if resource.has("list", "create")]
    if not candidates:
        raise Untestable("no resource can be created and listed")
    return max(candidates, key=lambda resource: len(_kinds(target, resource)))


def _kinds(target: Target, resource: Resource) -> set[str]:
    body = target.payloads.template(resource.name, "full")
    attributes = [filter_attribute(target.document, resource, name) for name in resource.filters]
    return {attribute.kind(value) for attribute in attributes for value in values(body, attribute.path)}


def create_pair(target: Target, resource: Resource, expect: Expect) -> Pair:
    """Creates the two. Raises Untestable where the server lets nobody create or find them."""
    a = create_shaped(target, resource, "full", _first, plainly)
    text = a.body.get(resource.text)
    if not isinstance(text, str) or text != a.sent.get(resource.text):
        raise Untestable(f"no two {resource.name} to compare: {resource.text} is not returned as it was sent")
    common: dict[str, Any] = {resource.text: text}
    b = create_shaped(target, resource, "minimal", _second, _varied, **common)
    specimens = Pair(target, expect, resource, {"a": a, "b": b})
    control = specimens.ask(specimens.mark)
    if specimens.letters_of(control) != "ab":
        raise Untestable(f"a condition on {resource.text} does not find the two made for the purpose")
    return specimens


def create_shaped(target: Target, resource: Resource, kind: str, *changes: Change, **given: Any) -> Instance:
    """Creates a resource of the full body, changed where conditions name it as far as the server allows.

    Takes the first of the changes that the server accepts, or else a body of this kind as it stands.
    """
    for change in changes:
        try:
            return target.create(resource, **{**_shape(target, resource, change), **given})
        except Untestable:
            continue
    return target.create(resource, kind, **given)


def _shape(target: Target, resource: Resource, change: Change) -> dict[str, Any]:
    """Returns the full body with one element in each array, and changed values but for the text of the resource."""
    body: Any = target.body(resource)
    template = target.payloads.template(resource.name, "full")
    for name in resource.filters:
        if name != resource.text:
            body = _changed(body, template, filter_attribute(target.document, resource, name), change)
    shape: dict[str, Any] = {**body, resource.text: plain(body[resource.text])}
    return shape


def _changed(node: Any, template: Any, attribute: FilterAttribute, change: Change, depth: int = 0) -> Any:
    if isinstance(node, list):
        return [
            _changed(element, original, attribute, change, depth)
            for element, original in zip(node[:1], template, strict=False)
        ]
    if depth == len(attribute.path):
        looked_up = isinstance(template, str) and "${" in template
        return node if looked_up or isinstance(node, dict) else change(attribute, node)
    step = attribute.path[depth]
    if not isinstance(node, dict) or not isinstance(template, Mapping) or step not in node or step not in template:
        return node
    return {**node, step: _changed(node[step], template[step], attribute, change, depth + 1)}


def plainly(_: FilterAttribute, value: Any) -> Any:
    """Returns the same value without commas."""
    return plain(value)


def _first(attribute: FilterAttribute, value: Any) -> Any:
    return 9 if attribute.kind(value) == "number" else plain(value)


def _varied(attribute: FilterAttribute, value: Any) -> Any:
    """Returns another value, but not another member of an enumeration, nor another name of something else."""
    kind = attribute.kind(value)
    if kind == "number":
        return 10
    if kind == "moment":
        return moment((instant(value) or datetime.now(UTC)) + timedelta(days=1))
    kept = kind != "text" or attribute.enum or attribute.path[-1] in ("id", "href") or len(attribute.path) == 1
    return plain(value) if kept else attribute.after(plain(value))


def _second(attribute: FilterAttribute, value: Any) -> Any:
    """Returns another value."""
    if attribute.kind(value) == "boolean" or attribute.enum:
        return attribute.absent(value, "")
    return _varied(attribute, value) if attribute.kind(value) != "text" else attribute.after(plain(value))
