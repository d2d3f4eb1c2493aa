"""Servers that break what the area `paging` asks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ctk.standard.profile import profiles
from tests.ctk.mutants.lists import asked
from tests.ctk.mutants.proxy import Answer, Answering, Ask, Asking, Mutant, Proxy, status

Pairs = list[tuple[str, str]]
_OURS = ("limit", "offset", "sort", "fields", "after", "before")


def dropped(name: str, value: str = r".*", unless: str = "") -> Asking:
    """A parameter of lists does not reach the server where its value is like this, unless another one is there."""
    return asked(
        lambda pairs: (
            pairs if unless in dict(pairs) else [p for p in pairs if p[0] != name or not re.fullmatch(value, p[1])]
        )
    )


def replaced(name: str, change: Callable[[str, dict[str, str]], str], only: str = "") -> Asking:
    """A parameter of lists reaches the server with another value, given all of them; only where another is there."""

    def changed(pairs: Pairs) -> Pairs:
        told = dict(pairs)
        if only and only not in told:
            return pairs
        return [(key, change(value, told)) if key == name else (key, value) for key, value in pairs]

    return asked(changed)


def number(name: str, change: Callable[[int, dict[str, str]], int]) -> Asking:
    """A whole number among the parameters of lists reaches the server as another one."""
    return replaced(name, lambda value, told: str(change(int(value), told)) if value.isdecimal() else value)


def refused(code: int, name: str, value: str) -> Asking:
    """Lists with a parameter whose value is like this are answered with a code alone."""

    def answered(ask: Ask, proxy: Proxy) -> Answer | None:
        told = dict(ask.pairs)
        wrong = ask.verb == "list" and name in told and re.fullmatch(value, told[name])
        return Answer(code, {}, b"") if wrong else None

    return answered


def where(condition: Callable[[dict[str, str], Answer], bool], change: Callable[[Answer], Any]) -> Answering:
    """A list's answer is changed in place where its parameters and the answer are such."""

    def changed(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if ask.verb == "list" and isinstance(answer.json, list) and condition(dict(ask.pairs), answer):
            change(answer)

    return changed


def relinked(change: Callable[[dict[str, str]], Any]) -> Answering:
    """The addresses of a Link header, by their relation, are changed in place."""

    def changed(ask: Ask, answer: Answer, proxy: Proxy) -> None:
        if "link" in answer.headers:
            links = {rel: address for address, rel in re.findall(r'<([^>]*)>; rel="(\w+)"', answer.headers["link"])}
            change(links)
            answer.headers["link"] = ", ".join(f'<{address}>; rel="{rel}"' for rel, address in links.items())

    return changed


def unlinked(rel: str) -> Mutant:
    """A server whose pages lack a link."""
    rule = {"first": "PAG-33", "next": "PAG-34", "prev": "PAG-35", "last": "PAG-36"}[rel]
    kills = (rule, "PAG-49") if rel == "prev" else (rule,)
    return Mutant(f"links to no {rel} page", kills, answer=relinked(lambda links: links.pop(rel, None)))


def astray(rel: str, offset: int, *kills: str) -> Mutant:
    """A server whose link leads to another offset."""

    def change(links: dict[str, str]) -> None:
        if rel in links:
            links[rel] = re.sub(r"offset=\d+", f"offset={offset}", links[rel])

    return Mutant(f"has a link {rel} that leads to element {offset}", kills, answer=relinked(change))


def _text(ask: Ask) -> str:
    return profiles()[ask.api].resources[ask.rest[0]].text


def _code(code: int) -> Callable[[Answer], None]:
    def change(answer: Answer) -> None:
        answer.status = code

    return change


def _header(name: str, told: Callable[[Answer], object]) -> Callable[[Answer], None]:
    def change(answer: Answer) -> None:
        answer.headers[name] = str(told(answer))

    return change


def _array(change: Callable[[list[Any]], Any]) -> Callable[[Answer], None]:
    def changed(answer: Answer) -> None:
        answer.json = change(answer.json)

    return changed


def _flipped(value: str, told: dict[str, str]) -> str:
    return ",".join(key[1:] if key.startswith("-") else f"-{key.lstrip('+ ')}" for key in value.split(","))


def _filters_first(pairs: Pairs) -> Pairs:
    """Filters are forgotten where there is a limit."""
    return [pair for pair in pairs if pair[0] in _OURS] if "limit" in dict(pairs) else pairs


def _first_limit(pairs: Pairs) -> Pairs:
    return list(dict(reversed(pairs)).items())[::-1]


def _begins_late(pairs: Pairs) -> Pairs:
    told = dict(pairs)
    return [*pairs, ("offset", "1")] if "limit" in told and not {"offset", "after", "before"} & set(told) else pairs


def _counts_for_cursor(pairs: Pairs) -> Pairs:
    """A cursor is a number of elements."""
    return [("offset", "2") if name == "after" and value else (name, value) for name, value in pairs]


def _back_by_number(pairs: Pairs) -> Pairs:
    return [("offset", "1") if name == "before" else (name, value) for name, value in pairs]


def _links_on(links: dict[str, str]) -> None:
    links.setdefault("next", links.get("first", ""))


def _links_back(links: dict[str, str]) -> None:
    links.setdefault("prev", links.get("first", ""))


def _elsewhere(links: dict[str, str]) -> None:
    for rel, address in links.items():
        links[rel] = re.sub(r"/[^/?]+\?", "/elsewhere?", address)


def _forgets_sort(links: dict[str, str]) -> None:
    for rel, address in links.items():
        links[rel] = re.sub(r"sort=[^&]*&", "", address)


def _sorts_pages(ask: Ask, answer: Answer, proxy: Proxy) -> Answer | None:
    """Each page is sorted by itself."""
    told = dict(ask.pairs)
    if ask.verb != "list" or "limit" not in told or told.get("sort", "").lstrip("-") != _text(ask):
        return None
    rest = [pair for pair in ask.query.split("&") if not pair.startswith("sort=")]
    page = proxy.send(Ask(ask.method, ask.path, "&".join(rest), ask.headers, b""))
    page.json = sorted(page.json, key=lambda one: one[_text(ask)], reverse=told["sort"].startswith("-"))
    return page


def _one_of_each(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    """A sorted list has each text once."""
    if ask.verb == "list" and "sort" in dict(ask.pairs) and isinstance(answer.json, list):
        answer.json = list({one.get(_text(ask)): one for one in answer.json}.values())


def _wrong_is_a_crash(ask: Ask, answer: Answer, proxy: Proxy) -> None:
    if ask.verb == "list" and answer.status == 400 and {"limit", "offset"} & set(dict(ask.pairs)):
        answer.status = 500


def _middle(told: dict[str, str], answer: Answer) -> bool:
    return "offset" in told


def _last(told: dict[str, str], answer: Answer) -> bool:
    return told.get("offset", "0") != "0" and "limit" in told and answer.status == 200 and answer.json != []


MUTANTS: tuple[Mutant, ...] = (
    Mutant("knows no limit", ("PAG-01", "PAG-02"), ask=dropped("limit")),
    Mutant(
        "gives one less than the limit",
        ("PAG-02",),
        answer=where(lambda q, a: q.get("limit") == "2", _array(lambda f: f[1:])),
    ),
    Mutant(
        "answers a part with 203", ("PAG-03",), answer=status(203, "list", where=lambda answer: answer.status == 206)
    ),
    Mutant(
        "answers a part with 200", ("PAG-04",), answer=status(200, "list", where=lambda answer: answer.status == 206)
    ),
    Mutant(
        "says the total for the page",
        ("PAG-05",),
        answer=where(lambda q, a: True, _header("x-result-count", lambda a: a.headers["x-total-count"])),
    ),
    Mutant(
        "says the page for the total",
        ("PAG-06", "PAG-26", "PAG-53"),
        answer=where(lambda q, a: True, _header("x-total-count", lambda a: len(a.json))),
    ),
    Mutant("knows no offset", ("PAG-07", "PAG-08", "PAG-21", "PAG-22"), ask=dropped("offset")),
    Mutant("begins again behind the end", ("PAG-08", "PAG-09"), ask=dropped("offset", r"\d{4,}")),
    Mutant(
        "answers 404 behind the end", ("PAG-09",), answer=where(lambda q, a: "offset" in q and a.json == [], _code(404))
    ),
    Mutant("fails at a huge limit", ("PAG-10",), ask=refused(500, "limit", r"\d{6,}")),
    Mutant("takes a limit of 0 for no limit", ("PAG-11",), ask=dropped("limit", "0")),
    Mutant(
        "takes a negative limit for a limit", ("PAG-12",), ask=replaced("limit", lambda value, told: value.lstrip("-"))
    ),
    Mutant("passes over a limit that is no number", ("PAG-13",), ask=dropped("limit", "[a-z]+")),
    Mutant("rounds a limit", ("PAG-14",), ask=replaced("limit", lambda value, told: value.partition(".")[0])),
    Mutant(
        "takes a negative offset for 0",
        ("PAG-15",),
        ask=replaced("offset", lambda value, told: re.sub("^-.*", "0", value)),
    ),
    Mutant("passes over an offset that is no number", ("PAG-16",), ask=dropped("offset", "[a-z]+")),
    Mutant("takes the first of two limits", ("PAG-17",), ask=asked(_first_limit)),
    Mutant("fails at a wrong limit or offset", ("PAG-18",), answer=_wrong_is_a_crash),
    Mutant("fails at a number beyond 64 bits", ("PAG-18", "PAG-19"), ask=refused(500, "offset", r"\d{19,}")),
    Mutant(
        "wraps a page in an object",
        ("PAG-20",),
        answer=where(lambda q, a: q.get("offset") == "4", _array(lambda found: {"items": found})),
    ),
    Mutant("lets pages overlap by one", ("PAG-21",), ask=number("offset", lambda value, told: max(0, value - 1))),
    Mutant("leaves one out between pages", ("PAG-22",), ask=number("offset", lambda value, told: value + (value > 1))),
    Mutant(
        "turns each page round", ("PAG-23",), answer=where(lambda q, a: "limit" in q, _array(lambda found: found[::-1]))
    ),
    Mutant("answers the last page with 203", ("PAG-24",), answer=where(_last, _code(203))),
    Mutant("calls the last page a part", ("PAG-25",), answer=where(_last, _code(206))),
    Mutant(
        "counts in the total what is left",
        ("PAG-26",),
        answer=where(lambda q, a: q.get("offset") == "4", _header("x-total-count", lambda a: 1)),
    ),
    Mutant("forgets the filter on pages", ("PAG-27",), ask=asked(_filters_first)),
    Mutant("begins with the second where no offset is sent", ("PAG-28",), ask=asked(_begins_late)),
    Mutant(
        "takes an offset beside a limit alone",
        ("PAG-29",),
        ask=asked(lambda pairs: pairs if "limit" in dict(pairs) else [p for p in pairs if p[0] != "offset"]),
    ),
    Mutant("gives four at most", ("PAG-30",), ask=number("limit", lambda value, told: min(value, 4))),
    Mutant("calls every page a part", ("PAG-25", "PAG-31"), answer=where(lambda q, a: "limit" in q, _code(206))),
    Mutant(
        "takes offset for the number of a page",
        ("PAG-32",),
        ask=number("offset", lambda value, told: value * int(told.get("limit", 1))),
    ),
    *(unlinked(rel) for rel in ("first", "next", "prev", "last")),
    Mutant("links to a page behind the last", ("PAG-37", "PAG-45"), answer=relinked(_links_on)),
    Mutant("links to a page before the first", ("PAG-38",), answer=relinked(_links_back)),
    astray("first", 1, "PAG-39"),
    astray("next", 0, "PAG-40", "PAG-45"),
    astray("prev", 1, "PAG-41"),
    astray("last", 2, "PAG-42"),
    Mutant("links to another collection", ("PAG-43",), answer=relinked(_elsewhere)),
    Mutant("forgets sort in its links", ("PAG-44",), answer=relinked(_forgets_sort)),
    Mutant("passes over cursors", ("PAG-46", "PAG-50", "PAG-51"), ask=dropped("after")),
    Mutant(
        "has cursors that lead to the beginning",
        ("PAG-47", "PAG-48", "PAG-52"),
        ask=replaced("after", lambda value, told: ""),
    ),
    Mutant(
        "loses the last page of its cursors",
        ("PAG-48",),
        answer=where(lambda q, a: bool(q.get("after")) and len(a.json) == 1, _array(lambda found: [])),
    ),
    Mutant("goes back from a cursor by number", ("PAG-49",), ask=asked(_back_by_number)),
    Mutant(
        "takes any text for a cursor",
        ("PAG-50",),
        ask=replaced("after", lambda value, told: re.sub("^no-.*", "", value)),
    ),
    Mutant(
        "passes over an offset beside a cursor",
        ("PAG-51",),
        ask=asked(lambda pairs: [p for p in pairs if p[0] != "offset"] if "after" in dict(pairs) else pairs),
    ),
    Mutant("has cursors that are numbers of elements", ("PAG-52",), ask=asked(_counts_for_cursor)),
    Mutant("sorts the other way round beside a cursor", ("PAG-66",), ask=replaced("sort", _flipped, "after")),
    Mutant(
        "sorts the other way round", ("PAG-54", "PAG-55", "PAG-56", "PAG-57", "PAG-58"), ask=replaced("sort", _flipped)
    ),
    Mutant("knows no sort", ("PAG-54", "PAG-55", "PAG-61"), ask=dropped("sort")),
    Mutant(
        "takes a plus for a minus", ("PAG-56",), ask=replaced("sort", lambda value, told: re.sub(r"^[+ ]", "-", value))
    ),
    Mutant(
        "sorts by the first key alone", ("PAG-59",), ask=replaced("sort", lambda value, told: value.partition(",")[0])
    ),
    Mutant(
        "takes the sign of the first key for all",
        ("PAG-60",),
        ask=replaced("sort", lambda value, told: value.replace(",", ",-") if value.startswith("-") else value),
    ),
    Mutant("passes over an unknown attribute in sort", ("PAG-61",), ask=dropped("sort", "ctk.*")),
    Mutant(
        "sorts ids upwards alone", ("PAG-62",), ask=replaced("sort", lambda value, told: re.sub("^-id$", "id", value))
    ),
    Mutant(
        "lets sorted pages overlap",
        ("PAG-63",),
        ask=replaced("offset", lambda value, told: str(max(0, int(value) - 1)), "sort"),
    ),
    Mutant("sorts each page by itself", ("PAG-64",), answer=_sorts_pages),
    Mutant("leaves out what is equal in sort", ("PAG-65",), answer=_one_of_each),
)
