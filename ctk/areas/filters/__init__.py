"""Whether conditions choose what they name."""

from __future__ import annotations

from typing import Any

from ctk.area import Area
from ctk.areas.filters.arrays import elements
from ctk.areas.filters.jsonpath import expressions
from ctk.areas.filters.operators import RULES, operators
from ctk.areas.filters.pair import made_pair, plainly, shaped, telling
from ctk.areas.filters.refusals import injections, refusals
from ctk.areas.filters.spellings import alternatives, combinations, signs, suffixes
from ctk.areas.filters.texts import texts
from ctk.areas.filters.types import types
from ctk.areas.filters.value import Named, named, spelt, values
from ctk.exchange import Exchange
from ctk.profile import Resource
from ctk.target.target import Created, Stage
from ctk.verdict.ledger import Judge

_PAGES = 20
_EQUALITY = ("FLT-01", "FLT-02", "FLT-03")
_PARTS = (alternatives, suffixes, signs, combinations, types, expressions, refusals, injections)


def equality(stage: Stage, resource: Resource, judge: Judge) -> None:
    """One condition on each attribute, with the value of a created resource and with a value that nothing has."""
    asked = [name for name in resource.filters if any(name in judge.items(rule) for rule in _EQUALITY)]
    if not asked:
        return
    made = shaped(stage, resource, "full", plainly)
    for name in asked:
        attribute = named(stage.document, resource, name)
        found = values(made.body, attribute.path)
        if not found or (isinstance(found[0], str) and "," in found[0]):
            for rule in (*_EQUALITY, "FLT-04"):
                judge.untested(rule, f"the created resource has no {name}, or a comma in it", name)
            continue
        _present(stage, judge, made, attribute, found[0])
        _absent(stage, judge, made, attribute, attribute.absent(found[0], stage.unique()))


def _present(stage: Stage, judge: Judge, made: Created, attribute: Named, value: Any) -> None:
    name = attribute.name
    pages = _pages(stage, made, name, value)
    last, elements = pages[-1], [one for page in pages for one in page.elements]
    found = any(one.get("id") == made.id for one in elements)
    if found or not _goes_on(last, len(elements)) or len(pages) < _PAGES:
        told = f"answered {last.status}, {len(elements)} resources without the one whose {name} is {value!r}"
        judge("FLT-01", found and _listed(last), told, last, item=name)
    else:
        judge.untested("FLT-01", f"the first {len(elements)} resources are others", name)
    if not elements:
        judge.untested("FLT-02", f"nothing was found, answered {last.status}", name)
        return
    wrong = sum(not attribute.matches(one, value) for one in elements)
    judge("FLT-02", not wrong, f"{wrong} of {len(elements)} resources have no {name} {value!r}", *pages[-1:], item=name)


def _pages(stage: Stage, made: Created, name: str, value: Any) -> list[Exchange]:
    """The pages of what a condition finds, up to the one that holds the created resource."""
    pages: list[Exchange] = []
    seen: set[object] = set()
    count = 0
    while len(pages) < _PAGES:
        query = [(name, spelt(value)), *([("offset", str(count))] if count else [])]
        answer = stage.http("get", stage.path(made.resource), query=query)
        keys = {one.get("id") for one in answer.elements}
        if pages and (not _listed(answer) or keys <= seen):
            break
        pages.append(answer)
        count += len(answer.elements)
        seen |= keys
        if made.id in keys or not keys or not _goes_on(answer, count):
            break
    return pages


def _goes_on(answer: Exchange, count: int) -> bool:
    """Whether more may follow."""
    total = answer.headers.get("x-total-count", "")
    return not total.isdigit() or int(total) > count


def _listed(answer: Exchange) -> bool:
    return answer.status in (200, 206) and isinstance(answer.json, list)


def _absent(stage: Stage, judge: Judge, made: Created, attribute: Named, value: Any) -> None:
    """What is found of another value does not hold the resource, and nothing that does not have the value."""
    name = attribute.name
    answer = stage.http("get", stage.path(made.resource), query=[(name, spelt(value))])
    wrong = [one for one in answer.elements if one.get("id") == made.id or not attribute.matches(one, value)]
    told = f"answered {answer.status}, {len(wrong)} resources whose {name} is not {value!r}"
    judge("FLT-03", _listed(answer) and not wrong, told, answer, item=name)
    total = answer.headers.get("x-total-count")
    if total is not None and _listed(answer) and not answer.elements:
        judge("FLT-04", total == "0", f"X-Total-Count is {total} for nothing found", answer, item=name)


def compared(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Two resources that differ, and each operator on each attribute."""
    if any(judge.items(rule) for rule in RULES):
        operators(made_pair(stage, resource, judge))


def language(stage: Stage, judge: Judge) -> None:
    """Every other way of asking for the one or the other of two resources; one kind of resource stands for all."""
    two = made_pair(stage, telling(stage), judge)
    for part in _PARTS:
        part(two)


AREA = Area("filters", "whether conditions choose what they name", (equality, compared, elements), (language, texts))
