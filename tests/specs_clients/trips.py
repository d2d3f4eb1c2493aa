"""What generated clients send on a round trip: by a table where their types ask for more than the suite does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from specs.builder.examples import EXAMPLES
from specs.builder.source import load


@dataclass(frozen=True)
class Trip:
    """What a round trip sends: the resource's path segment, a body to create, a change to make."""

    segment: str
    body: Mapping[str, Any]
    change: Mapping[str, Any]


_PERIOD = {"startDateTime": "2026-05-04T09:30:00Z"}
_CHANGED: Mapping[str, Any] = {"description": "changed by a generated client"}
_CATEGORY = Trip("category", {"name": "fibre", "validFor": _PERIOD}, _CHANGED)
_TICKET = {"description": "no light", "severity": "major", "ticketType": "fault"}
_NOTED = {**_TICKET, "note": [{"@type": "Note", "text": "since Sunday"}]}
_V4_ITEM = {"productOrderItem": [{"id": "1", "action": "add"}]}
_V5_ITEM = {"productOrderItem": [{"@type": "ProductOrderItem", "id": "1", "action": "add"}]}
_PARTY = {"engagedParty": {"@type": "PartyRef", "@referredType": "Individual", "id": "ada-1", "name": "Ada"}}
_PERSON = Trip("individual", {"familyName": "Example", "givenName": "Ada"}, {"familyName": "Sample"})
_TALK = {"direction": "inbound", "reason": "a question", "interactionDate": _PERIOD}
_V4_TALK = {**_TALK, "status": "open", "channel": [{"id": "shop", "href": "/shop"}]}
_SHOP = {"@type": "RelatedChannel", "role": "front", "channel": {"@type": "ChannelRef", "id": "shop"}}

# A change sends what the update type makes mandatory too: a client's types ask for it, the suite does not.
TRIPS: Mapping[str, Trip] = {
    "TMF620-v4": _CATEGORY,
    "TMF620-v5": _CATEGORY,
    "TMF621-v4": Trip("troubleTicket", _TICKET, _CHANGED),
    "TMF621-v5": Trip("troubleTicket", _NOTED, _CHANGED),
    "TMF622-v4": Trip("productOrder", _V4_ITEM, {**_CHANGED, **_V4_ITEM}),
    "TMF622-v5": Trip("productOrder", _V5_ITEM, _CHANGED),
    "TMF629-v4": Trip("customer", {"name": "Ada", **_PARTY}, {"name": "Ada Example", **_PARTY}),
    "TMF629-v5": Trip("customer", {"name": "Ada", **_PARTY}, {"name": "Ada Example", **_PARTY}),
    "TMF632-v4": _PERSON,
    "TMF632-v5": _PERSON,
    "TMF666-v4": Trip("billFormat", {"name": "a bill on paper"}, {**_CHANGED, "name": "a bill on paper"}),
    "TMF666-v5": Trip("billFormat", {"name": "a bill on paper"}, _CHANGED),
    "TMF683-v4": Trip("partyInteraction", _V4_TALK, _CHANGED),
    "TMF683-v5": Trip("partyInteraction", {**_TALK, "relatedChannel": [_SHOP]}, _CHANGED),
}


def trip(name: str) -> Trip:
    """Returns what a round trip through the document of this name sends: by the table, else its first examples."""
    if name in TRIPS:
        return TRIPS[name]
    requests = load(EXAMPLES / f"{name}.yaml")
    segment, examples = next(iter(requests.items()))
    return Trip(segment, examples["create"]["value"], examples["patch"]["application/merge-patch+json"]["value"])
