"""Selection in a list, with filters, pages, counts and order."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qs, quote

from ctk.areas.fields.whole import Whole, inner_path, is_bare, more_than, named, shows_inner, whole_of
from ctk.exchange import Exchange, Untestable
from ctk.standard.profile import Resource
from ctk.target.page import READ, ids, links, require_page, total
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_NOWHERE = "ctkNoSuchAttribute"


def lists(target: Target, resource: Resource, expect: Expect) -> None:
    """Selects each mandatory attribute in a list, which holds something of the kit's."""
    instance = target.create(resource, "minimal")
    for name in dict.fromkeys([*expect.items("FLD-03"), *expect.items("FLD-04")]):
        answer = target.http("get", target.path(resource), query=[("fields", name)])
        if answer.status not in READ:
            expect("FLD-03", False, f"answered {answer.status}", answer, item=name)
        if answer.status not in READ or not answer.elements:
            expect.untested("FLD-04", f"answered {answer.status} and no elements", item=name)
            continue
        if bound := target.must_have(instance, name, answer.elements):
            lacking = sum(element.get(name) is None for element in bound)
            expect("FLD-03", lacking == 0, f"{lacking} of {len(bound)} lack {name}", answer, item=name)
        more = {other for element in answer.elements for other in more_than(element, [name])}
        expect("FLD-04", not more, f"{named(more)} are shown, too", answer, item=name)
    if expect.items("FLD-23"):
        unknown = target.http("get", target.path(resource), query=f"fields={_NOWHERE}")
        expect("FLD-23", unknown.status == 400, f"answered {unknown.status}", unknown)
    if expect.items("FLD-13"):
        none = target.http("get", target.path(resource), query="fields=none&limit=5")
        bare = none.status in READ and bool(none.elements) and all(map(is_bare, none.elements))
        expect("FLD-13", bare, f"answered {none.status}, {len(none.elements)} elements, or shows more", none)


def together(target: Target, resource: Resource, expect: Expect) -> None:
    """Selects in a list with filters, pages and counts; names `id` always, since a server need not add it."""
    whole = whole_of(target, resource)
    target.create(resource)
    _paged(target, whole, expect)
    plain = require_page(target.http("get", target.path(resource), query=[("id", whole.instance.id)]))
    if ids(plain) != [whole.instance.id]:
        raise Untestable("a filter on an id does not give that resource alone")
    names = ("id", *whole.two)
    selected = _selected(target, whole, ("id", whole.instance.id), names)
    shown = selected.elements[0] if ids(selected) == [whole.instance.id] else {}
    expect("FLD-08", not whole.lacking(shown, names), f"shows {named(shown)}", selected)
    expect("FLD-09", bool(shown) and not more_than(shown, names), f"shows {named(shown)}", selected)
    _total(plain, selected, expect)
    _filtered(target, whole, expect)
    _inner_of_list(target, whole, expect)


def sorted_by(target: Target, resource: Resource, expect: Expect) -> None:
    """Lists two resources in the order of an attribute that is not shown."""
    if not expect.items("FLD-38"):
        return
    mark = target.unique_text(resource)
    keys = [target.create(resource, "minimal", **{resource.text: f"{mark}-{end}"}).id for end in "ab"]
    both = [
        require_page(
            target.http("get", target.path(resource), query=f"id={','.join(keys)}&sort={sign}{resource.text}&fields=id")
        )
        for sign in ("", "-")
    ]
    if any(sorted(ids(page)) != sorted(keys) for page in both):
        raise Untestable("a filter on two ids does not give both")
    expect.equal("FLD-38", [ids(page) for page in both], [keys, keys[::-1]], *both)


def _paged(target: Target, whole: Whole, expect: Expect) -> None:
    """Asks for a page of one, where there are two or more."""
    names = ("id", whole.two[0])
    page = _selected(target, whole, ("limit", "1"), names)
    expect("FLD-35", len(page.elements) == 1, f"a limit of 1 gave {len(page.elements)}", page)
    more = {name for element in page.elements for name in more_than(element, names)}
    expect("FLD-34", bool(page.elements) and not more, f"{named(more)} are shown, too", page)
    following = links(page).get("next")
    if following is None:
        expect.untested("FLD-40", "the page has no link next")
    else:
        selected = parse_qs(following.partition("?")[2]).get("fields", [])
        expect.equal("FLD-40", selected, [",".join(names)], page)


def _total(plain: Exchange, selected: Exchange, expect: Expect) -> None:
    if total(plain) is None:
        expect.untested("FLD-36", "no X-Total-Count without fields")
    else:
        expect.equal("FLD-36", total(selected), total(plain), plain, selected)
    result = selected.headers.get("x-result-count")
    if result is None:
        expect.untested("FLD-37", "no X-Result-Count")
    else:
        expect.equal("FLD-37", result, str(len(selected.elements)), selected)


def _filtered(target: Target, whole: Whole, expect: Expect) -> None:
    """Filters by the text, which is not shown."""
    text, other = whole.two
    mark = (text, str(whole.body[text]))
    plain = require_page(target.http("get", target.path(whole.instance.resource), query=[mark]))
    if ids(plain) != [whole.instance.id]:
        raise Untestable(f"a filter on {text} does not give that resource alone")
    selected = _selected(target, whole, mark, ("id", other))
    expect.equal("FLD-32", ids(selected), [whole.instance.id], selected)
    more = {name for element in selected.elements for name in more_than(element, ["id", other])}
    expect("FLD-33", bool(selected.elements) and not more, f"{named(more)} are shown, too", selected)


def _inner_of_list(target: Target, whole: Whole, expect: Expect) -> None:
    if not expect.items("FLD-21"):
        return
    outer, inner = inner_path(whole.body)
    answer = _selected(target, whole, ("id", whole.instance.id), ("id", f"{outer}.{inner}"))
    right = ids(answer) == [whole.instance.id] and shows_inner(answer.elements[0], outer, inner)
    expect("FLD-21", right, f"more than {outer}.{inner} is shown, or nothing", answer)


def _selected(target: Target, whole: Whole, asked: tuple[str, str], names: Iterable[str]) -> Exchange:
    """Returns some attributes of what a parameter finds. Raises Untestable where that is not answered."""
    query = f"{asked[0]}={quote(asked[1])}&fields={','.join(names)}"
    return require_page(target.http("get", target.path(whole.instance.resource), query=query))
