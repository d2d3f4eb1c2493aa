"""Attempts that ought to be refused, and what a proper refusal is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ctk.areas.shared.specimen import Specimen
from ctk.exchange import Exchange
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_LEAKS = re.compile(
    r"Traceback \(most|File \"|\.(?:py|js|ts|rb|php|go)(?:\"?, line |:\d+)|\.(?:java|kt|cs):\d+"
    r"|\bat [\w$.]+\([\w.]*(?::\d+)?\)"
    r"|\b\w+Exception\b|\b[A-Z]\w+Error\b(?!\w)(?=[:(])|<class '|site-packages|node_modules|SQLSTATE|ORA-\d{5}"
    r"|\b(?:org|com|java|io|net)\.[a-z]\w*(?:\.\w+)*\.[A-Z]\w+|/(?:home|usr|var|opt|srv|app)/\w|[A-Z]:\\\\"
)


class Attempts:
    """Sends creations that ought to be refused: each is a body that the server accepts, with one thing wrong.

    Raises Untestable where the server does not accept the body: a refusal would prove nothing.
    """

    def __init__(self, target: Target, resource: Resource, kind: str = "minimal"):
        self._target, self._resource, self._kind = target, resource, kind
        target.create(resource, kind)
        self._good = target.body(resource, kind)

    def __call__(self, **changes: Any) -> Exchange:
        """Returns what the server answers to a body with some attributes that are wrong."""
        return self.send({**self._good, **changes})

    def without(self, name: str) -> Exchange:
        """Returns what the server answers to a body that lacks an attribute."""
        return self.send({key: value for key, value in self._good.items() if key != name})

    def send(self, body: Any) -> Exchange:
        """Returns what the server answers to a body of the caller's; takes a new good body once one is accepted."""
        answer = self._target.post(self._resource, body)
        if answer.status < 300:
            self._good = self._target.body(self._resource, self._kind)
        return answer


class Changes:
    """Sends changes that ought to be refused, of one specimen; creates a new one where the server accepts a change.

    `refusals` are the answers that refused something of the present specimen.
    """

    def __init__(self, target: Target, resource: Resource):
        self.specimen = Specimen.create(target, resource, "minimal")
        self.refusals: list[Exchange] = []

    def __call__(self, body: Any, media: str = "application/json") -> Exchange:
        """Returns what the server answers to a change."""
        specimen = self.specimen
        answer = specimen.target.patch(specimen.instance, body, media)
        if answer.status < 300:
            self.specimen, self.refusals = Specimen.create(specimen.target, specimen.resource, "minimal"), []
        else:
            self.refusals.append(answer)
        return answer


def client_error(exchange: Exchange) -> bool:
    """Returns whether the client is told that its request is wrong: 4xx, but not for want of rights, nor for haste."""
    return 400 <= exchange.status < 500 and exchange.status not in (401, 403, 429)


def explained(exchange: Exchange) -> bool:
    """Returns whether the body is JSON with a code and a reason, both texts that are not blank."""
    return "json" in exchange.media and _text(exchange, "code") and _text(exchange, "reason")


def names(exchange: Exchange, attribute: str) -> bool:
    """Returns whether any text of the body has this word."""
    word = re.compile(rf"(?<![\w@]){re.escape(attribute)}(?!\w)")
    return any(word.search(text) for text in _texts(exchange.json))


def leak(exchange: Exchange) -> str:
    """Returns the first thing of the server's inside that a body shows; empty where there is none."""
    match = _LEAKS.search(exchange.content.decode(errors="replace"))
    return match[0] if match else ""


def expect_explained(expect: Expect, rule: str, answer: Exchange, code: int) -> None:
    """Expects the body of a refusal with this code to explain it; not tested where the answer is another."""
    if answer.status == code:
        expect(rule, explained(answer), f"the body of the {code} is {answer.content[:100]!r}", answer)
    else:
        expect.untested(rule, f"no {code} was answered, but {answer.status}")


def expect_named(expect: Expect, rule: str, answer: Exchange, attribute: str, item: str = "") -> None:
    """Expects a refusal with 400 to name the attribute; not tested where the answer is another."""
    if answer.status == 400:
        expect(rule, names(answer, attribute), f"the refusal does not name {attribute}", answer, item=item)
    else:
        expect.untested(rule, f"nothing was refused with 400, but answered {answer.status}", item=item)


def expect_unbroken(expect: Expect, rule: str, answers: Iterable[Exchange], item: str = "") -> None:
    """Expects none of these answers to be 5xx."""
    for answer in answers:
        expect(rule, answer.status < 500, f"answered {answer.status}", answer, item=item)


def _text(exchange: Exchange, name: str) -> bool:
    return isinstance(value := exchange.body.get(name), str) and value.strip() != ""


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from _texts(inner)
    elif isinstance(node, str):
        yield node
