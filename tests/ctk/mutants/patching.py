"""What broken servers have in common that read a PATCH before the suite does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ctk.exchange import JSON, JSON_PATCH, MERGE
from ctk.standard.profile import Resource, profiles
from tests.ctk.mutants.proxy import Answer, Ask, Asking, Proxy, on

Merging = Callable[[dict[str, Any], Ask, Proxy], Any]
Operating = Callable[[list[dict[str, Any]], Ask, Proxy], Any]


def media(ask: Ask) -> str:
    """The media type of a request without parameters."""
    return ask.headers.get("content-type", "").partition(";")[0]


def resource(ask: Ask) -> Resource:
    """What a request is about."""
    return profiles()[ask.api].resources[ask.rest[0]]


def reading(ask: Ask, proxy: Proxy) -> Answer:
    """The resource of a request as it stands."""
    return proxy.send(Ask("GET", ask.path, "", {"accept": JSON}, b""))


def refusal(code: int = 400) -> Answer:
    """A refusal as servers write it."""
    told = json.dumps({"code": str(code), "reason": "refused", "message": "The request is refused."})
    return Answer(code, {"content-type": JSON}, told.encode())


def merging(change: Merging, *types: str) -> Asking:
    """Merge patches are changed in place, or answered; of both media types where none is named."""

    def asked(ask: Ask, proxy: Proxy) -> Answer | None:
        sent = ask.json
        if ask.verb != "patch" or media(ask) not in (types or (JSON, MERGE)) or not isinstance(sent, dict):
            return None
        made: Answer | None = change(sent, ask, proxy)
        ask.json = sent
        return made

    return asked


def operating(change: Operating, *types: str) -> Asking:
    """JSON patches are changed: `change` returns other operations, an answer, or None."""

    def asked(ask: Ask, proxy: Proxy) -> Answer | None:
        sent = ask.json
        if ask.verb != "patch" or media(ask) not in (types or (JSON_PATCH,)) or not isinstance(sent, list):
            return None
        made = change([one for one in sent if isinstance(one, dict)], ask, proxy)
        if made is None or isinstance(made, Answer):
            return made
        ask.json = made
        return None if made else reading(ask, proxy)

    return asked


def patching(change: Callable[[Ask, Proxy], Answer | None]) -> Asking:
    """Every PATCH is changed or answered."""
    return lambda ask, proxy: change(ask, proxy) if ask.verb == "patch" else None


def pretended(merged: dict[str, Any], ask: Ask, proxy: Proxy) -> Answer:
    """A change that is acknowledged and not made."""
    answer = reading(ask, proxy)
    if answer.status == 200:
        answer.json = {**answer.json, **merged}
    return answer


def forgetting(*types: str) -> dict[str, Any]:
    """After a patch of these media types a read shows nothing else."""

    def asked(ask: Ask, proxy: Proxy) -> None:
        if media(ask) in types:
            proxy.memory[ask.path] = True

    def answered(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if proxy.memory.get(ask.path):
            text = resource(ask).text
            answer.json = {text: answer.json[text]} if text in (answer.json or {}) and MERGE not in types else {}

    return {"ask": patching(asked), "answer": on("retrieve")(answered)}


def unread(*types: str) -> Asking:
    """Some media types are not read."""
    return patching(lambda ask, proxy: refusal(415) if media(ask) in types else None)


def without_nulls(value: Any) -> Any:
    """The same without null members."""
    if isinstance(value, dict):
        return {name: without_nulls(inner) for name, inner in value.items() if inner is not None}
    return value


def kept_wrongly(wanted: Callable[[dict[str, Any], Resource], dict[str, Any]]) -> dict[str, Any]:
    """Some attributes are taken as they come, and shown from then on; None: they are gone."""

    def asked(merged: dict[str, Any], ask: Ask, proxy: Proxy) -> Answer | None:
        taken = wanted(merged, resource(ask))
        if not taken:
            return None
        proxy.memory.setdefault(ask.path, {}).update(taken)
        return reading(ask, proxy)

    def answered(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if isinstance(found := answer.json, dict) and answer.status == 200 and ask.path in proxy.memory:
            shown = {**found, **proxy.memory[ask.path]}
            answer.json = {name: value for name, value in shown.items() if value is not None}

    return {"ask": merging(asked), "answer": on("retrieve", "patch")(answered)}


def _notes(ask: Ask, proxy: Proxy) -> None:
    proxy.memory[ask.path] = resource(ask).text not in (ask.json or {})


def _forgets(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if proxy.memory.get(ask.path) and isinstance(answer.json, dict):
        answer.json = {name: value for name, value in answer.json.items() if name != resource(ask).text}


FORGETTING_A_TEXT: dict[str, Any] = {"ask": patching(_notes), "answer": on("retrieve")(_forgets)}
"""A text is gone as soon as another attribute is changed."""
