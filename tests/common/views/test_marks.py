"""Missing `@type`s are set from their places, and only those are taken out again."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.schema.type_marks import TypeMarks, is_reference
from tests.common.views.documents import View, views
from tests.common.views.test_law import every_view, few, text

_MARKS = {one.case.code: TypeMarks(one.v5) for one in views()}

PLACES: list[tuple[str, str, dict[str, Any], str]] = [
    # A union of references alone.
    ("TMF621", "RelatedPartyRefOrPartyRoleRef", {"partyOrPartyRole": {"id": "1"}}, "PartyRoleRef"),
    (
        "TMF621",
        "RelatedPartyRefOrPartyRoleRef",
        {"partyOrPartyRole": {"id": "1", "@referredType": "Individual"}},
        "PartyRef",
    ),
    (
        "TMF621",
        "RelatedPartyRefOrPartyRoleRef",
        {"partyOrPartyRole": {"id": "1", "@referredType": "Customer"}},
        "PartyRoleRef",
    ),
    # A union of references and values.
    (
        "TMF632",
        "RelatedPartyOrPartyRole",
        {"partyOrPartyRole": {"id": "1", "@referredType": "Organization"}},
        "PartyRef",
    ),
    ("TMF632", "RelatedPartyOrPartyRole", {"partyOrPartyRole": {"id": "1", "name": "J"}}, "PartyRoleRef"),
    ("TMF632", "RelatedPartyOrPartyRole", {"partyOrPartyRole": {"id": "1", "givenName": "J"}}, "Individual"),
    ("TMF632", "RelatedPartyOrPartyRole", {"partyOrPartyRole": {"id": "1", "tradingName": "J"}}, "Organization"),
    ("TMF621", "TroubleTicket_RES", {"attachment": [{"id": "1", "mimeType": "image/png"}]}, "Attachment"),
    ("TMF621", "TroubleTicket_RES", {"attachment": [{"id": "1", "@referredType": "Attachment"}]}, "AttachmentRef"),
    ("TMF666", "BillStructure", {"format": {"id": "1", "name": "PDF"}}, "BillFormatRef"),
    ("TMF666", "BillStructure", {"format": {"name": "PDF"}}, "BillFormat"),
    # A value with subtypes, in a map or in a plain reference.
    ("TMF629", "Customer", {"characteristic": [{"name": "a", "value": "x"}]}, "StringCharacteristic"),
    ("TMF629", "Customer", {"characteristic": [{"name": "a", "value": 1}]}, "IntegerCharacteristic"),
    ("TMF629", "Customer", {"characteristic": [{"name": "a", "value": 1.0}]}, "NumberCharacteristic"),
    ("TMF629", "Customer", {"characteristic": [{"name": "a", "value": False}]}, "BooleanCharacteristic"),
    ("TMF629", "Customer", {"characteristic": [{"name": "a", "value": {}}]}, "ObjectCharacteristic"),
    ("TMF629", "Customer", {"characteristic": [{"name": "a", "value": [1, 2]}]}, "IntegerArrayCharacteristic"),
    ("TMF629", "Customer", {"characteristic": [{"name": "a", "value": [1, 0.5]}]}, "NumberArrayCharacteristic"),
    ("TMF629", "Customer", {"characteristic": [{"name": "a", "value": [1, "b"]}]}, "Characteristic"),
    ("TMF629", "Customer", {"characteristic": [{"name": "a", "value": []}]}, "Characteristic"),
    ("TMF629", "Customer", {"characteristic": [{"name": "a", "value": None}]}, "Characteristic"),
    ("TMF629", "Customer", {"characteristic": [{"name": "a"}]}, "Characteristic"),
    ("TMF629", "Customer", {"characteristic": [{"name": "a", "value": [True]}]}, "BooleanArrayCharacteristic"),
    # Not mapped in this document.
    ("TMF632", "Individual", {"partyCharacteristic": [{"name": "a", "value": [True]}]}, "Characteristic"),
    ("TMF632", "Individual", {"contactMedium": [{"emailAddress": "a@b.example"}]}, "EmailContactMedium"),
    ("TMF632", "Individual", {"contactMedium": [{"phoneNumber": "1"}]}, "PhoneContactMedium"),
    ("TMF632", "Individual", {"contactMedium": [{"faxNumber": "1"}]}, "FaxContactMedium"),
    ("TMF632", "Individual", {"contactMedium": [{"socialNetworkId": "1"}]}, "SocialContactMedium"),
    ("TMF632", "Individual", {"contactMedium": [{"city": "Rome"}]}, "GeographicAddressContactMedium"),
    ("TMF632", "Individual", {"contactMedium": [{"preferred": True}]}, "ContactMedium"),
    ("TMF621", "TroubleTicket_RES", {"note": [{"text": "x"}]}, "Note"),
]


def first(document: dict[str, Any]) -> dict[str, Any]:
    """The one object inside the document."""
    inner = next(value for name, value in document.items() if name != "@type")
    found: dict[str, Any] = inner[0] if isinstance(inner, list) else inner
    return found


@pytest.mark.parametrize(("code", "schema", "document", "mark"), PLACES)
def test_a_missing_mark_is_found_by_its_place(code: str, schema: str, document: dict[str, Any], mark: str) -> None:
    sent = deepcopy(document)
    filled = _MARKS[code].fill(schema, document)
    assert first(filled) == {**first(document), "@type": mark}
    assert filled["@type"] == schema.removesuffix("_RES")
    assert document == sent


@pytest.mark.parametrize(("code", "schema", "document", "mark"), PLACES)
@pytest.mark.parametrize("sent", ["Special", "PartyRef", "Note", 7, None, ""])
def test_a_mark_that_was_sent_is_never_changed(
    code: str, schema: str, document: dict[str, Any], mark: str, sent: Any
) -> None:
    marked = deepcopy(document)
    first(marked)["@type"] = sent
    marked["@type"] = "Sent"
    filled = _MARKS[code].fill(schema, marked)
    assert (first(filled)["@type"], filled["@type"]) == (sent, "Sent")
    assert _MARKS[code].unfill(schema, {**marked, "note": "x"})["@type"] == "Sent"


WRONG = [None, 7, "text", True, [None, 7, "text"], [[{}]], {"id": 7}, {"@type": 7}, {"": {}}]
WRONG += [{"@referredType": ["Individual"], "@type": {}}, {"@referredType": {}}]


@pytest.mark.parametrize("wrong", WRONG)
@every_view
def test_a_value_of_a_wrong_type_does_not_raise(view: View, wrong: Any) -> None:
    marks = _MARKS[view.case.code]
    names = view.case.view.schema.readable
    document = dict.fromkeys(names, wrong)
    marks.unfill(view.v5_name, marks.fill(view.v5_name, document))
    stored = view.shape.up(document)
    assert text(view.shape.down(stored)) == text(document)
    view.shape.down(type(stored)(document))


def test_the_look_of_one_value_among_several_keeps_its_mark() -> None:
    """Only its looks tell an Individual from an Organization; a view may show which it is."""
    party = {"partyOrPartyRole": {"givenName": "J", "@type": "Individual"}}
    assert first(_MARKS["TMF632"].unfill("RelatedPartyOrPartyRole", party)) == party["partyOrPartyRole"]


def test_a_document_that_has_all_its_marks_is_shared() -> None:
    document = {"name": "x", "note": [{"text": "y", "@type": "Note"}], "@type": "TroubleTicket"}
    assert _MARKS["TMF621"].fill("TroubleTicket_RES", document) is document


def unmarked(value: Any) -> Any:
    if isinstance(value, list):
        return [unmarked(element) for element in value]
    if isinstance(value, dict):
        return {name: unmarked(inner) for name, inner in value.items() if name != "@type"}
    return value


@every_view
@few
@given(st.data())
def test_filled_marks_are_taken_out_again(view: View, data: st.DataObject) -> None:
    bare = unmarked(data.draw(view.v5_documents()))
    marks = _MARKS[view.case.code]
    filled = marks.fill(view.v5_name, bare)
    assert text(unmarked(filled)) == text(bare)
    assert text(marks.fill(view.v5_name, marks.unfill(view.v5_name, filled))) == text(filled)
    assert _marks_in(marks.unfill(view.v5_name, filled)) <= LOOKS


LOOKS = {"Individual", "Organization", "PartyRole", "Supplier", "Consumer", "Producer", "BusinessPartner"} | {
    "GeographicAddress",
    "GeographicSite",
    "GeographicLocation",
}
"""The types that stay, because only the looks of an object tell them."""


def _marks_in(value: Any) -> set[Any]:
    """Every mark in a document."""
    if isinstance(value, list):
        return set().union(*(_marks_in(element) for element in value))
    if isinstance(value, dict):
        own = {value["@type"]} if "@type" in value else set()
        return own.union(*(_marks_in(inner) for inner in value.values()))
    return set()


def test_a_reference_is_told_from_a_value() -> None:
    assert is_reference({"id": "1", "name": "x", "href": "/x"})
    assert is_reference({"@referredType": "X", "size": 3})
    assert not is_reference({"id": "1", "size": 3})
    assert not is_reference({"name": "x"})
