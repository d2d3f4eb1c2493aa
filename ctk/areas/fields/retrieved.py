"""Selection of one resource."""

from __future__ import annotations

from ctk.areas.fields.whole import Whole, inner_path, is_bare, more_than, named, objects_of, shows_inner, whole_of
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_NOWHERE = "ctkNoSuchAttribute"
_WRITINGS = {
    "FLD-14": "fields={}&fields={}",
    "FLD-15": "fields={},%20{}",
    "FLD-16": "fields={},{},",
    "FLD-17": "fields={0},{1},{0}",
    "FLD-18": "fields={}%2C{}",
}


def attributes(target: Target, resource: Resource, expect: Expect) -> None:
    """Selects each attribute of a full resource alone."""
    whole = whole_of(target, resource)
    for name in dict.fromkeys([*expect.items("FLD-01"), *expect.items("FLD-02")]):
        _attribute(target, whole, name, expect)
    text_alone = target.get(whole.instance, query=[("fields", resource.text)])
    expect("FLD-05", text_alone.status == 200, f"answered {text_alone.status}", text_alone)
    expect(
        "FLD-41", text_alone.media == "application/json", f"answered {text_alone.media or 'no media type'}", text_alone
    )
    if text_alone.status == 200:
        expect("FLD-10", {"id", "href"} <= set(text_alone.body), f"shows {named(text_alone.body)}", text_alone)
        if expect.items("FLD-11"):
            expect("FLD-11", "@type" in text_alone.body, f"shows {named(text_alone.body)}", text_alone)
    _several(target, whole, expect)
    _writings(target, whole, expect)
    _inner(target, whole, expect)


def refusals(target: Target, resource: Resource, expect: Expect) -> None:
    """Selects unknown attributes, of unknown resources, and no attribute at all."""
    instance = target.create(resource)
    unknown = target.get(instance, query=f"fields={_NOWHERE}")
    expect("FLD-22", unknown.status == 400, f"answered {unknown.status}", unknown)
    expect("FLD-25", unknown.status < 500, f"answered {unknown.status}", unknown)
    beside = target.get(instance, query=f"fields={resource.text},{_NOWHERE}")
    expect("FLD-24", beside.status == 400, f"answered {beside.status}", beside)
    none = target.get(instance, query="fields=none")
    expect("FLD-12", none.status == 200 and is_bare(none.body), f"{none.status}, shows {named(none.body)}", none)
    missing = target.http("get", target.path(resource, "ctk-no-such-resource"), query="fields=id")
    expect("FLD-39", missing.status == 404, f"answered {missing.status}", missing)


def _attribute(target: Target, whole: Whole, name: str, expect: Expect) -> None:
    answer = target.get(whole.instance, query=[("fields", name)])
    if answer.status != 200 or not isinstance(answer.json, dict):
        expect.untested("FLD-02", f"fields={name} answered {answer.status}", item=name)
        if name in whole.body:
            expect("FLD-01", False, f"answered {answer.status}", answer, item=name)
        return
    if name in whole.body:
        expect.equal("FLD-01", answer.body.get(name), whole.body[name], answer, item=name)
    else:
        expect.untested("FLD-01", f"the resource has no {name}", item=name)
        if name in answer.body:
            expect("FLD-01", False, f"shows a {name} that the whole resource lacks", answer, item=name)
    more = more_than(answer.body, [name])
    expect("FLD-02", not more, f"{named(more)} are shown, too", answer, item=name)


def _several(target: Target, whole: Whole, expect: Expect) -> None:
    answer = target.get(whole.instance, query="fields=" + ",".join(whole.two))
    lacking = whole.lacking(answer.body, whole.two)
    expect("FLD-06", not lacking, f"answered {answer.status}, shows {named(answer.body)}", answer)
    right = bool(answer.body) and answer.status == 200 and not more_than(answer.body, whole.two)
    expect("FLD-07", right, f"answered {answer.status}, shows {named(answer.body)}", answer)


def _writings(target: Target, whole: Whole, expect: Expect) -> None:
    """Selects two attributes, written in other ways."""
    for rule, form in _WRITINGS.items():
        if expect.items(rule):
            answer = target.get(whole.instance, query=form.format(*whole.two))
            right = answer.status == 200 and not whole.lacking(answer.body, whole.two)
            right = right and not more_than(answer.body, whole.two)
            expect(rule, right, f"answered {answer.status}, shows {named(answer.body)}", answer)


def _inner(target: Target, whole: Whole, expect: Expect) -> None:
    if not expect.items("FLD-19"):
        return
    outer, inner = inner_path(whole.body)
    answer = target.get(whole.instance, query=f"fields={outer}.{inner}")
    shown, stored = objects_of(answer.body.get(outer)), objects_of(whole.body[outer])
    values = [inner_object.get(inner) for inner_object in shown] == [inner_object[inner] for inner_object in stored]
    expect("FLD-19", answer.status == 200 and values, f"{outer}.{inner} is not shown as it is", answer)
    expect("FLD-20", shows_inner(answer.body, outer, inner), f"more than {outer}.{inner} is shown, or nothing", answer)
