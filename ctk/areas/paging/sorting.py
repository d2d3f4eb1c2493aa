"""Order: sort by text, date, id and two attributes, and ties over pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ctk.areas.paging.marked_list import SIZE, MarkedList
from ctk.exchange import Exchange, Untestable
from ctk.standard.profile import Resource
from ctk.target.page import ids
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_TEXTS = ("b", "a", "c", "a")
_DATES = tuple(f"2026-0{month}-01T00:00:00Z" for month in (2, 4, 1, 3))


def ties(marked_list: MarkedList, expect: Expect) -> None:
    """Sorts a list by an attribute that is the same in all of it, and by an unknown one."""
    if not expect.items("PAG-61"):
        return
    refused = marked_list.ask(sort="ctkNoSuchAttribute", limit=1)
    expect("PAG-61", refused.status == 400, f"answered {refused.status}", refused)
    marked_list.require_filter()
    cut = [marked_list.page(sort=marked_list.resource.text, offset=offset, limit=2) for offset in range(0, SIZE, 2)]
    seen = [key for page in cut for key in ids(page)]
    expect("PAG-63", sorted(seen) == sorted(marked_list.ids), f"{len(set(seen))} of {SIZE} are on the pages", *cut)


def order(target: Target, resource: Resource, expect: Expect) -> None:
    """Lists four resources, two of them with the same text, in the orders that can be asked for."""
    if not expect.items("PAG-54"):
        return
    marked_list = _four(target, resource)
    text = resource.text
    up, down = marked_list.page(sort=text), marked_list.page(sort=f"-{text}")
    kept = sorted(ids(up)) == sorted(ids(down)) == sorted(marked_list.ids)
    expect("PAG-65", kept, f"{len(ids(up))} and {len(ids(down))} of {len(_TEXTS)} are listed", up, down)
    texts = sorted(str(instance.body.get(text)) for instance in marked_list.instances)
    expect.equal("PAG-54", _texts(up, text), texts, up)
    expect.equal("PAG-55", _texts(down, text), texts[::-1], down)
    plus = marked_list.page(f"sort=%2B{text}")
    expect.equal("PAG-56", _texts(plus, text), texts, plus)
    cut = [marked_list.page(sort=f"-{text}", offset=offset, limit=1) for offset in (0, 3)]
    expect.equal("PAG-64", [value for page in cut for value in _texts(page, text)], [texts[-1], texts[0]], *cut)
    _keys(marked_list, expect)
    _dates(marked_list, expect)


def _keys(marked_list: MarkedList, expect: Expect) -> None:
    """Sorts by two keys; the second one decides between the two that the first leaves equal."""
    text = marked_list.resource.text
    up, down = marked_list.page(sort="id"), marked_list.page(sort="-id")
    whole = sorted(ids(up)) == sorted(marked_list.ids)
    expect("PAG-62", whole and ids(up) == ids(down)[::-1], "up is not the reverse of down", up, down)
    place = {key: ids(up).index(key) for key in ids(up)}
    texts = {instance.id: str(instance.body.get(text)) for instance in marked_list.instances}
    wanted = sorted(marked_list.ids, key=lambda key: (texts[key], place.get(key, 0)))
    both = [marked_list.page(sort=f"{text},id"), marked_list.page(sort=f"{text},-id")]
    swapped = [*wanted[1::-1], *wanted[2:]]
    right = [ids(page) for page in both] == [wanted, swapped]
    expect("PAG-59", right, "two of the same text are not in the order of the second key", *both)
    mixed = marked_list.page(sort=f"-{text},id")
    expect.equal("PAG-60", ids(mixed), [*wanted[:1:-1], *wanted[:2]], mixed)


def _dates(marked_list: MarkedList, expect: Expect) -> None:
    name = _date(marked_list)
    up, down = marked_list.page(sort=name), marked_list.page(sort=f"-{name}")
    instants = sorted(_instants([instance.body for instance in marked_list.instances], name))
    expect.equal("PAG-57", list(_instants(up.elements, name)), instants, up)
    expect.equal("PAG-58", list(_instants(down.elements, name)), instants[::-1], down)


def _four(target: Target, resource: Resource) -> MarkedList:
    """Creates the four, with dates of their own where they can be sent.

    Raises Untestable where no filter finds them all.
    """
    mark = target.unique_text(resource)
    instances = []
    for text, date in zip(_TEXTS, _DATES, strict=True):
        changes = {resource.text: f"{mark}-{text}", **_dated(target, resource, date)}
        instances.append(target.create(resource, "minimal", **changes))
    several = ",".join(f"{mark}-{text}" for text in dict.fromkeys(_TEXTS))
    marked_list = MarkedList(target, resource, tuple(instances), ((resource.text, several),))
    if sorted(ids(marked_list.page())) != sorted(marked_list.ids):
        raise Untestable(f"a filter on {resource.text} with several values does not find them all")
    return marked_list


def _dated(target: Target, resource: Resource, date: str) -> dict[str, Any]:
    """Returns a date to send: one of the attributes of a full body, or the beginning of its `validFor`."""
    full = target.payloads.template(resource.name, "full")
    declared = target.document.attributes(target.document.schema(resource.schema))
    for name in full:
        if name in declared and declared[name].format == "date-time" and name not in resource.server:
            return {name: date}
    return {"validFor": {"startDateTime": date}} if "validFor" in full else {}


def _date(marked_list: MarkedList) -> str:
    """Returns an attribute with dates that tell the resources apart. Raises Untestable where there is none."""
    bodies = [instance.body for instance in marked_list.instances]
    declared = marked_list.target.document.attributes(marked_list.target.document.schema(marked_list.resource.schema))
    names = [name for name, attribute in declared.items() if attribute.format == "date-time"]
    for name in (*names, "validFor.startDateTime"):
        if len(set(_instants(bodies, name))) == len(bodies):
            return name
    raise Untestable("no date tells the resources from each other")


def _instants(bodies: Iterable[Mapping[str, Any]], name: str) -> Iterator[datetime]:
    """Yields the instant of each; the beginning of time where there is none."""
    for body in bodies:
        node: Any = body
        for part in name.split("."):
            node = node.get(part) if isinstance(node, dict) else None
        try:
            moment = datetime.fromisoformat(str(node))
        except ValueError:
            moment = datetime.min
        yield moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _texts(page: Exchange, name: str) -> list[str]:
    return [str(element.get(name)) for element in page.elements]
