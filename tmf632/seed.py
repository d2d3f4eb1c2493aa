"""The parties of the story: its people and its companies."""

from __future__ import annotations

from common.document import Document
from common.seed.chance import draw, pick
from common.seed.days import DAY, at, since
from common.seed.directory import id_of, party, reference_to
from common.seed.references import PARTY_OR_ROLE
from common.seed.share import Kind, PlotShare
from common.seed.words import CITIES, COUNTRY
from tmf632 import folk

_LANGUAGES = (("en", "English"), ("fr", "French"), ("de", "German"), ("es", "Spanish"), ("sv", "Swedish"))
_GENDERS = ("female", "male", "female", "male", "unspecified")
_INDIVIDUAL_STATES = ("validated",) * 8 + ("initialized", "initialized", "deceased")
_ORGANIZATION_STATES = ("validated",) * 7 + ("initialized", "closed")


def _individual(individual: int) -> Document:
    given, family = folk.given_name(individual), folk.family_name(individual)
    return {
        "id": id_of("individual", individual),
        "@type": "Individual",
        "givenName": given,
        "familyName": family,
        "name": folk.individual_name(individual),
        "formattedName": f"{given} {family}",
        "gender": pick("gender", individual, _GENDERS),
        "birthDate": at(-(20 * 365 + draw("birth", individual, 60 * 365)) * DAY),
        "placeOfBirth": pick("birthplace", individual, CITIES)[0],
        "countryOfBirth": COUNTRY,
        "nationality": COUNTRY,
        "maritalStatus": pick("marital", individual, ("single", "married", "divorced", "widowed")),
        "languageAbility": [_language(individual)],
        "individualIdentification": [_passport(individual)],
        "contactMedium": folk.media("Individual", individual),
        **_employment(individual),
        **_end(individual),
    }


def _end(individual: int) -> Document:
    """Returns an individual's status, and the day of death of one who died; whoever deals with the operator lives."""
    deals = individual % 8 not in (3, 4)
    status = "validated" if deals else pick("individual state", individual, _INDIVIDUAL_STATES)
    died = {"deathDate": at(900 * DAY - draw("death", individual, 20) * DAY)} if status == "deceased" else {}
    return {"status": status, **died}


def _language(individual: int) -> Document:
    code, name = pick("language", individual, _LANGUAGES)
    return {"languageCode": code, "languageName": name, "isFavouriteLanguage": True}


def _passport(individual: int) -> Document:
    issued = -draw("passport", individual, 5 * 365) * DAY
    return {
        "@type": "IndividualIdentification",
        "identificationType": "passport",
        "identificationId": f"P{individual * 7919 % 10_000_000:07}",
        "issuingAuthority": f"{COUNTRY} Registry Office",
        "issuingDate": at(issued),
        "validFor": {"startDateTime": at(issued), "endDateTime": at(issued + 3652 * DAY)},
    }


def _employment(individual: int) -> Document:
    """Returns whom one of the operator's agents works for; of the others, their number in the former system."""
    scene, place = divmod(individual, 8)
    if place == 7:
        return {"relatedParty": [party("employer", "operator", kind=PARTY_OR_ROLE)]}
    return {"externalReference": [_crm(f"P-{scene:05}-{place}")]}


def _crm(identifier: str) -> Document:
    """Returns the number that the operator's former system gave a party."""
    return {
        "@type": "ExternalIdentifier",
        "owner": "Larkfield CRM",
        "externalIdentifierType": "party",
        "id": identifier,
    }


def _organization(organization: int) -> Document:
    form, kind = folk.legal_form(organization)
    return {
        "id": id_of("organization", organization),
        "@type": "Organization",
        "name": folk.organization_name(organization),
        "tradingName": folk.trading_name(organization),
        "nameType": form,
        "organizationType": kind,
        "isLegalEntity": True,
        "isHeadOffice": True,
        "status": _organization_state(organization),
        "existsDuring": since(-(365 + draw("founded", organization, 40 * 365)) * DAY),
        "organizationIdentification": [_registration(organization)],
        "partyCharacteristic": [_size(organization)],
        "contactMedium": folk.media("Organization", organization),
        **_contacts(organization),
    }


def _organization_state(organization: int) -> str:
    """Companies that do business with the operator stay in business; a few suppliers have closed."""
    supplies = organization > 0 and organization % 2 == 0
    return pick("organization state", organization, _ORGANIZATION_STATES) if supplies else "validated"


def _registration(organization: int) -> Document:
    return {
        "@type": "OrganizationIdentification",
        "identificationType": "company number",
        "identificationId": f"NL{organization * 104729 % 100_000_000:08}",
        "issuingAuthority": f"{COUNTRY} Company Register",
        "issuingDate": at(-300 * DAY),
    }


def _size(organization: int) -> Document:
    staff = str(pick("staff", organization, (4, 12, 35, 90, 240, 800))) if organization else "6400"
    return {"@type": "StringCharacteristic", "name": "employees", "valueType": "string", "value": staff}


def _contacts(organization: int) -> Document:
    """Returns the person to speak to at a company, and for a supplier the operator that it supplies."""
    if organization == 0:
        return {}
    contact = party("contact", "contact", organization, PARTY_OR_ROLE)
    if organization % 2:
        return {"relatedParty": [contact]}
    return {"relatedParty": [contact, party("supplied party", "operator", kind=PARTY_OR_ROLE)]}


def _operator(_number: int) -> Document:
    return reference_to("organization", 0, "PartyRef")


def _agent(scene: int) -> Document:
    """Returns the individual who works for the operator and looks after a scene."""
    return reference_to("individual", 8 * scene + 7, "PartyRef")


def _contact(organization: int) -> Document:
    """Returns the individual to speak to at an organization, which is not the operator."""
    scene, second = divmod(organization - 1, 2)
    return reference_to("individual", 8 * scene + 5 + second, "PartyRef")


def _supplier(scene: int) -> Document:
    """Returns the organization of a scene that the operator settles with."""
    return reference_to("organization", 2 * scene + 2, "PartyRef")


seed = PlotShare(
    kinds={
        "organization": Kind("organization-%06d", _organization, folk.organization_name),
        "individual": Kind("individual-%06d", _individual, folk.individual_name),
    },
    opening=(("organization", 1),),
    scene=(("individual", 8), ("organization", 2)),
    cast={"operator": _operator, "agent": _agent, "contact": _contact, "supplier": _supplier},
)
"""The operator, organization 0, comes first. Scene `s` has the individuals 8s to 8s + 7 and the organizations 2s + 1,
which buys, and 2s + 2, which supplies the operator."""
