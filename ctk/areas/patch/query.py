"""JSON patch query: a JSON patch whose path finds elements by what they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ctk.area import Check
from ctk.areas.shared.specimen import Elements, Specimen, elements_of, has, operation, same
from ctk.exchange import JSON_PATCH_QUERY, Exchange, Untestable
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_ALIAS = "application/json-patch+query"

_SPELLINGS: Mapping[str, Callable[[Elements, str], str]] = {
    "PAT-102": lambda array, mark: f"$.{array.name}[?(@.{array.mark}=='{mark}')].{array.text}",
    "PAT-103": lambda array, mark: f"/{array.name}/{array.text}?{array.name}.{array.mark}={mark}",
    "PAT-104": lambda array, mark: f"/{array.name}?{array.mark}={mark}/{array.text}",
}
_REMOVALS: tuple[Callable[[Elements, str], str], ...] = (
    lambda array, mark: f"$.{array.name}[?(@.{array.mark}=='{mark}')]",
    lambda array, mark: f"/{array.name}?{array.name}.{array.mark}={mark}",
)


def elements(target: Target, resource: Resource, expect: Expect) -> None:
    """Finds an element in three spellings: one is enough for the standard; its neighbour is left alone."""
    if not expect.items("PAT-100"):
        return
    array, specimen, (element, neighbour) = _pair(target, resource)
    tried: list[Exchange] = []
    worked: list[Exchange] = []
    for rule, spelling in _SPELLINGS.items():
        path, new = spelling(array, element[array.mark]), target.unique()
        answer = _send(specimen, operation("replace", path, value=new))
        tried.append(answer)
        texts = [element.get(array.text) for element in _elements_in(answer, array)]
        expect(rule, new in texts, f"answered {answer.status}; the {array.text} of its elements is {texts}", answer)
        if new in texts:
            element = {**element, array.text: new}
            worked.append(answer)
            alone = same(_elements_in(answer, array), [element, neighbour])
            expect("PAT-101", alone, "more than the element that was found is another one now", answer)
    expect("PAT-100", bool(worked), "no spelling of a path with a query changed the element", *tried)
    if not worked:
        raise Untestable("no path with a query changed anything")
    _misses(specimen, expect, array)
    _removal(specimen, expect, array, [element, neighbour])


def plain(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends a path without a query, and the media type by its other name."""
    if not expect.items("PAT-108"):
        return
    specimen = Specimen.create(target, resource)
    for rule, media in (("PAT-108", JSON_PATCH_QUERY), ("PAT-109", _ALIAS)):
        if expect.items(rule):
            new = {specimen.text: specimen.new()}
            answer = specimen.operate(operation("replace", f"/{specimen.text}", value=new[specimen.text]), media=media)
            expect(rule, *has(answer, new), answer)


def _removal(specimen: Specimen, expect: Expect, array: Elements, pair: list[dict[str, Any]]) -> None:
    """Removes an element that a query finds; before, changes all by a path that finds both."""
    element, neighbour = pair
    if expect.items("PAT-110"):
        every = operation("replace", f"$.{array.name}[*].{array.text}", value=element[array.text])
        answer = _send(specimen, every)
        texts = [element.get(array.text) for element in _elements_in(answer, array)]
        expect("PAT-110", texts == [element[array.text]] * 2, f"answered {answer.status}; they are {texts}", answer)
        _send(specimen, operation("replace", f"/{array.name}/1/{array.text}", value=neighbour[array.text]))
    answers = [_send(specimen, operation("remove", spelling(array, element[array.mark]))) for spelling in _REMOVALS]
    worked = [answer for answer in answers if answer.status == 200]
    after = specimen.now()
    gone = bool(worked) and same(after.body.get(array.name), [neighbour])
    expect("PAT-105", gone, "the one element that was found is not what went", *answers, after)


def _misses(specimen: Specimen, expect: Expect, array: Elements) -> None:
    """Sends queries that find nothing, and one that is none."""
    before = specimen.now()
    missed = [
        _send(specimen, operation("replace", spelling(array, "ctk-nobody"), value="ctk"))
        for spelling in _SPELLINGS.values()
    ]
    broken = _send(specimen, operation("replace", f"$.{array.name}[?(@.{array.mark}==", value="ctk"))
    after = specimen.now()
    expect("PAT-107", before.body == after.body, "a query that finds nothing changed something", *missed, broken, after)
    for answer in missed:
        expect("PAT-106", *has(answer, {}, 400), answer)
    expect("PAT-111", *has(broken, {}, 400), broken)


def _send(specimen: Specimen, step: Mapping[str, Any]) -> Exchange:
    return specimen.operate(step, media=JSON_PATCH_QUERY)


def _elements_in(answer: Exchange, array: Elements) -> list[dict[str, Any]]:
    value = answer.body.get(array.name) if answer.status == 200 else None
    return [element for element in value if isinstance(element, dict)] if isinstance(value, list) else []


def _pair(target: Target, resource: Resource) -> tuple[Elements, Specimen, list[dict[str, Any]]]:
    """Creates a resource whose array has two elements; returns the array, the resource, the two."""
    array = elements_of(target, resource)
    pair = array.pair(target, target.body(resource)[array.name][0])
    changes: dict[str, Any] = {array.name: pair}
    specimen = Specimen.create(target, resource, **changes)
    if not same(specimen.instance.body.get(array.name), pair):
        raise Untestable(f"{array.name} is not stored as it was sent")
    return array, specimen, pair


CHECKS: tuple[Check, ...] = (elements, plain)
