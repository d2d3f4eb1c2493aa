"""Filters: whether conditions choose what they name."""

from __future__ import annotations

from typing import Any

from ctk.area import Area
from ctk.areas.filters.arrays import elements
from ctk.areas.filters.jsonpath import expressions
from ctk.areas.filters.operators import RULES, operators
from ctk.areas.filters.pair import create_pair, create_shaped, plainly, telling
from ctk.areas.filters.refusals import injections, refusals
from ctk.areas.filters.spellings import alternatives, combinations, signs, suffixes
from ctk.areas.filters.texts import texts
from ctk.areas.filters.types import types
from ctk.areas.filters.value import FilterAttribute, filter_attribute, spelt, values
from ctk.exchange import Exchange
from ctk.standard.profile import Resource
from ctk.target.target import Instance, Target
from ctk.verdict.ledger import Expect

_PAGES = 20
_EQUALITY = ("FLT-01", "FLT-02", "FLT-03")
_PARTS = (alternatives, suffixes, signs, combinations, types, expressions, refusals, injections)


def equality(target: Target, resource: Resource, expect: Expect) -> None:
    """Lists by one condition on each attribute, with the value of a created resource and with one that nothing has."""
    names = [name for name in resource.filters if any(name in expect.items(rule) for rule in _EQUALITY)]
    if not names:
        return
    instance = create_shaped(target, resource, "full", plainly)
    for name in names:
        attribute = filter_attribute(target.document, resource, name)
        own_values = values(instance.body, attribute.path)
        if not own_values or (isinstance(own_values[0], str) and "," in own_values[0]):
            for rule in (*_EQUALITY, "FLT-04"):
                expect.untested(rule, f"the created resource has no {name}, or a comma in it", name)
            continue
        _present(target, expect, instance, attribute, own_values[0])
        _absent(target, expect, instance, attribute, attribute.absent(own_values[0], target.unique()))


def _present(target: Target, expect: Expect, instance: Instance, attribute: FilterAttribute, value: Any) -> None:
    name = attribute.name
    pages = _pages(target, instance, name, value)
    last, elements = pages[-1], [element for page in pages for element in page.elements]
    is_there = any(element.get("id") == instance.id for element in elements)
    if is_there or not _goes_on(last, len(elements)) or len(pages) < _PAGES:
        reason = f"answered {last.status}, {len(elements)} resources without the one whose {name} is {value!r}"
        expect("FLT-01", is_there and _listed(last), reason, last, item=name)
    else:
        expect.untested("FLT-01", f"the first {len(elements)} resources are others", name)
    if not elements:
        expect.untested("FLT-02", f"nothing was found, answered {last.status}", name)
        return
    wrong = sum(not attribute.matches(element, value) for element in elements)
    expect(
        "FLT-02", not wrong, f"{wrong} of {len(elements)} resources have no {name} {value!r}", *pages[-1:], item=name
    )


def _pages(target: Target, instance: Instance, name: str, value: Any) -> list[Exchange]:
    """Returns the pages of what a condition finds, up to the one that holds the created resource."""
    pages: list[Exchange] = []
    seen: set[object] = set()
    count = 0
    while len(pages) < _PAGES:
        query = [(name, spelt(value)), *([("offset", str(count))] if count else [])]
        answer = target.http("get", target.path(instance.resource), query=query)
        keys = {element.get("id") for element in answer.elements}
        if pages and (not _listed(answer) or keys <= seen):
            break
        pages.append(answer)
        count += len(answer.elements)
        seen |= keys
        if instance.id in keys or not keys or not _goes_on(answer, count):
            break
    return pages


def _goes_on(answer: Exchange, count: int) -> bool:
    """Returns whether more may follow."""
    total = answer.headers.get("x-total-count", "")
    return not total.isdigit() or int(total) > count


def _listed(answer: Exchange) -> bool:
    return answer.status in (200, 206) and isinstance(answer.json, list)


def _absent(target: Target, expect: Expect, instance: Instance, attribute: FilterAttribute, value: Any) -> None:
    """Expects a condition with another value to find neither the resource nor anything that lacks the value."""
    name = attribute.name
    answer = target.http("get", target.path(instance.resource), query=[(name, spelt(value))])
    wrong = [
        element
        for element in answer.elements
        if element.get("id") == instance.id or not attribute.matches(element, value)
    ]
    reason = f"answered {answer.status}, {len(wrong)} resources whose {name} is not {value!r}"
    expect("FLT-03", _listed(answer) and not wrong, reason, answer, item=name)
    total = answer.headers.get("x-total-count")
    if total is not None and _listed(answer) and not answer.elements:
        expect("FLT-04", total == "0", f"X-Total-Count is {total} for nothing found", answer, item=name)


def compared(target: Target, resource: Resource, expect: Expect) -> None:
    """Tries each operator on each attribute of two resources that differ."""
    if any(expect.items(rule) for rule in RULES):
        operators(create_pair(target, resource, expect))


def language(target: Target, expect: Expect) -> None:
    """Tries every other way of asking for one of two resources; one kind of resource stands for all."""
    two = create_pair(target, telling(target), expect)
    for part in _PARTS:
        part(two)


AREA = Area("filters", "whether conditions choose what they name", (equality, compared, elements), (language, texts))
