"""Entity tags and what clients say with them; changes at the same time are in `races`."""

from __future__ import annotations

import re

from ctk.area import Area
from ctk.areas.concurrency import races
from ctk.areas.shared.specimen import Subject, has, refused
from ctk.exchange import Exchange, Untestable
from ctk.profile import Resource
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

_TAG = re.compile(r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_OTHER = '"ctk-other"'
_LONG_AGO = "Mon, 01 Jan 1990 00:00:00 GMT"


def tag(exchange: Exchange) -> str:
    """The entity tag of an answer; raises Untestable where it has none."""
    if not (found := exchange.headers.get("etag", "")):
        raise Untestable("the server gives no ETag")
    return found


def tags(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Where a tag stands, and when it is another one."""
    if not resource.has("patch"):
        return
    subject = Subject(stage, resource)
    made, read, again = subject.made.exchange, subject.now(), subject.now()
    changed = subject.merge({subject.text: subject.new()})
    after = subject.now()
    for rule, answer in (("CON-01", made), ("CON-02", read), ("CON-03", changed)):
        judge(rule, bool(answer.headers.get("etag")), f"{answer.status} has no ETag", answer)
        found = answer.headers.get("etag", "")
        judge("CON-04", _TAG.fullmatch(found) is not None, f"its ETag is {found!r}", answer)
    judge.equal("CON-05", _weakly(tag(read)), _weakly(tag(made)), made, read)
    judge.equal("CON-06", _weakly(tag(again)), _weakly(tag(read)), read, again)
    if changed.status != 200:
        raise Untestable(f"a change of a text answered {changed.status}")
    judge.equal("CON-07", _weakly(tag(after)), _weakly(tag(changed)), changed, after)
    judge("CON-08", tag(after) != tag(read), f"the ETag is {tag(read)} before and after", read, changed, after)
    nothing = subject.merge({subject.text: after.body.get(subject.text)})
    still = subject.now()
    judge("CON-09", nothing.status == 200 and tag(still) == tag(after), "the ETag moved", after, nothing, still)
    wrong = subject.merge({subject.text: {"ctk": True}})
    if not refused(wrong):
        judge.untested("CON-10", f"an object as text is answered with {wrong.status}")
        return
    last = subject.now()
    judge("CON-10", tag(last) == tag(still), "the ETag moved", still, wrong, last)


def _weakly(found: str) -> str:
    """A tag as weak comparison sees it (RFC 9110 section 8.8.3.2)."""
    return found.removeprefix("W/")


def preconditions(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A change that is asked for on a condition."""
    if not resource.has("patch"):
        return
    subject = Subject(stage, resource)
    stale = tag(subject.now())
    answer = _change(subject, if_match=stale)
    judge("CON-11", *has(answer, {}), answer)
    before = subject.now()
    if tag(before) == stale:
        raise Untestable("no tag is stale: a change does not move the ETag")
    refusals = {
        "CON-12": _change(subject, if_match=stale),
        "CON-13": _change(subject, if_match=f"{_OTHER}, {stale}"),
        "CON-14": _change(subject, if_match=f"W/{_OTHER}"),
        "CON-15": _change(subject, if_unmodified_since=_LONG_AGO),
    }
    for rule, answer in refusals.items():
        judge(rule, *has(answer, {}, 412), answer)
    after = subject.now()
    judge("CON-16", after.body == before.body, "the resource is another one now", *refusals.values(), after)
    told = refusals["CON-12"]
    if told.status == 412:
        good = all(isinstance(told.body.get(name), str) for name in ("code", "reason"))
        judge("CON-17", good, "its body has no code and reason", told)
    _met(subject, judge)
    missing = stage.http(
        "patch", stage.path(resource, stage.unique()), body={subject.text: subject.new()}, headers={"if-match": "*"}
    )
    judge("CON-24", missing.status in (404, 412), f"answered {missing.status}", missing)
    _deleted(subject, judge, stale)


def _change(subject: Subject, **headers: str) -> Exchange:
    return subject.merge({subject.text: subject.new()}, **headers)


def _met(subject: Subject, judge: Judge) -> None:
    """Conditions that hold, and what is no condition."""
    judge("CON-18", *has(answer := _change(subject, if_match="*"), {}), answer)
    current = tag(subject.now())
    judge("CON-19", *has(answer := _change(subject, if_match=f"{_OTHER}, {current}"), {}), answer)
    judge("CON-20", *has(answer := _change(subject), {}), answer)
    judge("CON-21", *has(answer := _change(subject, if_unmodified_since="the day before"), {}), answer)
    read = subject.now()
    both = _change(subject, if_match=tag(read), if_unmodified_since=_LONG_AGO)
    judge("CON-22", *has(both, {}), both)
    when = subject.now().headers.get("last-modified")
    if when is None:
        judge.untested("CON-23", "the server gives no Last-Modified")
        return
    judge("CON-23", *has(answer := _change(subject, if_unmodified_since=when), {}), answer)


def _deleted(subject: Subject, judge: Judge, stale: str) -> None:
    """A deletion on a condition."""
    if not judge.items("CON-25"):
        return
    late = subject.stage.delete(subject.made, if_match=stale)
    judge("CON-25", *has(late, {}, 412), late)
    there = subject.stage.get(subject.made)
    judge("CON-26", there.status == 200, f"reading it answered {there.status}", late, there)
    if there.status == 200:
        gone = subject.stage.delete(subject.made, if_match=tag(there))
        judge("CON-27", *has(gone, {}, 204), gone)


def reads(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A read that need not be answered again."""
    if not resource.has("patch"):
        return
    subject = Subject(stage, resource)
    read = subject.now()
    current = tag(read)
    known = stage.get(subject.made, headers={"if-none-match": current})
    judge("CON-28", *has(known, {}, 304), known)
    if known.status == 304:
        judge.equal("CON-29", _weakly(known.headers.get("etag", "")), _weakly(current), known)
    tried = {"CON-30": f"{_OTHER}, {current}", "CON-31": "*", "CON-32": "W/" + _weakly(current)}
    for rule, told in tried.items():
        judge(rule, *has(answer := stage.get(subject.made, headers={"if-none-match": told}), {}, 304), answer)
    changed = _change(subject)
    answer = stage.get(subject.made, headers={"if-none-match": current})
    if changed.status == 200:
        judge("CON-33", *has(answer, {subject.text: changed.body.get(subject.text)}), changed, answer)
    _dated(subject, judge)


def _dated(subject: Subject, judge: Judge) -> None:
    """The same by dates."""
    read = subject.now()
    when = read.headers.get("last-modified", "")
    if not when:
        for rule in ("CON-34", "CON-35", "CON-36"):
            judge.untested(rule, "the server gives no Last-Modified")
        return
    asked = {
        "CON-34": ({"if-modified-since": when}, 304),
        "CON-35": ({"if-modified-since": _LONG_AGO}, 200),
        "CON-36": ({"if-none-match": _OTHER, "if-modified-since": when}, 200),
    }
    for rule, (headers, code) in asked.items():
        judge(rule, *has(answer := subject.stage.get(subject.made, headers=headers), {}, code), answer)


def twins(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A change in the other version makes a tag of this one stale."""
    if not judge.items("CON-37") or stage.twin is None:
        return
    subject, other = Subject(stage, resource), stage.twin.profile.resources[resource.twin]
    if not other.has("patch"):
        raise Untestable("the other version has no PATCH here")
    before = tag(subject.now())
    path = stage.twin.path(other, subject.made.id)
    there = stage.twin.http("get", path)
    if there.status != 200:
        raise Untestable(f"the other version does not have the resource ({there.status})")
    typed = {"@type": there.body["@type"]} if stage.twin.profile.version == "v5" and "@type" in there.body else {}
    changed = stage.twin.http("patch", path, body={**typed, other.text: subject.new()})
    if changed.status != 200:
        raise Untestable(f"a change in the other version answered {changed.status}")
    late = _change(subject, if_match=before)
    judge("CON-37", *has(late, {}, 412), changed, late)


AREA = Area(
    "concurrency",
    "entity tags, and changes at the same time",
    stories=(tags, preconditions, reads, twins, *races.STORIES),
)
