"""JSON patch, RFC 6902: six operations, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctk.area import Check
from ctk.areas.shared.specimen import Elements, Specimen, elements_of, has, operation, refused, same, settled
from ctk.exchange import Exchange, Untestable
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect


def texts(target: Target, resource: Resource, expect: Expect) -> None:
    """Replaces and tests a text that always may change, sends what fails, then takes a text that may be missing."""
    if not expect.items("PAT-60"):
        return
    specimen = Specimen.create(target, resource)
    before, path, new = specimen.now(), f"/{specimen.text}", {specimen.text: specimen.new()}
    answer = specimen.operate(operation("replace", path, value=new[specimen.text]))
    expect("PAT-60", *has(answer, new), answer)
    after = specimen.now()
    expect("PAT-61", *has(after, new), answer, after)
    kept = answer.status == 200 and {**settled(before), **new} == settled(after)
    expect("PAT-62", kept, "more changed than the text", before, answer, after)
    if answer.status != 200:
        raise Untestable(f"a JSON patch answered {answer.status}")
    last = {specimen.text: specimen.new()}
    answer = specimen.operate(
        operation("test", path, value=new[specimen.text]), operation("replace", path, value=last[specimen.text])
    )
    expect("PAT-65", *has(answer, last), answer)
    first, last = specimen.new(), {specimen.text: specimen.new()}
    steps = [operation("replace", path, value=value) for value in (first, last[specimen.text])]
    expect("PAT-71", *has(answer := specimen.operate(*steps), last), answer)
    added = {specimen.text: specimen.new()}
    expect(
        "PAT-88", *has(answer := specimen.operate(operation("add", path, value=added[specimen.text])), added), answer
    )
    _failures(specimen, expect)
    _moves(specimen, expect)


def _moves(specimen: Specimen, expect: Expect) -> None:
    """Copies, moves, removes and adds between two texts of which one may be missing."""
    optional, lasting = specimen.optional, specimen.lasting
    value = specimen.now().body.get(optional)
    if value is None:
        raise Untestable(f"the resource has no {optional} at first")
    answer = specimen.operate(operation("copy", f"/{lasting}", source=f"/{optional}"))
    expect("PAT-69", *has(answer, {optional: value, lasting: value}), answer)
    moved = {optional: None, lasting: specimen.new(optional)}
    answer = specimen.operate(
        operation("replace", f"/{optional}", value=moved[lasting]),
        operation("move", f"/{lasting}", source=f"/{optional}"),
    )
    expect("PAT-70", *has(answer, moved), answer)
    if answer.status == 200 and answer.body.get(optional) is None:
        removed = specimen.operate(operation("remove", f"/{optional}"))
        replaced = specimen.operate(operation("replace", f"/{optional}", value="ctk"))
        _refused(expect, "PAT-77", replaced)
        _refused(expect, "PAT-78", removed)
        kept_off = specimen.now().body.get(optional) is None
        expect("PAT-79", kept_off, f"{optional} is there again", replaced, removed)
        added = {optional: specimen.new(optional)}
        expect(
            "PAT-63",
            *has(answer := specimen.operate(operation("add", f"/{optional}", value=added[optional])), added),
            answer,
        )
    answer = specimen.operate(operation("remove", f"/{optional}"))
    expect("PAT-64", *has(answer, {optional: None}), answer)


def arrays(target: Target, resource: Resource, expect: Expect) -> None:
    """Adds, changes, moves and removes elements of an array, and sends paths into it that lead nowhere."""
    if not expect.items("PAT-72"):
        return
    array, template = _array(target, resource)
    pair = array.pair(target, template)
    changes: dict[str, Any] = {array.name: pair}
    specimen = Specimen.create(target, resource, **changes)
    if not same(specimen.instance.body.get(array.name), pair):
        raise Untestable(f"{array.name} is not stored as it was sent")
    _elements(specimen, expect, array, [*pair, *array.pair(target, template)])
    now = specimen.now().body.get(array.name)
    if not now or same(now, pair):
        raise Untestable("no JSON patch changed the array")
    turned = dict(reversed(now[0].items()))
    answer = specimen.operate(operation("test", f"/{array.name}/0", value=turned))
    expect("PAT-76", *has(answer, {}), answer)
    _paths(specimen, expect, array, template)


def _elements(specimen: Specimen, expect: Expect, array: Elements, four: list[dict[str, Any]]) -> None:
    """Changes an array that has the first two of four elements."""
    path, present = f"/{array.name}", four[:3]
    _expect_array(specimen, expect, "PAT-72", array, present, operation("add", f"{path}/-", value=four[2]))
    present = [four[3], *present]
    _expect_array(specimen, expect, "PAT-73", array, present, operation("add", f"{path}/0", value=four[3]))
    present[1] = {**present[1], array.text: specimen.target.unique()}
    inside = operation("replace", f"{path}/1/{array.text}", value=present[1][array.text])
    _expect_array(specimen, expect, "PAT-74", array, present, inside)
    present = [present[1], present[0], *present[2:]]
    _expect_array(specimen, expect, "PAT-89", array, present, operation("move", f"{path}/0", source=f"{path}/1"))
    present = [present[0], *present[2:]]
    _expect_array(specimen, expect, "PAT-75", array, present, operation("remove", f"{path}/1"))


def _array(target: Target, resource: Resource) -> tuple[Elements, Mapping[str, Any]]:
    array = elements_of(target, resource)
    return array, target.body(resource)[array.name][0]


def _expect_array(
    specimen: Specimen, expect: Expect, rule: str, array: Elements, expected: list[Any], step: Mapping[str, Any]
) -> None:
    answer = specimen.operate(step)
    expect(rule, *has(answer, {array.name: expected}), answer)


def _paths(specimen: Specimen, expect: Expect, array: Elements, template: Mapping[str, Any]) -> None:
    """Sends paths into an array that lead nowhere."""
    before = specimen.now()
    if not before.body.get(array.name):
        raise Untestable(f"{array.name} is not stored")
    far = specimen.operate(operation("add", f"/{array.name}/77", value=array.pair(specimen.target, template)[0]))
    _refused(expect, "PAT-82", far)
    escaped = [specimen.operate(operation("remove", f"/{array.name}{slash}0")) for slash in ("~1", "~01")]
    for answer in escaped:
        _refused(expect, "PAT-83", answer)
    if expect.items("PAT-90"):
        zeros = specimen.operate(operation("remove", f"/{array.name}/00"))
        expect("PAT-90", *has(zeros, {}, 400), zeros)
    after = specimen.now()
    expect("PAT-84", before.body == after.body, "the resource is another one now", before, far, *escaped, after)


def _failures(specimen: Specimen, expect: Expect) -> None:
    """Expects JSON patches that fail to change nothing, whatever stands before and after what fails."""
    before, path = specimen.now(), f"/{specimen.text}"
    works = [operation("replace", path, value=specimen.new()) for _ in range(2)]
    answers = {
        "PAT-66": specimen.operate(works[0], operation("test", path, value="ctk-not-this"), works[1]),
        "PAT-68": specimen.operate(*works, operation("remove", "/ctkMissing")),
        "PAT-80": specimen.operate(operation("improve", path, value="ctk")),
        "PAT-81": specimen.operate({"op": "replace", "value": "ctk"}),
        "PAT-85": specimen.operate(operation("replace", path)),
        "PAT-86": specimen.send(works[0], "application/json-patch+json"),
    }
    for rule, answer in answers.items():
        _refused(expect, rule, answer)
        expect("PAT-91", *has(answer, {}, 400), answer)
    after = specimen.now()
    kept = before.body.get(specimen.text) == after.body.get(specimen.text)
    expect("PAT-67", kept, f"{specimen.text} is another one now", before, *answers.values(), after)
    answer = specimen.operate(operation("replace", "/id", value="ctk-other"))
    after = specimen.target.get(specimen.instance)
    expect("PAT-87", *has(after, {"id": specimen.instance.id}), answer, after)
    _refused(expect, "PAT-92", answer)


def _refused(expect: Expect, rule: str, answer: Exchange) -> None:
    expect(rule, refused(answer), f"answered {answer.status}", answer)


CHECKS: tuple[Check, ...] = (texts, arrays)
