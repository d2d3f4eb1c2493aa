"""One resource in both versions of an API: what is made, changed or deleted in one is so in the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from ctk.area import Area
from ctk.areas.shared.problems import outer
from ctk.exchange import Exchange, Untestable
from ctk.profile import Resource
from ctk.standard.document import Attribute
from ctk.target.target import Created, Stage
from ctk.verdict.ledger import Judge

_OWN = ("href", "@type", "@baseType", "@schemaLocation")
"""What differs between the versions of one resource."""

_CLOCKS = {"lastUpdate", "lastModified"}
"""What tells of the last change, and so changes with it."""


class Pair:
    """A resource made in one version, `here`, and the way to it in the other, `there`."""

    def __init__(self, here: Stage, resource: Resource):
        if here.twin is None:
            raise Untestable("the server has not the other version")
        self.here = here
        self.there = here.twin
        self.resource = resource
        self.twin = self.there.profile.resources[resource.twin]
        self._changes = {self.text: here.unique()} if resource.has("patch") else {}
        self.made: Created = here.create(resource, **self._changes)
        self.path = self.there.path(self.twin, self.made.id)

    @property
    def text(self) -> str:
        """An attribute whose text can be changed in both versions; raises Untestable where there is none."""
        here, there = self.attributes()
        for name in (self.resource.text, self.twin.text):
            if name in here and name in there:
                return name
        raise Untestable("the versions have no text in common")

    def attributes(self) -> tuple[dict[str, Attribute], dict[str, Attribute]]:
        """The attributes of the resource in this version's document and in the other's."""
        here, there = self.here.document, self.there.document
        return here.attributes(here.schema(self.resource.schema)), there.attributes(there.schema(self.twin.schema))

    def read(self) -> Exchange:
        """The resource as the other version shows it."""
        return self.there.http("get", self.path)

    def patch(self, body: dict[str, Any]) -> Exchange:
        """Changes it in the other version; raises Untestable where that is refused."""
        if not self.twin.has("patch"):
            raise Untestable("the other version has no PATCH")
        return _done(self.there.http("patch", self.path, body=_typed(self.there, self.twin, body)))

    def patch_here(self, body: dict[str, Any], **headers: str) -> Exchange:
        """Changes it in this version."""
        return self.here.patch(self.made, _typed(self.here, self.resource, body), **headers)


def _typed(stage: Stage, resource: Resource, body: dict[str, Any]) -> dict[str, Any]:
    """v5 documents ask for the type in each patch."""
    return {"@type": resource.schema, **body} if stage.profile.version == "v5" else body


def _done(answer: Exchange) -> Exchange:
    if answer.status != 200:
        raise Untestable(f"{answer.method} {answer.operation.partition(' ')[2]} answered {answer.status}")
    return answer


def shown(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Made here, read and listed there, sent back there, deleted here."""
    pair = Pair(stage, resource)
    here, there = stage.get(pair.made), pair.read()
    same = there.status == 200 and there.body.get("id") == pair.made.id
    judge("VER-01", same, f"answered {there.status}, id {there.body.get('id')!r}", pair.made.exchange, there)
    if not same or here.status != 200:
        raise Untestable("it is not read in both versions")
    _judge_values(pair, judge, here, there)
    _judge_own(pair, judge, here, there)
    _judge_lists(pair, judge)
    if resource.has("patch"):
        _judge_return(pair, judge, here, there)
    if resource.has("delete"):
        _judge_deletion(pair, judge)


def _judge_values(pair: Pair, judge: Judge, here: Exchange, there: Exchange) -> None:
    """Each attribute that both documents have with one type: the same single values, inside complex ones too."""
    mine, others = pair.attributes()
    for name in judge.items("VER-02"):
        one, other = mine.get(name), others.get(name)
        if name == "id":
            judge.untested("VER-02", "VER-01 asks it", item=name)
        elif name in _OWN or one is None or other is None:
            judge.untested("VER-02", "it belongs to one version alone", item=name)
        elif (one.kind, one.many) != (other.kind, other.many):
            judge.untested("VER-02", "its type differs between the versions", item=name)
        elif name not in here.body:
            judge.untested("VER-02", "the resource has none", item=name)
        elif name not in there.body:
            judge("VER-02", False, "the other version does not show it", here, there, item=name)
        else:
            _judge_value(judge, name, here, there)


def _judge_value(judge: Judge, name: str, here: Exchange, there: Exchange) -> None:
    found = list(_shared(here.body[name], there.body[name]))
    if not found:
        judge.untested("VER-02", "the versions have nothing in common inside it", item=name)
        return
    different = next((f"{one!r} here, {other!r} there" for one, other in found if one != other), "")
    judge("VER-02", not different, different, here, there, item=name)


def _shared(here: Any, there: Any) -> Iterator[tuple[Any, Any]]:
    """The values that stand at one place in both: of objects those of the same names, of arrays those in one order."""
    if isinstance(here, dict) and isinstance(there, dict):
        for name in here.keys() & there.keys() - set(_OWN):
            yield from _shared(here[name], there[name])
    elif isinstance(here, list) and isinstance(there, list):
        if here or there:
            yield len(here), len(there)
        for one, other in zip(here, there, strict=False):
            yield from _shared(one, other)
    elif not isinstance(here, dict) and not isinstance(there, dict):
        yield here, there


def _judge_own(pair: Pair, judge: Judge, here: Exchange, there: Exchange) -> None:
    """What each version says in its own way: address, type, shape."""
    for stage, exchange, resource in ((pair.here, here, pair.resource), (pair.there, there, pair.twin)):
        href = str(exchange.body.get("href", ""))
        right = href.endswith(f"{urlsplit(stage.http.base).path}/{resource.name}/{quote(pair.made.id, safe='')}")
        judge("VER-03", right, f"the href in {stage.profile.name} is {href or 'missing'}", exchange)
    judge.equal("VER-14", there.body.get("@type"), pair.twin.schema, there)
    problems = outer(pair.there.schemas.problems(there), 1)
    judge("VER-13", not problems, "; ".join(problems), there)


def _judge_lists(pair: Pair, judge: Judge) -> None:
    """The other version finds it by its id, and by its text."""
    wanted = [("VER-08", "id", pair.made.id)]
    if pair.resource.has("patch"):
        wanted.append(("VER-09", pair.text, str(pair.made.body.get(pair.text))))
    for rule, name, value in wanted:
        answer = pair.there.http("get", pair.there.path(pair.twin), query=[(name, value)])
        ids = [one.get("id") for one in answer.elements]
        told = f"{name}={value} answered {answer.status} with {len(ids)} elements, none of them the resource"
        judge(rule, pair.made.id in ids, told, answer)


def _judge_return(pair: Pair, judge: Judge, before: Exchange, there: Exchange) -> None:
    """What the other version answers, sent back to it as a patch, changes nothing here."""
    sent = pair.there.http("patch", pair.path, body=there.body)
    if sent.status != 200:
        judge("VER-12", False, f"its own answer sent back as a patch answered {sent.status}", there, sent)
        return
    after = pair.here.get(pair.made)
    other = [name for name in before.body.keys() | after.body if before.body.get(name) != after.body.get(name)]
    other = sorted(set(other) - _CLOCKS)
    judge("VER-12", not other, f"afterwards others were {', '.join(other)}", before, sent, after)


def _judge_deletion(pair: Pair, judge: Judge) -> None:
    deleted = pair.here.delete(pair.made)
    if deleted.status not in (200, 204):
        judge.untested("VER-07", f"DELETE answered {deleted.status}")
        return
    gone = pair.read()
    judge("VER-07", gone.status == 404, f"answered {gone.status}", deleted, gone)
    listed = pair.there.http("get", pair.there.path(pair.twin), query=[("id", pair.made.id)])
    if listed.status >= 300:
        judge.untested("VER-15", f"a list by id answered {listed.status}")
        return
    judge("VER-15", pair.made.id not in [one.get("id") for one in listed.elements], "it is listed", deleted, listed)


def changed(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Changed here and read there, changed there and read here."""
    if not resource.has("patch"):
        return
    pair = Pair(stage, resource)
    value = stage.unique()
    patched = _done(pair.patch_here({pair.text: value}))
    there = pair.read()
    judge.equal("VER-04", there.body.get(pair.text), value, patched, there)
    _judge_state(pair, judge, patched)
    before = stage.get(pair.made)
    value = stage.unique()
    patched = pair.patch({pair.text: value})
    after = stage.get(pair.made)
    judge.equal("VER-05", after.body.get(pair.text), value, patched, after)
    _judge_kept(pair, judge, before, patched, after)
    _judge_tag(pair, judge, before, patched)


def _judge_state(pair: Pair, judge: Judge, before: Exchange) -> None:
    """A change of state, where both versions have it in the same attribute."""
    name = pair.resource.state
    if not name:
        return
    current = before.body.get(name)
    if name != pair.twin.state:
        judge.untested("VER-11", "the other version has no state of that name")
        return
    following = pair.resource.next_state(current)
    state = pair.resource.path[0] if following == current else following
    patched = pair.patch_here({name: state})
    if patched.status != 200:
        judge.untested("VER-11", f"the change of state answered {patched.status}")
        return
    there = pair.read()
    judge.equal("VER-11", there.body.get(name), state, patched, there)


def _judge_kept(pair: Pair, judge: Judge, before: Exchange, patched: Exchange, after: Exchange) -> None:
    """What the other version does not know is kept when it patches."""
    here, there = pair.attributes()
    own = [name for name in before.body if name in here and name not in there and name not in _CLOCKS]
    if not own:
        judge.untested("VER-06", "the resource has nothing that the other version lacks")
        return
    lost = [name for name in own if after.body.get(name) != before.body[name]]
    judge("VER-06", not lost, f"lost or changed: {', '.join(lost)}", before, patched, after)


def _judge_tag(pair: Pair, judge: Judge, before: Exchange, patched: Exchange) -> None:
    """The ETag of before the other version's change guards this version's."""
    tag = before.headers.get("etag")
    if not tag:
        judge.untested("VER-10", "answers have no ETag")
        return
    late = pair.patch_here({pair.text: pair.here.unique()}, if_match=tag)
    judge(
        "VER-10", late.status == 412, f"a change with the ETag of before answered {late.status}", before, patched, late
    )


AREA = Area("versions", "one resource in both versions of an API", stories=(shown, changed))
