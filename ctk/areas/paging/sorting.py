"""Order: sort by text, date, id and two attributes, and ties over pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ctk.areas.paging.marked import SIZE, Marked
from ctk.exchange import Exchange, Untestable
from ctk.profile import Resource
from ctk.target.page import ids
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

_TEXTS = ("b", "a", "c", "a")
_DATES = tuple(f"2026-0{month}-01T00:00:00Z" for month in (2, 4, 1, 3))


def ties(found: Marked, judge: Judge) -> None:
    """A list sorted by an attribute that is the same in all of it; and the refusal of an unknown one."""
    if not judge.items("PAG-61"):
        return
    refused = found.ask(sort="ctkNoSuchAttribute", limit=1)
    judge("PAG-61", refused.status == 400, f"answered {refused.status}", refused)
    found.require_filter()
    cut = [found.page(sort=found.resource.text, offset=offset, limit=2) for offset in range(0, SIZE, 2)]
    seen = [key for page in cut for key in ids(page)]
    judge("PAG-63", sorted(seen) == sorted(found.ids), f"{len(set(seen))} of {SIZE} are on the pages", *cut)


def order(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Four resources, two of them with the same text, in the orders that can be asked for."""
    if not judge.items("PAG-54"):
        return
    found = _four(stage, resource)
    text = resource.text
    up, down = found.page(sort=text), found.page(sort=f"-{text}")
    kept = sorted(ids(up)) == sorted(ids(down)) == sorted(found.ids)
    judge("PAG-65", kept, f"{len(ids(up))} and {len(ids(down))} of {len(_TEXTS)} are listed", up, down)
    told = sorted(str(one.body.get(text)) for one in found.made)
    judge.equal("PAG-54", _texts(up, text), told, up)
    judge.equal("PAG-55", _texts(down, text), told[::-1], down)
    plus = found.page(f"sort=%2B{text}")
    judge.equal("PAG-56", _texts(plus, text), told, plus)
    cut = [found.page(sort=f"-{text}", offset=offset, limit=1) for offset in (0, 3)]
    judge.equal("PAG-64", [value for page in cut for value in _texts(page, text)], [told[-1], told[0]], *cut)
    _keys(found, judge)
    _dates(found, judge)


def _keys(found: Marked, judge: Judge) -> None:
    """Two keys; what the second one says is seen at the two that the first leaves equal."""
    text = found.resource.text
    up, down = found.page(sort="id"), found.page(sort="-id")
    whole = sorted(ids(up)) == sorted(found.ids)
    judge("PAG-62", whole and ids(up) == ids(down)[::-1], "up is not the reverse of down", up, down)
    place = {key: ids(up).index(key) for key in ids(up)}
    texts = {one.id: str(one.body.get(text)) for one in found.made}
    wanted = sorted(found.ids, key=lambda key: (texts[key], place.get(key, 0)))
    both = [found.page(sort=f"{text},id"), found.page(sort=f"{text},-id")]
    told = [*wanted[1::-1], *wanted[2:]]
    right = [ids(page) for page in both] == [wanted, told]
    judge("PAG-59", right, "two of the same text are not in the order of the second key", *both)
    mixed = found.page(sort=f"-{text},id")
    judge.equal("PAG-60", ids(mixed), [*wanted[:1:-1], *wanted[:2]], mixed)


def _dates(found: Marked, judge: Judge) -> None:
    name = _date(found)
    up, down = found.page(sort=name), found.page(sort=f"-{name}")
    told = sorted(_instants([one.body for one in found.made], name))
    judge.equal("PAG-57", list(_instants(up.elements, name)), told, up)
    judge.equal("PAG-58", list(_instants(down.elements, name)), told[::-1], down)


def _four(stage: Stage, resource: Resource) -> Marked:
    """The four, with dates of their own where they can be sent; raises Untestable where no filter finds them all."""
    mark = stage.mark(resource)
    made = []
    for text, date in zip(_TEXTS, _DATES, strict=True):
        changes = {resource.text: f"{mark}-{text}", **_dated(stage, resource, date)}
        made.append(stage.create(resource, "minimal", **changes))
    several = ",".join(f"{mark}-{text}" for text in dict.fromkeys(_TEXTS))
    found = Marked(stage, resource, tuple(made), ((resource.text, several),))
    if sorted(ids(found.page())) != sorted(found.ids):
        raise Untestable(f"a filter on {resource.text} with several values does not find them all")
    return found


def _dated(stage: Stage, resource: Resource, date: str) -> dict[str, Any]:
    """A date to send: one of the attributes of a full body, or the beginning of its `validFor`."""
    full = stage.payloads.template(resource.name, "full")
    declared = stage.document.attributes(stage.document.schema(resource.schema))
    for name in full:
        if name in declared and declared[name].format == "date-time" and name not in resource.server:
            return {name: date}
    return {"validFor": {"startDateTime": date}} if "validFor" in full else {}


def _date(found: Marked) -> str:
    """An attribute with dates that tell the resources from each other; raises Untestable where there is none."""
    bodies = [one.body for one in found.made]
    declared = found.stage.document.attributes(found.stage.document.schema(found.resource.schema))
    names = [name for name, one in declared.items() if one.format == "date-time"]
    for name in (*names, "validFor.startDateTime"):
        if len(set(_instants(bodies, name))) == len(bodies):
            return name
    raise Untestable("no date tells the resources from each other")


def _instants(bodies: Iterable[Mapping[str, Any]], name: str) -> Iterator[datetime]:
    """The instant of each; the beginning of time where there is none."""
    for body in bodies:
        node: Any = body
        for part in name.split("."):
            node = node.get(part) if isinstance(node, dict) else None
        try:
            read = datetime.fromisoformat(str(node))
        except ValueError:
            read = datetime.min
        yield read if read.tzinfo else read.replace(tzinfo=UTC)


def _texts(page: Exchange, name: str) -> list[str]:
    return [str(one.get(name)) for one in page.elements]
