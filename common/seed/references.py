"""How one resource names another: the references of the story's documents."""

from __future__ import annotations

from common.document import Document

PARTY_REF_OR_ROLE_REF = "RelatedPartyRefOrPartyRoleRef"
PARTY_OR_ROLE = "RelatedPartyOrPartyRole"


def reference(kind: str, referred: str, identifier: str, name: str | None = None) -> Document:
    """Returns a reference of type `kind` to the resource of type `referred` with this id, and name if it has one."""
    made = {"id": identifier, "@type": kind, "@referredType": referred}
    return {**made, "name": name} if name is not None else made


def related_party(role: str, party: Document, kind: str = PARTY_REF_OR_ROLE_REF) -> Document:
    """Returns a party, given by its PartyRef, in a role."""
    return {"role": role, "@type": kind, "partyOrPartyRole": party}
