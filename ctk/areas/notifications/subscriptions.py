"""Subscriptions: registering a callback at the hub, reading it back, ending it, and what a hub refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from ctk.exchange import Exchange, Unreachable, Untestable
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

HUB = "/hub"
_ABSENT = (404, 405, 501)


@dataclass(frozen=True)
class Subscription:
    """Holds a subscription of the kit's.

    `name` is its place at the listener, `path` its own under the base address, `answer` what registering it answered.
    """

    target: Target
    name: str
    path: str
    answer: Exchange

    def received(self) -> list[Exchange]:
        """Returns the requests that came to it so far."""
        return self.target.listener.received(self.name)

    def wait(self, enough: Callable[[list[Exchange]], bool], seconds: float) -> list[Exchange]:
        """Returns the requests that came to it, once they are enough or the seconds are over."""
        return self.target.listener.wait(self.name, enough, seconds)

    def quiet(self) -> None:
        """Waits the time in which whatever is still on its way arrives."""
        self.target.listener.wait(self.name, lambda _: False, self.target.options.event_quiet)

    def end(self) -> Exchange:
        """Unregisters it."""
        return self.target.http("delete", self.path)


def register(target: Target, stack: ExitStack, body: Any) -> Exchange:
    """Asks a hub for a subscription; what comes of it ends with the stack."""
    answer = target.http("post", HUB, body=body)
    key = answer.headers.get("location", "").rpartition("/")[2] or answer.body.get("id")
    if answer.status < 300 and isinstance(key, str):
        stack.callback(_ended, target, f"{HUB}/{key}")
    return answer


@contextmanager
def subscribed(target: Target, query: str = "", *codes: int) -> Iterator[Subscription]:
    """Subscribes to what a query asks for; the listener answers its first events with these codes.

    Raises Untestable where the server does not make the subscription.
    """
    name = target.unique()
    target.listener.answer(name, *codes)
    with ExitStack() as stack:
        body = {"callback": target.listener.callback(name), **({"query": query} if query else {})}
        answer = register(target, stack, body)
        if answer.status != 201 or not isinstance(answer.body.get("id"), str):
            raise Untestable(_reason(answer, query))
        yield Subscription(target, name, f"{HUB}/{answer.body['id']}", answer)


def _ended(target: Target, path: str) -> None:
    with suppress(Unreachable):
        target.http("delete", path)


def _reason(answer: Exchange, query: str) -> str:
    """Returns why there is no subscription."""
    if _refuses_address(answer):
        return f"the server refuses the kit's callback address: {answer.content[:200].decode(errors='replace')}"
    if answer.status in _ABSENT:
        return f"there is no hub: POST {HUB} answered {answer.status}"
    asked = f"the query {query}" if query else "everything"
    return f"no subscription to {asked}: POST {HUB} answered {answer.status}"


def _refuses_address(answer: Exchange) -> bool:
    """Returns whether a registration fails for the listener's address alone, which a server may have reasons for."""
    return answer.status in (400, 403, 422) and b"callback" in answer.content.lower()


def registration(target: Target, expect: Expect) -> None:
    """Registers a callback, reads it back and unregisters it."""
    query = f"eventType={next(iter(target.profile.events))}"
    sent = {"callback": _callback(target), "query": query}
    with ExitStack() as stack:
        answer = register(target, stack, sent)
        if _refuses_address(answer):
            raise Untestable(_reason(answer, query))
        expect("NOT-01", answer.status == 201, f"answered {answer.status}", answer)
        if answer.status != 201:
            raise Untestable(_reason(answer, query))
        key = answer.body.get("id")
        expect("NOT-02", isinstance(key, str) and key != "", f"its id is {key!r}", answer)
        expect.equal("NOT-03", answer.body.get("callback"), sent["callback"], answer)
        expect.equal("NOT-04", answer.body.get("query"), query, answer)
        problems = target.schemas.problems(answer)
        expect("NOT-05", not problems, "; ".join(problems), answer)
        if not isinstance(key, str) or not key:
            raise Untestable("the subscription has no id to go on with")
        _location(expect, answer, key)
        _again(target, stack, expect, sent, key)
        _read_back(target, expect, f"{HUB}/{key}", answer)
        _unregistered(target, expect, f"{HUB}/{key}")


def _location(expect: Expect, answer: Exchange, key: str) -> None:
    location = answer.headers.get("location", "")
    expect("NOT-06", location.endswith(f"{HUB}/{key}"), f"Location is {location or 'missing'}", answer)


def _again(target: Target, stack: ExitStack, expect: Expect, sent: dict[str, Any], key: str) -> None:
    """Registers the same callback once more: with the same query, with another one."""
    if expect.items("NOT-07"):
        same = register(target, stack, sent)
        expect("NOT-07", same.status == 409, f"the second time answered {same.status}", same)
    if expect.items("NOT-08"):
        other = register(target, stack, {"callback": sent["callback"]})
        truth = other.status == 201 and other.body.get("id") not in (None, key)
        expect("NOT-08", truth, f"answered {other.status}, id {other.body.get('id')!r}", other)


def _read_back(target: Target, expect: Expect, path: str, registration: Exchange) -> None:
    """Expects a subscription to be read as it was registered; not every document declares that."""
    if not expect.items("NOT-15"):
        return
    answer = target.http("get", path)
    if answer.status in _ABSENT and ("get", f"{HUB}/{{id}}") not in target.document.operations:
        expect.untested("NOT-15", f"the document has no GET {HUB}/{{id}}, and it answered {answer.status}")
        return
    truth = answer.status == 200 and answer.body == registration.body
    expect(
        "NOT-15", truth, f"answered {answer.status} and another subscription than was registered", registration, answer
    )


def _unregistered(target: Target, expect: Expect, path: str) -> None:
    first = target.http("delete", path)
    expect("NOT-16", first.status == 204, f"answered {first.status}", first)
    second = target.http("delete", path)
    expect("NOT-17", second.status == 404, f"the second time answered {second.status}", first, second)
    if expect.items("NOT-18"):
        gone = target.http("get", path)
        if gone.status in (405, 501):
            expect.untested("NOT-18", f"GET {HUB}/{{id}} answered {gone.status}")
            return
        expect("NOT-18", gone.status == 404, f"reading the ended subscription answered {gone.status}", first, gone)


def plain(target: Target, expect: Expect) -> None:
    """Registers a callback alone."""
    with ExitStack() as stack:
        answer = register(target, stack, {"callback": _callback(target)})
        if _refuses_address(answer):
            raise Untestable(_reason(answer, ""))
        expect("NOT-19", answer.status == 201, f"answered {answer.status}", answer)


def refusals(target: Target, expect: Expect) -> None:
    """Registers what is no registration: to be refused with 400, and with a reason."""
    _require_hub(target)
    event = next(iter(target.profile.events))
    wrong: dict[str, Any] = {
        "NOT-09": {"callback": "no address at all"},
        "NOT-10": {"query": f"eventType={event}"},
        "NOT-11": [_callback(target)],
        "NOT-12": {"callback": _callback(target), "query": "eventType=CtkNeverHappensEvent"},
        "NOT-13": {"callback": _callback(target), "query": f"eventType={event}&event.ctkNoResource.ctkNothing=1"},
    }
    refused = []
    with ExitStack() as stack:
        for rule, body in wrong.items():
            if expect.items(rule):
                answer = register(target, stack, body)
                expect(rule, answer.status == 400, f"answered {answer.status}", answer)
                refused += [answer] if answer.status == 400 else []
    unexplained = [answer for answer in refused if not (answer.body.get("code") and answer.body.get("reason"))]
    if refused:
        expect("NOT-14", not unexplained, "a refusal has no code or no reason", *unexplained[:2])


def _require_hub(target: Target) -> None:
    """Raises Untestable where nothing can be registered: what refuses everything refuses no mistake."""
    with ExitStack() as stack:
        answer = register(
            target, stack, {"callback": _callback(target), "query": f"eventType={next(iter(target.profile.events))}"}
        )
    if answer.status != 201:
        raise Untestable(_reason(answer, ""))


def _callback(target: Target) -> str:
    """Returns an address at the kit's listener that no other subscription has."""
    return target.listener.callback(target.unique())
