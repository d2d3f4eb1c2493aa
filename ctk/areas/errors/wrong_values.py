"""Bodies with one attribute wrong: missing, null, of another type, outside its enumeration, no date, unknown."""

from __future__ import annotations

from typing import Any

from ctk.areas.shared.good_values import good_values
from ctk.areas.shared.refusals import Attempts, Changes, explained, judge_named, judge_unbroken, names
from ctk.exchange import Exchange, Untestable
from ctk.profile import Resource
from ctk.standard.document import Attribute
from ctk.standard.shapes import Path, at, objects
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge, taken

UNKNOWN = "ctkUnknown"


def creations(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Creations with one attribute wrong, or two."""
    attempts = Attempts(stage, resource)
    _required(attempts, judge)
    _wrong_types(stage, resource, attempts, judge)
    _wrong_words(stage, resource, attempts, judge)
    _several(stage, resource, attempts, judge)


def _required(attempts: Attempts, judge: Judge) -> None:
    """Each mandatory attribute missing, and null."""
    for name in judge.items("ERR-12"):
        answer = attempts.without(name)
        judge("ERR-12", _refused_or_filled(answer, name), f"answered {answer.status} without {name}", answer, item=name)
        judge_named(judge, "ERR-13", answer, name, item=name)
    for name in judge.items("ERR-14"):
        answer = attempts(**{name: None})
        judge("ERR-14", _refused_or_filled(answer, name), f"answered {answer.status}", answer, item=name)


def _wrong_types(stage: Stage, resource: Resource, attempts: Attempts, judge: Judge) -> None:
    """Each attribute of another JSON type, and lists with an element of another."""
    declared = taken(stage.document, "create", resource.name)
    for name in judge.items("ERR-18"):
        answer = attempts(**{name: _other(declared[name])})
        judge("ERR-17", answer.status == 400, f"answered {answer.status}", answer, item=name)
        judge_unbroken(judge, "ERR-18", [answer], item=name)
        judge_named(judge, "ERR-19", answer, name, item=name)
    for name in judge.items("ERR-25"):
        answer = attempts(**{name: [_other_single(declared[name])]})
        judge("ERR-24", answer.status == 400, f"answered {answer.status}", answer, item=name)
        judge_unbroken(judge, "ERR-25", [answer], item=name)


def wrong_inside(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A text inside each complex attribute that is an object instead."""
    if not judge.items("ERR-26"):
        return
    attempts, values = Attempts(stage, resource), good_values(stage, resource, judge.items("ERR-26"))
    declared = taken(stage.document, "create", resource.name)
    all_taken = attempts(**values).status == 201
    for name, value in values.items():
        wrong = _wrong_inside(stage, declared[name], value)
        if not wrong:
            judge.untested("ERR-26", f"{name} has no text inside", item=name)
        elif not all_taken and (good := attempts(**{name: value})).status != 201:
            judge.untested("ERR-26", f"what would be right there is answered with {good.status}", item=name)
        else:
            answer = attempts(**{name: wrong})
            judge("ERR-26", answer.status == 400, f"answered {answer.status}", answer, item=name)


def _wrong_words(stage: Stage, resource: Resource, attempts: Attempts, judge: Judge) -> None:
    """Words outside an enumeration, and texts that are no dates."""
    declared = taken(stage.document, "create", resource.name)
    for refuses, tells, word in (("ERR-20", "ERR-21", "ctkNoSuchWord"), ("ERR-22", "ERR-23", "in a fortnight")):
        for name in judge.items(refuses):
            value = [word] if declared[name].many else word
            answer = attempts(**{name: value})
            judge(refuses, answer.status == 400, f"{word!r} was answered with {answer.status}", answer, item=name)
            judge_named(judge, tells, answer, name, item=name)


def wrong_changes(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Each attribute changed to another JSON type; whatever is refused leaves the resource as it was."""
    if not judge.items("ERR-28"):
        return
    changes = Changes(stage, resource)
    declared = taken(stage.document, "patch", resource.name)
    for name in judge.items("ERR-28"):
        answer = changes({name: _other(declared[name])})
        judge("ERR-27", answer.status == 400, f"answered {answer.status}", answer, item=name)
        judge_unbroken(judge, "ERR-28", [answer], item=name)
        judge_named(judge, "ERR-29", answer, name, item=name)
    changes({UNKNOWN: 7, resource.text: {"ctk": "of another type"}})
    if not changes.refused:
        raise Untestable("no wrong change was refused")
    now = stage.get(changes.made)
    was = {name: value for name, value in changes.made.body.items() if name != "href"}
    found = {name: now.body.get(name) for name in was}
    judge("ERR-30", now.status == 200 and found == was, "a refused change has changed something", now)


def _several(stage: Stage, resource: Resource, attempts: Attempts, judge: Judge) -> None:
    """Two attributes wrong in one body, and one that no schema has."""
    every = taken(stage.document, "create", resource.name)
    wrong = dict([*_scalars(stage, resource), (resource.text, every[resource.text])][:2])
    answer = attempts(**{name: _other(one) for name, one in wrong.items()})
    if answer.status == 400 and len(wrong) == 2:
        told = [name for name in wrong if names(answer, name)]
        judge("ERR-31", len(told) == 2, f"names {' and '.join(told) or 'none'} of two", answer)
    else:
        judge.untested("ERR-31", f"two wrong attributes were answered with {answer.status}")
    odd = attempts(**{UNKNOWN: 7})
    judge("ERR-32", odd.status == 400, f"answered {odd.status}", odd)
    judge_named(judge, "ERR-33", odd, UNKNOWN)


def nothing_stored(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A refused creation is in no list, where one that is taken is."""
    made = stage.create(resource)
    kept = made.body.get(resource.text)
    sent = stage.body(resource)
    sent[resource.text] = lost = f"{kept}-refused"
    sent |= {name: _other(one) for name, one in _scalars(stage, resource)[:1]}
    refused = stage.post(resource, sent)
    if refused.status != 400:
        raise Untestable(f"a wrong creation was answered with {refused.status}")
    judge("ERR-15", explained(refused), f"the body of the 400 is {refused.content[:100]!r}", refused)
    if not isinstance(kept, str):
        raise Untestable(f"{resource.text} of what was made is no text")
    control, found = (_listed(stage, resource, text) for text in (kept, lost))
    if not _has(control, resource.text, kept):
        raise Untestable(f"a resource that was made is not found by its {resource.text}")
    judge("ERR-16", not _has(found, resource.text, lost), "what was refused is in the list", refused, found)


def _scalars(stage: Stage, resource: Resource) -> list[tuple[str, Attribute]]:
    """What a creation may have of single values, save what the server sets, and the text that tells resources apart."""
    passed = {*resource.server, resource.text, "@type", "@baseType", "@schemaLocation"}
    given = taken(stage.document, "create", resource.name)
    return [(name, one) for name, one in given.items() if one.scalar and name not in passed]


def _listed(stage: Stage, resource: Resource, text: str) -> Exchange:
    return stage.http("get", stage.path(resource), query=[(resource.text, text)])


def _has(answer: Exchange, attribute: str, text: str) -> bool:
    return any(one.get(attribute) == text for one in answer.elements)


def _refused_or_filled(answer: Exchange, name: str) -> bool:
    """Refused with 400, or created with the attribute: some that are mandatory a server sets itself."""
    return answer.status == 400 or (answer.status == 201 and answer.body.get(name) is not None)


def _other(one: Attribute) -> Any:
    """A value of another JSON type."""
    return {"ctk": "of another type"} if one.many and one.kind != "object" else _other_single(one)


def _other_single(one: Attribute) -> Any:
    return "ctk, of another type" if one.kind == "object" else {"ctk": "of another type"}


def _wrong_inside(stage: Stage, one: Attribute, value: Any) -> Any:
    """The value with an object in place of its first text; nothing where it has none."""
    for path, node, found in objects(stage.document, one.node, value):
        declared = stage.document.attributes(node)
        for name, inner in found.items():
            if isinstance(inner, str) and name in declared and declared[name].kind == "string":
                return _with(value, (*path, name), {"ctk": "of another type"})
    return None


def _with(value: Any, path: Path, new: Any) -> Any:
    """The value with another thing at a path."""
    if not path:
        return new
    if isinstance(value, list):
        return [_with(inner, path[1:], new) if number == path[0] else inner for number, inner in enumerate(value)]
    return {**value, path[0]: _with(at(value, path[:1]), path[1:], new)}
