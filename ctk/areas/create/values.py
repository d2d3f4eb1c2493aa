"""Whether the values that were sent are those that come back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, timedelta, timezone
from typing import Any

from ctk.areas.create.answer import created
from ctk.equality import altered, instant, leaves, lost, replaced
from ctk.exchange import Exchange
from ctk.profile import Resource
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

_SERVERS_OWN = frozenset({"id", "href", "lastUpdate", "lastModified"})
"""What a server may set even where a create schema has it."""

_SCRIPTS = "Zürich, Ελλάδα, Москва, 東京, العربية, e\u0301, \U0001f4de"
_BLANKS = "  two  blanks  "
_PIECES: Mapping[str, str] = {
    "CRE-17": _BLANKS,
    "CRE-13": _SCRIPTS,
    "CRE-14": "\"twice\" and 'once', C:\\new\\table, \\u0041, \\",
    "CRE-15": "one\ntwo\r\n\tthree\n",
    "CRE-16": "<b>bold</b> & &amp; %41+%20 ${x} {{y}} <!-- -->",
    "CRE-18": "All of it. " * 1000 + "Really.",
}
"""Texts that careless servers spoil; the longest comes last, where it is cut."""

_MAY_REFUSE = frozenset({"CRE-17", "CRE-18"})
_OFFSET = timezone(timedelta(hours=5, minutes=30))


def full(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A body with everything a template has."""
    sent = stage.body(resource)
    answer = stage.post(resource, sent)
    created("CRE-02", stage, resource, answer, judge)
    if answer.status != 201:
        return
    for name in judge.items("CRE-07"):
        if name in _own(resource):
            judge.untested("CRE-07", "the server may set it itself", item=name)
            judge.untested("CRE-08", "the server may set it itself", item=name)
        elif name not in sent:
            judge.untested("CRE-07", "the body does not have it", item=name)
            judge.untested("CRE-08", "the body does not have it", item=name)
        else:
            found = answer.body.get(name)
            _unchanged("CRE-07", lost(sent[name], found), answer, judge, name)
            _unchanged("CRE-08", altered(sent[name], found), answer, judge, name)
    _scalars(sent, answer, judge)
    _dates(stage, resource, sent, answer, judge)


def texts(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Texts in one value, and each for itself where the server refuses that; those of all scripts unescaped, too."""
    asked = [rule for rule in ("CRE-12", *_PIECES) if judge.items(rule)]
    attribute = stage.document.attributes(stage.document.schema(resource.schema)).get(resource.text)
    if attribute and attribute.format == "uri":
        for rule in asked:
            judge.untested(rule, f"{resource.text} is an address, no free text")
        return
    if "CRE-12" in asked:
        _survive(("CRE-12",), _written(stage, resource, _SCRIPTS, False), stage, resource, judge)
    pieces = [rule for rule in asked if rule in _PIECES]
    answer = _written(stage, resource, "".join(_PIECES[rule] for rule in pieces) + "  ", True)
    if answer.status == 201:
        _survive(pieces, answer, stage, resource, judge)
        return
    for rule in pieces:
        _survive((rule,), _written(stage, resource, _PIECES[rule], True), stage, resource, judge)


def moments(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Date-times with another offset than UTC, and with fractions of a second."""
    for rule, change in (("CRE-19", _elsewhere), ("CRE-20", _finer)):
        if not judge.items(rule):
            continue
        plain = stage.body(resource)
        sent = replaced(plain, change)
        names = [name for name in sent if name not in _own(resource) and sent[name] != plain[name]]
        if not names:
            judge.untested(rule, "the body has no date-time that clients set")
            continue
        answer = stage.post(resource, sent)
        told = next(filter(None, (lost(sent[name], answer.body.get(name), name) for name in names)), "")
        judge(rule, answer.status == 201 and not told, told or f"answered {answer.status}", answer)


def _own(resource: Resource) -> set[str]:
    return {name for name in (*resource.server, *_SERVERS_OWN) if not name.startswith("@")}


def _unchanged(rule: str, told: str, answer: Exchange, judge: Judge, name: str) -> None:
    judge(rule, not told, told, answer, item=name)


def _scalars(sent: Mapping[str, Any], answer: Exchange, judge: Judge) -> None:
    """Numbers and truth values, wherever they stand."""
    found = list(leaves(answer.body))
    kinds = {rule: list(_of_kind(rule, sent)) for rule in ("CRE-09", "CRE-10", "CRE-11")}
    for rule, wanted in kinds.items():
        if not wanted:
            judge.untested(rule, "the body has none")
            continue
        whole = rule == "CRE-10"
        missing = [
            f"{at}: sent {value!r}, found {[other for where, other in found if where == at]}"
            for at, value in wanted
            if not any(where == at and _equal(value, other, whole) for where, other in found)
        ]
        judge(rule, not missing, "; ".join(missing[:3]), answer)


def _of_kind(rule: str, sent: Any) -> Iterator[tuple[str, Any]]:
    kinds: dict[str, tuple[type, ...]] = {"CRE-09": (int, float), "CRE-10": (int,), "CRE-11": (bool,)}
    return ((at, value) for at, value in leaves(sent) if type(value) in kinds[rule])


def _equal(value: Any, other: Any, whole: bool) -> bool:
    """Whether both are truth values or both are numbers, and the same; whole numbers alone where they are asked."""
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other
    return isinstance(other, int if whole else int | float) and value == other


def _dates(stage: Stage, resource: Resource, sent: Mapping[str, Any], answer: Exchange, judge: Judge) -> None:
    """The date-times at the top that the body did not have."""
    declared = stage.document.attributes(stage.document.schema(resource.schema)).values()
    names = [one.name for one in declared if one.format == "date-time" and not one.many and one.name not in sent]
    found = {name: answer.body[name] for name in names if answer.body.get(name) is not None}
    if not found:
        judge.untested("CRE-21", "the answer has no date of the server's")
        judge.untested("CRE-22", "the answer has no date of the server's")
        return
    read = {name: instant(value) for name, value in found.items()}
    wrong = [f"{name} is {found[name]!r}" for name, value in read.items() if value is None]
    judge("CRE-21", not wrong, "; ".join(wrong), answer)
    odd = [f"{name} is {found[name]!r}" for name, value in read.items() if value and not 2000 < value.year < 2100]
    if any(read.values()):
        judge("CRE-22", not odd, "; ".join(odd), answer)


def _written(stage: Stage, resource: Resource, text: str, escaped: bool) -> Exchange:
    """A creation with a text, whose letters beyond ASCII are sent as escapes or as they are."""
    body = stage.body(resource, "minimal", **{resource.text: text})
    return stage.post(resource, json.dumps(body, ensure_ascii=escaped).encode())


def _survive(rules: Sequence[str], answer: Exchange, stage: Stage, resource: Resource, judge: Judge) -> None:
    """Whether a text has its pieces in the answer and when it is read."""
    key, made = answer.body.get("id"), answer.status == 201
    read = stage.http("get", stage.path(resource, key)) if made and isinstance(key, str) and key else answer
    for rule in rules:
        if answer.status in (400, 413, 422) and rule in _MAY_REFUSE:
            judge.untested(rule, f"the server refuses the text: it answered {answer.status}")
            continue
        found = [str(one.body.get(resource.text)) for one in (answer, read) if not _intact(rule, one, resource.text)]
        told = f"answered {answer.status}, {resource.text} is {found[0]!r:.200}" if found else ""
        judge(rule, not found, told, answer, read)


def _intact(rule: str, one: Exchange, attribute: str) -> bool:
    found = one.body.get(attribute)
    if not isinstance(found, str):
        return False
    if rule == "CRE-17":
        return found.startswith(_BLANKS) and found.endswith("  ")
    return _PIECES.get(rule, _SCRIPTS) in found


def _elsewhere(value: Any) -> Any:
    moment = instant(value)
    return value if moment is None else moment.astimezone(_OFFSET).isoformat()


def _finer(value: Any) -> Any:
    moment = instant(value)
    return value if moment is None else moment.astimezone(UTC).replace(microsecond=125000).isoformat()
