"""One resource in both versions of an API: what is created, changed or deleted in one is so in the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from ctk.area import Area
from ctk.areas.shared.problems import of_known_parts
from ctk.areas.shared.specimen import Specimen
from ctk.exchange import Exchange, Untestable
from ctk.standard.document import Attribute
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_OWN = ("href", "@type", "@baseType", "@schemaLocation")
"""Attributes that differ between the versions of one resource."""

_CLOCKS = {"lastUpdate", "lastModified"}
"""Attributes that change with every change."""


class Versions:
    """Holds a resource created in one version, `here`, and the same resource in the other, `there`.

    Raises Untestable where the server lacks the other version, where the versions have no text in common, or where the
    resource is not created.
    """

    def __init__(self, target: Target, resource: Resource):
        if target.other_version is None:
            raise Untestable("the server has not the other version")
        self._resources = (target, resource), (target.other_version, _counterpart(target.other_version, resource))
        changes = {self.text: target.unique()} if resource.has("patch") else {}
        self.here = Specimen.create(target, resource, **changes)
        self.there = self.here.in_other_version()

    @property
    def text(self) -> str:
        """Returns an attribute whose text can be changed in both versions. Raises Untestable where there is none."""
        here, there = self.attributes()
        for _, resource in self._resources:
            if resource.text in here and resource.text in there:
                return resource.text
        raise Untestable("the versions have no text in common")

    def attributes(self) -> tuple[dict[str, Attribute], dict[str, Attribute]]:
        """Returns the attributes of the resource in this version's document and in the other's."""
        (here, resource), (there, counterpart) = self._resources
        return (
            here.document.attributes(here.document.schema(resource.schema)),
            there.document.attributes(there.document.schema(counterpart.schema)),
        )

    def patch_there(self, body: dict[str, Any]) -> Exchange:
        """Changes it in the other version. Raises Untestable where that is refused."""
        if not self.there.resource.has("patch"):
            raise Untestable("the other version has no PATCH")
        return _accepted(self.there.merge(body))


def _counterpart(there: Target, resource: Resource) -> Resource:
    return there.profile.resources[resource.other_name]


def _accepted(answer: Exchange) -> Exchange:
    if answer.status != 200:
        raise Untestable(f"{answer.method} {answer.operation.partition(' ')[2]} answered {answer.status}")
    return answer


def seen_in_both(target: Target, resource: Resource, expect: Expect) -> None:
    """Creates here, reads and lists there, sends back there, deletes here."""
    versions = Versions(target, resource)
    here, there = versions.here.read(), versions.there.read()
    same = there.status == 200 and there.body.get("id") == versions.here.id
    reason = f"answered {there.status}, id {there.body.get('id')!r}"
    expect("VER-01", same, reason, versions.here.instance.exchange, there)
    if not same or here.status != 200:
        raise Untestable("it is not read in both versions")
    _expect_values(versions, expect, here, there)
    _expect_own(versions, expect, here, there)
    _expect_lists(versions, expect)
    if resource.has("patch"):
        _expect_return(versions, expect, here, there)
    if resource.has("delete"):
        _expect_deletion(versions, expect)


def _expect_values(versions: Versions, expect: Expect, here: Exchange, there: Exchange) -> None:
    """Expects of each attribute that both documents have with one type the same single values, at any depth."""
    ours, theirs = versions.attributes()
    for name in expect.items("VER-02"):
        attribute, other = ours.get(name), theirs.get(name)
        if name == "id":
            expect.untested("VER-02", "VER-01 asks it", item=name)
        elif name in _OWN or attribute is None or other is None:
            expect.untested("VER-02", "it belongs to one version alone", item=name)
        elif (attribute.kind, attribute.many) != (other.kind, other.many):
            expect.untested("VER-02", "its type differs between the versions", item=name)
        elif name not in here.body:
            expect.untested("VER-02", "the resource has none", item=name)
        elif name not in there.body:
            expect("VER-02", False, "the other version does not show it", here, there, item=name)
        else:
            _expect_value(expect, name, here, there)


def _expect_value(expect: Expect, name: str, here: Exchange, there: Exchange) -> None:
    values = list(_common_values(here.body[name], there.body[name]))
    if not values:
        expect.untested("VER-02", "the versions have nothing in common inside it", item=name)
        return
    different = next((f"{value!r} here, {other!r} there" for value, other in values if value != other), "")
    expect("VER-02", not different, different, here, there, item=name)


def _common_values(here: Any, there: Any) -> Iterator[tuple[Any, Any]]:
    """Yields the values at one place in both: of objects those of the same names, of arrays those in one order."""
    if isinstance(here, dict) and isinstance(there, dict):
        for name in here.keys() & there.keys() - set(_OWN):
            yield from _common_values(here[name], there[name])
    elif isinstance(here, list) and isinstance(there, list):
        if here or there:
            yield len(here), len(there)
        for element, other in zip(here, there, strict=False):
            yield from _common_values(element, other)
    elif not isinstance(here, dict) and not isinstance(there, dict):
        yield here, there


def _expect_own(versions: Versions, expect: Expect, here: Exchange, there: Exchange) -> None:
    """Expects of each version its own address, type and shape."""
    for specimen, exchange in ((versions.here, here), (versions.there, there)):
        href = str(exchange.body.get("href", ""))
        base = urlsplit(specimen.target.http.base).path
        right = href.endswith(f"{base}/{specimen.resource.name}/{quote(specimen.id, safe='')}")
        expect("VER-03", right, f"the href in {specimen.target.profile.name} is {href or 'missing'}", exchange)
    expect.equal("VER-14", there.body.get("@type"), versions.there.resource.schema, there)
    problems = of_known_parts(versions.there.target.schemas.problems(there), 1)
    expect("VER-13", not problems, "; ".join(problems), there)


def _expect_lists(versions: Versions, expect: Expect) -> None:
    """Expects the other version to find it by its id, and by its text."""
    conditions = [("VER-08", "id", versions.here.id)]
    if versions.here.resource.has("patch"):
        conditions.append(("VER-09", versions.text, str(versions.here.instance.body.get(versions.text))))
    for rule, name, value in conditions:
        answer = _list_there(versions, name, value)
        ids = [element.get("id") for element in answer.elements]
        reason = f"{name}={value} answered {answer.status} with {len(ids)} elements, none of them the resource"
        expect(rule, versions.here.id in ids, reason, answer)


def _list_there(versions: Versions, name: str, value: str) -> Exchange:
    there = versions.there
    return there.target.http("get", there.target.path(there.resource), query=[(name, value)])


def _expect_return(versions: Versions, expect: Expect, before: Exchange, there: Exchange) -> None:
    """Expects that the other version's answer, sent back to it as a patch, changes nothing here."""
    sent = versions.there.target.patch(versions.there.instance, there.body)
    if sent.status != 200:
        expect("VER-12", False, f"its own answer sent back as a patch answered {sent.status}", there, sent)
        return
    after = versions.here.read()
    other = [name for name in before.body.keys() | after.body if before.body.get(name) != after.body.get(name)]
    other = sorted(set(other) - _CLOCKS)
    expect("VER-12", not other, f"afterwards others were {', '.join(other)}", before, sent, after)


def _expect_deletion(versions: Versions, expect: Expect) -> None:
    deletion = versions.here.target.delete(versions.here.instance)
    if deletion.status not in (200, 204):
        expect.untested("VER-07", f"DELETE answered {deletion.status}")
        return
    gone = versions.there.read()
    expect("VER-07", gone.status == 404, f"answered {gone.status}", deletion, gone)
    rest = _list_there(versions, "id", versions.here.id)
    if rest.status >= 300:
        expect.untested("VER-15", f"a list by id answered {rest.status}")
        return
    ids = [element.get("id") for element in rest.elements]
    expect("VER-15", versions.here.id not in ids, "it is listed", deletion, rest)


def changes(target: Target, resource: Resource, expect: Expect) -> None:
    """Changes here and reads there, changes there and reads here."""
    if not resource.has("patch"):
        return
    versions = Versions(target, resource)
    value = target.unique()
    patch = _accepted(versions.here.merge({versions.text: value}))
    there = versions.there.read()
    expect.equal("VER-04", there.body.get(versions.text), value, patch, there)
    _expect_state(versions, expect, patch)
    before = versions.here.read()
    value = target.unique()
    patch = versions.patch_there({versions.text: value})
    after = versions.here.read()
    expect.equal("VER-05", after.body.get(versions.text), value, patch, after)
    _expect_own_kept(versions, expect, before, patch, after)
    _expect_guard(versions, expect, before, patch)


def _expect_state(versions: Versions, expect: Expect, before: Exchange) -> None:
    """Expects a change of state there, where both versions have it in the same attribute."""
    resource = versions.here.resource
    name = resource.state
    if not name:
        return
    current = before.body.get(name)
    if name != versions.there.resource.state:
        expect.untested("VER-11", "the other version has no state of that name")
        return
    following = resource.next_state(current)
    state = resource.path[0] if following == current else following
    patch = versions.here.merge({name: state})
    if patch.status != 200:
        expect.untested("VER-11", f"the change of state answered {patch.status}")
        return
    there = versions.there.read()
    expect.equal("VER-11", there.body.get(name), state, patch, there)


def _expect_own_kept(versions: Versions, expect: Expect, before: Exchange, patch: Exchange, after: Exchange) -> None:
    """Expects that attributes which the other version lacks are kept when it patches."""
    here, there = versions.attributes()
    own = [name for name in before.body if name in here and name not in there and name not in _CLOCKS]
    if not own:
        expect.untested("VER-06", "the resource has nothing that the other version lacks")
        return
    lost = [name for name in own if after.body.get(name) != before.body[name]]
    expect("VER-06", not lost, f"lost or changed: {', '.join(lost)}", before, patch, after)


def _expect_guard(versions: Versions, expect: Expect, before: Exchange, patch: Exchange) -> None:
    """Expects that an ETag from before the other version's change guards this version's."""
    tag = before.headers.get("etag")
    if not tag:
        expect.untested("VER-10", "answers have no ETag")
        return
    late = versions.here.merge({versions.text: versions.here.target.unique()}, if_match=tag)
    reason = f"a change with the ETag of before answered {late.status}"
    expect("VER-10", late.status == 412, reason, before, patch, late)


AREA = Area("versions", "one resource in both versions of an API", checks=(seen_in_both, changes))
