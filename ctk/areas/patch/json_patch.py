"""JSON patch, RFC 6902: six operations, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctk.area import Story
from ctk.areas.shared.specimen import Elements, Subject, elements_of, has, operation, refused, same, settled
from ctk.exchange import Exchange, Untestable
from ctk.profile import Resource
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge


def texts(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Replace and test, on a text that always may change; failures; then a text that may be missing."""
    if not judge.items("PAT-60"):
        return
    subject = Subject(stage, resource)
    before, path, new = subject.now(), f"/{subject.text}", {subject.text: subject.new()}
    answer = subject.operate(operation("replace", path, value=new[subject.text]))
    judge("PAT-60", *has(answer, new), answer)
    after = subject.now()
    judge("PAT-61", *has(after, new), answer, after)
    kept = answer.status == 200 and {**settled(before), **new} == settled(after)
    judge("PAT-62", kept, "more changed than the text", before, answer, after)
    if answer.status != 200:
        raise Untestable(f"a JSON patch answered {answer.status}")
    last = {subject.text: subject.new()}
    answer = subject.operate(
        operation("test", path, value=new[subject.text]), operation("replace", path, value=last[subject.text])
    )
    judge("PAT-65", *has(answer, last), answer)
    first, last = subject.new(), {subject.text: subject.new()}
    steps = [operation("replace", path, value=value) for value in (first, last[subject.text])]
    judge("PAT-71", *has(answer := subject.operate(*steps), last), answer)
    added = {subject.text: subject.new()}
    judge("PAT-88", *has(answer := subject.operate(operation("add", path, value=added[subject.text])), added), answer)
    _failures(subject, judge)
    _moves(subject, judge)


def _moves(subject: Subject, judge: Judge) -> None:
    """Copy, move, remove and add, between two texts of which one may be missing."""
    free, kept = subject.optional, subject.kept
    value = subject.now().body.get(free)
    if value is None:
        raise Untestable(f"the resource has no {free} at first")
    answer = subject.operate(operation("copy", f"/{kept}", source=f"/{free}"))
    judge("PAT-69", *has(answer, {free: value, kept: value}), answer)
    moved = {free: None, kept: subject.new(free)}
    answer = subject.operate(
        operation("replace", f"/{free}", value=moved[kept]), operation("move", f"/{kept}", source=f"/{free}")
    )
    judge("PAT-70", *has(answer, moved), answer)
    if answer.status == 200 and answer.body.get(free) is None:
        removed = subject.operate(operation("remove", f"/{free}"))
        replaced = subject.operate(operation("replace", f"/{free}", value="ctk"))
        _refused(judge, "PAT-77", replaced)
        _refused(judge, "PAT-78", removed)
        kept_off = subject.now().body.get(free) is None
        judge("PAT-79", kept_off, f"{free} is there again", replaced, removed)
        added = {free: subject.new(free)}
        judge("PAT-63", *has(answer := subject.operate(operation("add", f"/{free}", value=added[free])), added), answer)
    answer = subject.operate(operation("remove", f"/{free}"))
    judge("PAT-64", *has(answer, {free: None}), answer)


def arrays(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Elements of an array: added, changed, moved, removed, and paths into it that lead nowhere."""
    if not judge.items("PAT-72"):
        return
    array, template = _array(stage, resource)
    pair = array.pair(stage, template)
    subject = Subject(stage, resource, **{array.name: pair})
    if not same(subject.made.body.get(array.name), pair):
        raise Untestable(f"{array.name} is not stored as it was sent")
    _elements(subject, judge, array, [*pair, *array.pair(stage, template)])
    now = subject.now().body.get(array.name)
    if not now or same(now, pair):
        raise Untestable("no JSON patch changed the array")
    turned = dict(reversed(now[0].items()))
    answer = subject.operate(operation("test", f"/{array.name}/0", value=turned))
    judge("PAT-76", *has(answer, {}), answer)
    _paths(subject, judge, array, template)


def _elements(subject: Subject, judge: Judge, array: Elements, four: list[dict[str, Any]]) -> None:
    """The first two of four elements are there."""
    path, there = f"/{array.name}", four[:3]
    _becomes(subject, judge, "PAT-72", array, there, operation("add", f"{path}/-", value=four[2]))
    there = [four[3], *there]
    _becomes(subject, judge, "PAT-73", array, there, operation("add", f"{path}/0", value=four[3]))
    there[1] = {**there[1], array.target: subject.stage.unique()}
    inside = operation("replace", f"{path}/1/{array.target}", value=there[1][array.target])
    _becomes(subject, judge, "PAT-74", array, there, inside)
    there = [there[1], there[0], *there[2:]]
    _becomes(subject, judge, "PAT-89", array, there, operation("move", f"{path}/0", source=f"{path}/1"))
    there = [there[0], *there[2:]]
    _becomes(subject, judge, "PAT-75", array, there, operation("remove", f"{path}/1"))


def _array(stage: Stage, resource: Resource) -> tuple[Elements, Mapping[str, Any]]:
    array = elements_of(stage, resource)
    return array, stage.body(resource)[array.name][0]


def _becomes(
    subject: Subject, judge: Judge, rule: str, array: Elements, there: list[Any], one: Mapping[str, Any]
) -> None:
    answer = subject.operate(one)
    judge(rule, *has(answer, {array.name: there}), answer)


def _paths(subject: Subject, judge: Judge, array: Elements, template: Mapping[str, Any]) -> None:
    """Paths into an array that lead nowhere."""
    before = subject.now()
    if not before.body.get(array.name):
        raise Untestable(f"{array.name} is not stored")
    far = subject.operate(operation("add", f"/{array.name}/77", value=array.pair(subject.stage, template)[0]))
    _refused(judge, "PAT-82", far)
    escaped = [subject.operate(operation("remove", f"/{array.name}{slash}0")) for slash in ("~1", "~01")]
    for answer in escaped:
        _refused(judge, "PAT-83", answer)
    if judge.items("PAT-90"):
        zeros = subject.operate(operation("remove", f"/{array.name}/00"))
        judge("PAT-90", *has(zeros, {}, 400), zeros)
    after = subject.now()
    judge("PAT-84", before.body == after.body, "the resource is another one now", before, far, *escaped, after)


def _failures(subject: Subject, judge: Judge) -> None:
    """JSON patches that fail change nothing, whatever stands before and after what fails."""
    before, path = subject.now(), f"/{subject.text}"
    works = [operation("replace", path, value=subject.new()) for _ in range(2)]
    answers = {
        "PAT-66": subject.operate(works[0], operation("test", path, value="ctk-not-this"), works[1]),
        "PAT-68": subject.operate(*works, operation("remove", "/ctkMissing")),
        "PAT-80": subject.operate(operation("improve", path, value="ctk")),
        "PAT-81": subject.operate({"op": "replace", "value": "ctk"}),
        "PAT-85": subject.operate(operation("replace", path)),
        "PAT-86": subject.send(works[0], "application/json-patch+json"),
    }
    for rule, answer in answers.items():
        _refused(judge, rule, answer)
        judge("PAT-91", *has(answer, {}, 400), answer)
    after = subject.now()
    kept = before.body.get(subject.text) == after.body.get(subject.text)
    judge("PAT-67", kept, f"{subject.text} is another one now", before, *answers.values(), after)
    answer = subject.operate(operation("replace", "/id", value="ctk-other"))
    after = subject.stage.get(subject.made)
    judge("PAT-87", *has(after, {"id": subject.made.id}), answer, after)
    _refused(judge, "PAT-92", answer)


def _refused(judge: Judge, rule: str, answer: Exchange) -> None:
    judge(rule, refused(answer), f"answered {answer.status}", answer)


STORIES: tuple[Story, ...] = (texts, arrays)
