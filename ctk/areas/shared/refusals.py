"""What a proper refusal is, and the attempts that ought to be refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ctk.exchange import Exchange
from ctk.profile import Resource
from ctk.target.target import Created, Stage
from ctk.verdict.ledger import Judge

_LEAKS = re.compile(
    r"Traceback \(most|File \"|\.(?:py|js|ts|rb|php|go)(?:\"?, line |:\d+)|\.(?:java|kt|cs):\d+"
    r"|\bat [\w$.]+\([\w.]*(?::\d+)?\)"
    r"|\b\w+Exception\b|\b[A-Z]\w+Error\b(?!\w)(?=[:(])|<class '|site-packages|node_modules|SQLSTATE|ORA-\d{5}"
    r"|\b(?:org|com|java|io|net)\.[a-z]\w*(?:\.\w+)*\.[A-Z]\w+|/(?:home|usr|var|opt|srv|app)/\w|[A-Z]:\\\\"
)


class Attempts:
    """Creations that ought to be refused: each is a body that the server takes, with one thing wrong.

    Raises Untestable where the server does not take the body: no refusal would tell anything.
    """

    def __init__(self, stage: Stage, resource: Resource, kind: str = "minimal"):
        self._stage, self._resource, self._kind = stage, resource, kind
        stage.create(resource, kind)
        self._good = stage.body(resource, kind)

    def __call__(self, **changes: Any) -> Exchange:
        """What the server answers to a body with some attributes that are wrong."""
        return self.send({**self._good, **changes})

    def without(self, name: str) -> Exchange:
        """What the server answers to a body that lacks an attribute."""
        return self.send({key: value for key, value in self._good.items() if key != name})

    def send(self, sent: Any) -> Exchange:
        """What the server answers to a body of the caller's; once it takes one, a new one is begun."""
        answer = self._stage.post(self._resource, sent)
        if answer.status < 300:
            self._good = self._stage.body(self._resource, self._kind)
        return answer


class Changes:
    """Changes that ought to be refused, of one resource; a new one is made where the server takes one."""

    def __init__(self, stage: Stage, resource: Resource):
        self._stage, self._resource = stage, resource
        self.made: Created = stage.create(resource, "minimal")
        self.refused: list[Exchange] = []

    def __call__(self, body: Any, media: str = "application/json") -> Exchange:
        """What the server answers to a change."""
        answer = self._stage.patch(self.made, body, media)
        if answer.status < 300:
            self.made, self.refused = self._stage.create(self._resource, "minimal"), []
        else:
            self.refused.append(answer)
        return answer


def client_error(exchange: Exchange) -> bool:
    """Whether the client is told that its request is wrong: 4xx, but not for want of rights, nor for haste."""
    return 400 <= exchange.status < 500 and exchange.status not in (401, 403, 429)


def explained(exchange: Exchange) -> bool:
    """Whether the body has a code and a reason, both texts, and is JSON."""
    return "json" in exchange.media and _text(exchange, "code") and _text(exchange, "reason")


def names(exchange: Exchange, attribute: str) -> bool:
    """Whether any text of the body has this word."""
    word = re.compile(rf"(?<![\w@]){re.escape(attribute)}(?!\w)")
    return any(word.search(text) for text in _texts(exchange.json))


def leak(exchange: Exchange) -> str:
    """The first thing of the server's inside that a body shows; empty where there is none."""
    found = _LEAKS.search(exchange.content.decode(errors="replace"))
    return found[0] if found else ""


def judge_explained(judge: Judge, rule: str, answer: Exchange, code: int) -> None:
    """The body of a refusal with this code explains it; not tested where the answer is another."""
    if answer.status == code:
        judge(rule, explained(answer), f"the body of the {code} is {answer.content[:100]!r}", answer)
    else:
        judge.untested(rule, f"no {code} was answered, but {answer.status}")


def judge_named(judge: Judge, rule: str, answer: Exchange, attribute: str, item: str = "") -> None:
    """A refusal with 400 names the attribute; not tested where nothing was refused."""
    if answer.status == 400:
        judge(rule, names(answer, attribute), f"the refusal does not name {attribute}", answer, item=item)
    else:
        judge.untested(rule, f"nothing was refused with 400, but answered {answer.status}", item=item)


def judge_unbroken(judge: Judge, rule: str, answers: Iterable[Exchange], item: str = "") -> None:
    """None of these answers is the server's own fault."""
    for one in answers:
        judge(rule, one.status < 500, f"answered {one.status}", one, item=item)


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
