"""Servers that delete wrongly."""

from __future__ import annotations

from typing import Any

from tests.ctk.mutants.create import refusing
from tests.ctk.mutants.proxy import Answer, Answering, Ask, Mutant, Proxy, on, status

_JSON = {"content-type": "application/json"}


def _kept(ask: Ask, proxy: Proxy) -> Answer | None:
    """Says that it has deleted what it keeps."""
    return Answer(204, {}, b"") if ask.verb == "delete" else None


def _remembered(verb: str) -> Answering:
    """Answers of a verb come from a memory that no deletion empties."""

    def answered(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
        key = f"{ask.path}?{ask.query}"
        if answer.json == [] or answer.status == 404:
            return proxy.memory.get(key)
        proxy.memory[key] = answer
        return None

    return on(verb)(answered)


def _revived(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
    """What is changed after its deletion can be read again; the change itself is refused."""
    if ask.verb == "create" and answer.status == 201:
        proxy.memory[answer.json["id"]] = answer.json
    if ask.verb == "patch" and answer.status == 404:
        proxy.memory["revived"] = ask.rest[1]
    if ask.verb == "retrieve" and answer.status == 404 and proxy.memory.get("revived") == ask.rest[1]:
        found = Answer(200, dict(_JSON), b"")
        found.json = proxy.memory[ask.rest[1]]
        return found
    return None


def _changed(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
    return Answer(200, dict(_JSON), ask.content) if answer.status == 404 else None


def _length(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if answer.status == 204:
        answer.headers["content-length"] = "0"


def _silent(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
    return Answer(404, {}, b"") if answer.status == 404 else None


def _coded(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if answer.status == 404:
        answer.json = {"code": "404"}


def _more(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """Deletes what was created in the same collection as well."""
    if ask.verb == "create" and answer.status == 201:
        proxy.memory.setdefault(ask.path, []).append(answer.json["id"])
    if ask.verb == "delete" and answer.status == 204:
        collection = ask.path.rpartition("/")[0]
        for key in proxy.memory.pop(collection, []):
            proxy.send(Ask("DELETE", f"{collection}/{key}", "", {}, b""))


def _touching(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """Writes into others that something was deleted beside them."""
    if ask.verb == "delete" and answer.status == 204:
        proxy.memory["deleted"] = True
    if ask.verb == "retrieve" and answer.status == 200 and proxy.memory.get("deleted"):
        answer.json = {**answer.json, "description": "Something beside it was deleted."}


def _reused(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if ask.verb == "delete" and answer.status == 204:
        proxy.memory["free"] = ask.rest[1]
    if ask.verb == "create" and answer.status == 201 and "free" in proxy.memory:
        answer.json = {**answer.json, "id": proxy.memory.pop("free")}


def _still_unchanged(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
    return Answer(304, {}, b"") if answer.status == 404 and "if-none-match" in ask.headers else None


def _head(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
    return Answer(200, dict(_JSON), b"") if ask.method == "HEAD" else None


def _unsubscribed(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """A deletion ends every subscription."""
    hubs: dict[str, Any] = proxy.memory.setdefault("hubs", {})
    if ask.verb == "hub" and answer.status == 201:
        hubs[answer.json["id"]] = ask.path
    if ask.verb == "delete" and answer.status == 204:
        for key, path in hubs.items():
            proxy.send(Ask("DELETE", f"{path}/{key}", "", {}, b""))
        hubs.clear()


MUTANTS = (
    Mutant("answers a deletion with 200", ("DEL-01", "DEL-17"), answer=status(200, "delete")),
    Mutant(
        "answers a deletion with 202 and knows no 202", ("DEL-01",), answer=status(202, "delete"), apis=("TMF621-v4",)
    ),
    Mutant("refuses every deletion", ("DEL-01", "DEL-17"), ask=refusing(403, lambda ask: ask.verb == "delete")),
    Mutant("tells the length of nothing", ("DEL-02",), answer=on("delete")(_length)),
    Mutant(
        "keeps what it says it has deleted", ("DEL-03", "DEL-04", "DEL-05", "DEL-10", "DEL-11", "DEL-17"), ask=_kept
    ),
    Mutant("reads what is deleted from an old copy", ("DEL-03",), answer=_remembered("retrieve")),
    Mutant("lists what is deleted from an old copy", ("DEL-04",), answer=_remembered("list")),
    Mutant(
        "answers 204 to a second deletion",
        ("DEL-05", "DEL-08"),
        answer=status(204, "delete", where=lambda one: one.status == 404),
    ),
    Mutant("says nothing about a second deletion", ("DEL-06", "DEL-09"), answer=on("delete")(_silent)),
    Mutant("tells a code without a reason", ("DEL-06", "DEL-09"), answer=on("delete")(_coded)),
    Mutant("deletes more than it should", ("DEL-07",), answer=_more),
    Mutant("writes a deletion into the others", ("DEL-07",), answer=_touching),
    Mutant("changes what is deleted", ("DEL-10",), answer=on("patch")(_changed)),
    Mutant(
        "takes a change of what is deleted for a bad request",
        ("DEL-10",),
        answer=status(400, "patch", where=lambda one: one.status == 404),
    ),
    Mutant("brings back what is changed after its deletion", ("DEL-11",), answer=_revived),
    Mutant("gives the ids of the deleted again", ("DEL-12",), answer=_reused),
    Mutant("calls what is deleted unchanged", ("DEL-13",), answer=on("retrieve")(_still_unchanged)),
    Mutant("answers HEAD of a deleted resource with 200", ("DEL-14",), answer=_head),
    Mutant(
        "does not know a slash after the id of a deletion",
        ("DEL-15",),
        ask=refusing(404, lambda ask: ask.verb == "delete" and ask.path.endswith("/")),
    ),
    Mutant("ends subscriptions with a deletion", ("DEL-16",), answer=_unsubscribed),
)
