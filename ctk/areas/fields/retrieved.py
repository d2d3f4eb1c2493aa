"""Selection of one resource."""

from __future__ import annotations

from ctk.areas.fields.whole import Whole, inner_path, is_bare, more_than, named, objects_of, shows_inner, whole_of
from ctk.profile import Resource
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

_NOWHERE = "ctkNoSuchAttribute"
_WRITINGS = {
    "FLD-14": "fields={}&fields={}",
    "FLD-15": "fields={},%20{}",
    "FLD-16": "fields={},{},",
    "FLD-17": "fields={0},{1},{0}",
    "FLD-18": "fields={}%2C{}",
}


def attributes(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Each attribute of a full resource alone."""
    whole = whole_of(stage, resource)
    for name in dict.fromkeys([*judge.items("FLD-01"), *judge.items("FLD-02")]):
        _attribute(stage, whole, name, judge)
    one = stage.get(whole.made, query=[("fields", resource.text)])
    judge("FLD-05", one.status == 200, f"answered {one.status}", one)
    judge("FLD-41", one.media == "application/json", f"answered {one.media or 'no media type'}", one)
    if one.status == 200:
        judge("FLD-10", {"id", "href"} <= set(one.body), f"shows {named(one.body)}", one)
        if judge.items("FLD-11"):
            judge("FLD-11", "@type" in one.body, f"shows {named(one.body)}", one)
    _several(stage, whole, judge)
    _writings(stage, whole, judge)
    _inner(stage, whole, judge)


def refusals(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Unknown attributes, unknown resources, and no attribute at all."""
    made = stage.create(resource)
    unknown = stage.get(made, query=f"fields={_NOWHERE}")
    judge("FLD-22", unknown.status == 400, f"answered {unknown.status}", unknown)
    judge("FLD-25", unknown.status < 500, f"answered {unknown.status}", unknown)
    beside = stage.get(made, query=f"fields={resource.text},{_NOWHERE}")
    judge("FLD-24", beside.status == 400, f"answered {beside.status}", beside)
    none = stage.get(made, query="fields=none")
    judge("FLD-12", none.status == 200 and is_bare(none.body), f"{none.status}, shows {named(none.body)}", none)
    missing = stage.http("get", stage.path(resource, "ctk-no-such-resource"), query="fields=id")
    judge("FLD-39", missing.status == 404, f"answered {missing.status}", missing)


def _attribute(stage: Stage, whole: Whole, name: str, judge: Judge) -> None:
    answer = stage.get(whole.made, query=[("fields", name)])
    if answer.status != 200 or not isinstance(answer.json, dict):
        judge.untested("FLD-02", f"fields={name} answered {answer.status}", item=name)
        if name in whole.body:
            judge("FLD-01", False, f"answered {answer.status}", answer, item=name)
        return
    if name in whole.body:
        judge.equal("FLD-01", answer.body.get(name), whole.body[name], answer, item=name)
    else:
        judge.untested("FLD-01", f"the resource has no {name}", item=name)
        if name in answer.body:
            judge("FLD-01", False, f"shows a {name} that the whole resource lacks", answer, item=name)
    more = more_than(answer.body, [name])
    judge("FLD-02", not more, f"{named(more)} are shown, too", answer, item=name)


def _several(stage: Stage, whole: Whole, judge: Judge) -> None:
    answer = stage.get(whole.made, query="fields=" + ",".join(whole.two))
    lacking = whole.lacking(answer.body, whole.two)
    judge("FLD-06", not lacking, f"answered {answer.status}, shows {named(answer.body)}", answer)
    right = bool(answer.body) and answer.status == 200 and not more_than(answer.body, whole.two)
    judge("FLD-07", right, f"answered {answer.status}, shows {named(answer.body)}", answer)


def _writings(stage: Stage, whole: Whole, judge: Judge) -> None:
    """Two attributes, written in other ways."""
    for rule, form in _WRITINGS.items():
        if judge.items(rule):
            answer = stage.get(whole.made, query=form.format(*whole.two))
            right = answer.status == 200 and not whole.lacking(answer.body, whole.two)
            right = right and not more_than(answer.body, whole.two)
            judge(rule, right, f"answered {answer.status}, shows {named(answer.body)}", answer)


def _inner(stage: Stage, whole: Whole, judge: Judge) -> None:
    if not judge.items("FLD-19"):
        return
    outer, inner = inner_path(whole.body)
    answer = stage.get(whole.made, query=f"fields={outer}.{inner}")
    shown, told = objects_of(answer.body.get(outer)), objects_of(whole.body[outer])
    values = [one.get(inner) for one in shown] == [one[inner] for one in told]
    judge("FLD-19", answer.status == 200 and values, f"{outer}.{inner} is not shown as it is", answer)
    judge("FLD-20", shows_inner(answer.body, outer, inner), f"more than {outer}.{inner} is shown, or nothing", answer)
