"""Bodies with one attribute wrong: missing, null, of another type, outside its enumeration, no date, unknown."""

from __future__ import annotations

from typing import Any

from ctk.areas.shared.good_values import good_values
from ctk.areas.shared.refusals import Attempts, Changes, expect_named, expect_unbroken, explained, names
from ctk.exchange import Exchange, Untestable
from ctk.standard.document import Attribute
from ctk.standard.operations import writable_attributes
from ctk.standard.profile import Resource
from ctk.standard.shapes import Path, at, objects
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

UNKNOWN = "ctkUnknown"


def creations(target: Target, resource: Resource, expect: Expect) -> None:
    """Creates with one attribute wrong, or two."""
    attempts = Attempts(target, resource)
    _required(attempts, expect)
    _wrong_types(target, resource, attempts, expect)
    _wrong_words(target, resource, attempts, expect)
    _several(target, resource, attempts, expect)


def _required(attempts: Attempts, expect: Expect) -> None:
    """Leaves out each mandatory attribute, and sends null for it."""
    for name in expect.items("ERR-12"):
        answer = attempts.without(name)
        expect(
            "ERR-12", _refused_or_filled(answer, name), f"answered {answer.status} without {name}", answer, item=name
        )
        expect_named(expect, "ERR-13", answer, name, item=name)
    for name in expect.items("ERR-14"):
        answer = attempts(**{name: None})
        expect("ERR-14", _refused_or_filled(answer, name), f"answered {answer.status}", answer, item=name)


def _wrong_types(target: Target, resource: Resource, attempts: Attempts, expect: Expect) -> None:
    """Sends each attribute with another JSON type, and lists with an element of another."""
    declared = writable_attributes(target.document, "create", resource.name)
    for name in expect.items("ERR-18"):
        answer = attempts(**{name: _other(declared[name])})
        expect("ERR-17", answer.status == 400, f"answered {answer.status}", answer, item=name)
        expect_unbroken(expect, "ERR-18", [answer], item=name)
        expect_named(expect, "ERR-19", answer, name, item=name)
    for name in expect.items("ERR-25"):
        answer = attempts(**{name: [_other_single(declared[name])]})
        expect("ERR-24", answer.status == 400, f"answered {answer.status}", answer, item=name)
        expect_unbroken(expect, "ERR-25", [answer], item=name)


def wrong_inside(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends an object in place of a text inside each complex attribute."""
    if not expect.items("ERR-26"):
        return
    attempts, values = Attempts(target, resource), good_values(target, resource, expect.items("ERR-26"))
    declared = writable_attributes(target.document, "create", resource.name)
    all_taken = attempts(**values).status == 201
    for name, value in values.items():
        wrong = _wrong_inside(target, declared[name], value)
        if not wrong:
            expect.untested("ERR-26", f"{name} has no text inside", item=name)
        elif not all_taken and (good := attempts(**{name: value})).status != 201:
            expect.untested("ERR-26", f"what would be right there is answered with {good.status}", item=name)
        else:
            answer = attempts(**{name: wrong})
            expect("ERR-26", answer.status == 400, f"answered {answer.status}", answer, item=name)


def _wrong_words(target: Target, resource: Resource, attempts: Attempts, expect: Expect) -> None:
    """Sends words outside an enumeration, and texts that are no dates."""
    declared = writable_attributes(target.document, "create", resource.name)
    for refuses, tells, word in (("ERR-20", "ERR-21", "ctkNoSuchWord"), ("ERR-22", "ERR-23", "in a fortnight")):
        for name in expect.items(refuses):
            value = [word] if declared[name].many else word
            answer = attempts(**{name: value})
            expect(refuses, answer.status == 400, f"{word!r} was answered with {answer.status}", answer, item=name)
            expect_named(expect, tells, answer, name, item=name)


def wrong_changes(target: Target, resource: Resource, expect: Expect) -> None:
    """Changes each attribute to another JSON type; whatever is refused leaves the resource as it was."""
    if not expect.items("ERR-28"):
        return
    changes = Changes(target, resource)
    declared = writable_attributes(target.document, "patch", resource.name)
    for name in expect.items("ERR-28"):
        answer = changes({name: _other(declared[name])})
        expect("ERR-27", answer.status == 400, f"answered {answer.status}", answer, item=name)
        expect_unbroken(expect, "ERR-28", [answer], item=name)
        expect_named(expect, "ERR-29", answer, name, item=name)
    changes({UNKNOWN: 7, resource.text: {"ctk": "of another type"}})
    if not changes.refusals:
        raise Untestable("no wrong change was refused")
    now = changes.specimen.read()
    was = {name: value for name, value in changes.specimen.instance.body.items() if name != "href"}
    now_has = {name: now.body.get(name) for name in was}
    expect("ERR-30", now.status == 200 and now_has == was, "a refused change has changed something", now)


def _several(target: Target, resource: Resource, attempts: Attempts, expect: Expect) -> None:
    """Sends two wrong attributes in one body, and one that no schema has."""
    every = writable_attributes(target.document, "create", resource.name)
    wrong = dict([*_scalars(target, resource), (resource.text, every[resource.text])][:2])
    answer = attempts(**{name: _other(attribute) for name, attribute in wrong.items()})
    if answer.status == 400 and len(wrong) == 2:
        named_in_reason = [name for name in wrong if names(answer, name)]
        expect("ERR-31", len(named_in_reason) == 2, f"names {' and '.join(named_in_reason) or 'none'} of two", answer)
    else:
        expect.untested("ERR-31", f"two wrong attributes were answered with {answer.status}")
    unknown = attempts(**{UNKNOWN: 7})
    expect("ERR-32", unknown.status == 400, f"answered {unknown.status}", unknown)
    expect_named(expect, "ERR-33", unknown, UNKNOWN)


def nothing_stored(target: Target, resource: Resource, expect: Expect) -> None:
    """Looks for a refused creation in a list that shows an accepted one."""
    instance = target.create(resource)
    accepted = instance.body.get(resource.text)
    sent = target.body(resource)
    sent[resource.text] = refused_text = f"{accepted}-refused"
    sent |= {name: _other(attribute) for name, attribute in _scalars(target, resource)[:1]}
    refusal = target.post(resource, sent)
    if refusal.status != 400:
        raise Untestable(f"a wrong creation was answered with {refusal.status}")
    expect("ERR-15", explained(refusal), f"the body of the 400 is {refusal.content[:100]!r}", refusal)
    if not isinstance(accepted, str):
        raise Untestable(f"{resource.text} of what was made is no text")
    control, rest = (_listed(target, resource, text) for text in (accepted, refused_text))
    if not _has(control, resource.text, accepted):
        raise Untestable(f"a resource that was made is not found by its {resource.text}")
    expect("ERR-16", not _has(rest, resource.text, refused_text), "what was refused is in the list", refusal, rest)


def _scalars(target: Target, resource: Resource) -> list[tuple[str, Attribute]]:
    """Returns the single values that a creation may have, without what the server sets and without `text`."""
    left_out = {*resource.server, resource.text, "@type", "@baseType", "@schemaLocation"}
    declared = writable_attributes(target.document, "create", resource.name)
    return [(name, attribute) for name, attribute in declared.items() if attribute.scalar and name not in left_out]


def _listed(target: Target, resource: Resource, text: str) -> Exchange:
    return target.http("get", target.path(resource), query=[(resource.text, text)])


def _has(answer: Exchange, attribute: str, text: str) -> bool:
    return any(element.get(attribute) == text for element in answer.elements)


def _refused_or_filled(answer: Exchange, name: str) -> bool:
    """Returns whether it was refused with 400, or created with the attribute, which a server may set itself."""
    return answer.status == 400 or (answer.status == 201 and answer.body.get(name) is not None)


def _other(attribute: Attribute) -> Any:
    """Returns a value of another JSON type."""
    return {"ctk": "of another type"} if attribute.many and attribute.kind != "object" else _other_single(attribute)


def _other_single(attribute: Attribute) -> Any:
    return "ctk, of another type" if attribute.kind == "object" else {"ctk": "of another type"}


def _wrong_inside(target: Target, attribute: Attribute, value: Any) -> Any:
    """Returns the value with an object in place of its first text. Returns None where it has no text."""
    for path, node, container in objects(target.document, attribute.node, value):
        declared = target.document.attributes(node)
        for name, inner in container.items():
            if isinstance(inner, str) and name in declared and declared[name].kind == "string":
                return _with(value, (*path, name), {"ctk": "of another type"})
    return None


def _with(value: Any, path: Path, new: Any) -> Any:
    """Returns the value with `new` at a path."""
    if not path:
        return new
    if isinstance(value, list):
        return [_with(inner, path[1:], new) if number == path[0] else inner for number, inner in enumerate(value)]
    return {**value, path[0]: _with(at(value, path[:1]), path[1:], new)}
