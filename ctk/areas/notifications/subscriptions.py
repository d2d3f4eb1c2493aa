"""Subscriptions: registering a callback at the hub, reading it back, ending it, and what a hub refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from ctk.exchange import Exchange, Unreachable, Untestable
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

HUB = "/hub"
_ABSENT = (404, 405, 501)


@dataclass(frozen=True)
class Subscription:
    """A subscription of the kit's: `name` is its place at the listener, `path` its own under the base address, `answer`
    what registering it answered."""

    stage: Stage
    name: str
    path: str
    answer: Exchange

    def heard(self) -> list[Exchange]:
        """What was sent to it so far."""
        return self.stage.listener.heard(self.name)

    def wait(self, enough: Callable[[list[Exchange]], bool], seconds: float) -> list[Exchange]:
        """What was sent to it, once it is enough or time is up."""
        return self.stage.listener.wait(self.name, enough, seconds)

    def quiet(self) -> None:
        """Waits the time in which whatever is still on its way arrives."""
        self.stage.listener.wait(self.name, lambda _: False, self.stage.options.event_quiet)

    def end(self) -> Exchange:
        """Unregisters it."""
        return self.stage.http("delete", self.path)


def register(stage: Stage, stack: ExitStack, body: Any) -> Exchange:
    """Asks a hub for a subscription; what comes of it ends with the stack."""
    answer = stage.http("post", HUB, body=body)
    key = answer.headers.get("location", "").rpartition("/")[2] or answer.body.get("id")
    if answer.status < 300 and isinstance(key, str):
        stack.callback(_ended, stage, f"{HUB}/{key}")
    return answer


@contextmanager
def subscribed(stage: Stage, query: str = "", *codes: int) -> Iterator[Subscription]:
    """A subscription to what a query asks for; the listener answers its first events with these codes.

    Raises Untestable where the server does not make it.
    """
    name = stage.unique()
    stage.listener.answer(name, *codes)
    with ExitStack() as stack:
        body = {"callback": stage.listener.callback(name), **({"query": query} if query else {})}
        answer = register(stage, stack, body)
        if answer.status != 201 or not isinstance(answer.body.get("id"), str):
            raise Untestable(_reason(answer, query))
        yield Subscription(stage, name, f"{HUB}/{answer.body['id']}", answer)


def _ended(stage: Stage, path: str) -> None:
    with suppress(Unreachable):
        stage.http("delete", path)


def _reason(answer: Exchange, query: str) -> str:
    """Why there is no subscription."""
    if _refuses_address(answer):
        return f"the server refuses the kit's callback address: {answer.content[:200].decode(errors='replace')}"
    if answer.status in _ABSENT:
        return f"there is no hub: POST {HUB} answered {answer.status}"
    asked = f"the query {query}" if query else "everything"
    return f"no subscription to {asked}: POST {HUB} answered {answer.status}"


def _refuses_address(answer: Exchange) -> bool:
    """Whether a registration fails for the address of the listener alone, which a server may have reasons for."""
    return answer.status in (400, 403, 422) and b"callback" in answer.content.lower()


def registration(stage: Stage, judge: Judge) -> None:
    """A callback is registered, read back, and unregistered."""
    query = f"eventType={next(iter(stage.profile.events))}"
    sent = {"callback": _callback(stage), "query": query}
    with ExitStack() as stack:
        answer = register(stage, stack, sent)
        if _refuses_address(answer):
            raise Untestable(_reason(answer, query))
        judge("NOT-01", answer.status == 201, f"answered {answer.status}", answer)
        if answer.status != 201:
            raise Untestable(_reason(answer, query))
        key = answer.body.get("id")
        judge("NOT-02", isinstance(key, str) and key != "", f"its id is {key!r}", answer)
        judge.equal("NOT-03", answer.body.get("callback"), sent["callback"], answer)
        judge.equal("NOT-04", answer.body.get("query"), query, answer)
        problems = stage.schemas.problems(answer)
        judge("NOT-05", not problems, "; ".join(problems), answer)
        if not isinstance(key, str) or not key:
            raise Untestable("the subscription has no id to go on with")
        _location(judge, answer, key)
        _again(stage, stack, judge, sent, key)
        _read_back(stage, judge, f"{HUB}/{key}", answer)
        _unregistered(stage, judge, f"{HUB}/{key}")


def _location(judge: Judge, answer: Exchange, key: str) -> None:
    location = answer.headers.get("location", "")
    judge("NOT-06", location.endswith(f"{HUB}/{key}"), f"Location is {location or 'missing'}", answer)


def _again(stage: Stage, stack: ExitStack, judge: Judge, sent: dict[str, Any], key: str) -> None:
    """The same callback once more: with the same query, with another one."""
    if judge.items("NOT-07"):
        same = register(stage, stack, sent)
        judge("NOT-07", same.status == 409, f"the second time answered {same.status}", same)
    if judge.items("NOT-08"):
        other = register(stage, stack, {"callback": sent["callback"]})
        truth = other.status == 201 and other.body.get("id") not in (None, key)
        judge("NOT-08", truth, f"answered {other.status}, id {other.body.get('id')!r}", other)


def _read_back(stage: Stage, judge: Judge, path: str, made: Exchange) -> None:
    """A subscription is read as it was registered; not every document declares that."""
    if not judge.items("NOT-15"):
        return
    answer = stage.http("get", path)
    if answer.status in _ABSENT and ("get", f"{HUB}/{{id}}") not in stage.document.operations:
        judge.untested("NOT-15", f"the document has no GET {HUB}/{{id}}, and it answered {answer.status}")
        return
    truth = answer.status == 200 and answer.body == made.body
    judge("NOT-15", truth, f"answered {answer.status} and another subscription than was registered", made, answer)


def _unregistered(stage: Stage, judge: Judge, path: str) -> None:
    first = stage.http("delete", path)
    judge("NOT-16", first.status == 204, f"answered {first.status}", first)
    second = stage.http("delete", path)
    judge("NOT-17", second.status == 404, f"the second time answered {second.status}", first, second)
    if judge.items("NOT-18"):
        gone = stage.http("get", path)
        if gone.status in (405, 501):
            judge.untested("NOT-18", f"GET {HUB}/{{id}} answered {gone.status}")
            return
        judge("NOT-18", gone.status == 404, f"reading the ended subscription answered {gone.status}", first, gone)


def plain(stage: Stage, judge: Judge) -> None:
    """A callback alone is a registration."""
    with ExitStack() as stack:
        answer = register(stage, stack, {"callback": _callback(stage)})
        if _refuses_address(answer):
            raise Untestable(_reason(answer, ""))
        judge("NOT-19", answer.status == 201, f"answered {answer.status}", answer)


def refusals(stage: Stage, judge: Judge) -> None:
    """What is no registration is refused with 400, and with a reason."""
    _require_hub(stage)
    event = next(iter(stage.profile.events))
    wrong: dict[str, Any] = {
        "NOT-09": {"callback": "no address at all"},
        "NOT-10": {"query": f"eventType={event}"},
        "NOT-11": [_callback(stage)],
        "NOT-12": {"callback": _callback(stage), "query": "eventType=CtkNeverHappensEvent"},
        "NOT-13": {"callback": _callback(stage), "query": f"eventType={event}&event.ctkNoResource.ctkNothing=1"},
    }
    refused = []
    with ExitStack() as stack:
        for rule, body in wrong.items():
            if judge.items(rule):
                answer = register(stage, stack, body)
                judge(rule, answer.status == 400, f"answered {answer.status}", answer)
                refused += [answer] if answer.status == 400 else []
    told = [one for one in refused if not (one.body.get("code") and one.body.get("reason"))]
    if refused:
        judge("NOT-14", not told, "a refusal has no code or no reason", *told[:2])


def _require_hub(stage: Stage) -> None:
    """Raises Untestable where nothing can be registered: what refuses everything refuses no mistake."""
    with ExitStack() as stack:
        answer = register(
            stage, stack, {"callback": _callback(stage), "query": f"eventType={next(iter(stage.profile.events))}"}
        )
    if answer.status != 201:
        raise Untestable(_reason(answer, ""))


def _callback(stage: Stage) -> str:
    """An address at the kit's listener that no other subscription has."""
    return stage.listener.callback(stage.unique())
