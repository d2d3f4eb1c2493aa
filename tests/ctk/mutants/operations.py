"""Servers that read JSON patches wrongly, and those with queries in their paths."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ctk.exchange import JSON, JSON_PATCH, JSON_PATCH_QUERY
from tests.ctk.mutants.patching import (
    forgetting,
    media,
    operating,
    patching,
    reading,
    refusal,
    resource,
    unread,
)
from tests.ctk.mutants.proxy import Answer, Answering, Ask, Asking, Mutant, Proxy, on

_QUERIES = (JSON_PATCH_QUERY, "application/json-patch+query")


def undone(sent: list[dict[str, Any]], ask: Ask, proxy: Proxy) -> Answer:
    """A JSON patch is answered, and taken back."""
    before, answer = reading(ask, proxy).json or {}, proxy.send(ask)
    if answer.status == 200:
        back = {name: before[name] for name in ("@type", resource(ask).text) if name in before}
        proxy.send(Ask("PATCH", ask.path, "", {"content-type": JSON}, json.dumps(back).encode()))
    return answer


def lacks(op: str) -> Asking:
    """One operation is not known."""
    return operating(lambda sent, ask, proxy: refusal() if any(one.get("op") == op for one in sent) else None)


def one_by_one(strict: bool) -> Asking:
    """Each operation is made for itself; failures end it, or do not count."""

    def asked(sent: list[dict[str, Any]], ask: Ask, proxy: Proxy) -> Answer:
        for one in sent:
            answer = proxy.send(Ask("PATCH", ask.path, "", ask.headers, json.dumps([one]).encode()))
            if answer.status >= 300 and strict:
                return answer
        return reading(ask, proxy)

    return operating(asked)


def each(change: Callable[[dict[str, Any]], dict[str, Any] | None], *types: str) -> Asking:
    """Each operation becomes another; None drops it."""
    return operating(lambda sent, ask, proxy: [new for one in sent if (new := change(one)) is not None], *types)


def path_of(one: dict[str, Any]) -> str:
    """The path of an operation, however broken."""
    return str(one.get("path", ""))


def rewritten(change: Callable[[str], str], *types: str) -> Asking:
    """The path of each operation is another one."""
    return each(lambda one: {**one, "path": change(one["path"])} if "path" in one else one, *types)


def if_there(op: str, there: bool, made: Callable[[Ask, Proxy], Answer]) -> Asking:
    """One operation on a top-level path that is there (or not) is answered like this."""

    def asked(sent: list[dict[str, Any]], ask: Ask, proxy: Proxy) -> Answer | None:
        found = reading(ask, proxy).json or {}
        odd = any(
            one.get("op") == op and path_of(one).count("/") == 1 and (path_of(one)[1:] in found) == there
            for one in sent
        )
        return made(ask, proxy) if odd else None

    return operating(asked)


def refused_path(odd: Callable[[str], bool], *types: str) -> Asking:
    """Some paths are refused."""
    return operating(lambda sent, ask, proxy: refusal() if any(odd(path_of(one)) for one in sent) else None, *types)


def _deep(path: str) -> bool:
    return path.count("/") > 2


def _last_index(path: str) -> str:
    head, _, last = path.rpartition("/")
    return f"{head}/-" if last == "77" else path


def _array_alone(path: str) -> str:
    return "/" + path.lstrip("$./").replace("[", "/").replace("?", "/").split("/")[0]


def _every_element(path: str) -> str:
    name = _array_alone(path)[1:]
    if path.startswith("$"):
        target = path.rpartition(".")[2]
    else:
        target = (path.partition("?")[0] if "?" in path and path.partition("?")[0].count("/") > 1 else path).rpartition(
            "/"
        )[2]
    return f"$.{name}[*].{target}" if "?" in path else path


def _spelling(path: str) -> str:
    if path.startswith("$"):
        return "JSONPath"
    before, sign, after = path.partition("?")
    return "middle" if "/" in after else "end" if sign and before.count("/") > 1 else "plain"


def missed(store: bool) -> Answering:
    """A query that finds nothing is no mistake, or (with `store`) changes something else."""

    def answered(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
        if ask.verb != "patch" or media(ask) not in _QUERIES or answer.status != 400:
            return None
        if not store:
            return reading(ask, proxy)
        one = [{"op": "replace", "path": f"/{resource(ask).text}", "value": "https://example.com/missed"}]
        proxy.send(Ask("PATCH", ask.path, "", {"content-type": JSON_PATCH}, json.dumps(one).encode()))
        return None

    return answered


def new_id(sent: list[dict[str, Any]], ask: Ask, proxy: Proxy) -> Answer | None:
    """A JSON patch may give an id."""
    if not any(path_of(one) == "/id" for one in sent):
        return None
    proxy.memory[ask.path] = "ctk-other"
    return reading(ask, proxy)


def new_id_shown(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """The id that a JSON patch gave."""
    if ask.path in proxy.memory:
        answer.json = {**answer.json, "id": proxy.memory[ask.path]}


def _known(one: dict[str, Any]) -> bool:
    return one.get("op") in ("add", "remove", "replace", "move", "copy", "test")


OPERATIONS: tuple[Mutant, ...] = (
    Mutant(
        "reads no JSON patch",
        ("PAT-60", "PAT-61", "PAT-62", "PAT-72", "PAT-73", "PAT-74", "PAT-75", "PAT-89"),
        ask=unread(JSON_PATCH),
    ),
    Mutant("takes a JSON patch back", ("PAT-61",), ask=operating(undone)),
    Mutant("forgets everything else at a JSON patch", ("PAT-62",), **forgetting(JSON_PATCH)),
    Mutant("adds nothing that is missing", ("PAT-63",), ask=if_there("add", False, lambda ask, proxy: refusal())),
    Mutant("cannot add", ("PAT-63", "PAT-72", "PAT-73", "PAT-88"), ask=lacks("add")),
    Mutant("cannot remove", ("PAT-64", "PAT-75"), ask=lacks("remove")),
    Mutant("cannot test", ("PAT-65", "PAT-76"), ask=lacks("test")),
    Mutant("cannot copy", ("PAT-69",), ask=lacks("copy")),
    Mutant("cannot move", ("PAT-70", "PAT-89"), ask=lacks("move")),
    Mutant("passes over tests", ("PAT-66", "PAT-67"), ask=each(lambda one: None if one.get("op") == "test" else one)),
    Mutant("makes half of a JSON patch", ("PAT-67",), ask=one_by_one(strict=True)),
    Mutant(
        "passes over operations that fail",
        ("PAT-66", "PAT-68", "PAT-77", "PAT-78", "PAT-80", "PAT-81", "PAT-82", "PAT-83", "PAT-85", "PAT-91", "PAT-92"),
        ask=one_by_one(strict=False),
    ),
    Mutant(
        "copies where it should move",
        ("PAT-70", "PAT-89"),
        ask=each(lambda one: {**one, "op": "copy"} if one.get("op") == "move" else one),
    ),
    Mutant("goes through operations backwards", ("PAT-71",), ask=operating(lambda sent, ask, proxy: sent[::-1])),
    Mutant("appends at the beginning", ("PAT-72",), ask=rewritten(lambda path: path.replace("/-", "/0"))),
    Mutant(
        "overwrites where it should insert",
        ("PAT-73",),
        ask=each(lambda one: {**one, "op": "replace"} if one.get("op") == "add" and one["path"][-1] == "0" else one),
    ),
    Mutant("reaches into no element", ("PAT-74",), ask=refused_path(_deep)),
    Mutant(
        "removes the array with its element",
        ("PAT-75",),
        ask=each(lambda one: {**one, "path": _array_alone(one["path"])} if one.get("op") == "remove" else one),
    ),
    Mutant(
        "tests no objects",
        ("PAT-76",),
        ask=operating(
            lambda sent, ask, proxy: refusal() if any(isinstance(one.get("value"), dict) for one in sent) else None
        ),
    ),
    Mutant(
        "adds where it should replace",
        ("PAT-77", "PAT-79"),
        ask=each(lambda one: {**one, "op": "add"} if one.get("op") == "replace" and "value" in one else one),
    ),
    Mutant("removes what is not there", ("PAT-78",), ask=if_there("remove", False, reading)),
    Mutant("passes over operations that it does not know", ("PAT-80",), ask=each(lambda o: o if _known(o) else None)),
    Mutant("passes over operations without a path", ("PAT-81",), ask=each(lambda o: o if "path" in o else None)),
    Mutant("appends beyond the end", ("PAT-82", "PAT-84"), ask=rewritten(_last_index)),
    Mutant(
        "reads escapes before it reads steps",
        ("PAT-83", "PAT-84"),
        ask=rewritten(lambda path: path.replace("~1", "/").replace("~0", "~")),
    ),
    Mutant(
        "passes over operations without a value",
        ("PAT-85",),
        ask=each(lambda one: None if one.get("op") == "replace" and "value" not in one else one),
    ),
    Mutant(
        "takes one operation for many",
        ("PAT-86",),
        ask=patching(
            lambda ask, proxy: (
                setattr(ask, "json", [ask.json]) if media(ask) == JSON_PATCH and isinstance(ask.json, dict) else None
            )
        ),
    ),
    Mutant(
        "gives another id at a JSON patch",
        ("PAT-87", "PAT-92"),
        ask=operating(new_id),
        answer=on("retrieve")(new_id_shown),
    ),
    Mutant("adds nothing that is there", ("PAT-88",), ask=if_there("add", True, lambda ask, proxy: refusal())),
    Mutant(
        "reads 00 as 0",
        ("PAT-90",),
        ask=rewritten(lambda path: path.removesuffix("0") if path.endswith("/00") else path),
    ),
    Mutant("reads no JSON patch query", ("PAT-100", "PAT-108", "PAT-109"), ask=unread(*_QUERIES)),
    Mutant("changes all for one", ("PAT-101",), ask=rewritten(_every_element, *_QUERIES)),
    Mutant(
        "reads no JSONPath",
        ("PAT-102", "PAT-110"),
        ask=refused_path(lambda path: _spelling(path) == "JSONPath", *_QUERIES),
    ),
    Mutant(
        "reads no query at the end of a path",
        ("PAT-103",),
        ask=refused_path(lambda path: _spelling(path) == "end", *_QUERIES),
    ),
    Mutant(
        "reads no query in the middle of a path",
        ("PAT-104",),
        ask=refused_path(lambda path: _spelling(path) == "middle", *_QUERIES),
    ),
    Mutant(
        "removes all for one",
        ("PAT-105",),
        ask=each(lambda o: {**o, "path": _array_alone(o["path"])} if o.get("op") == "remove" else o, *_QUERIES),
    ),
    Mutant("finds nothing and is content", ("PAT-106", "PAT-111"), answer=missed(store=False)),
    Mutant("finds nothing and changes something", ("PAT-107",), answer=missed(store=True)),
    Mutant(
        "reads nothing but queries", ("PAT-108",), ask=refused_path(lambda path: _spelling(path) == "plain", *_QUERIES)
    ),
    Mutant("knows JSON patch query by one name", ("PAT-109",), ask=unread(_QUERIES[1])),
)
