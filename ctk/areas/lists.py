"""What a collection holds and says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from ctk.area import Area
from ctk.exchange import Exchange, Untestable
from ctk.profile import Resource
from ctk.target.page import READ, ids, total
from ctk.target.target import Created, Stage
from ctk.verdict.ledger import Judge

_REFUSED = (400, 501)
_PAGES = 20
_NOWHERE = "ctk-no-such-resource"


@dataclass(frozen=True)
class Sought:
    """What came of looking for a resource: its element, the exchanges, and whether everything was looked through."""

    element: dict[str, Any] | None
    exchanges: tuple[Exchange, ...]
    to_the_end: bool


def collection(stage: Stage, resource: Resource, judge: Judge) -> None:
    """The whole collection, which holds something of the kit's where the server lets it create."""
    made = _made(stage, resource)
    answer = stage.http("get", stage.path(resource))
    judge("LST-01", answer.status in READ, f"answered {answer.status}", answer)
    if answer.status not in READ:
        raise Untestable(f"listing {resource.name} answered {answer.status}")
    judge("LST-02", isinstance(answer.json, list), "the answer is no JSON array", answer)
    judge("LST-03", answer.media == "application/json", f"answered {answer.media or 'no media type'}", answer)
    _counts(answer, judge)
    if answer.json and isinstance(answer.json, list):
        _elements(answer.json, answer, judge)
        _mandatory(stage, made, answer, judge)
        for item in judge.items("LST-05"):
            _conditional(answer, item, judge)
    if made:
        _own(stage, made, answer, judge)
    if not answer.elements:
        raise Untestable("there is nothing in the collection")


def order(stage: Stage, resource: Resource, judge: Judge) -> None:
    """The order of two resources, one made after the other, in two readings."""
    older, newer = (stage.create(resource, "minimal") for _ in range(2))
    first, second = (_list(stage, resource) for _ in range(2))
    keys = ids(first)
    if len(keys) > 1:
        twice = sorted({key for key in keys if keys.count(key) > 1})
        judge("LST-08", not twice, f"{', '.join(twice[:3])} stands more than once", first)
    newest = newer.id in keys and older.id not in keys[: keys.index(newer.id)]
    judge("LST-16", newest, "what was created last is not before what was created first", first)
    both = set(keys) & set(ids(second))
    if len(both) < 2:
        judge.untested("LST-17", "two readings have fewer than two resources in common")
        return
    orders = [[one for one in ids(answer) if one in both] for answer in (first, second)]
    judge("LST-17", orders[0] == orders[1], "two readings have the same resources in another order", first, second)


def nothing(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A filter that finds nothing."""
    answer = stage.http("get", stage.path(resource), query=[("id", _NOWHERE)])
    if answer.status in _REFUSED:
        raise Untestable(f"a filter on id is refused with {answer.status}")
    empty = answer.status in READ and answer.json == []
    judge("LST-18", empty, f"answered {answer.status} and {len(answer.elements)} elements", answer)
    if not empty:
        raise Untestable("a filter on an unknown id does not give an empty array")
    _count("LST-19", answer, "x-total-count", 0, judge)
    _count("LST-20", answer, "x-result-count", 0, judge)


def one(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A filter that finds one resource."""
    made = stage.create(resource, "minimal")
    answer = _list(stage, resource, id=made.id)
    if ids(answer) != [made.id]:
        raise Untestable("a filter on an id does not give that resource alone")
    _count("LST-21", answer, "x-total-count", 1, judge)
    _count("LST-22", answer, "x-result-count", 1, judge)


def address(stage: Stage, resource: Resource, judge: Judge) -> None:
    """The collection's address with something behind it."""
    if judge.items("LST-24"):
        refused = stage.http("get", stage.path(resource), query="ctkNoSuchAttribute=1")
        judge("LST-24", refused.status == 400, f"answered {refused.status}", refused)
    if judge.items("LST-23"):
        made = stage.create(resource, "minimal")
        answer = stage.http("get", stage.path(resource) + "/")
        same = answer.status in READ and made.id in ids(answer)
        judge("LST-23", same, f"answered {answer.status} without what was just created", answer)


def changed(stage: Stage, resource: Resource, judge: Judge) -> None:
    """The collection after a change of one of its resources."""
    if not judge.items("LST-25"):
        return
    made = stage.create(resource)
    text = stage.mark(resource)
    kept = {name: made.body[name] for name in ("@type",) if name in made.body}
    answer = stage.patch(made, {**kept, resource.text: text})
    if answer.status != 200:
        raise Untestable(f"changing {resource.text} answered {answer.status}")
    sought = _sought(stage, made, _list(stage, resource))
    if sought.element is None:
        raise Untestable("the changed resource is not found in its collection")
    judge.equal("LST-25", sought.element.get(resource.text), text, answer, *sought.exchanges)


def deleted(stage: Stage, resource: Resource, judge: Judge) -> None:
    """The collection after one of its resources was deleted, read as before, when it was there."""
    if not judge.items("LST-26"):
        return
    made = stage.create(resource, "minimal")
    sought = _sought(stage, made, _list(stage, resource))
    if sought.element is None:
        raise Untestable("the resource is not found in its collection before it is deleted")
    answer = stage.delete(made)
    if answer.status not in (200, 204):
        raise Untestable(f"deleting answered {answer.status}")
    again = stage.http("get", sought.exchanges[-1].url)
    if again.status not in (*READ, 404):
        raise Untestable(f"listing {resource.name} answered {again.status}")
    judge("LST-26", made.id not in ids(again), "what was deleted is still listed", answer, again)


def _made(stage: Stage, resource: Resource) -> Created | None:
    """A full resource; None where it cannot be created, and the list is read as it is."""
    try:
        return stage.create(resource)
    except Untestable:
        return None


def _counts(answer: Exchange, judge: Judge) -> None:
    size = len(answer.json) if isinstance(answer.json, list) else -1
    for whole, header in (("LST-09", "x-total-count"), ("LST-10", "x-result-count")):
        value = answer.headers.get(header, "")
        judge(whole, value.isdecimal(), f"{header} is {value!r}", answer)
    result, total = (answer.headers.get(header, "") for header in ("x-result-count", "x-total-count"))
    if result.isdecimal():
        judge("LST-11", int(result) == size, f"x-result-count is {result}, the array has {size} elements", answer)
    else:
        judge.untested("LST-11", "no X-Result-Count")
    if total.isdecimal():
        judge("LST-12", int(total) >= size, f"x-total-count is {total}, the array has {size} elements", answer)
    else:
        judge.untested("LST-12", "no X-Total-Count")


def _count(rule: str, answer: Exchange, header: str, wanted: int, judge: Judge) -> None:
    if header in answer.headers:
        judge.equal(rule, answer.headers[header], str(wanted), answer)
    else:
        judge.untested(rule, f"no {header}")


def _elements(array: list[Any], answer: Exchange, judge: Judge) -> None:
    """What every element of an array that is not empty is."""
    objects = answer.elements
    strange = len(array) - len(objects)
    judge("LST-06", strange == 0, f"{strange} elements are no objects", answer)
    told = [one.get("id") for one in objects]
    wrong = [key for key in told if not isinstance(key, str) or not key]
    judge("LST-07", bool(told) and not wrong, f"an id is {wrong[0]!r}" if wrong else "no element has an id", answer)


def _mandatory(stage: Stage, made: Created | None, answer: Exchange, judge: Judge) -> None:
    for name in judge.items("LST-04"):
        owing = stage.owing(made, name, answer.elements) if made else answer.elements
        if not owing:
            judge.untested("LST-04", "what was created is not on the first page", item=name)
            continue
        lacking = [one.get("id") for one in owing if one.get(name) is None]
        judge("LST-04", not lacking, f"{name} is missing from {lacking[:3]}", answer, item=name)


def _conditional(answer: Exchange, item: str, judge: Judge) -> None:
    where, _, name = item.rpartition(".")
    owners = [found for one in answer.elements for found in _at(one, where.split("."))]
    if not owners:
        judge.untested("LST-05", f"no element has {where}", item=item)
        return
    lacking = sum(name not in owner for owner in owners)
    judge("LST-05", lacking == 0, f"{lacking} of {len(owners)} {where} lack {name}", answer, item=item)


def _at(node: Any, path: list[str]) -> Iterator[dict[str, Any]]:
    """The objects at the end of a path; it goes into every element of an array."""
    if isinstance(node, list):
        for one in node:
            yield from _at(one, path)
    elif isinstance(node, dict):
        if not path:
            yield node
        elif path[0] in node:
            yield from _at(node[path[0]], path[1:])


def _own(stage: Stage, made: Created, answer: Exchange, judge: Judge) -> None:
    """What the kit created, as the collection shows it."""
    sought = _sought(stage, made, answer)
    if sought.element is None and not sought.to_the_end:
        raise Untestable(f"the resource is not among the first pages of {made.resource.name}")
    judge("LST-13", sought.element is not None, "what was created is not listed", made.exchange, *sought.exchanges)
    if sought.element is None:
        return
    href = unquote(urlsplit(str(sought.element.get("href"))).path.rstrip("/"))
    judge("LST-15", href.endswith("/" + made.id), f"its href is {href}", sought.exchanges[-1])
    if judge.items("LST-14"):
        _as_retrieved(stage, made, sought.element, sought.exchanges[-1], judge)


def _as_retrieved(stage: Stage, made: Created, listed: dict[str, Any], answer: Exchange, judge: Judge) -> None:
    retrieved = stage.get(made)
    if retrieved.status != 200:
        raise Untestable(f"retrieving what is listed answered {retrieved.status}")
    for name in judge.items("LST-14"):
        if name not in listed and name not in retrieved.body:
            judge.untested("LST-14", f"the resource has no {name}", item=name)
        else:
            told = (listed.get(name), retrieved.body.get(name))
            judge.equal("LST-14", *told, answer, retrieved, item=name)


def _sought(stage: Stage, made: Created, first: Exchange) -> Sought:
    """Looks for a resource on a first page, then with a filter on its id, then page by page, some pages far."""
    tried, size = [first], len(first.elements)
    pages = [("offset", str(page * size)) for page in range(1, _PAGES)] if size else []
    if made.id in ids(first):
        return Sought(_element(first, made.id), (first,), True)
    for name, value in (("id", made.id), *pages):
        answer = stage.http("get", stage.path(made.resource), query=[(name, value)])
        tried.append(answer)
        if made.id in ids(answer):
            return Sought(_element(answer, made.id), tuple(tried), True)
        if name == "offset" and (not answer.elements or ids(answer) == ids(first)):
            return Sought(None, tuple(tried), _ended(answer))
    return Sought(None, tuple(tried), size == 0 and first.status == 200)


def _ended(answer: Exchange) -> bool:
    """Whether nothing stands behind a page: it is empty, or it is the first one again, of a server without `offset`,
    which may yet have more than it gives at once."""
    if answer.json == []:
        return answer.status in READ
    told = total(answer)
    return answer.status == 200 and (told is None or told == str(len(answer.elements)))


def _element(answer: Exchange, key: str) -> dict[str, Any]:
    return next(one for one in answer.elements if one.get("id") == key)


def _list(stage: Stage, resource: Resource, **filters: str) -> Exchange:
    """A collection, or what filters find of it; raises Untestable where that is not read."""
    answer = stage.http("get", stage.path(resource), query=list(filters.items()))
    if answer.status not in READ or not isinstance(answer.json, list):
        raise Untestable(f"listing {resource.name} answered {answer.status}")
    return answer


AREA = Area(
    "lists",
    "what a collection holds and says of itself",
    stories=(collection, order, nothing, one, address, changed, deleted),
)
