"""Who is in the story: the names of its people and companies, and how to reach them."""

from __future__ import annotations

from common.document import Document
from common.seed.chance import draw, pick
from common.seed.words import CITIES, COUNTRY, FAMILY, GIVEN, OPERATOR, STREETS, TRADE_FIRST, TRADE_FORM, TRADE_SECOND


def given_name(individual: int) -> str:
    """Returns the given name of an individual."""
    return pick("given", individual, GIVEN)


def family_name(individual: int) -> str:
    """Returns the family name of an individual."""
    return pick("family", individual, FAMILY)


def individual_name(individual: int) -> str:
    """Returns the full name of an individual."""
    return f"{given_name(individual)} {family_name(individual)}"


def trading_name(organization: int) -> str:
    """Returns the name over an organization's door; number 0 is the operator."""
    if organization == 0:
        return OPERATOR
    return f"{pick('trade', organization, TRADE_FIRST)} {pick('line', organization, TRADE_SECOND)}"


def legal_form(organization: int) -> tuple[str, str]:
    """Returns an organization's legal form: the short one that ends its name, and in words."""
    return pick("form", organization, TRADE_FORM) if organization else TRADE_FORM[1]


def organization_name(organization: int) -> str:
    """Returns the name under which an organization is registered."""
    return f"{trading_name(organization)} {legal_form(organization)[0]}"


def party_name(kind: str, number: int) -> str:
    """Returns the name of an Individual or an Organization."""
    return individual_name(number) if kind == "Individual" else organization_name(number)


def email(kind: str, number: int) -> Document:
    """Returns the e-mail address of an Individual or an Organization, at a host that nobody has (RFC 2606)."""
    name = individual_name(number) if kind == "Individual" else trading_name(number)
    mailbox = f"{name.lower().replace(' ', '.')}.{number}@mail.example"
    return {"@type": "EmailContactMedium", "contactType": "email", "preferred": True, "emailAddress": mailbox}


def phone(kind: str, number: int) -> Document:
    """Returns the telephone of an Individual or an Organization: a number that no country has."""
    text = f"+999 {draw(kind + ' area', number, 90) + 10} {draw(kind + ' line', number, 900_000) + 100_000}"
    return {"@type": "PhoneContactMedium", "contactType": "phone", "preferred": False, "phoneNumber": text}


def address(kind: str, number: int) -> Document:
    """Returns the postal address of an Individual or an Organization, in one of the story's cities."""
    city, code, province = pick(kind + " city", number, CITIES)
    street = pick(kind + " street", number, STREETS)
    return {
        "@type": "GeographicAddressContactMedium",
        "contactType": "postal address",
        "preferred": False,
        "street1": f"{draw(kind + ' house', number, 180) + 1} {street}",
        "city": city,
        "postCode": f"{code}{draw(kind + ' post', number, 9_000) + 1_000}",
        "stateOrProvince": province,
        "country": COUNTRY,
    }


def media(kind: str, number: int) -> list[Document]:
    """Returns every contact medium of an Individual or an Organization."""
    return [email(kind, number), phone(kind, number), address(kind, number)]
