"""JSON patch query: a JSON patch whose path finds elements by what they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ctk.area import Story
from ctk.areas.shared.specimen import Elements, Subject, elements_of, has, operation, same
from ctk.exchange import JSON_PATCH_QUERY, Exchange, Untestable
from ctk.profile import Resource
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

_ALIAS = "application/json-patch+query"

_SPELLINGS: Mapping[str, Callable[[Elements, str], str]] = {
    "PAT-102": lambda array, mark: f"$.{array.name}[?(@.{array.mark}=='{mark}')].{array.target}",
    "PAT-103": lambda array, mark: f"/{array.name}/{array.target}?{array.name}.{array.mark}={mark}",
    "PAT-104": lambda array, mark: f"/{array.name}?{array.mark}={mark}/{array.target}",
}
_REMOVALS: tuple[Callable[[Elements, str], str], ...] = (
    lambda array, mark: f"$.{array.name}[?(@.{array.mark}=='{mark}')]",
    lambda array, mark: f"/{array.name}?{array.name}.{array.mark}={mark}",
)


def elements(stage: Stage, resource: Resource, judge: Judge) -> None:
    """An element is found in three spellings: one is enough for the standard; its neighbour is left alone."""
    if not judge.items("PAT-100"):
        return
    array, subject, (one, other) = _pair(stage, resource)
    tried: list[Exchange] = []
    worked: list[Exchange] = []
    for rule, spelling in _SPELLINGS.items():
        path, new = spelling(array, one[array.mark]), stage.unique()
        answer = _send(subject, operation("replace", path, value=new))
        tried.append(answer)
        found = [element.get(array.target) for element in _there(answer, array)]
        judge(rule, new in found, f"answered {answer.status}; the {array.target} of its elements is {found}", answer)
        if new in found:
            one = {**one, array.target: new}
            worked.append(answer)
            alone = same(_there(answer, array), [one, other])
            judge("PAT-101", alone, "more than the element that was found is another one now", answer)
    judge("PAT-100", bool(worked), "no spelling of a path with a query changed the element", *tried)
    if not worked:
        raise Untestable("no path with a query changed anything")
    _misses(subject, judge, array)
    _removal(subject, judge, array, [one, other])


def plain(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A path without a query is read too, and the media type by its other name."""
    if not judge.items("PAT-108"):
        return
    subject = Subject(stage, resource)
    for rule, media in (("PAT-108", JSON_PATCH_QUERY), ("PAT-109", _ALIAS)):
        if judge.items(rule):
            new = {subject.text: subject.new()}
            answer = subject.operate(operation("replace", f"/{subject.text}", value=new[subject.text]), media=media)
            judge(rule, *has(answer, new), answer)


def _removal(subject: Subject, judge: Judge, array: Elements, pair: list[dict[str, Any]]) -> None:
    """An element is found and removed; before, a path that finds both."""
    one, other = pair
    if judge.items("PAT-110"):
        every = operation("replace", f"$.{array.name}[*].{array.target}", value=one[array.target])
        answer = _send(subject, every)
        found = [element.get(array.target) for element in _there(answer, array)]
        judge("PAT-110", found == [one[array.target]] * 2, f"answered {answer.status}; they are {found}", answer)
        _send(subject, operation("replace", f"/{array.name}/1/{array.target}", value=other[array.target]))
    answers = [_send(subject, operation("remove", spelling(array, one[array.mark]))) for spelling in _REMOVALS]
    worked = [answer for answer in answers if answer.status == 200]
    after = subject.now()
    gone = bool(worked) and same(after.body.get(array.name), [other])
    judge("PAT-105", gone, "the one element that was found is not what went", *answers, after)


def _misses(subject: Subject, judge: Judge, array: Elements) -> None:
    """Queries that find nothing, and one that is none."""
    before = subject.now()
    missed = [
        _send(subject, operation("replace", spelling(array, "ctk-nobody"), value="ctk"))
        for spelling in _SPELLINGS.values()
    ]
    broken = _send(subject, operation("replace", f"$.{array.name}[?(@.{array.mark}==", value="ctk"))
    after = subject.now()
    judge("PAT-107", before.body == after.body, "a query that finds nothing changed something", *missed, broken, after)
    for answer in missed:
        judge("PAT-106", *has(answer, {}, 400), answer)
    judge("PAT-111", *has(broken, {}, 400), broken)


def _send(subject: Subject, one: Mapping[str, Any]) -> Exchange:
    return subject.operate(one, media=JSON_PATCH_QUERY)


def _there(answer: Exchange, array: Elements) -> list[dict[str, Any]]:
    there = answer.body.get(array.name) if answer.status == 200 else None
    return [one for one in there if isinstance(one, dict)] if isinstance(there, list) else []


def _pair(stage: Stage, resource: Resource) -> tuple[Elements, Subject, list[dict[str, Any]]]:
    """A resource whose array has two elements, and the two."""
    array = elements_of(stage, resource)
    pair = array.pair(stage, stage.body(resource)[array.name][0])
    subject = Subject(stage, resource, **{array.name: pair})
    if not same(subject.made.body.get(array.name), pair):
        raise Untestable(f"{array.name} is not stored as it was sent")
    return array, subject, pair


STORIES: tuple[Story, ...] = (elements, plain)
