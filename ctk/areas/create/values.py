"""The values that were sent, and those that come back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, timedelta, timezone
from typing import Any

from ctk.areas.create.answer import expect_created
from ctk.equality import altered, instant, leaves, lost, replaced
from ctk.exchange import Exchange
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

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


def full(target: Target, resource: Resource, expect: Expect) -> None:
    """Creates a resource with everything a template has."""
    sent = target.body(resource)
    answer = target.post(resource, sent)
    expect_created("CRE-02", target, resource, answer, expect)
    if answer.status != 201:
        return
    for name in expect.items("CRE-07"):
        if name in _own(resource):
            expect.untested("CRE-07", "the server may set it itself", item=name)
            expect.untested("CRE-08", "the server may set it itself", item=name)
        elif name not in sent:
            expect.untested("CRE-07", "the body does not have it", item=name)
            expect.untested("CRE-08", "the body does not have it", item=name)
        else:
            value = answer.body.get(name)
            _unchanged("CRE-07", lost(sent[name], value), answer, expect, name)
            _unchanged("CRE-08", altered(sent[name], value), answer, expect, name)
    _scalars(sent, answer, expect)
    _dates(target, resource, sent, answer, expect)


def texts(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends difficult texts in one value, and each for itself where the server refuses that; then unescaped ones."""
    asked = [rule for rule in ("CRE-12", *_PIECES) if expect.items(rule)]
    attribute = target.document.attributes(target.document.schema(resource.schema)).get(resource.text)
    if attribute and attribute.format == "uri":
        for rule in asked:
            expect.untested(rule, f"{resource.text} is an address, no free text")
        return
    if "CRE-12" in asked:
        _survive(("CRE-12",), _written(target, resource, _SCRIPTS, False), target, resource, expect)
    pieces = [rule for rule in asked if rule in _PIECES]
    answer = _written(target, resource, "".join(_PIECES[rule] for rule in pieces) + "  ", True)
    if answer.status == 201:
        _survive(pieces, answer, target, resource, expect)
        return
    for rule in pieces:
        _survive((rule,), _written(target, resource, _PIECES[rule], True), target, resource, expect)


def moments(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends date-times with another offset than UTC, and with fractions of a second."""
    for rule, change in (("CRE-19", _elsewhere), ("CRE-20", _finer)):
        if not expect.items(rule):
            continue
        plain = target.body(resource)
        sent = replaced(plain, change)
        names = [name for name in sent if name not in _own(resource) and sent[name] != plain[name]]
        if not names:
            expect.untested(rule, "the body has no date-time that clients set")
            continue
        answer = target.post(resource, sent)
        reason = next(filter(None, (lost(sent[name], answer.body.get(name), name) for name in names)), "")
        expect(rule, answer.status == 201 and not reason, reason or f"answered {answer.status}", answer)


def _own(resource: Resource) -> set[str]:
    return {name for name in (*resource.server, *_SERVERS_OWN) if not name.startswith("@")}


def _unchanged(rule: str, reason: str, answer: Exchange, expect: Expect, name: str) -> None:
    expect(rule, not reason, reason, answer, item=name)


def _scalars(sent: Mapping[str, Any], answer: Exchange, expect: Expect) -> None:
    """Expects numbers and truth values to come back, wherever they stand."""
    values = list(leaves(answer.body))
    kinds = {rule: list(_of_kind(rule, sent)) for rule in ("CRE-09", "CRE-10", "CRE-11")}
    for rule, wanted in kinds.items():
        if not wanted:
            expect.untested(rule, "the body has none")
            continue
        whole_numbers = rule == "CRE-10"
        lost = [
            f"{at}: sent {value!r}, found {[other for where, other in values if where == at]}"
            for at, value in wanted
            if not any(where == at and _equal(value, other, whole_numbers) for where, other in values)
        ]
        expect(rule, not lost, "; ".join(lost[:3]), answer)


def _of_kind(rule: str, sent: Any) -> Iterator[tuple[str, Any]]:
    kinds: dict[str, tuple[type, ...]] = {"CRE-09": (int, float), "CRE-10": (int,), "CRE-11": (bool,)}
    return ((at, value) for at, value in leaves(sent) if type(value) in kinds[rule])


def _equal(value: Any, other: Any, whole: bool) -> bool:
    """Returns whether both are truth values or both are numbers, and equal; `whole`: whole numbers alone count."""
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other
    return isinstance(other, int if whole else int | float) and value == other


def _dates(target: Target, resource: Resource, sent: Mapping[str, Any], answer: Exchange, expect: Expect) -> None:
    """Expects the date-times at the top that the body did not have to be sensible."""
    declared = target.document.attributes(target.document.schema(resource.schema)).values()
    names = [
        attribute.name
        for attribute in declared
        if attribute.format == "date-time" and not attribute.many and attribute.name not in sent
    ]
    dates = {name: answer.body[name] for name in names if answer.body.get(name) is not None}
    if not dates:
        expect.untested("CRE-21", "the answer has no date of the server's")
        expect.untested("CRE-22", "the answer has no date of the server's")
        return
    moments = {name: instant(value) for name, value in dates.items()}
    wrong = [f"{name} is {dates[name]!r}" for name, value in moments.items() if value is None]
    expect("CRE-21", not wrong, "; ".join(wrong), answer)
    strange = [
        f"{name} is {dates[name]!r}" for name, value in moments.items() if value and not 2000 < value.year < 2100
    ]
    if any(moments.values()):
        expect("CRE-22", not strange, "; ".join(strange), answer)


def _written(target: Target, resource: Resource, text: str, escaped: bool) -> Exchange:
    """Creates a resource with a text, whose letters beyond ASCII are sent as escapes or as they are."""
    body = target.body(resource, "minimal", **{resource.text: text})
    return target.post(resource, json.dumps(body, ensure_ascii=escaped).encode())


def _survive(rules: Sequence[str], answer: Exchange, target: Target, resource: Resource, expect: Expect) -> None:
    """Expects the pieces of a text in the answer and in a later retrieval."""
    key, is_created = answer.body.get("id"), answer.status == 201
    retrieval = (
        target.http("get", target.path(resource, key)) if is_created and isinstance(key, str) and key else answer
    )
    for rule in rules:
        if answer.status in (400, 413, 422) and rule in _MAY_REFUSE:
            expect.untested(rule, f"the server refuses the text: it answered {answer.status}")
            continue
        spoiled = [
            str(exchange.body.get(resource.text))
            for exchange in (answer, retrieval)
            if not _intact(rule, exchange, resource.text)
        ]
        reason = f"answered {answer.status}, {resource.text} is {spoiled[0]!r:.200}" if spoiled else ""
        expect(rule, not spoiled, reason, answer, retrieval)


def _intact(rule: str, exchange: Exchange, attribute: str) -> bool:
    value = exchange.body.get(attribute)
    if not isinstance(value, str):
        return False
    if rule == "CRE-17":
        return value.startswith(_BLANKS) and value.endswith("  ")
    return _PIECES.get(rule, _SCRIPTS) in value


def _elsewhere(value: Any) -> Any:
    moment = instant(value)
    return value if moment is None else moment.astimezone(_OFFSET).isoformat()


def _finer(value: Any) -> Any:
    moment = instant(value)
    return value if moment is None else moment.astimezone(UTC).replace(microsecond=125000).isoformat()
