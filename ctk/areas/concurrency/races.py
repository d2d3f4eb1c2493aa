"""Requests at the same time: real threads, and what must be true however they interleave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any, TypeVar

from ctk.area import Check
from ctk.areas.shared.specimen import MOVING, Specimen, has, operation
from ctk.exchange import Exchange, Untestable
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

T = TypeVar("T")

_ROUNDS = 2
_MANY = 4
_TRIES = 20


def together(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Returns what these calls return; each runs in a thread of its own, all begin at the same moment."""
    gate = Barrier(len(calls))

    def start(call: Callable[[], T]) -> T:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(start, calls))


def updates(target: Target, resource: Resource, expect: Expect) -> None:
    """Has two clients change what they have read, then different attributes without a tag."""
    if not resource.has("patch"):
        return
    specimen = Specimen.create(target, resource)
    _lost(specimen, expect)
    _different(specimen, expect)


def _lost(specimen: Specimen, expect: Expect) -> None:
    for _ in range(_ROUNDS):
        if not (tag := specimen.now().headers.get("etag", "")):
            for rule in ("CON-40", "CON-41", "CON-42"):
                expect.untested(rule, "the server gives no ETag")
            return
        changes = [{specimen.text: specimen.new()} for _ in range(2)]
        answers = together([partial(specimen.merge, change, if_match=tag) for change in changes])
        winners = [change for change, answer in zip(changes, answers, strict=True) if answer.status == 200]
        expect("CON-40", len(winners) == 1, f"{len(winners)} of two changes of one ETag were accepted", *answers)
        for answer in answers:
            if answer.status != 200:
                expect("CON-41", answer.status in (409, 412), f"answered {answer.status}", answer)
        if len(winners) != 1:
            expect.untested("CON-41", "nobody lost")
            expect.untested("CON-42", "nobody won alone")
            return
        expect("CON-42", *has(after := specimen.now(), winners[0]), *answers, after)


def _different(specimen: Specimen, expect: Expect) -> None:
    for _ in range(_ROUNDS):
        changes = [{name: specimen.new(name)} for name in (specimen.text, specimen.other)]
        answers = together([partial(specimen.merge, change) for change in changes])
        done = [change for change, answer in zip(changes, answers, strict=True) if answer.status == 200]
        after = specimen.now()
        kept = bool(done) and all(has(after, change)[0] for change in done)
        expect("CON-43", kept, "a change that was acknowledged is not there", *answers, after)


def readers(target: Target, resource: Resource, expect: Expect) -> None:
    """Reads while two texts change at once: both must be of the old, or both of the new."""
    if not expect.items("CON-44"):
        return
    specimen = Specimen.create(target, resource)
    text, other = specimen.text, specimen.other
    if specimen.new(text).startswith("http") != specimen.new(other).startswith("http"):
        raise Untestable("no two of its texts can be the same")

    def same_texts() -> Exchange:
        value = specimen.new()
        return specimen.merge({text: value, other: value})

    first = same_texts()
    if first.status != 200:
        raise Untestable(f"a change of two texts answered {first.status}")
    for _ in range(_ROUNDS):
        calls: list[Callable[[], Exchange]] = [same_texts, *[partial(target.get, specimen.instance)] * 3]
        answers = together(calls)
        for answer in answers:
            whole = answer.status == 200 and answer.body.get(text) == answer.body.get(other)
            expect("CON-44", whole, "one of two texts that changed at once is old, the other new", answer)


def creations(target: Target, resource: Resource, expect: Expect) -> None:
    """Creates many at once."""
    bodies: list[dict[str, Any]] = [target.body(resource, "minimal") for _ in range(_MANY)]
    answers = together([partial(target.post, resource, body) for body in bodies])
    if all(answer.status not in (201, 202) for answer in answers):
        raise Untestable(f"creating one answered {answers[0].status}")
    if any(answer.status == 202 for answer in answers):
        raise Untestable("creations answer 202: they come into force later")
    codes = [answer.status for answer in answers]
    expect("CON-45", codes == [201] * _MANY, f"the answers are {codes}", *answers)
    ids = [str(answer.body.get("id")) for answer in answers if answer.status == 201]
    expect("CON-46", len(set(ids)) == len(ids), f"the ids are {ids}", *answers)
    for body, answer in zip(bodies, answers, strict=True):
        if answer.status == 201:
            retrieval = target.http("get", target.path(resource, str(answer.body.get("id"))))
            texts = {name: value for name, value in body.items() if isinstance(value, str) and name[0] != "@"}
            expected = {name: value for name, value in texts.items() if name not in (*resource.server, *MOVING)}
            expect("CON-47", *has(retrieval, expected), answer, retrieval)


def deletions(target: Target, resource: Resource, expect: Expect) -> None:
    """Has many delete the same resource."""
    if not expect.items("CON-48"):
        return
    instance = target.create(resource, "minimal")
    answers = together([partial(target.delete, instance)] * _MANY)
    codes = sorted(answer.status for answer in answers)
    if 202 in codes:
        raise Untestable("DELETE answers 202: it comes into force later")
    expect("CON-48", codes.count(204) == 1, f"the answers are {codes}", *answers)
    late = [code for code in codes if code != 204]
    if late:
        expect("CON-49", all(code in (404, 410) for code in late), f"the answers are {codes}", *answers)
    else:
        expect("CON-49", False, f"the answers are {codes}", *answers)
    retrieval = target.get(instance)
    expect("CON-50", retrieval.status in (404, 410), f"reading it answered {retrieval.status}", *answers, retrieval)


def counters(target: Target, resource: Resource, expect: Expect) -> None:
    """Threads count up in a text, each by a JSON patch that tests what it has read."""
    if not expect.items("CON-51"):
        return
    specimen = Specimen.create(target, resource)
    start, path = specimen.new(), f"/{specimen.text}"
    first = specimen.operate(operation("replace", path, value=f"{start}-0"))
    if first.status != 200:
        raise Untestable(f"a JSON patch answered {first.status}")

    def count() -> int:
        for _ in range(_TRIES):
            old = str(specimen.now().body.get(specimen.text))
            new = f"{start}-{int(old.rpartition('-')[2]) + 1}"
            steps = operation("test", path, value=old), operation("replace", path, value=new)
            if specimen.operate(*steps).status == 200:
                return 1
        return 0

    counted = sum(together([count] * 3))
    last = specimen.now()
    if not counted:
        expect("CON-51", False, f"nobody could count in {_TRIES} tries", last)
        return
    expect("CON-51", *has(last, {specimen.text: f"{start}-{counted}"}), last)


def survivors(target: Target, resource: Resource, expect: Expect) -> None:
    """Changes what another client deletes."""
    if not expect.items("CON-52"):
        return
    for _ in range(_ROUNDS):
        specimen = Specimen.create(target, resource)
        new = {specimen.text: specimen.new()}
        change, deletion = together([partial(specimen.merge, new), partial(target.delete, specimen.instance)])
        if deletion.status != 204:
            raise Untestable(f"deleting while it changed answered {deletion.status}")
        code = change.status
        expect("CON-52", code in (200, 404, 409, 410, 412), f"the change answered {code}", change, deletion)
        retrieval = target.get(specimen.instance)
        gone = retrieval.status in (404, 410)
        expect("CON-53", gone, f"reading it answered {retrieval.status}", change, deletion, retrieval)
        late = specimen.merge(new)
        expect("CON-54", late.status in (404, 410), f"changing it answered {late.status}", deletion, late)


CHECKS: tuple[Check, ...] = (updates, readers, creations, deletions, counters, survivors)
