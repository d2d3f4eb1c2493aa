"""Changes on either side keep what the other side alone says, with what it belongs to, and with nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from common.document import Canonical
from common.resource import Shape
from tests.common.views.test_patterns import CUSTOMER, INDIVIDUAL, JANE, ORDER, SHOP, TICKET, item

# Changes in v5 of what v4 wrote: the residue goes with its element, or is left out.


def told(person: dict[str, Any], note: str) -> dict[str, Any]:
    """A related party with something that v4 alone can say: its own type mark."""
    return {**person, "@type": "RelatedParty", "@schemaLocation": f"https://example.com/{note}"}


RELATED = [told(JANE, "jane"), told(SHOP, "shop")]


def test_the_residue_of_elements_survives_an_insertion_and_a_removal_in_v5() -> None:
    stored = TICKET.up({"relatedParty": RELATED})
    jane, shop = stored.document["relatedParty"]
    new = {"role": "solver", "partyOrPartyRole": {"id": "n-1", "@type": "PartyRef"}}
    inserted = Canonical({"relatedParty": [new, jane, shop]}, stored.residue)
    assert TICKET.down(inserted)["relatedParty"][1:] == RELATED
    assert "@type" not in TICKET.down(inserted)["relatedParty"][0]
    assert TICKET.down(Canonical({"relatedParty": [shop]}, stored.residue)) == {"relatedParty": [RELATED[1]]}
    assert TICKET.down(Canonical({"relatedParty": [shop, jane]}, stored.residue)) == {"relatedParty": RELATED[::-1]}


def test_the_residue_of_an_element_goes_with_it_when_v5_changes_it() -> None:
    stored = TICKET.up({"relatedParty": RELATED})
    jane, shop = stored.document["relatedParty"]
    changed = Canonical({"relatedParty": [{**shop, "role": "dealer"}, jane]}, stored.residue)
    assert TICKET.down(changed) == {"relatedParty": [{**RELATED[1], "role": "dealer"}, RELATED[0]]}


def test_the_residue_of_an_element_is_not_applied_to_another_one_in_its_place() -> None:
    terms = [{"relationshipType": "bundles", "product": {"id": "p-7", "description": "the router at home"}}]
    stored = ORDER.up(item(product={"productRelationship": terms}))
    product = stored.document["productOrderItem"][0]["product"]
    other = {**product, "productRelationship": [{"relationshipType": "bundles", "id": "p-8"}]}
    seen = ORDER.down(Canonical(item(product=other), stored.residue))
    relationship = {"relationshipType": "bundles", "product": {"id": "p-8"}}
    assert seen["productOrderItem"][0]["product"]["productRelationship"] == [relationship]


def test_the_residue_of_an_object_is_not_applied_to_another_one_in_its_place() -> None:
    stored = CUSTOMER.up({"engagedParty": {"id": "500", "role": "owner", "@referredType": "Organization"}})
    other = {"id": "501", "@referredType": "Organization", "@type": "PartyRef"}
    seen = CUSTOMER.down(Canonical({"engagedParty": other}, stored.residue))
    assert seen["engagedParty"] == {"id": "501", "@referredType": "Organization"}


# Changes in v4 of what v5 wrote: what v4 does not show stays with what it belongs to.

JANE_BY_VALUE = {
    "role": "owner",
    "partyOrPartyRole": {
        "id": "i-1",
        "givenName": "Jane",
        "familyName": "Doe",
        "birthDate": "1990-02-03T00:00:00Z",
        "@type": "Individual",
    },
    "@type": "RelatedPartyOrPartyRole",
}
SHOP_BY_VALUE = {
    "role": "reseller",
    "partyOrPartyRole": {"id": "r-9", "name": "Gustave", "description": "the corner shop", "@type": "Supplier"},
    "@type": "RelatedPartyOrPartyRole",
}
MADE_BY_V5 = Canonical({"id": "1", "relatedParty": [JANE_BY_VALUE, SHOP_BY_VALUE], "@type": "Individual"})


def parties_after(change: Any) -> list[dict[str, Any]]:
    """The stored related parties after a v4 client changed the list it sees."""
    before = INDIVIDUAL.down(MADE_BY_V5)
    after = {**before, "relatedParty": change([dict(one) for one in before["relatedParty"]])}
    carried = INDIVIDUAL.carry(MADE_BY_V5, before, after)
    assert INDIVIDUAL.down(carried) == after
    parties: list[dict[str, Any]] = carried.document["relatedParty"]
    return parties


def test_v4_sees_a_party_by_value_as_a_reference() -> None:
    assert INDIVIDUAL.down(MADE_BY_V5)["relatedParty"] == [
        {"role": "owner", "id": "i-1", "name": "Jane Doe", "@referredType": "Individual"},
        {"role": "reseller", "id": "r-9", "name": "Gustave", "@referredType": "Supplier"},
    ]


def test_another_order_in_v4_takes_the_v5_content_along() -> None:
    assert parties_after(lambda seen: seen[::-1]) == [SHOP_BY_VALUE, JANE_BY_VALUE]


def test_a_removal_in_v4_leaves_the_others_as_they_were() -> None:
    assert parties_after(lambda seen: seen[1:]) == [SHOP_BY_VALUE]


def test_an_insertion_in_v4_leaves_the_others_as_they_were() -> None:
    new, *rest = parties_after(lambda seen: [JANE | {"id": "n-1"}, *seen])
    assert rest == [JANE_BY_VALUE, SHOP_BY_VALUE]
    assert new["partyOrPartyRole"]["@type"] == "PartyRef"


def test_a_changed_role_in_v4_leaves_the_party_as_it_was() -> None:
    jane, shop = parties_after(lambda seen: [{**seen[0], "role": "tenant"}, seen[1]])
    assert jane == {**JANE_BY_VALUE, "role": "tenant"}
    assert shop == SHOP_BY_VALUE


def test_a_removal_and_a_change_in_v4_at_once_keep_the_changed_party_whole() -> None:
    (shop,) = parties_after(lambda seen: [{**seen[1], "role": "dealer"}])
    assert shop == {**SHOP_BY_VALUE, "role": "dealer"}


def test_another_party_in_v4_inherits_nothing_from_the_one_that_stood_there() -> None:
    new, shop = parties_after(lambda seen: [{**seen[0], "id": "i-2", "name": "John Roe"}, seen[1]])
    assert new["partyOrPartyRole"] == {
        "id": "i-2",
        "name": "John Roe",
        "@referredType": "Individual",
        "@type": "PartyRef",
    }
    assert shop == SHOP_BY_VALUE


@pytest.mark.parametrize(("shape", "name"), [(TICKET, "externalIdentifier"), (ORDER, "externalId")])
def test_the_external_id_of_v4_is_the_first_identifier_alone(shape: Shape, name: str) -> None:
    first = {"id": "A-1", "owner": "CRM", "externalIdentifierType": "number", "@type": "ExternalIdentifier"}
    second = {"id": "B-2", "owner": "ERP", "@type": "ExternalIdentifier"}
    stored = Canonical({"id": "1", name: [first, second]})
    before = shape.down(stored)
    assert before == {"id": "1", "externalId": "A-1"}
    without = shape.carry(stored, before, {"id": "1"})
    assert without.document == {"id": "1", name: [second]}
    assert shape.down(without) == {"id": "1"}
    changed = shape.carry(stored, before, {"id": "1", "externalId": "A-9"})
    assert changed.document[name] == [{**first, "id": "A-9"}, second]
    again = shape.carry(without, {"id": "1"}, {"id": "1", "externalId": "C-3"})
    assert [one["id"] for one in again.document[name]] == ["C-3", "B-2"]


@pytest.mark.parametrize(("old", "new"), [(1, True), (1, 1.0), (0, False), ([1], [1.0])])
def test_a_value_of_another_type_is_a_change(old: Any, new: Any) -> None:
    stored = CUSTOMER.up({"characteristic": [{"name": "lines", "value": old}]})
    before = CUSTOMER.down(stored)
    after = {"characteristic": [{"name": "lines", "value": new}]}
    value = CUSTOMER.carry(stored, before, after).document["characteristic"][0]["value"]
    assert repr(value) == repr(new)


def test_a_finer_state_stays_when_v4_changes_something_else() -> None:
    stored = Canonical({"id": "1", "state": "draft", "description": "old"})
    before = ORDER.down(stored)
    assert ORDER.carry(stored, before, {**before, "description": "new"}).document["state"] == "draft"
    assert ORDER.carry(stored, before, {**before, "state": "held"}).document["state"] == "held"


def test_an_attribute_of_v4_that_has_the_stored_name_of_another_displaces_neither() -> None:
    before = {"id": "1", "fullName": "Jane Doe"}
    after = {**before, "name": "an extension of v4"}
    carried = INDIVIDUAL.carry(INDIVIDUAL.up(before), before, after)
    assert carried.document == INDIVIDUAL.up(after).document
    assert INDIVIDUAL.down(carried) == after
