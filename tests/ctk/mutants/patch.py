"""Servers that change resources wrongly."""

from __future__ import annotations

import json
from typing import Any

from ctk.exchange import JSON, MERGE
from ctk.standard.document import ours
from tests.ctk.mutants.operations import OPERATIONS
from tests.ctk.mutants.patching import (
    FORGETTING_A_TEXT,
    forgetting,
    kept_wrongly,
    media,
    merging,
    patching,
    pretended,
    reading,
    refusal,
    resource,
    unread,
    without_nulls,
)
from tests.ctk.mutants.proxy import Answer, Answering, Ask, Mutant, Proxy, body, on, status, without_header

_NEVER = "2026-01-01T00:00:00.000Z"


def answered_before(ask: Ask, proxy: Proxy) -> Answer:
    """What was there before a change is its answer."""
    before, answer = reading(ask, proxy), proxy.send(ask)
    if answer.status == 200:
        answer.content = before.content
    return answer


def fixed(*names: str) -> Answering:
    """These attributes always have the value of long ago."""

    def change(one: dict[str, Any]) -> None:
        one.update({name: _NEVER for name in names if name in one or name == "statusChangeDate"})

    return body(change, "create", "retrieve", "patch")


def once_indexed(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """What was patched is not found again."""
    if ask.verb == "patch":
        proxy.memory[ask.rest[1]] = True
    elif ask.verb == "list" and isinstance(answer.json, list):
        answer.json = [one for one in answer.json if one.get("id") not in proxy.memory]


def indexed_twice(ask: Ask, proxy: Proxy) -> Answer | None:
    """What was patched is found by its old text as well."""
    if ask.verb == "patch":
        before = reading(ask, proxy).json or {}
        proxy.memory[str(before.get(resource(ask).text))] = ask.path
    if ask.verb == "list":
        for _, value in ask.pairs:
            if value in proxy.memory:
                found = proxy.send(Ask("GET", proxy.memory[value], "", {"accept": JSON}, b""))
                found.json = [found.json]
                return found
    return None


def repeated(merged: dict[str, Any], ask: Ask, proxy: Proxy) -> None:
    """The second time a text is appended."""
    text = resource(ask).text
    if proxy.memory.get(ask.path) == ask.content and isinstance(merged.get(text), str):
        merged[text] += " again"
    proxy.memory[ask.path] = ask.content


def first_alone(merged: dict[str, Any], ask: Ask, proxy: Proxy) -> None:
    """One attribute is enough."""
    for name in [name for name in merged if name[0] != "@"][1:]:
        del merged[name]


def plain_letters(merged: dict[str, Any], ask: Ask, proxy: Proxy) -> None:
    """Letters of ASCII remain."""
    for name, value in merged.items():
        if isinstance(value, str):
            merged[name] = value.encode("ascii", "ignore").decode()


def all_of_a_kind(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """What is asked for one happens to the others, too."""
    made = proxy.memory.setdefault("made", [])
    if ask.verb == "create" and answer.status == 201:
        made.append(f"{ask.path.rstrip('/')}/{answer.json['id']}")
    if ask.verb == "patch" and answer.status == 200:
        for path in made[-2:]:
            proxy.send(Ask("PATCH", path, "", ask.headers, ask.content))


def no_null(merged: dict[str, Any], ask: Ask, proxy: Proxy) -> None:
    """Null is nothing."""
    kept = without_nulls(merged)
    merged.clear()
    merged.update(kept)


def longer_arrays(merged: dict[str, Any], ask: Ask, proxy: Proxy) -> None:
    """Arrays grow."""
    before = reading(ask, proxy).json or {}
    for name, value in merged.items():
        if isinstance(value, list):
            merged[name] = [*before.get(name, []), *value]


def whole_objects(merged: dict[str, Any], ask: Ask, proxy: Proxy) -> None:
    """Objects are replaced as arrays are."""
    before = reading(ask, proxy).json or {}
    for name, value in merged.items():
        if isinstance(value, dict) and isinstance(before.get(name), dict):
            merged[name] = {**dict.fromkeys(before[name]), **value}


def hollow_objects(merged: dict[str, Any], ask: Ask, proxy: Proxy) -> None:
    """One null empties the object around it."""
    for name, value in merged.items():
        if isinstance(value, dict) and None in value.values():
            merged[name] = None


def stateless(merged: dict[str, Any], ask: Ask, proxy: Proxy) -> None:
    """A state is passed over."""
    merged.pop(resource(ask).state, None)


def any_state(merged: dict[str, Any], ask: Ask, proxy: Proxy) -> Answer | None:
    """A state of no enumeration is fine."""
    return pretended({}, ask, proxy) if str(merged.get(resource(ask).state)).startswith("no ") else None


def broken_on_broken(ask: Ask, proxy: Proxy) -> Answer | None:
    """A body that is no JSON breaks it."""
    return refusal(500) if ask.json is None and ask.content and media(ask) == JSON else None


def any_body(ask: Ask, proxy: Proxy) -> Answer | None:
    """What is no object changes nothing, and is no mistake."""
    odd = media(ask) == JSON and isinstance(ask.json, (list, str))
    return reading(ask, proxy) if odd else None


def half_stored(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """A body that is refused has been read up to its fault."""
    if ask.verb == "patch" and ask.json is None and ask.content and media(ask) == JSON:
        half = {"@type": reading(ask, proxy).json.get("@type"), resource(ask).text: "https://example.com/half"}
        proxy.send(Ask("PATCH", ask.path, "", {"content-type": JSON}, json.dumps(half).encode()))


def unknown_dropped(merged: dict[str, Any], ask: Ask, proxy: Proxy) -> None:
    """What no schema has is passed over."""
    document = ours(ask.api)
    known = document.attributes(document.schema(resource(ask).schema))
    for name in [name for name in merged if name not in known]:
        del merged[name]


def protected_refused(merged: dict[str, Any], ask: Ask, proxy: Proxy) -> Answer | None:
    """What may not change may not be sent."""
    return refusal() if set(merged) & set(resource(ask).protected) else None


def wordless(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """A refusal without a word."""
    if answer.status >= 400:
        answer.json = {"error": "bad"}


MUTANTS = (
    Mutant("answers a change with 201", ("PAT-01",), answer=status(201, "patch")),
    Mutant(
        "answers a change with what was there before", ("PAT-02", "PAT-08", "PAT-15"), ask=patching(answered_before)
    ),
    Mutant("acknowledges changes and makes none", ("PAT-03", "PAT-12", "PAT-11", "PAT-29"), ask=merging(pretended)),
    Mutant(
        "answers a change with an empty object", ("PAT-04", "PAT-06"), answer=body(lambda one: one.clear(), "patch")
    ),
    Mutant(
        "says that a changed resource is plain text",
        ("PAT-05",),
        answer=on("patch")(lambda ask, answer, proxy: answer.headers.update({"content-type": "text/plain"})),
    ),
    Mutant("forgets everything at a change", ("PAT-07",), **forgetting(JSON, MERGE)),
    Mutant("forgets its text when another attribute is changed", ("PAT-07",), **FORGETTING_A_TEXT),
    Mutant(
        "answers a change with more than is stored", ("PAT-08",), answer=body(lambda one: one.update(ctk=1), "patch")
    ),
    Mutant("gives a changed resource no ETag", ("PAT-09",), answer=without_header("etag", "patch")),
    Mutant("gives a changed resource no date", ("PAT-10",), answer=without_header("last-modified", "patch")),
    Mutant("never moves the last update", ("PAT-11",), answer=fixed("lastUpdate", "lastModified")),
    Mutant("never moves the date of the state", ("PAT-37",), answer=fixed("statusChangeDate")),
    Mutant("loses what was changed from its index", ("PAT-12",), answer=once_indexed),
    Mutant("keeps old texts in its index", ("PAT-13",), ask=indexed_twice),
    Mutant("appends at the second time", ("PAT-14",), ask=merging(repeated)),
    Mutant("changes the first attribute alone", ("PAT-15",), ask=merging(first_alone)),
    Mutant("keeps letters of ASCII alone", ("PAT-16",), ask=merging(plain_letters)),
    Mutant(
        "reads no media type with a charset",
        ("PAT-17",),
        ask=patching(lambda ask, proxy: refusal(415) if ";" in ask.headers.get("content-type", "") else None),
    ),
    Mutant(
        "knows no path with a slash at its end",
        ("PAT-18",),
        ask=patching(lambda ask, proxy: refusal(404) if ask.path.endswith("/") else None),
    ),
    Mutant(
        "insists on @type in a patch",
        ("PAT-19", "PAT-22"),
        ask=merging(lambda merged, ask, proxy: None if "@type" in merged else refusal()),
    ),
    Mutant("passes over `fields` at a change", ("PAT-20",), ask=patching(lambda ask, proxy: setattr(ask, "query", ""))),
    Mutant(
        "takes an empty patch for a new text",
        ("PAT-21",),
        ask=merging(
            lambda merged, ask, proxy: merged.update({resource(ask).text: "x"}) if set(merged) <= {"@type"} else None
        ),
    ),
    Mutant(
        "refuses an empty patch",
        ("PAT-22",),
        ask=merging(lambda merged, ask, proxy: None if set(merged) - {"@type"} else refusal()),
    ),
    Mutant("changes the neighbours as well", ("PAT-23",), answer=all_of_a_kind),
    Mutant("passes over null", ("PAT-24", "PAT-27", "PAT-31", "PAT-34", "PAT-55"), ask=merging(no_null)),
    Mutant("appends to arrays", ("PAT-25", "PAT-32"), ask=merging(longer_arrays)),
    Mutant("replaces objects whole", ("PAT-26", "PAT-33"), ask=merging(whole_objects)),
    Mutant("empties an object for one null in it", ("PAT-27", "PAT-34"), ask=merging(hollow_objects)),
    Mutant("reads no merge patch by its own name", ("PAT-28", "PAT-30"), ask=unread(MERGE)),
    Mutant("acknowledges a merge patch and does nothing", ("PAT-29", "PAT-30"), ask=merging(pretended, MERGE)),
    Mutant("forgets everything at a merge patch", ("PAT-30",), **forgetting(MERGE)),
    Mutant("passes over a new state", ("PAT-35", "PAT-36"), ask=merging(stateless)),
    Mutant("takes any word for a state", ("PAT-38",), ask=merging(any_state)),
    Mutant(
        "finds what is not there to change",
        ("PAT-40",),
        answer=status(200, "patch", where=lambda answer: answer.status == 404),
    ),
    Mutant("breaks at broken JSON", ("PAT-41",), ask=patching(broken_on_broken)),
    Mutant(
        "takes an object for a text",
        ("PAT-42", "PAT-43", "PAT-44"),
        **kept_wrongly(lambda merged, one: {k: v for k, v in merged.items() if k == one.text and isinstance(v, dict)}),
    ),
    Mutant(
        "says 422 where 400 is due",
        (
            "PAT-41",
            "PAT-43",
            "PAT-45",
            "PAT-46",
            "PAT-47",
            "PAT-50",
            "PAT-52",
            "PAT-55",
            "PAT-90",
            "PAT-91",
            "PAT-106",
            "PAT-111",
        ),
        answer=status(422, "patch", where=lambda answer: answer.status == 400),
    ),
    Mutant("takes any JSON for a merge patch", ("PAT-45", "PAT-46"), ask=patching(any_body)),
    Mutant(
        "takes nothing for a merge patch",
        ("PAT-47",),
        ask=patching(lambda ask, proxy: None if ask.content else reading(ask, proxy)),
    ),
    Mutant(
        "says that plain text is a broken body",
        ("PAT-48",),
        answer=status(400, "patch", where=lambda answer: answer.status == 415),
    ),
    Mutant("stores a body up to its fault", ("PAT-49",), answer=half_stored),
    Mutant("passes over attributes that it does not know", ("PAT-50",), ask=merging(unknown_dropped)),
    Mutant(
        "lets protected attributes change",
        ("PAT-51", "PAT-52"),
        **kept_wrongly(lambda merged, one: {name: merged[name] for name in merged if name in one.protected}),
    ),
    Mutant("refuses protected attributes as they are", ("PAT-53",), ask=merging(protected_refused)),
    Mutant(
        "lets mandatory attributes go",
        ("PAT-54", "PAT-55"),
        **kept_wrongly(lambda merged, one: {name: None for name in one.mandatory if merged.get(name, 0) is None}),
    ),
    Mutant("refuses without a word", ("PAT-56",), answer=on("patch")(wordless)),
    *OPERATIONS,
)
