"""Two resources that differ wherever conditions may tell them apart, and what becomes of conditions tried on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ctk.areas.filters.value import Named, instant, moment, named, pair, plain, spelt, values
from ctk.exchange import Exchange, Untestable
from ctk.profile import Resource
from ctk.target.target import Created, Stage
from ctk.verdict.ledger import Judge

Change = Callable[[Named, Any], Any]
Trial = tuple[str, str]
"""A query and what it finds of the two: "a", "b", "ab" or "" (neither)."""


@dataclass(frozen=True)
class Probe:
    """An attribute that both have: its value in the one and in the other."""

    attribute: Named
    a: Any
    b: Any

    @property
    def name(self) -> str:
        """Its dotted path."""
        return self.attribute.name

    @property
    def kind(self) -> str:
        """Boolean, number, moment or text."""
        return self.attribute.kind(self.a)

    @property
    def differs(self) -> bool:
        """Whether conditions on it tell the two apart."""
        return not self.attribute.same(self.a, self.b)

    @property
    def ordered(self) -> tuple[str, str]:
        """The letters of the lesser and the greater; ordering by either case of letters gives the same."""
        return ("a", "b") if self._less(self.a, self.b) else ("b", "a")

    @property
    def orderable(self) -> bool:
        """Whether every server would put the two into the same order."""
        if self.kind == "boolean":
            return False
        return self.kind != "text" or (self.a < self.b) == (self.a.casefold() < self.b.casefold())

    def of(self, letter: str) -> str:
        """The value of the one or the other, as a query has it."""
        return spelt(self.a if letter == "a" else self.b)

    def _less(self, one: Any, other: Any) -> bool:
        if self.kind == "moment":
            return (instant(one) or datetime.max) < (instant(other) or datetime.max)
        return bool(one < other)


@dataclass(frozen=True)
class Bench:
    """Resources made to be found, each with a letter, and the judge of what is found of them."""

    stage: Stage
    judge: Judge
    resource: Resource
    made: Mapping[str, Created]

    def asks(self, rule: str, item: str = "") -> bool:
        """Whether a rule is asked in this run."""
        return item in self.judge.items(rule)

    def ask(self, query: str) -> Exchange:
        """The list that a query finds."""
        return self.stage.http("get", self.stage.path(self.resource), query=query)

    def found(self, answer: Exchange) -> str:
        """Which of the resources an answer holds, in letters."""
        keys = {one.get("id") for one in answer.elements}
        return "".join(letter for letter, made in self.made.items() if made.id in keys)

    def holds(self, rule: str, trials: Sequence[Trial], item: str = "") -> tuple[Exchange, ...]:
        """The rule holds where each query finds what it should of them; 501 is not tested. The answers."""
        shown: list[Exchange] = []
        for query, wanted in trials if self.asks(rule, item) else ():
            shown.append(answer := self.ask(query))
            if answer.status == 501:
                self.judge.untested(rule, "answered 501: not implemented", item)
                return tuple(shown)
            if told := self._wrong(answer, wanted):
                self.judge(rule, False, told, answer, item=item)
                return tuple(shown)
        if shown:
            self.judge(rule, True, "", *shown, item=item)
        return tuple(shown)

    def _wrong(self, answer: Exchange, wanted: str) -> str:
        if answer.status not in (200, 206) or not isinstance(answer.json, list):
            return f"answered {answer.status}{'' if answer.status >= 300 else ' without a JSON array'}"
        found = self.found(answer)
        others = len(answer.elements) - len(found)
        if others:
            return f"found {others} resources that do not fit"
        return "" if found == wanted else f"found {_told(found)}, wanted {_told(wanted)}"

    def harmless(self, rule: str, queries: Sequence[str]) -> None:
        """The rule holds where each query is refused with 400 or finds nothing."""
        shown: list[Exchange] = []
        for query in queries if self.asks(rule) else ():
            shown.append(answer := self.ask(query))
            if answer.status in (401, 403, 429, 501):
                self.judge.untested(rule, f"answered {answer.status}")
                return
            if answer.status != 400 and (told := self._wrong(answer, "")):
                self.judge(rule, False, told, answer)
                return
        if shown:
            self.judge(rule, True, "", *shown)

    def refused(self, rule: str, query: str) -> Exchange | None:
        """The rule holds where a query is refused with 400; 501 is not tested. The answer."""
        if not self.asks(rule):
            return None
        answer = self.ask(query)
        if answer.status == 501:
            self.judge.untested(rule, "answered 501: not implemented")
        else:
            self.judge(rule, answer.status == 400, f"answered {answer.status}", answer)
        return answer


@dataclass(frozen=True)
class Pair(Bench):
    """Two resources, `a` and `b`, that have the same unique text in `resource.text`."""

    @property
    def a(self) -> Created:
        """The one."""
        return self.made["a"]

    @property
    def b(self) -> Created:
        """The other."""
        return self.made["b"]

    @property
    def mark(self) -> str:
        """The condition that finds the two and nothing else."""
        return pair(self.resource.text, str(self.a.body[self.resource.text]))

    def probe(self, name: str) -> Probe | None:
        """An attribute with one value in each of the two; none where one of them has none, or several."""
        attribute = named(self.stage.document, self.resource, name)
        a, b = (values(made.body, attribute.path) for made in (self.a, self.b))
        return Probe(attribute, a[0], b[0]) if len(a) == len(b) == 1 else None

    def telling(self, *kinds: str) -> Probe | None:
        """The first attribute of such a kind that tells the two apart; counted values come last."""
        probes = [probe for name in self.resource.filters if (probe := self.probe(name)) and probe.differs]
        fit = [one for kind in kinds for one in probes if one.kind == kind and one.orderable]
        return min(fit, key=lambda one: (bool(one.attribute.enum), one.name in ("id", "href")), default=None)


def _told(letters: str) -> str:
    return " and ".join(letters) or "nothing"


def telling(stage: Stage) -> Resource:
    """The resource whose attributes are of the most kinds; raises Untestable where none is listed and created."""
    known = [one for one in stage.profile.resources.values() if one.has("list", "create")]
    if not known:
        raise Untestable("no resource can be created and listed")
    return max(known, key=lambda one: len(_kinds(stage, one)))


def _kinds(stage: Stage, resource: Resource) -> set[str]:
    body = stage.payloads.template(resource.name, "full")
    attributes = [named(stage.document, resource, name) for name in resource.filters]
    return {attribute.kind(value) for attribute in attributes for value in values(body, attribute.path)}


def made_pair(stage: Stage, resource: Resource, judge: Judge) -> Pair:
    """The two, made; raises Untestable where the server lets nobody make or find them."""
    a = shaped(stage, resource, "full", _first, plainly)
    text = a.body.get(resource.text)
    if not isinstance(text, str) or text != a.sent.get(resource.text):
        raise Untestable(f"no two {resource.name} to compare: {resource.text} is not returned as it was sent")
    given: dict[str, Any] = {resource.text: text}
    b = shaped(stage, resource, "minimal", _second, _varied, **given)
    found = Pair(stage, judge, resource, {"a": a, "b": b})
    control = found.ask(found.mark)
    if found.found(control) != "ab":
        raise Untestable(f"a condition on {resource.text} does not find the two made for the purpose")
    return found


def shaped(stage: Stage, resource: Resource, kind: str, *changes: Change, **given: Any) -> Created:
    """A resource made of the full body, changed where conditions name it as far as the server allows: by the first of
    the changes that it does, or else a body of this kind as it stands."""
    for change in changes:
        try:
            return stage.create(resource, **{**_shape(stage, resource, change), **given})
        except Untestable:
            continue
    return stage.create(resource, kind, **given)


def _shape(stage: Stage, resource: Resource, change: Change) -> dict[str, Any]:
    """The full body with one element in each array, and changed values but for the text of the resource."""
    body: Any = stage.body(resource)
    template = stage.payloads.template(resource.name, "full")
    for name in resource.filters:
        if name != resource.text:
            body = _changed(body, template, named(stage.document, resource, name), change)
    found: dict[str, Any] = {**body, resource.text: plain(body[resource.text])}
    return found


def _changed(node: Any, template: Any, attribute: Named, change: Change, depth: int = 0) -> Any:
    if isinstance(node, list):
        return [_changed(one, old, attribute, change, depth) for one, old in zip(node[:1], template, strict=False)]
    if depth == len(attribute.path):
        looked_up = isinstance(template, str) and "${" in template
        return node if looked_up or isinstance(node, dict) else change(attribute, node)
    step = attribute.path[depth]
    if not isinstance(node, dict) or not isinstance(template, Mapping) or step not in node or step not in template:
        return node
    return {**node, step: _changed(node[step], template[step], attribute, change, depth + 1)}


def plainly(_: Named, value: Any) -> Any:
    """The same value without commas."""
    return plain(value)


def _first(attribute: Named, value: Any) -> Any:
    return 9 if attribute.kind(value) == "number" else plain(value)


def _varied(attribute: Named, value: Any) -> Any:
    """Another value, without another member of an enumeration, or another name of something else."""
    kind = attribute.kind(value)
    if kind == "number":
        return 10
    if kind == "moment":
        return moment((instant(value) or datetime.now(UTC)) + timedelta(days=1))
    kept = kind != "text" or attribute.enum or attribute.path[-1] in ("id", "href") or len(attribute.path) == 1
    return plain(value) if kept else attribute.after(plain(value))


def _second(attribute: Named, value: Any) -> Any:
    """Another value."""
    if attribute.kind(value) == "boolean" or attribute.enum:
        return attribute.absent(value, "")
    return _varied(attribute, value) if attribute.kind(value) != "text" else attribute.after(plain(value))
