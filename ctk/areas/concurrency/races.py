"""Requests at the same time: real threads, and what must be true however they interleave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any, TypeVar

from ctk.area import Story
from ctk.areas.shared.specimen import MOVING, Subject, has, operation
from ctk.exchange import Exchange, Untestable
from ctk.profile import Resource
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

T = TypeVar("T")

_ROUNDS = 2
_MANY = 4
_TRIES = 20


def together(calls: Sequence[Callable[[], T]]) -> list[T]:
    """What these calls return, each made by a thread of its own, begun at the same moment."""
    gate = Barrier(len(calls))

    def begun(call: Callable[[], T]) -> T:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(begun, calls))


def updates(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Two clients change what they have read; then two change different attributes, and say nothing of a tag."""
    if not resource.has("patch"):
        return
    subject = Subject(stage, resource)
    _lost(subject, judge)
    _different(subject, judge)


def _lost(subject: Subject, judge: Judge) -> None:
    for _ in range(_ROUNDS):
        if not (read := subject.now().headers.get("etag", "")):
            for rule in ("CON-40", "CON-41", "CON-42"):
                judge.untested(rule, "the server gives no ETag")
            return
        changes = [{subject.text: subject.new()} for _ in range(2)]
        answers = together([partial(subject.merge, change, if_match=read) for change in changes])
        won = [change for change, answer in zip(changes, answers, strict=True) if answer.status == 200]
        judge("CON-40", len(won) == 1, f"{len(won)} of two changes of one ETag were accepted", *answers)
        for answer in answers:
            if answer.status != 200:
                judge("CON-41", answer.status in (409, 412), f"answered {answer.status}", answer)
        if len(won) != 1:
            judge.untested("CON-41", "nobody lost")
            judge.untested("CON-42", "nobody won alone")
            return
        judge("CON-42", *has(after := subject.now(), won[0]), *answers, after)


def _different(subject: Subject, judge: Judge) -> None:
    for _ in range(_ROUNDS):
        changes = [{name: subject.new(name)} for name in (subject.text, subject.other)]
        answers = together([partial(subject.merge, change) for change in changes])
        done = [change for change, answer in zip(changes, answers, strict=True) if answer.status == 200]
        after = subject.now()
        kept = bool(done) and all(has(after, change)[0] for change in done)
        judge("CON-43", kept, "a change that was acknowledged is not there", *answers, after)


def readers(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Who reads while two texts change at once sees both of the old, or both of the new."""
    if not judge.items("CON-44"):
        return
    subject = Subject(stage, resource)
    one, two = subject.text, subject.other
    if subject.new(one).startswith("http") != subject.new(two).startswith("http"):
        raise Untestable("no two of its texts can be the same")

    def same_texts() -> Exchange:
        value = subject.new()
        return subject.merge({one: value, two: value})

    first = same_texts()
    if first.status != 200:
        raise Untestable(f"a change of two texts answered {first.status}")
    for _ in range(_ROUNDS):
        calls: list[Callable[[], Exchange]] = [same_texts, *[partial(stage.get, subject.made)] * 3]
        answers = together(calls)
        for answer in answers:
            whole = answer.status == 200 and answer.body.get(one) == answer.body.get(two)
            judge("CON-44", whole, "one of two texts that changed at once is old, the other new", answer)


def creations(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Many are created at once."""
    bodies: list[dict[str, Any]] = [stage.body(resource, "minimal") for _ in range(_MANY)]
    answers = together([partial(stage.post, resource, body) for body in bodies])
    if all(answer.status not in (201, 202) for answer in answers):
        raise Untestable(f"creating one answered {answers[0].status}")
    if any(answer.status == 202 for answer in answers):
        raise Untestable("creations answer 202: they come into force later")
    codes = [answer.status for answer in answers]
    judge("CON-45", codes == [201] * _MANY, f"the answers are {codes}", *answers)
    ids = [str(answer.body.get("id")) for answer in answers if answer.status == 201]
    judge("CON-46", len(set(ids)) == len(ids), f"the ids are {ids}", *answers)
    for body, answer in zip(bodies, answers, strict=True):
        if answer.status == 201:
            read = stage.http("get", stage.path(resource, str(answer.body.get("id"))))
            texts = {name: value for name, value in body.items() if isinstance(value, str) and name[0] != "@"}
            wanted = {name: value for name, value in texts.items() if name not in (*resource.server, *MOVING)}
            judge("CON-47", *has(read, wanted), answer, read)


def deletions(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Many delete the same."""
    if not judge.items("CON-48"):
        return
    made = stage.create(resource, "minimal")
    answers = together([partial(stage.delete, made)] * _MANY)
    codes = sorted(answer.status for answer in answers)
    if 202 in codes:
        raise Untestable("DELETE answers 202: it comes into force later")
    judge("CON-48", codes.count(204) == 1, f"the answers are {codes}", *answers)
    late = [code for code in codes if code != 204]
    if late:
        judge("CON-49", all(code in (404, 410) for code in late), f"the answers are {codes}", *answers)
    else:
        judge("CON-49", False, f"the answers are {codes}", *answers)
    read = stage.get(made)
    judge("CON-50", read.status in (404, 410), f"reading it answered {read.status}", *answers, read)


def counters(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Threads count up in a text, each by a JSON patch that tests what it has read."""
    if not judge.items("CON-51"):
        return
    subject = Subject(stage, resource)
    start, path = subject.new(), f"/{subject.text}"
    first = subject.operate(operation("replace", path, value=f"{start}-0"))
    if first.status != 200:
        raise Untestable(f"a JSON patch answered {first.status}")

    def count() -> int:
        for _ in range(_TRIES):
            old = str(subject.now().body.get(subject.text))
            new = f"{start}-{int(old.rpartition('-')[2]) + 1}"
            steps = operation("test", path, value=old), operation("replace", path, value=new)
            if subject.operate(*steps).status == 200:
                return 1
        return 0

    counted = sum(together([count] * 3))
    last = subject.now()
    if not counted:
        judge("CON-51", False, f"nobody could count in {_TRIES} tries", last)
        return
    judge("CON-51", *has(last, {subject.text: f"{start}-{counted}"}), last)


def survivors(stage: Stage, resource: Resource, judge: Judge) -> None:
    """One changes what another deletes."""
    if not judge.items("CON-52"):
        return
    for _ in range(_ROUNDS):
        subject = Subject(stage, resource)
        change = {subject.text: subject.new()}
        changed, deleted = together([partial(subject.merge, change), partial(stage.delete, subject.made)])
        if deleted.status != 204:
            raise Untestable(f"deleting while it changed answered {deleted.status}")
        code = changed.status
        judge("CON-52", code in (200, 404, 409, 410, 412), f"the change answered {code}", changed, deleted)
        read = stage.get(subject.made)
        gone = read.status in (404, 410)
        judge("CON-53", gone, f"reading it answered {read.status}", changed, deleted, read)
        late = subject.merge(change)
        judge("CON-54", late.status in (404, 410), f"changing it answered {late.status}", deleted, late)


STORIES: tuple[Story, ...] = (updates, readers, creations, deletions, counters, survivors)
