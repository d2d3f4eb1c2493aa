"""Servers that refuse wrongly: with other codes, without a word, or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from ctk.standard.document import ours
from ctk.standard.operations import writable_attributes
from ctk.standard.profile import profiles
from tests.ctk.mutants.proxy import Answer, Answering, Ask, Asking, Mutant, Proxy, status

_JSON = {"content-type": "application/json"}


def refusal(change: Callable[[dict[str, Any], Ask], Any], *verbs: str) -> Answering:
    """The body of every refusal of these verbs (none: of any request) is changed in place."""

    def changed(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if answer.status >= 400 and (not verbs or ask.verb in verbs) and isinstance(found := answer.json, dict):
            change(found, ask)
            answer.json = found

    return changed


def said(**told: Any) -> Callable[[dict[str, Any], Ask], None]:
    """Some attributes of a refusal have other values."""
    return lambda found, ask: found.update(told)


def mute(found: dict[str, Any], ask: Ask) -> None:
    """A refusal that tells nothing of what was wrong."""
    found["message"] = "Something is wrong."
    found.pop("problems", None)


def plain(code: int) -> Answering:
    """Refusals with this code have a body of plain text."""

    def changed(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
        return Answer(code, {"content-type": "text/plain"}, b"refused") if answer.status == code else None

    return changed


def instead(was: int, code: int, when: Callable[[Ask], bool] = lambda ask: True) -> Answering:
    """Answers with one code have another."""

    def changed(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if answer.status == was and when(ask):
            answer.status = code

    return changed


def crashes(when: Callable[[Ask], bool]) -> Asking:
    """Requests of a kind are answered with 500."""
    return lambda ask, proxy: Answer(500, dict(_JSON), b'{"code":"500","reason":"Error"}') if when(ask) else None


def takes(verb: str, when: Callable[[Ask, str], bool]) -> Answering:
    """What is refused is taken all the same, where its message is of a kind: a creation as the last good one was, a
    change as if it were empty."""

    def changed(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
        if ask.verb != verb or not ask.rest:
            return None
        good = proxy.memory.setdefault("good", {})
        if answer.status < 300:
            good[ask.rest[0]] = ask.content
            return None
        if answer.status not in (400, 415) or not when(ask, answer.content.decode()):
            return None
        content = good.get(ask.rest[0], b"{}") if verb == "create" else b"{}"
        taken_ = proxy.send(Ask(ask.method, ask.path, ask.query, {**ask.headers, **_JSON}, content))
        if isinstance(ask.json, dict) and verb == "create":
            lost = _required(ask) - set(ask.json) | {name for name, value in ask.json.items() if value is None}
            taken_.json = {name: value for name, value in taken_.json.items() if name not in lost}
        return taken_

    return changed


def _required(ask: Ask) -> set[str]:
    return set(profiles()[ask.api].resources[ask.rest[0]].required)


def _types(ask: Ask, told: str) -> bool:
    return "is not of type" in told or "object is expected" in told or 'attribute \\"ctk' in told


def _wrong_type(ask: Ask) -> bool:
    """Whether an attribute at the top has a value of another type, or the text is an object."""
    return b"of another type" in ask.content


def _told(*words: str) -> Callable[[Ask, str], bool]:
    return lambda ask, told: any(word in told for word in words)


def _sent(pattern: bytes) -> Callable[[Ask, str], bool]:
    found = re.compile(pattern)
    return lambda ask, told: bool(found.search(ask.content))


def _stores(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """A refused creation is stored before it is refused."""
    if ask.verb != "create" or answer.status != 400 or not isinstance(sent := ask.json, dict):
        return
    declared = writable_attributes(ours(ask.api), "create", ask.rest[0])
    fixed = {
        name: "ctk" if name in declared and declared[name].scalar and isinstance(value, dict) else value
        for name, value in sent.items()
    }
    kept = proxy.send(Ask(ask.method, ask.path, ask.query, ask.headers, json.dumps(fixed).encode()))
    assert kept.status in (201, 400)


def _half(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """A refused change has changed the text before it is refused."""
    if ask.verb == "patch" and answer.status == 400 and b"ctkUnknown" in ask.content:
        text = profiles()[ask.api].resources[ask.rest[0]].text
        proxy.send(Ask(ask.method, ask.path, "", ask.headers, json.dumps({text: "https://ctk.example/half"}).encode()))


def _first_alone(found: dict[str, Any], ask: Ask) -> None:
    problems = found.get("problems") or [{}]
    found["message"] = f"{problems[0].get('pointer')}: {problems[0].get('rule')}"
    found["problems"] = problems[:1]


def _drops_unknown(ask: Ask, proxy: Proxy) -> None:
    if ask.verb in ("create", "patch") and isinstance(body := ask.json, dict):
        ask.json = {name: value for name, value in body.items() if name != "ctkUnknown"}


def _method(*methods: str, one: bool | None = None) -> Callable[[Ask], bool]:
    return lambda ask: ask.method in methods and (one is None or (len(ask.rest) == 2) is one)


def _unlisted(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    answer.headers.pop("allow", None)


def _talks(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
    """HEAD is not known."""
    return Answer(405, dict(_JSON), b"") if ask.method == "HEAD" else None


def _odd(*marks: str) -> Callable[[Ask], bool]:
    return lambda ask: any(mark in ask.path or mark in ask.query for mark in marks)


def _finds(*marks: str) -> Asking:
    """Odd ids name something."""

    def made(ask: Ask, proxy: Proxy) -> Answer | None:
        return Answer(200, dict(_JSON), b'{"id":"ctk"}') if any(mark in ask.path for mark in marks) else None

    return made


def _ignores(name: str, value: str) -> Asking:
    """A header is not looked at."""

    def made(ask: Ask, proxy: Proxy) -> None:
        if "x-ctk" in ask.headers.get(name, ""):
            ask.headers[name] = value

    return made


def _missing(*statuses: int) -> Answering:
    """Refusals with these codes have no reason."""

    def changed(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if answer.status in statuses and isinstance(found := answer.json, dict):
            answer.json = {name: value for name, value in found.items() if name != "reason"}

    return changed


_QUERY = ("&&=&;", "=%zz%", "=%FF%FE")
_NO_JSON: Mapping[str, bytes] = {"ERR-36": rb"^$", "ERR-37": rb'^"ctk"$', "ERR-39": rb"caf\xe9", "ERR-40": rb"^\[\["}

MUTANTS = (
    Mutant("finds every id", ("ERR-01",), answer=status(200, "retrieve", where=lambda a: a.status == 404)),
    Mutant("changes what is not there", ("ERR-02",), answer=status(200, "patch", where=lambda a: a.status == 404)),
    Mutant("deletes what is not there", ("ERR-03",), answer=status(204, "delete", where=lambda a: a.status == 404)),
    Mutant("says in plain text that nothing is there", ("ERR-04", "ERR-10", "ERR-11", "ERR-63"), answer=plain(404)),
    Mutant("counts its errors", ("ERR-05",), answer=refusal(said(code=40), "retrieve")),
    Mutant("gives no reason", ("ERR-06", "ERR-10", "ERR-11"), answer=refusal(said(reason=""))),
    Mutant("tells another status than it answers", ("ERR-07",), answer=refusal(said(status="500"))),
    Mutant("does not say what it missed", ("ERR-08",), answer=refusal(mute)),
    Mutant("calls an error a problem", ("ERR-09",), answer=refusal(said(**{"@type": "Problem"}))),
    Mutant("takes a body without what is mandatory", ("ERR-12",), answer=takes("create", _told("mandatory"))),
    Mutant("takes null for any value", ("ERR-14",), answer=takes("create", _sent(rb": null"))),
    Mutant(
        "does not name what is wrong", ("ERR-13", "ERR-19", "ERR-21", "ERR-23", "ERR-29", "ERR-33"),
        answer=refusal(mute),
    ),
    Mutant("explains no 400", ("ERR-15", "ERR-35", "ERR-75"), answer=_missing(400)),
    Mutant("stores a creation before it refuses it", ("ERR-16",), answer=_stores),
    Mutant("takes any type", ("ERR-17", "ERR-24", "ERR-26"), answer=takes("create", _types)),
    Mutant("breaks at a wrong type", ("ERR-18", "ERR-25", "ERR-28"), ask=crashes(_wrong_type)),
    Mutant("takes any word", ("ERR-20",), answer=takes("create", _sent(rb"ctkNoSuchWord"))),
    Mutant("takes any text as a date", ("ERR-22",), answer=takes("create", _sent(rb"in a fortnight"))),
    Mutant("changes to any type", ("ERR-27",), answer=takes("patch", _types)),
    Mutant("changes half of what it refuses", ("ERR-30",), answer=_half),
    Mutant("tells one problem at a time", ("ERR-31",), answer=refusal(_first_alone)),
    Mutant("drops what it does not know", ("ERR-32",), ask=_drops_unknown),
    Mutant(
        "calls a body that is no JSON unprocessable", ("ERR-34", "ERR-45"),
        answer=instead(400, 422, lambda ask: ask.json is None),
    ),
    *(
        Mutant(f"makes a resource of a body of the kind of {rule}", (rule,), answer=takes("create", _sent(pattern)))
        for rule, pattern in _NO_JSON.items()
    ),
    Mutant("makes nothing of an empty list, gladly", ("ERR-38",), answer=takes("create", _sent(rb"^\[\]$"))),
    Mutant("breaks at large numbers", ("ERR-41",), ask=crashes(lambda ask: b"1e400" in ask.content)),
    Mutant("reads NaN as a number", ("ERR-42",), answer=takes("create", _sent(rb"NaN"))),
    Mutant(
        "breaks at null characters", ("ERR-43", "ERR-67"),
        ask=crashes(lambda ask: b"u0000" in ask.content or "%00" in ask.path),
    ),
    Mutant("breaks at half a surrogate pair", ("ERR-44",), ask=crashes(lambda ask: b"ud800" in ask.content)),
    Mutant(
        "takes any change", ("ERR-45", "ERR-46", "ERR-47"),
        answer=takes("patch", lambda ask, told: not isinstance(ask.json, dict)),
    ),
    Mutant("reads any media type as JSON", ("ERR-48", "ERR-50"), ask=_ignores("content-type", "application/json")),
    Mutant("does not explain a 415", ("ERR-49",), answer=plain(415)),
    Mutant("does not look at Accept", ("ERR-51",), ask=_ignores("accept", "*/*")),
    Mutant("does not explain a 406", ("ERR-52",), answer=plain(406)),
    Mutant("has not implemented PUT", ("ERR-53", "ERR-56"), answer=instead(405, 501, _method("PUT"))),
    Mutant("does not say what is allowed", ("ERR-54", "ERR-57", "ERR-61"), answer=_unlisted),
    Mutant("does not explain a 405", ("ERR-55",), answer=_missing(405)),
    Mutant("breaks at a POST to a resource", ("ERR-58",), ask=crashes(_method("POST", one=True))),
    Mutant("does not know HEAD of collections and resources", ("ERR-59", "ERR-60"), answer=_talks),
    Mutant(
        "calls an unknown path a bad request", ("ERR-62", "ERR-64"),
        answer=instead(404, 400, lambda ask: len(ask.rest) == 3 or "ctkNothingHere" in ask.path),
    ),
    Mutant("explains no path that is not there", ("ERR-63",), answer=_missing(404)),
    Mutant(
        "finds something for every odd id", ("ERR-65", "ERR-66", "ERR-67", "ERR-68", "ERR-69", "ERR-70"),
        ask=_finds("c" * 3000, "..%2F", "%00", "%20--", "%E7", "%FF"),
    ),
    Mutant(
        "breaks at a filter without a value", ("ERR-71",),
        ask=crashes(lambda ask: ask.verb == "list" and ask.query.endswith("=")),
    ),
    Mutant("breaks at odd queries", ("ERR-72", "ERR-73", "ERR-74"), ask=crashes(_odd(*_QUERY))),
    Mutant(
        "shows a stack trace", ("ERR-76",),
        answer=refusal(said(message='Traceback (most recent call last): File "/srv/api.py", line 7')),
    ),
    Mutant(
        "shows its classes", ("ERR-76",),
        answer=refusal(said(message="com.vendor.api.TicketMapper: java.lang.NullPointerException")),
    ),
)  # fmt: skip
