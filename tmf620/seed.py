"""The catalogs of the story: categories, specifications, offerings, prices, and the jobs that moved them."""

from __future__ import annotations

from common.document import Document
from common.seed.days import DAY, at, since
from common.seed.directory import id_of, party, reference_to
from common.seed.share import Kind, Passage, PlotShare
from common.seed.words import CURRENCY, OPERATOR
from tmf620 import assortment
from tmf620.assortment import BUNDLE, ONE_TIME, RECURRING, USAGE

_CATALOGS = (("Residential catalog", "B2C", (0, 1)), ("Business catalog", "B2B", (2,)))
_JOBS = (("Succeeded", 0), ("Failed", 700))
_TAX_RATE = 20.0
_PRICE_TYPE = {ONE_TIME: "oneTime", RECURRING: "recurring", USAGE: "usage", BUNDLE: "recurring"}


def _stage(family: int) -> Document:
    """Returns what a family's resources share: version, stage and dates; every family is out before anyone joins."""
    out = (4 * family - 800) * DAY
    return {"version": "1.0", "lifecycleStatus": "Active", "validFor": since(out), "lastUpdate": at(out - DAY)}


def _category(number: int) -> Document:
    leaves = range(len(assortment.ROOTS), len(assortment.ROOTS) + len(assortment.LINES))
    is_root = number not in leaves
    made = {
        "id": id_of("category", number),
        "@type": "Category",
        "name": assortment.category_name(number),
        "description": f"{assortment.category_name(number)} from {OPERATOR}",
        "isRoot": is_root,
        **_stage(0),
    }
    if is_root:
        below = [reference_to("category", leaf) for leaf in leaves if assortment.root_of(leaf) == number]
        return {**made, "subCategory": below}
    return {**made, "parent": reference_to("category", assortment.root_of(number))}


def _catalog(number: int) -> Document:
    name, kind, roots = _CATALOGS[number]
    return {
        "id": id_of("productCatalog", number),
        "@type": "ProductCatalog",
        "name": name,
        "description": f"What {OPERATOR} sells, {kind}",
        "catalogType": "product",
        "category": [reference_to("category", root) for root in roots],
        "relatedParty": [party("owner", "operator")],
        **_stage(0),
    }


def _specification(family: int) -> Document:
    line = assortment.line_of(family)
    return {
        "id": id_of("productSpecification", family),
        "@type": "ProductSpecification",
        "name": assortment.family_name(family),
        "description": f"{line.plural} in two sizes",
        "brand": OPERATOR,
        "productNumber": f"LT-{line.category}{family:04}",
        "isBundle": False,
        "category": [reference_to("category", line.category)],
        "productSpecCharacteristic": [_size(family), _colour()],
        "relatedParty": [party("owner", "operator")],
        **_stage(family),
    }


def _size(family: int) -> Document:
    """Returns the characteristic in which the two offerings of a family differ."""
    line = assortment.line_of(family)
    values = [_value("Number", step, place == 0, line.unit) for place, step in enumerate(line.steps)]
    return _characteristic(line.measure, "number", values)


def _colour() -> Document:
    """Returns the characteristic that the customer chooses."""
    values = [_value("String", word, word == "white") for word in ("white", "graphite", "sea green")]
    return {**_characteristic("Device colour", "string", values), "minCardinality": 0}


def _characteristic(name: str, value_type: str, values: list[Document]) -> Document:
    return {
        "@type": "CharacteristicSpecification",
        "name": name,
        "description": f"{name} of the product",
        "valueType": value_type,
        "configurable": True,
        "extensible": False,
        "isUnique": False,
        "minCardinality": 1,
        "maxCardinality": 1,
        "characteristicValueSpecification": values,
    }


def _value(kind: str, value: str | int, is_default: bool, unit: str | None = None) -> Document:
    made = {
        "@type": f"{kind}CharacteristicValueSpecification",
        "valueType": kind.lower(),
        "isDefault": is_default,
        "value": value,
    }
    return {**made, "unitOfMeasure": unit} if unit else made


def _money(cents: int) -> Document:
    return {"unit": CURRENCY, "value": cents / 100}


def _price(number: int) -> Document:
    family, place = divmod(number, 4)
    cents = assortment.price_cents(number)
    return {
        "id": id_of("productOfferingPrice", number),
        "@type": "ProductOfferingPrice",
        "name": assortment.price_name(number),
        "description": f"{assortment.price_name(number)}, without tax",
        "priceType": _PRICE_TYPE[place],
        "isBundle": place == BUNDLE,
        "price": _money(cents),
        "tax": [_tax(cents)],
        **_measure(family, place),
        **_parts(family, place),
        **_stage(family),
    }


def _tax(cents: int) -> Document:
    amount = _money(round(cents * _TAX_RATE / 100))
    return {"@type": "TaxItem", "taxCategory": "VAT", "taxRate": _TAX_RATE, "taxAmount": amount}


def _measure(family: int, place: int) -> Document:
    """Returns what a price is paid for: a month, or a unit of use."""
    if place in (RECURRING, BUNDLE):
        return {"recurringChargePeriodType": "month", "recurringChargePeriodLength": 1}
    if place == USAGE:
        return {"unitOfMeasure": {"amount": 1, "units": assortment.line_of(family).unit}}
    return {}


def _parts(family: int, place: int) -> Document:
    """Returns the monthly fees that a bundle's fee stands for."""
    if place != BUNDLE:
        return {}
    kind = "BundledProductOfferingPriceRelationship"
    families = (family, assortment.partner_of(family))
    return {
        "bundledPopRelationship": [
            reference_to("productOfferingPrice", 4 * price + RECURRING, kind) for price in families
        ]
    }


def _offering(number: int) -> Document:
    family, place = divmod(number, 3)
    line = assortment.line_of(family)
    made = {
        "id": id_of("productOffering", number),
        "@type": "ProductOffering",
        "name": assortment.offering_name(number),
        "description": f"{assortment.offering_name(number)} from {OPERATOR}",
        "isBundle": place == 2,
        "isSellable": True,
        "category": [reference_to("category", line.category)],
        "productOfferingPrice": [reference_to("productOfferingPrice", price) for price in assortment.prices_of(number)],
        "productOfferingTerm": [_term(12 if place == 0 else 24)],
        **_stage(family),
    }
    return {**made, **(_bundled(family) if place == 2 else _simple(family, place))}


def _term(months: int) -> Document:
    return {
        "@type": "ProductOfferingTerm",
        "name": f"{months} months",
        "description": f"The contract runs for {months} months at least",
        "duration": {"amount": months, "units": "month"},
    }


def _simple(family: int, place: int) -> Document:
    """Returns the specification that a simple offering sells, and the value that it fixes."""
    line = assortment.line_of(family)
    use = {
        "@type": "ProductSpecificationCharacteristicValueUse",
        "name": line.measure,
        "valueType": "number",
        "minCardinality": 1,
        "maxCardinality": 1,
        "productSpecCharacteristicValue": [_value("Number", line.steps[place], True, line.unit)],
        "productSpecification": reference_to("productSpecification", family),
    }
    return {"productSpecification": reference_to("productSpecification", family), "prodSpecCharValueUse": [use]}


def _bundled(family: int) -> Document:
    """Returns the offerings of a bundle: the larger one of its family and the smaller one of the partner."""
    offerings = (3 * family + 1, 3 * assortment.partner_of(family))
    return {"bundledProductOffering": [_component(offering) for offering in offerings]}


def _component(offering: int) -> Document:
    option = {
        "@type": "BundledProductOfferingOption",
        "numberRelOfferDefault": 1,
        "numberRelOfferLowerLimit": 1,
        "numberRelOfferUpperLimit": 1,
    }
    return {
        **reference_to("productOffering", offering, "BundledProductOffering"),
        "bundledProductOfferingOption": option,
    }


def _job(kind: str, number: int) -> Document:
    status, first = _JOBS[number]
    file = f"/catalogs/{id_of(kind, number)}.json"
    made = {
        "id": id_of(kind, number),
        "@type": kind[0].upper() + kind[1:],
        "url": f"https://files.example{file}",
        "path": file,
        "contentType": "application/json",
        "status": status,
        "creationDate": at(first * DAY),
        "completionDate": at(first * DAY + 12),
    }
    return {**made, "errorLog": f"The file {file} could not be opened"} if status == "Failed" else made


def _import_job(number: int) -> Document:
    return _job("importJob", number)


def _export_job(number: int) -> Document:
    return {**_job("exportJob", number), "query": "lifecycleStatus=Active"}


_FAMILY: Passage = (("productSpecification", 1), ("productOfferingPrice", 4), ("productOffering", 3))
"""What comes out with a family of products."""

_FIRST_FAMILIES = 4

seed = PlotShare(
    kinds={
        "category": Kind("category-%d", _category, assortment.category_name),
        "productCatalog": Kind("catalog-%d", _catalog),
        "productSpecification": Kind("specification-%04d", _specification, assortment.family_name),
        "productOfferingPrice": Kind("price-%04d", _price, assortment.price_name),
        "productOffering": Kind("offering-%04d", _offering, assortment.offering_name),
        "importJob": Kind("import-job-%d", _import_job),
        "exportJob": Kind("export-job-%d", _export_job),
    },
    opening=(
        ("category", len(assortment.ROOTS) + len(assortment.LINES)),
        ("productCatalog", len(_CATALOGS)),
        *((kind, many * _FIRST_FAMILIES) for kind, many in _FAMILY),
        ("importJob", len(_JOBS)),
        ("exportJob", len(_JOBS)),
    ),
    squares=_FAMILY,
    after=("organization",),
)
"""The catalogs and the first families; another family comes out with scene 1, 4, 9 and so on."""
