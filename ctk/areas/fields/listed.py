"""Selection in a list, with filters, pages, counts and order."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qs, quote

from ctk.areas.fields.whole import Whole, inner_path, is_bare, more_than, named, shows_inner, whole_of
from ctk.exchange import Exchange, Untestable
from ctk.profile import Resource
from ctk.target.page import READ, ids, links, read, total
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

_NOWHERE = "ctkNoSuchAttribute"


def lists(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Each mandatory attribute in a list, which holds something of the kit's."""
    made = stage.create(resource, "minimal")
    for name in dict.fromkeys([*judge.items("FLD-03"), *judge.items("FLD-04")]):
        answer = stage.http("get", stage.path(resource), query=[("fields", name)])
        if answer.status not in READ:
            judge("FLD-03", False, f"answered {answer.status}", answer, item=name)
        if answer.status not in READ or not answer.elements:
            judge.untested("FLD-04", f"answered {answer.status} and no elements", item=name)
            continue
        if owing := stage.owing(made, name, answer.elements):
            lacking = sum(one.get(name) is None for one in owing)
            judge("FLD-03", lacking == 0, f"{lacking} of {len(owing)} lack {name}", answer, item=name)
        more = {other for one in answer.elements for other in more_than(one, [name])}
        judge("FLD-04", not more, f"{named(more)} are shown, too", answer, item=name)
    if judge.items("FLD-23"):
        unknown = stage.http("get", stage.path(resource), query=f"fields={_NOWHERE}")
        judge("FLD-23", unknown.status == 400, f"answered {unknown.status}", unknown)
    if judge.items("FLD-13"):
        none = stage.http("get", stage.path(resource), query="fields=none&limit=5")
        bare = none.status in READ and bool(none.elements) and all(map(is_bare, none.elements))
        judge("FLD-13", bare, f"answered {none.status}, {len(none.elements)} elements, or shows more", none)


def together(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Selection in a list with filters, pages and counts; `id` is always named, since a server need not add it."""
    whole = whole_of(stage, resource)
    stage.create(resource)
    _paged(stage, whole, judge)
    plain = read(stage.http("get", stage.path(resource), query=[("id", whole.made.id)]))
    if ids(plain) != [whole.made.id]:
        raise Untestable("a filter on an id does not give that resource alone")
    names = ("id", *whole.two)
    found = _selected(stage, whole, ("id", whole.made.id), names)
    shown = found.elements[0] if ids(found) == [whole.made.id] else {}
    judge("FLD-08", not whole.lacking(shown, names), f"shows {named(shown)}", found)
    judge("FLD-09", bool(shown) and not more_than(shown, names), f"shows {named(shown)}", found)
    _total(plain, found, judge)
    _filtered(stage, whole, judge)
    _inner_of_list(stage, whole, judge)


def sorted_by(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Two resources in the order of an attribute that is not shown."""
    if not judge.items("FLD-38"):
        return
    mark = stage.mark(resource)
    made = [stage.create(resource, "minimal", **{resource.text: f"{mark}-{end}"}).id for end in "ab"]
    both = [
        read(stage.http("get", stage.path(resource), query=f"id={','.join(made)}&sort={sign}{resource.text}&fields=id"))
        for sign in ("", "-")
    ]
    if any(sorted(ids(page)) != sorted(made) for page in both):
        raise Untestable("a filter on two ids does not give both")
    judge.equal("FLD-38", [ids(page) for page in both], [made, made[::-1]], *both)


def _paged(stage: Stage, whole: Whole, judge: Judge) -> None:
    """A page of one, where there are two or more."""
    names = ("id", whole.two[0])
    page = _selected(stage, whole, ("limit", "1"), names)
    judge("FLD-35", len(page.elements) == 1, f"a limit of 1 gave {len(page.elements)}", page)
    more = {name for one in page.elements for name in more_than(one, names)}
    judge("FLD-34", bool(page.elements) and not more, f"{named(more)} are shown, too", page)
    following = links(page).get("next")
    if following is None:
        judge.untested("FLD-40", "the page has no link next")
    else:
        told = parse_qs(following.partition("?")[2]).get("fields", [])
        judge.equal("FLD-40", told, [",".join(names)], page)


def _total(plain: Exchange, found: Exchange, judge: Judge) -> None:
    if total(plain) is None:
        judge.untested("FLD-36", "no X-Total-Count without fields")
    else:
        judge.equal("FLD-36", total(found), total(plain), plain, found)
    result = found.headers.get("x-result-count")
    if result is None:
        judge.untested("FLD-37", "no X-Result-Count")
    else:
        judge.equal("FLD-37", result, str(len(found.elements)), found)


def _filtered(stage: Stage, whole: Whole, judge: Judge) -> None:
    """A filter on the text, which is not shown."""
    text, other = whole.two
    mark = (text, str(whole.body[text]))
    plain = read(stage.http("get", stage.path(whole.made.resource), query=[mark]))
    if ids(plain) != [whole.made.id]:
        raise Untestable(f"a filter on {text} does not give that resource alone")
    found = _selected(stage, whole, mark, ("id", other))
    judge.equal("FLD-32", ids(found), [whole.made.id], found)
    more = {name for one in found.elements for name in more_than(one, ["id", other])}
    judge("FLD-33", bool(found.elements) and not more, f"{named(more)} are shown, too", found)


def _inner_of_list(stage: Stage, whole: Whole, judge: Judge) -> None:
    if not judge.items("FLD-21"):
        return
    outer, inner = inner_path(whole.body)
    answer = _selected(stage, whole, ("id", whole.made.id), ("id", f"{outer}.{inner}"))
    right = ids(answer) == [whole.made.id] and shows_inner(answer.elements[0], outer, inner)
    judge("FLD-21", right, f"more than {outer}.{inner} is shown, or nothing", answer)


def _selected(stage: Stage, whole: Whole, asked: tuple[str, str], names: Iterable[str]) -> Exchange:
    """Some attributes of what a parameter finds; raises Untestable where that is not answered."""
    query = f"{asked[0]}={quote(asked[1])}&fields={','.join(names)}"
    return read(stage.http("get", stage.path(whole.made.resource), query=query))
