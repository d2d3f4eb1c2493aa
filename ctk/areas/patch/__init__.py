"""Changes in four media types; this module has what a merge patch does, its neighbours have the rest."""

from __future__ import annotations

from urllib.parse import urlsplit

from ctk.area import Area
from ctk.areas.patch import json_patch, query, refusals
from ctk.areas.shared.specimen import MOVING, Subject, at_once, elements_of, has, member_of, same, settled
from ctk.exchange import JSON, MERGE, Exchange, Untestable
from ctk.profile import Resource
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

_UNICODE = 'Å ħ 漢字 🙂 "quoted" \\ / & <b> '


def text(stage: Stage, resource: Resource, judge: Judge) -> None:
    """One text changes."""
    subject = Subject(stage, resource)
    before, new = subject.now(), subject.new()
    answer = subject.merge({subject.text: new})
    judge("PAT-01", answer.status == 200, f"answered {answer.status}", answer)
    judge("PAT-02", *has(answer, {subject.text: new}), answer)
    judge("PAT-05", answer.media == "application/json", f"answered {answer.media or 'no media type'}", answer)
    judge.equal("PAT-06", answer.body.get("id"), subject.made.id, answer)
    for name in judge.items("PAT-04"):
        judge("PAT-04", answer.body.get(name) is not None, f"{name} is missing", answer, item=name)
    after = subject.now()
    judge("PAT-03", *has(after, {subject.text: new}), answer, after)
    _left(judge, before, after, subject.text, answer)
    judge("PAT-08", answer.body == after.body, "what PATCH answered is not what a read shows", answer, after)
    for rule, header in (("PAT-09", "etag"), ("PAT-10", "last-modified")):
        judge(rule, bool(answer.headers.get(header)), f"the answer has no {header}", answer)
    _moved(judge, "PAT-11", before, after, ("lastUpdate", "lastModified"))
    if judge.items("PAT-12"):
        _found(subject, judge, str(before.body.get(subject.text)), new)
    again = subject.merge({subject.text: new})
    judge("PAT-14", *has(again, {**settled(after)}), answer, again)


def _left(judge: Judge, before: Exchange, after: Exchange, changed: str, patch: Exchange) -> None:
    """Every attribute but the changed one is as it was; a date of the server's is still there."""
    for name in judge.items("PAT-07"):
        if name == changed:
            continue
        old, now = before.body.get(name), after.body.get(name)
        if old is None and now is None:
            judge.untested("PAT-07", f"the resource has no {name}", item=name)
            continue
        if name in MOVING:
            holds = now is not None
        elif name == "href":
            holds = _last(old) == _last(now)
        else:
            holds = same(now, old) and same(old, now)
        judge("PAT-07", holds, f"{name} was {old!r}, and is {now!r}", before, patch, after, item=name)


def _last(href: object) -> str:
    return urlsplit(str(href)).path.rstrip("/").rpartition("/")[2]


def _moved(judge: Judge, rule: str, before: Exchange, after: Exchange, names: tuple[str, ...]) -> None:
    """A date of the server's is another one now."""
    name = next((one for one in names if one in after.body), "")
    if not name:
        judge.untested(rule, f"the resource has no {' or '.join(names)}")
        return
    old, now = before.body.get(name), after.body[name]
    if old == now and "." not in str(now):
        judge.untested(rule, f"{name} is in whole seconds")
        return
    judge(rule, old != now, f"{name} was {old!r}, and still is", before, after)


def _found(subject: Subject, judge: Judge, old: str, new: str) -> None:
    """A list finds the resource by what it has now."""
    path = subject.stage.path(subject.resource)
    answer = subject.stage.http("get", path, query=[(subject.text, new)])
    found = [one.get("id") for one in answer.elements]
    judge("PAT-12", subject.made.id in found, "a list filtered by the new text lacks the resource", answer)
    late = subject.stage.http("get", path, query=[(subject.text, old)])
    if subject.made.id not in found or late.status not in (200, 206):
        judge.untested("PAT-13", "the list is not filtered by this text")
        return
    lost = subject.made.id not in [one.get("id") for one in late.elements]
    judge("PAT-13", lost, "a list filtered by the old text still has the resource", late)


def _both(subject: Subject, judge: Judge) -> None:
    """Two texts, at once and one by one."""
    one, two = subject.text, subject.other
    wanted = {one: subject.new(one), two: subject.new(two)}
    judge("PAT-15", *has(subject.merge(wanted), wanted), subject.stage.http.kept[-1])
    before = subject.now()
    changed = subject.merge({two: subject.new(two)})
    after = subject.now()
    if changed.status == 200 and one in judge.items("PAT-07"):
        kept = same(after.body.get(one), before.body.get(one))
        judge("PAT-07", kept, f"{one} was {before.body.get(one)!r}", before, changed, after, item=one)


def writing(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Several texts, one of all kinds of characters, and other ways to write the same request."""
    subject = Subject(stage, resource)
    _both(subject, judge)
    if subject.new().startswith("http"):
        judge.untested("PAT-16", "its text is an address")
    else:
        odd = {subject.text: _UNICODE + stage.unique()}
        answer = subject.merge(odd)
        judge("PAT-16", *has(answer, odd), answer)
    new = {subject.text: subject.new()}
    judge("PAT-17", *has(answer := subject.merge(new, "application/json; charset=utf-8"), new), answer)
    if judge.items("PAT-18"):
        new = {subject.text: subject.new()}
        slashed = at_once(stage.http("patch", subject.made.path + "/", body=subject.typed(new)))
        judge("PAT-18", *has(slashed, new), slashed)
    if judge.items("PAT-19"):
        new = {subject.text: subject.new()}
        judge("PAT-19", *has(answer := subject.send(new), new), answer)
    if judge.items("PAT-20"):
        new = {subject.text: subject.new()}
        few = at_once(stage.http("patch", subject.made.path, query=[("fields", subject.text)], body=subject.typed(new)))
        judge("PAT-20", *has(few, {**new, subject.other: None}), few)


def nothing(stage: Stage, resource: Resource, judge: Judge) -> None:
    """An empty patch, and what a patch does to another resource."""
    subject, bystander = Subject(stage, resource), Subject(stage, resource)
    before, aside = subject.now(), bystander.now()
    answer = subject.merge({})
    after = subject.now()
    same_still = settled(before) == settled(after)
    judge("PAT-21", same_still, "an empty patch changed the resource", before, answer, after)
    if judge.items("PAT-22"):
        judge("PAT-22", *has(answer := subject.send({}), {}), answer)
    answer = subject.merge({subject.text: subject.new()})
    if answer.status != 200:
        judge.untested("PAT-23", f"a change of a text answered {answer.status}")
        return
    judge("PAT-23", bystander.now().body == aside.body, "a patch changed another resource", answer, aside)


_PARTS = {JSON: ("PAT-24", "PAT-25", "PAT-26", "PAT-27"), MERGE: ("PAT-31", "PAT-32", "PAT-33", "PAT-34")}
"""Per media type: null removes, an array is replaced, an object is merged, null inside an object removes."""


def parts(stage: Stage, resource: Resource, judge: Judge) -> None:
    """What a merge patch does to texts, arrays and objects, in application/json."""
    _parts(Subject(stage, resource), judge, JSON)


def merged(stage: Stage, resource: Resource, judge: Judge) -> None:
    """The same in application/merge-patch+json."""
    if not judge.items("PAT-28"):
        return
    subject = Subject(stage, resource)
    before, new = subject.now(), {subject.text: subject.new()}
    answer = subject.merge(new, MERGE)
    judge("PAT-28", *has(answer, new), answer)
    after = subject.now()
    judge("PAT-29", *has(after, new), answer, after)
    kept = answer.status == 200 and {**settled(before), **new} == settled(after)
    judge("PAT-30", kept, "a merge patch of a text changed something else", before, answer, after)
    _parts(subject, judge, MERGE)


def _parts(subject: Subject, judge: Judge, media: str) -> None:
    removes, replaces, merges, empties = _PARTS[media]
    for rules, story in (((removes,), _removed), ((replaces,), _replaced), ((merges, empties), _nested)):
        try:
            story(subject, judge, media, rules)
        except Untestable as why:
            for rule in rules:
                judge.untested(rule, str(why))


def _removed(subject: Subject, judge: Judge, media: str, rules: tuple[str, ...]) -> None:
    name = subject.optional
    if subject.made.body.get(name) is None:
        raise Untestable(f"the resource has no {name} to remove")
    answer = subject.merge({name: None}, media)
    judge(rules[0], *has(answer, {name: None}), answer)


def _replaced(subject: Subject, judge: Judge, media: str, rules: tuple[str, ...]) -> None:
    array = elements_of(subject.stage, subject.resource)
    pair = array.pair(subject.stage, subject.made.sent[array.name][0])
    for wanted in (pair, pair[1:]):
        answer = subject.merge({array.name: wanted}, media)
        judge(rules[0], *has(answer, {array.name: wanted}), answer)


def _nested(subject: Subject, judge: Judge, media: str, rules: tuple[str, ...]) -> None:
    member = member_of(subject.stage, subject.resource)
    before = subject.made.body.get(member.name)
    if not isinstance(before, dict):
        raise Untestable(f"the resource has no {member.name}")
    typed = {name: before[name] for name in ("@type",) if name in before}
    answer = subject.merge({member.name: {**typed, member.inner: member.value}}, media)
    wanted = {member.name: {**before, member.inner: member.value}}
    judge(rules[0], *has(answer, wanted), answer)
    if answer.status != 200 or member.inner == "unit":
        judge.untested(rules[1], f"{member.name} has nothing that may be removed")
        return
    answer = subject.merge({member.name: {**typed, member.inner: None}}, media)
    wanted = {member.name: {**before, member.inner: None}}
    judge(rules[1], *has(answer, wanted), answer)


def state(stage: Stage, resource: Resource, judge: Judge) -> None:
    """The life cycle goes on."""
    if not resource.state:
        return
    subject = Subject(stage, resource)
    before = subject.now()
    wanted = {resource.state: resource.next_state(before.body.get(resource.state))}
    if wanted[resource.state] == before.body.get(resource.state):
        raise Untestable(f"its {resource.state} is the last one already")
    answer = subject.merge(wanted)
    judge("PAT-35", *has(answer, wanted), answer)
    after = subject.now()
    judge("PAT-36", *has(after, wanted), answer, after)
    _moved(judge, "PAT-37", before, after, ("statusChangeDate",))
    odd = answer.status == 200 and subject.merge({resource.state: f"no {resource.state}"})
    declared = stage.document.attributes(stage.document.schema(resource.schema)).get(resource.state)
    if not odd or declared is None or not declared.enum:
        judge.untested("PAT-38", f"the document does not say which values {resource.state} has")
        return
    judge("PAT-38", *has(odd, {}, 400), odd)


AREA = Area(
    "patch",
    "changes in four media types",
    stories=(
        text, writing, nothing, parts, merged, state,
        *refusals.STORIES, *json_patch.STORIES, *query.STORIES,
    ),
    odd=True,
)  # fmt: skip
