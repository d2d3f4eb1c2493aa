"""The directory of the story: the id and the name of every numbered resource, and the references to it."""

from __future__ import annotations

from common.document import Document
from common.seed import assortment, cast, folk
from common.seed.references import PARTY_REF_OR_ROLE_REF, reference, related

_ID = {
    "individual": "individual-%06d",
    "organization": "organization-%06d",
    "customer": "customer-%06d",
    "partyAccount": "party-account-%06d",
    "billingAccount": "billing-account-%06d",
    "settlementAccount": "settlement-account-%06d",
    "financialAccount": "financial-account-%06d",
    "billingCycleSpecification": "billing-cycle-%d",
    "billFormat": "bill-format-%d",
    "billPresentationMedia": "bill-media-%d",
    "category": "category-%d",
    "productCatalog": "catalog-%d",
    "productSpecification": "specification-%04d",
    "productOffering": "offering-%04d",
    "productOfferingPrice": "price-%04d",
    "importJob": "import-job-%d",
    "exportJob": "export-job-%d",
    "productOrder": "order-%06d",
    "cancelProductOrder": "cancellation-%06d",
    "troubleTicket": "ticket-%06d",
    "troubleTicketSpecification": "ticket-specification-%d",
    "partyInteraction": "interaction-%06d",
}


def id_of(kind: str, number: int) -> str:
    """The id of a resource; organization 0 is the operator, a customer's billing account has the customer's number."""
    return _ID[kind] % number


def customer_name(customer: int) -> str:
    """The name of a customer: that of the party behind it."""
    return folk.party_name(*cast.party_of(customer))


def billing_account_name(account: int) -> str:
    """The name of a billing account."""
    return f"Bills of {customer_name(account)}"


def financial_account_name(account: int) -> str:
    """The name of a financial account."""
    return f"Receivables of {customer_name(cast.customer_of_financial_account(account))}"


def party_ref(kind: str, number: int) -> Document:
    """A PartyRef to an Individual or an Organization."""
    return reference("PartyRef", kind, id_of(kind.lower(), number), folk.party_name(kind, number))


def operator(role: str = "provider", kind: str = PARTY_REF_OR_ROLE_REF) -> Document:
    """The operator as a related party."""
    return related(role, party_ref("Organization", 0), kind)


def agent(role: str, scene: int, kind: str = PARTY_REF_OR_ROLE_REF) -> Document:
    """The operator's agent in a scene as a related party."""
    return related(role, party_ref("Individual", cast.agent(scene)), kind)


def customer(role: str, number: int, kind: str = PARTY_REF_OR_ROLE_REF) -> Document:
    """A customer as a related party: the role, and the party that plays it."""
    party, name = cast.party_of(number), customer_name(number)
    made = reference("PartyRoleRef", "Customer", id_of("customer", number), name)
    return related(role, {**made, "partyId": id_of(party[0].lower(), party[1]), "partyName": name}, kind)


def holder(role: str, customer: int) -> Document:
    """The party behind a customer as a related party."""
    return related(role, party_ref(*cast.party_of(customer)))


def billing_account_ref(account: int, kind: str = "BillingAccountRef") -> Document:
    """A reference to a billing account."""
    return reference(kind, "BillingAccount", id_of("billingAccount", account), billing_account_name(account))


def category_ref(category: int) -> Document:
    """A CategoryRef."""
    name = assortment.category_name(category)
    return reference("CategoryRef", "Category", id_of("category", category), name)


def specification_ref(family: int) -> Document:
    """A ProductSpecificationRef to the specification of a family."""
    name = assortment.family_name(family)
    return reference("ProductSpecificationRef", "ProductSpecification", id_of("productSpecification", family), name)


def offering_ref(offering: int, kind: str = "ProductOfferingRef") -> Document:
    """A reference to a product offering."""
    name = assortment.offering_name(offering)
    return reference(kind, "ProductOffering", id_of("productOffering", offering), name)


def price_ref(price: int, kind: str = "ProductOfferingPriceRef") -> Document:
    """A reference to a product offering price."""
    name = assortment.price_name(price)
    return reference(kind, "ProductOfferingPrice", id_of("productOfferingPrice", price), name)
