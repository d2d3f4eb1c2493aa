"""What a collection holds and says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from ctk.area import Area
from ctk.exchange import Exchange, Untestable
from ctk.standard.profile import Resource
from ctk.target.page import READ, ids, total
from ctk.target.target import Instance, Target
from ctk.verdict.ledger import Expect

_REFUSED = (400, 501)
_PAGES = 20
_NOWHERE = "ctk-no-such-resource"


@dataclass(frozen=True)
class SearchResult:
    """Holds the element that was looked for (None: not there), the exchanges, and whether all was looked through."""

    element: dict[str, Any] | None
    exchanges: tuple[Exchange, ...]
    to_the_end: bool


def collection(target: Target, resource: Resource, expect: Expect) -> None:
    """Lists a whole collection, which holds something of the kit's where the server lets it create."""
    instance = _created(target, resource)
    answer = target.http("get", target.path(resource))
    expect("LST-01", answer.status in READ, f"answered {answer.status}", answer)
    if answer.status not in READ:
        raise Untestable(f"listing {resource.name} answered {answer.status}")
    expect("LST-02", isinstance(answer.json, list), "the answer is no JSON array", answer)
    expect("LST-03", answer.media == "application/json", f"answered {answer.media or 'no media type'}", answer)
    _counts(answer, expect)
    if answer.json and isinstance(answer.json, list):
        _elements(answer.json, answer, expect)
        _mandatory(target, instance, answer, expect)
        for item in expect.items("LST-05"):
            _conditional(answer, item, expect)
    if instance:
        _expect_own(target, instance, answer, expect)
    if not answer.elements:
        raise Untestable("there is nothing in the collection")


def order(target: Target, resource: Resource, expect: Expect) -> None:
    """Lists two resources, one created after the other, twice."""
    older, newer = (target.create(resource, "minimal") for _ in range(2))
    first, second = (_list(target, resource) for _ in range(2))
    keys = ids(first)
    if len(keys) > 1:
        twice = sorted({key for key in keys if keys.count(key) > 1})
        expect("LST-08", not twice, f"{', '.join(twice[:3])} stands more than once", first)
    newest = newer.id in keys and older.id not in keys[: keys.index(newer.id)]
    expect("LST-16", newest, "what was created last is not before what was created first", first)
    both = set(keys) & set(ids(second))
    if len(both) < 2:
        expect.untested("LST-17", "two readings have fewer than two resources in common")
        return
    orders = [[key for key in ids(answer) if key in both] for answer in (first, second)]
    expect("LST-17", orders[0] == orders[1], "two readings have the same resources in another order", first, second)


def nothing(target: Target, resource: Resource, expect: Expect) -> None:
    """Lists with a filter that finds nothing."""
    answer = target.http("get", target.path(resource), query=[("id", _NOWHERE)])
    if answer.status in _REFUSED:
        raise Untestable(f"a filter on id is refused with {answer.status}")
    empty = answer.status in READ and answer.json == []
    expect("LST-18", empty, f"answered {answer.status} and {len(answer.elements)} elements", answer)
    if not empty:
        raise Untestable("a filter on an unknown id does not give an empty array")
    _count("LST-19", answer, "x-total-count", 0, expect)
    _count("LST-20", answer, "x-result-count", 0, expect)


def single(target: Target, resource: Resource, expect: Expect) -> None:
    """Lists with a filter that finds one resource."""
    instance = target.create(resource, "minimal")
    answer = _list(target, resource, id=instance.id)
    if ids(answer) != [instance.id]:
        raise Untestable("a filter on an id does not give that resource alone")
    _count("LST-21", answer, "x-total-count", 1, expect)
    _count("LST-22", answer, "x-result-count", 1, expect)


def address(target: Target, resource: Resource, expect: Expect) -> None:
    """Lists with something behind the collection's address."""
    if expect.items("LST-24"):
        refused = target.http("get", target.path(resource), query="ctkNoSuchAttribute=1")
        expect("LST-24", refused.status == 400, f"answered {refused.status}", refused)
    if expect.items("LST-23"):
        instance = target.create(resource, "minimal")
        answer = target.http("get", target.path(resource) + "/")
        same = answer.status in READ and instance.id in ids(answer)
        expect("LST-23", same, f"answered {answer.status} without what was just created", answer)


def after_change(target: Target, resource: Resource, expect: Expect) -> None:
    """Lists after a change of one resource."""
    if not expect.items("LST-25"):
        return
    instance = target.create(resource)
    text = target.unique_text(resource)
    typed = {name: instance.body[name] for name in ("@type",) if name in instance.body}
    answer = target.patch(instance, {**typed, resource.text: text})
    if answer.status != 200:
        raise Untestable(f"changing {resource.text} answered {answer.status}")
    result = _search(target, instance, _list(target, resource))
    if result.element is None:
        raise Untestable("the changed resource is not found in its collection")
    expect.equal("LST-25", result.element.get(resource.text), text, answer, *result.exchanges)


def after_deletion(target: Target, resource: Resource, expect: Expect) -> None:
    """Lists after a deletion as before, when the resource was there."""
    if not expect.items("LST-26"):
        return
    instance = target.create(resource, "minimal")
    result = _search(target, instance, _list(target, resource))
    if result.element is None:
        raise Untestable("the resource is not found in its collection before it is deleted")
    answer = target.delete(instance)
    if answer.status not in (200, 204):
        raise Untestable(f"deleting answered {answer.status}")
    again = target.http("get", result.exchanges[-1].url)
    if again.status not in (*READ, 404):
        raise Untestable(f"listing {resource.name} answered {again.status}")
    expect("LST-26", instance.id not in ids(again), "what was deleted is still listed", answer, again)


def _created(target: Target, resource: Resource) -> Instance | None:
    """Returns a full resource. Returns None where it cannot be created: then the list is read as it is."""
    try:
        return target.create(resource)
    except Untestable:
        return None


def _counts(answer: Exchange, expect: Expect) -> None:
    size = len(answer.json) if isinstance(answer.json, list) else -1
    for whole, header in (("LST-09", "x-total-count"), ("LST-10", "x-result-count")):
        value = answer.headers.get(header, "")
        expect(whole, value.isdecimal(), f"{header} is {value!r}", answer)
    result, total = (answer.headers.get(header, "") for header in ("x-result-count", "x-total-count"))
    if result.isdecimal():
        expect("LST-11", int(result) == size, f"x-result-count is {result}, the array has {size} elements", answer)
    else:
        expect.untested("LST-11", "no X-Result-Count")
    if total.isdecimal():
        expect("LST-12", int(total) >= size, f"x-total-count is {total}, the array has {size} elements", answer)
    else:
        expect.untested("LST-12", "no X-Total-Count")


def _count(rule: str, answer: Exchange, header: str, expected: int, expect: Expect) -> None:
    if header in answer.headers:
        expect.equal(rule, answer.headers[header], str(expected), answer)
    else:
        expect.untested(rule, f"no {header}")


def _elements(array: list[Any], answer: Exchange, expect: Expect) -> None:
    """Expects of every element of an array that is not empty to be an object with an id."""
    objects = answer.elements
    others = len(array) - len(objects)
    expect("LST-06", others == 0, f"{others} elements are no objects", answer)
    keys = [element.get("id") for element in objects]
    wrong = [key for key in keys if not isinstance(key, str) or not key]
    expect("LST-07", bool(keys) and not wrong, f"an id is {wrong[0]!r}" if wrong else "no element has an id", answer)


def _mandatory(target: Target, instance: Instance | None, answer: Exchange, expect: Expect) -> None:
    for name in expect.items("LST-04"):
        bound = target.must_have(instance, name, answer.elements) if instance else answer.elements
        if not bound:
            expect.untested("LST-04", "what was created is not on the first page", item=name)
            continue
        lacking = [element.get("id") for element in bound if element.get(name) is None]
        expect("LST-04", not lacking, f"{name} is missing from {lacking[:3]}", answer, item=name)


def _conditional(answer: Exchange, item: str, expect: Expect) -> None:
    where, _, name = item.rpartition(".")
    owners = [owner for element in answer.elements for owner in _at(element, where.split("."))]
    if not owners:
        expect.untested("LST-05", f"no element has {where}", item=item)
        return
    lacking = sum(name not in owner for owner in owners)
    expect("LST-05", lacking == 0, f"{lacking} of {len(owners)} {where} lack {name}", answer, item=item)


def _at(node: Any, path: list[str]) -> Iterator[dict[str, Any]]:
    """Yields the objects at the end of a path; it goes into every element of an array."""
    if isinstance(node, list):
        for element in node:
            yield from _at(element, path)
    elif isinstance(node, dict):
        if not path:
            yield node
        elif path[0] in node:
            yield from _at(node[path[0]], path[1:])


def _expect_own(target: Target, instance: Instance, answer: Exchange, expect: Expect) -> None:
    """Expects the collection to show what the kit created."""
    result = _search(target, instance, answer)
    if result.element is None and not result.to_the_end:
        raise Untestable(f"the resource is not among the first pages of {instance.resource.name}")
    expect("LST-13", result.element is not None, "what was created is not listed", instance.exchange, *result.exchanges)
    if result.element is None:
        return
    href = unquote(urlsplit(str(result.element.get("href"))).path.rstrip("/"))
    expect("LST-15", href.endswith("/" + instance.id), f"its href is {href}", result.exchanges[-1])
    if expect.items("LST-14"):
        _as_retrieved(target, instance, result.element, result.exchanges[-1], expect)


def _as_retrieved(target: Target, instance: Instance, listed: dict[str, Any], answer: Exchange, expect: Expect) -> None:
    retrieved = target.get(instance)
    if retrieved.status != 200:
        raise Untestable(f"retrieving what is listed answered {retrieved.status}")
    for name in expect.items("LST-14"):
        if name not in listed and name not in retrieved.body:
            expect.untested("LST-14", f"the resource has no {name}", item=name)
        else:
            values = (listed.get(name), retrieved.body.get(name))
            expect.equal("LST-14", *values, answer, retrieved, item=name)


def _search(target: Target, instance: Instance, first: Exchange) -> SearchResult:
    """Looks for a resource on a first page, then with a filter on its id, then page by page, 20 pages at most."""
    answers, size = [first], len(first.elements)
    pages = [("offset", str(page * size)) for page in range(1, _PAGES)] if size else []
    if instance.id in ids(first):
        return SearchResult(_element(first, instance.id), (first,), True)
    for name, value in (("id", instance.id), *pages):
        answer = target.http("get", target.path(instance.resource), query=[(name, value)])
        answers.append(answer)
        if instance.id in ids(answer):
            return SearchResult(_element(answer, instance.id), tuple(answers), True)
        if name == "offset" and (not answer.elements or ids(answer) == ids(first)):
            return SearchResult(None, tuple(answers), _ended(answer))
    return SearchResult(None, tuple(answers), size == 0 and first.status == 200)


def _ended(answer: Exchange) -> bool:
    """Returns whether nothing stands behind a page.

    It is empty, or it is the first page again, of a server without `offset`, which may yet have more than it gives at
    once.
    """
    if answer.json == []:
        return answer.status in READ
    count = total(answer)
    return answer.status == 200 and (count is None or count == str(len(answer.elements)))


def _element(answer: Exchange, key: str) -> dict[str, Any]:
    return next(element for element in answer.elements if element.get("id") == key)


def _list(target: Target, resource: Resource, **filters: str) -> Exchange:
    """Returns a collection, or what filters find of it. Raises Untestable where that is not read."""
    answer = target.http("get", target.path(resource), query=list(filters.items()))
    if answer.status not in READ or not isinstance(answer.json, list):
        raise Untestable(f"listing {resource.name} answered {answer.status}")
    return answer


AREA = Area(
    "lists",
    "what a collection holds and says of itself",
    checks=(collection, order, nothing, single, address, after_change, after_deletion),
)
