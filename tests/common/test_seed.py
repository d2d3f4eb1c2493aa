"""The seeded story: complete, coherent, the same every time, and told one document at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import islice
from time import perf_counter
from typing import Any

import pytest

from common import apis
from common.document import Document
from common.resource import Api
from common.seed import plot
from common.seed.share import Kind, PlotShare
from common.seed.story import Story
from tests.api.resource_views import Case, cases

_V5 = {case.view.resource.name: case for case in cases() if case.view.version == "v5"}
_OUTSIDE = {"Channel"}
"""What references name and none of the APIs keeps."""


def tell(story: Story) -> Iterator[tuple[str, Document]]:
    for api in apis.declared():
        assert api.seed
        yield from api.seed(story)


@cache
def told(size: int) -> dict[tuple[str, str], Document]:
    found: dict[tuple[str, str], Document] = {}
    for name, document in tell(Story(size)):
        assert (name, document["id"]) not in found, "told twice"
        found[name, document["id"]] = document
    return found


def inside(value: Any) -> Iterator[Document]:
    """Every object of a document, the document itself first."""
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from inside(one)
    elif isinstance(value, list):
        for one in value:
            yield from inside(one)


def problems(case: Case, document: Document) -> list[Any]:
    schema = case.view.schema
    return schema.create.problems({name: value for name, value in document.items() if name in schema.creatable})


def dangling(size: int) -> list[Document]:
    """The references of a story to what it does not tell, or tells under another name."""
    known = {(name[0].upper() + name[1:], ident): document for (name, ident), document in told(size).items()}
    return [
        node
        for document in told(size).values()
        for node in inside(document)
        if "@referredType" in node and node["@referredType"] not in _OUTSIDE
        if known.get((node["@referredType"], node["id"]), {"name": None}).get("name", "") != node.get("name", "")
    ]


@pytest.mark.parametrize("size", [100, 101, 300, 777, 1_000, 5_000])
def test_a_story_has_the_resources_asked_for(size: int) -> None:
    assert abs(len(told(size)) - size) <= size // 100


@pytest.mark.parametrize("size", [99, 0, -1])
def test_a_story_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="100"):
        Story(size)


def planned(monkeypatch: pytest.MonkeyPatch, **shares: PlotShare) -> list[str]:
    """The codes of APIs with these shares, in the order of the plot."""
    made = tuple(Api(code, code, (), (), seed=share) for code, share in shares.items())
    monkeypatch.setattr(apis, "declared", lambda: made)
    return list(plot.shares.__wrapped__())


def share(*names: str, after: tuple[str, ...] = ()) -> PlotShare:
    return PlotShare({name: Kind(f"{name}-%d", lambda number: {}) for name in names}, after=after)


def test_a_share_comes_after_those_that_it_refers_to(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = {"TMF001": share("a", after=("c",)), "TMF002": share("b"), "TMF003": share("c", after=("b",))}
    assert planned(monkeypatch, **shares) == ["TMF002", "TMF003", "TMF001"]


@pytest.mark.parametrize(
    ("second", "reason"),
    [(share("a"), "TMF001 and TMF002 both seed resources named a"), (share("b", after=("z",)), "no API seeds z")],
)
def test_shares_that_contradict_each_other_are_refused(
    monkeypatch: pytest.MonkeyPatch, second: PlotShare, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        planned(monkeypatch, TMF001=share("a"), TMF002=second)


@pytest.mark.parametrize("size", [100, 300])
def test_every_resource_of_every_api_appears(size: int) -> None:
    declared = {resource.name for api in apis.declared() for resource in api.resources}
    assert {name for name, _ in told(size)} == declared


def test_a_story_told_twice_is_the_same() -> None:
    assert list(tell(Story(1_000))) == list(tell(Story(1_000)))


@pytest.mark.parametrize("size", [100, 333, 1_000])
def test_a_larger_story_keeps_what_a_smaller_one_told(size: int) -> None:
    larger = told(5_000)
    assert all(larger.get(key) == document for key, document in told(size).items())


@pytest.mark.parametrize("size", [*range(100, 150), 1_000, 5_000])
def test_every_reference_leads_to_a_resource_of_that_name(size: int) -> None:
    assert dangling(size) == []


@pytest.mark.parametrize("name", sorted(_V5))
def test_every_document_passes_the_create_schema(name: str) -> None:
    documents = [document for (kind, _), document in told(300).items() if kind == name]
    assert documents
    assert [found for document in documents if (found := problems(_V5[name], document))] == []


@pytest.mark.parametrize(
    ("name", "attribute", "schema"),
    [
        ("productOrder", "state", "ProductOrderStateType"),
        ("cancelProductOrder", "state", "TaskStateType"),
        ("troubleTicket", "status", "TroubleTicketStatusType"),
    ],
)
def test_every_state_appears(name: str, attribute: str, schema: str) -> None:
    states = {document[attribute] for (kind, _), document in told(1_000).items() if kind == name}
    assert states == set(_V5[name].components[schema]["enum"])


def test_interactions_go_both_ways_and_are_in_several_statuses() -> None:
    found = [document for (kind, _), document in told(300).items() if kind == "partyInteraction"]
    assert {document["direction"] for document in found} == {"inbound", "outbound"}
    assert len({document["status"] for document in found}) >= 3


def test_a_cancellation_agrees_with_its_order() -> None:
    story = told(1_000)
    for (kind, _), document in story.items():
        if kind == "cancelProductOrder":
            order = story["productOrder", document["productOrder"]["id"]]
            assert (order["state"] == "cancelled") == (document["state"] == "done")
            assert order["creationDate"] < document["creationDate"]


def test_what_the_server_would_set_is_there() -> None:
    for (name, _), document in told(300).items():
        resource = _V5[name].view.resource
        stamps = (resource.created, resource.updated, resource.status, resource.status_date, resource.status_history)
        assert all(document[stamp] for stamp in stamps if stamp)
        assert document["@type"] == name[0].upper() + name[1:]


def test_no_document_holds_an_address_of_this_server() -> None:
    assert not [node for document in told(1_000).values() for node in inside(document) if "href" in node]


def test_dates_are_instants_in_their_order() -> None:
    later = {
        "statusChangeDate": "creationDate",
        "completionDate": "creationDate",
        "resolutionDate": "creationDate",
        "cancellationDate": "creationDate",
        "endDateTime": "startDateTime",
    }
    for document in told(1_000).values():
        for node in inside(document):
            for name, value in node.items():
                if name.endswith(("Date", "DateTime")) and isinstance(value, str):
                    assert value.endswith("Z")
                    datetime.fromisoformat(value)
            assert all(node[first] <= node[last] for last, first in later.items() if last in node and first in node)


def test_the_history_of_a_ticket_ends_in_its_status() -> None:
    for (kind, _), document in told(1_000).items():
        if kind == "troubleTicket":
            history = document["statusChangeHistory"]
            dates = [change["statusChangeDate"] for change in history]
            assert dates == sorted(set(dates))
            assert history[-1]["status"] == document["status"]
            assert dates[0] == document["creationDate"]
            assert dates[-1] == document["statusChangeDate"]


def test_the_catalog_grows_slowly() -> None:
    catalog = ("category", "productCatalog", "productSpecification", "productOffering", "productOfferingPrice")
    small, large = (Counter(name for name, _ in told(size)) for size in (100, 5_000))
    assert sum(large[name] for name in catalog) < 5 * sum(small[name] for name in catalog)


def test_the_first_documents_of_a_million_come_at_once() -> None:
    started = perf_counter()
    for api in apis.declared():
        assert api.seed
        assert len(list(islice(api.seed(Story(1_000_000)), 10))) == 10
    assert perf_counter() - started < 1
