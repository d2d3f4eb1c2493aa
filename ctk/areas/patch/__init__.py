"""Changes in four media types; this module has what a merge patch does, its neighbours have the rest."""

from __future__ import annotations

from urllib.parse import urlsplit

from ctk.area import Area
from ctk.areas.patch import json_patch, query, refusals
from ctk.areas.shared.specimen import MOVING, Specimen, at_once, elements_of, has, member_of, same, settled
from ctk.exchange import JSON, MERGE, Exchange, Untestable
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_UNICODE = 'Å ħ 漢字 🙂 "quoted" \\ / & <b> '


def text(target: Target, resource: Resource, expect: Expect) -> None:
    """Changes one text."""
    specimen = Specimen.create(target, resource)
    before, new = specimen.now(), specimen.new()
    answer = specimen.merge({specimen.text: new})
    expect("PAT-01", answer.status == 200, f"answered {answer.status}", answer)
    expect("PAT-02", *has(answer, {specimen.text: new}), answer)
    expect("PAT-05", answer.media == "application/json", f"answered {answer.media or 'no media type'}", answer)
    expect.equal("PAT-06", answer.body.get("id"), specimen.instance.id, answer)
    for name in expect.items("PAT-04"):
        expect("PAT-04", answer.body.get(name) is not None, f"{name} is missing", answer, item=name)
    after = specimen.now()
    expect("PAT-03", *has(after, {specimen.text: new}), answer, after)
    _expect_rest_unchanged(expect, before, after, specimen.text, answer)
    expect("PAT-08", answer.body == after.body, "what PATCH answered is not what a read shows", answer, after)
    for rule, header in (("PAT-09", "etag"), ("PAT-10", "last-modified")):
        expect(rule, bool(answer.headers.get(header)), f"the answer has no {header}", answer)
    _expect_moved(expect, "PAT-11", before, after, ("lastUpdate", "lastModified"))
    if expect.items("PAT-12"):
        _expect_in_list(specimen, expect, str(before.body.get(specimen.text)), new)
    again = specimen.merge({specimen.text: new})
    expect("PAT-14", *has(again, {**settled(after)}), answer, again)


def _expect_rest_unchanged(expect: Expect, before: Exchange, after: Exchange, changed: str, patch: Exchange) -> None:
    """Expects every attribute but the changed one to be as it was; a date of the server's is still there."""
    for name in expect.items("PAT-07"):
        if name == changed:
            continue
        old, now = before.body.get(name), after.body.get(name)
        if old is None and now is None:
            expect.untested("PAT-07", f"the resource has no {name}", item=name)
            continue
        if name in MOVING:
            holds = now is not None
        elif name == "href":
            holds = _last(old) == _last(now)
        else:
            holds = same(now, old) and same(old, now)
        expect("PAT-07", holds, f"{name} was {old!r}, and is {now!r}", before, patch, after, item=name)


def _last(href: object) -> str:
    return urlsplit(str(href)).path.rstrip("/").rpartition("/")[2]


def _expect_moved(expect: Expect, rule: str, before: Exchange, after: Exchange, names: tuple[str, ...]) -> None:
    """Expects a date of the server's to be another one now."""
    name = next((date for date in names if date in after.body), "")
    if not name:
        expect.untested(rule, f"the resource has no {' or '.join(names)}")
        return
    old, now = before.body.get(name), after.body[name]
    if old == now and "." not in str(now):
        expect.untested(rule, f"{name} is in whole seconds")
        return
    expect(rule, old != now, f"{name} was {old!r}, and still is", before, after)


def _expect_in_list(specimen: Specimen, expect: Expect, old: str, new: str) -> None:
    """Expects a list to find the resource by what it has now."""
    path = specimen.target.path(specimen.resource)
    answer = specimen.target.http("get", path, query=[(specimen.text, new)])
    keys = [element.get("id") for element in answer.elements]
    expect("PAT-12", specimen.instance.id in keys, "a list filtered by the new text lacks the resource", answer)
    late = specimen.target.http("get", path, query=[(specimen.text, old)])
    if specimen.instance.id not in keys or late.status not in (200, 206):
        expect.untested("PAT-13", "the list is not filtered by this text")
        return
    gone = specimen.instance.id not in [element.get("id") for element in late.elements]
    expect("PAT-13", gone, "a list filtered by the old text still has the resource", late)


def _expect_both(specimen: Specimen, expect: Expect) -> None:
    """Changes two texts, at once and one by one."""
    text, other = specimen.text, specimen.other
    changes = {text: specimen.new(text), other: specimen.new(other)}
    expect("PAT-15", *has(specimen.merge(changes), changes), specimen.target.http.exchanges[-1])
    before = specimen.now()
    changed = specimen.merge({other: specimen.new(other)})
    after = specimen.now()
    if changed.status == 200 and text in expect.items("PAT-07"):
        kept = same(after.body.get(text), before.body.get(text))
        expect("PAT-07", kept, f"{text} was {before.body.get(text)!r}", before, changed, after, item=text)


def writing(target: Target, resource: Resource, expect: Expect) -> None:
    """Changes several texts, one of all kinds of characters, and writes the same request in other ways."""
    specimen = Specimen.create(target, resource)
    _expect_both(specimen, expect)
    if specimen.new().startswith("http"):
        expect.untested("PAT-16", "its text is an address")
    else:
        difficult = {specimen.text: _UNICODE + target.unique()}
        answer = specimen.merge(difficult)
        expect("PAT-16", *has(answer, difficult), answer)
    new = {specimen.text: specimen.new()}
    expect("PAT-17", *has(answer := specimen.merge(new, "application/json; charset=utf-8"), new), answer)
    if expect.items("PAT-18"):
        new = {specimen.text: specimen.new()}
        slashed = at_once(target.http("patch", specimen.instance.path + "/", body=specimen.typed(new)))
        expect("PAT-18", *has(slashed, new), slashed)
    if expect.items("PAT-19"):
        new = {specimen.text: specimen.new()}
        expect("PAT-19", *has(answer := specimen.send(new), new), answer)
    if expect.items("PAT-20"):
        new = {specimen.text: specimen.new()}
        few = at_once(
            target.http("patch", specimen.instance.path, query=[("fields", specimen.text)], body=specimen.typed(new))
        )
        expect("PAT-20", *has(few, {**new, specimen.other: None}), few)


def nothing(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends an empty patch, and looks what a patch does to another resource."""
    specimen, bystander = Specimen.create(target, resource), Specimen.create(target, resource)
    before, aside = specimen.now(), bystander.now()
    answer = specimen.merge({})
    after = specimen.now()
    same_still = settled(before) == settled(after)
    expect("PAT-21", same_still, "an empty patch changed the resource", before, answer, after)
    if expect.items("PAT-22"):
        expect("PAT-22", *has(answer := specimen.send({}), {}), answer)
    answer = specimen.merge({specimen.text: specimen.new()})
    if answer.status != 200:
        expect.untested("PAT-23", f"a change of a text answered {answer.status}")
        return
    expect("PAT-23", bystander.now().body == aside.body, "a patch changed another resource", answer, aside)


_PARTS = {JSON: ("PAT-24", "PAT-25", "PAT-26", "PAT-27"), MERGE: ("PAT-31", "PAT-32", "PAT-33", "PAT-34")}
"""Per media type: null removes, an array is replaced, an object is merged, null inside an object removes."""


def parts(target: Target, resource: Resource, expect: Expect) -> None:
    """Changes texts, arrays and objects by a merge patch in application/json."""
    _expect_parts(Specimen.create(target, resource), expect, JSON)


def merged(target: Target, resource: Resource, expect: Expect) -> None:
    """Changes the same in application/merge-patch+json."""
    if not expect.items("PAT-28"):
        return
    specimen = Specimen.create(target, resource)
    before, new = specimen.now(), {specimen.text: specimen.new()}
    answer = specimen.merge(new, MERGE)
    expect("PAT-28", *has(answer, new), answer)
    after = specimen.now()
    expect("PAT-29", *has(after, new), answer, after)
    kept = answer.status == 200 and {**settled(before), **new} == settled(after)
    expect("PAT-30", kept, "a merge patch of a text changed something else", before, answer, after)
    _expect_parts(specimen, expect, MERGE)


def _expect_parts(specimen: Specimen, expect: Expect, media: str) -> None:
    removes, replaces, merges, empties = _PARTS[media]
    for rules, check in (
        ((removes,), _expect_removed),
        ((replaces,), _expect_replaced),
        ((merges, empties), _expect_merged),
    ):
        try:
            check(specimen, expect, media, rules)
        except Untestable as why:
            for rule in rules:
                expect.untested(rule, str(why))


def _expect_removed(specimen: Specimen, expect: Expect, media: str, rules: tuple[str, ...]) -> None:
    name = specimen.optional
    if specimen.instance.body.get(name) is None:
        raise Untestable(f"the resource has no {name} to remove")
    answer = specimen.merge({name: None}, media)
    expect(rules[0], *has(answer, {name: None}), answer)


def _expect_replaced(specimen: Specimen, expect: Expect, media: str, rules: tuple[str, ...]) -> None:
    array = elements_of(specimen.target, specimen.resource)
    pair = array.pair(specimen.target, specimen.instance.sent[array.name][0])
    for elements in (pair, pair[1:]):
        answer = specimen.merge({array.name: elements}, media)
        expect(rules[0], *has(answer, {array.name: elements}), answer)


def _expect_merged(specimen: Specimen, expect: Expect, media: str, rules: tuple[str, ...]) -> None:
    member = member_of(specimen.target, specimen.resource)
    before = specimen.instance.body.get(member.name)
    if not isinstance(before, dict):
        raise Untestable(f"the resource has no {member.name}")
    typed = {name: before[name] for name in ("@type",) if name in before}
    answer = specimen.merge({member.name: {**typed, member.inner: member.value}}, media)
    expected = {member.name: {**before, member.inner: member.value}}
    expect(rules[0], *has(answer, expected), answer)
    if answer.status != 200 or member.inner == "unit":
        expect.untested(rules[1], f"{member.name} has nothing that may be removed")
        return
    answer = specimen.merge({member.name: {**typed, member.inner: None}}, media)
    expected = {member.name: {**before, member.inner: None}}
    expect(rules[1], *has(answer, expected), answer)


def state(target: Target, resource: Resource, expect: Expect) -> None:
    """Moves the life cycle on."""
    if not resource.state:
        return
    specimen = Specimen.create(target, resource)
    before = specimen.now()
    following = {resource.state: resource.next_state(before.body.get(resource.state))}
    if following[resource.state] == before.body.get(resource.state):
        raise Untestable(f"its {resource.state} is the last one already")
    answer = specimen.merge(following)
    expect("PAT-35", *has(answer, following), answer)
    after = specimen.now()
    expect("PAT-36", *has(after, following), answer, after)
    _expect_moved(expect, "PAT-37", before, after, ("statusChangeDate",))
    outside = answer.status == 200 and specimen.merge({resource.state: f"no {resource.state}"})
    declared = target.document.attributes(target.document.schema(resource.schema)).get(resource.state)
    if not outside or declared is None or not declared.enum:
        expect.untested("PAT-38", f"the document does not say which values {resource.state} has")
        return
    expect("PAT-38", *has(outside, {}, 400), outside)


AREA = Area(
    "patch",
    "changes in four media types",
    checks=(
        text, writing, nothing, parts, merged, state,
        *refusals.CHECKS, *json_patch.CHECKS, *query.CHECKS,
    ),
    negative=True,
)  # fmt: skip
