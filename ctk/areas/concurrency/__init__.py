"""Entity tags and what clients say with them; changes at the same time are in `races`."""

from __future__ import annotations

import re

from ctk.area import Area
from ctk.areas.concurrency import races
from ctk.areas.shared.specimen import Specimen, has, refused
from ctk.exchange import Exchange, Untestable
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_TAG = re.compile(r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_OTHER = '"ctk-other"'
_LONG_AGO = "Mon, 01 Jan 1990 00:00:00 GMT"


def tag(exchange: Exchange) -> str:
    """Returns the entity tag of an answer. Raises Untestable where it has none."""
    if not (value := exchange.headers.get("etag", "")):
        raise Untestable("the server gives no ETag")
    return value


def tags(target: Target, resource: Resource, expect: Expect) -> None:
    """Changes a resource and looks where a tag stands, and when it is another one."""
    if not resource.has("patch"):
        return
    specimen = Specimen.create(target, resource)
    instance, first, again = specimen.instance.exchange, specimen.now(), specimen.now()
    changed = specimen.merge({specimen.text: specimen.new()})
    after = specimen.now()
    for rule, answer in (("CON-01", instance), ("CON-02", first), ("CON-03", changed)):
        expect(rule, bool(answer.headers.get("etag")), f"{answer.status} has no ETag", answer)
        value = answer.headers.get("etag", "")
        expect("CON-04", _TAG.fullmatch(value) is not None, f"its ETag is {value!r}", answer)
    expect.equal("CON-05", _weakly(tag(first)), _weakly(tag(instance)), instance, first)
    expect.equal("CON-06", _weakly(tag(again)), _weakly(tag(first)), first, again)
    if changed.status != 200:
        raise Untestable(f"a change of a text answered {changed.status}")
    expect.equal("CON-07", _weakly(tag(after)), _weakly(tag(changed)), changed, after)
    expect("CON-08", tag(after) != tag(first), f"the ETag is {tag(first)} before and after", first, changed, after)
    idle = specimen.merge({specimen.text: after.body.get(specimen.text)})
    still = specimen.now()
    expect("CON-09", idle.status == 200 and tag(still) == tag(after), "the ETag moved", after, idle, still)
    refusal = specimen.merge({specimen.text: {"ctk": True}})
    if not refused(refusal):
        expect.untested("CON-10", f"an object as text is answered with {refusal.status}")
        return
    last = specimen.now()
    expect("CON-10", tag(last) == tag(still), "the ETag moved", still, refusal, last)


def _weakly(value: str) -> str:
    """Returns a tag as weak comparison sees it (RFC 9110 section 8.8.3.2)."""
    return value.removeprefix("W/")


def preconditions(target: Target, resource: Resource, expect: Expect) -> None:
    """Asks for changes on conditions."""
    if not resource.has("patch"):
        return
    specimen = Specimen.create(target, resource)
    stale = tag(specimen.now())
    answer = _change(specimen, if_match=stale)
    expect("CON-11", *has(answer, {}), answer)
    before = specimen.now()
    if tag(before) == stale:
        raise Untestable("no tag is stale: a change does not move the ETag")
    refusals = {
        "CON-12": _change(specimen, if_match=stale),
        "CON-13": _change(specimen, if_match=f"{_OTHER}, {stale}"),
        "CON-14": _change(specimen, if_match=f"W/{_OTHER}"),
        "CON-15": _change(specimen, if_unmodified_since=_LONG_AGO),
    }
    for rule, answer in refusals.items():
        expect(rule, *has(answer, {}, 412), answer)
    after = specimen.now()
    expect("CON-16", after.body == before.body, "the resource is another one now", *refusals.values(), after)
    refusal = refusals["CON-12"]
    if refusal.status == 412:
        good = all(isinstance(refusal.body.get(name), str) for name in ("code", "reason"))
        expect("CON-17", good, "its body has no code and reason", refusal)
    _met(specimen, expect)
    missing = target.http(
        "patch", target.path(resource, target.unique()), body={specimen.text: specimen.new()}, headers={"if-match": "*"}
    )
    expect("CON-24", missing.status in (404, 412), f"answered {missing.status}", missing)
    _deletion(specimen, expect, stale)


def _change(specimen: Specimen, **headers: str) -> Exchange:
    return specimen.merge({specimen.text: specimen.new()}, **headers)


def _met(specimen: Specimen, expect: Expect) -> None:
    """Asks for changes on conditions that hold, and with what is no condition."""
    expect("CON-18", *has(answer := _change(specimen, if_match="*"), {}), answer)
    current = tag(specimen.now())
    expect("CON-19", *has(answer := _change(specimen, if_match=f"{_OTHER}, {current}"), {}), answer)
    expect("CON-20", *has(answer := _change(specimen), {}), answer)
    expect("CON-21", *has(answer := _change(specimen, if_unmodified_since="the day before"), {}), answer)
    current_state = specimen.now()
    both = _change(specimen, if_match=tag(current_state), if_unmodified_since=_LONG_AGO)
    expect("CON-22", *has(both, {}), both)
    when = specimen.now().headers.get("last-modified")
    if when is None:
        expect.untested("CON-23", "the server gives no Last-Modified")
        return
    expect("CON-23", *has(answer := _change(specimen, if_unmodified_since=when), {}), answer)


def _deletion(specimen: Specimen, expect: Expect, stale: str) -> None:
    """Deletes on a condition: an old tag, then the present one."""
    if not expect.items("CON-25"):
        return
    late = specimen.target.delete(specimen.instance, if_match=stale)
    expect("CON-25", *has(late, {}, 412), late)
    there = specimen.target.get(specimen.instance)
    expect("CON-26", there.status == 200, f"reading it answered {there.status}", late, there)
    if there.status == 200:
        gone = specimen.target.delete(specimen.instance, if_match=tag(there))
        expect("CON-27", *has(gone, {}, 204), gone)


def reads(target: Target, resource: Resource, expect: Expect) -> None:
    """Reads again what need not be answered again."""
    if not resource.has("patch"):
        return
    specimen = Specimen.create(target, resource)
    first = specimen.now()
    current = tag(first)
    not_modified = target.get(specimen.instance, headers={"if-none-match": current})
    expect("CON-28", *has(not_modified, {}, 304), not_modified)
    if not_modified.status == 304:
        expect.equal("CON-29", _weakly(not_modified.headers.get("etag", "")), _weakly(current), not_modified)
    conditions = {"CON-30": f"{_OTHER}, {current}", "CON-31": "*", "CON-32": "W/" + _weakly(current)}
    for rule, value in conditions.items():
        expect(rule, *has(answer := target.get(specimen.instance, headers={"if-none-match": value}), {}, 304), answer)
    change = _change(specimen)
    answer = target.get(specimen.instance, headers={"if-none-match": current})
    if change.status == 200:
        expect("CON-33", *has(answer, {specimen.text: change.body.get(specimen.text)}), change, answer)
    _dated(specimen, expect)


def _dated(specimen: Specimen, expect: Expect) -> None:
    """Reads the same by dates."""
    first = specimen.now()
    when = first.headers.get("last-modified", "")
    if not when:
        for rule in ("CON-34", "CON-35", "CON-36"):
            expect.untested(rule, "the server gives no Last-Modified")
        return
    requests = {
        "CON-34": ({"if-modified-since": when}, 304),
        "CON-35": ({"if-modified-since": _LONG_AGO}, 200),
        "CON-36": ({"if-none-match": _OTHER, "if-modified-since": when}, 200),
    }
    for rule, (headers, code) in requests.items():
        expect(rule, *has(answer := specimen.target.get(specimen.instance, headers=headers), {}, code), answer)


def in_other_version(target: Target, resource: Resource, expect: Expect) -> None:
    """Changes a resource in the other version, which makes a tag of this one stale."""
    if not expect.items("CON-37") or target.other_version is None:
        return
    specimen = Specimen.create(target, resource)
    there = specimen.in_other_version()
    if not there.resource.has("patch"):
        raise Untestable("the other version has no PATCH here")
    before = tag(specimen.now())
    there.now()
    change = there.merge({there.text: specimen.new()})
    if change.status != 200:
        raise Untestable(f"a change in the other version answered {change.status}")
    late = _change(specimen, if_match=before)
    expect("CON-37", *has(late, {}, 412), change, late)


AREA = Area(
    "concurrency",
    "entity tags, and changes at the same time",
    checks=(tags, preconditions, reads, in_other_version, *races.CHECKS),
)
