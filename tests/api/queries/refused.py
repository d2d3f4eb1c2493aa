"""What is refused, with which status, and what the message has to name: the attribute, the value, the rule."""

from __future__ import annotations

from dataclasses import dataclass

from tests.api.queries.row import BOTH, V4, V5, path

_TERM = "productOfferingTerm.duration.amount"
_SEQUENCE = "productSpecCharacteristic.productSpecCharRelationship.charSpecSeq"
_START = "validFor.startDateTime"


@dataclass(frozen=True)
class Refused:
    """A query that is not answered; every one of `fragments` is in the message."""

    query: str
    status: int
    fragments: tuple[str, ...] = ()
    versions: tuple[str, ...] = BOTH
    of: str = "productOffering"


def bad(query: str, *fragments: str, versions: tuple[str, ...] = BOTH, of: str = "productOffering") -> Refused:
    """A query that breaks a rule."""
    return Refused(query, 400, fragments, versions, of)


def expression(text: str) -> Refused:
    """A JSONPath that is none, or asks for what there is not."""
    return Refused(path(text), 400, ("filter",))


def unserved(text: str) -> Refused:
    """A JSONPath that is valid and not carried out."""
    return Refused(path(text), 501, ("filter",))


def regex(encoded: str) -> Refused:
    """A regular expression that is none or may take forever."""
    return bad(f"name.regex={encoded}", "name")


UNKNOWN = (
    # Attributes that are not declared, with the nearest that are.
    bad("nmae=x", "nmae", "nearest", "name"),
    bad("descripton=x", "descripton", "nearest", "description"),
    bad("isBundel=true", "isBundel", "nearest", "isBundle"),
    bad("lifecyclestatus=Active", "lifecyclestatus", "nearest", "lifecycleStatus"),
    bad("nmae.gt=x", "nmae", "nearest"),
    bad("nmae%3Ex", "nmae", "nearest"),
    bad("description=red;nmae=x", "nmae", "nearest"),
    bad("nmae=x;description=red", "nmae", "nearest"),
    # Nested ones.
    bad("validFor.start=2026-01-01", "validFor.start", "nearest", "startDateTime"),
    bad("validfor.startDateTime=2026-01-01", "validfor", "nearest", "validFor"),
    bad(f"{_TERM}s=12", "amounts", "nearest", "amount"),
    bad("serviceLevelAgreement.nmae=x", "nmae", "nearest", "name"),
    bad("name.first=x", "name.first"),
    bad("isBundle.x=true", "isBundle.x"),
    bad("productOfferingTerm[nmae=x].name=y", "nmae"),
    bad("productOfferingTerm[name=x].nmae=y", "nmae"),
    # Names of the other version.
    bad("relatedParty.partyOrPartyRole.id=p1", "partyOrPartyRole", versions=V4, of="productSpecification"),
    bad("relatedParty.partyId=p1", "partyId", of="productSpecification"),
    bad("parentId=x", "parentId", versions=V5, of="category"),
    bad("parent.id=x", "parent", versions=V4, of="category"),
    bad("externalIdentifier.id=M-1", "externalIdentifier", versions=V4),
    # Declared in v4, kept apart and never searched: "none has it" would be untrue.
    Refused("productOfferingPrice.price.taxIncludedAmount.value=1", 501, ("taxIncludedAmount",), V4),
    Refused("productOfferingPrice.price.taxIncludedAmount.value.ne=1", 501, ("taxIncludedAmount",), V4),
    # A number in v4 that is stored as a text, in another order; equality finds it.
    Refused(f"{_SEQUENCE}.gt=9", 501, ("charSpecSeq", "equality"), V4, "productSpecification"),
    Refused(f"{_SEQUENCE}.regex=9", 400, ("charSpecSeq", "integer"), V4, "productSpecification"),
    # Operators that there are not, those of the store among them, are taken for attributes.
    bad("name.like=x", "name.like"),
    bad("name.contains=x", "name.contains"),
    bad("name.GT=x", "name.GT"),
    bad("name.$ne=x", "$ne"),
    bad("name.%24regex=x", "$regex"),
    bad("$where=1", "$where"),
    bad("$or=1", "$or"),
    bad("name[$ne]=x", "$ne"),
    bad("name%5B%24gt%5D=", "$gt"),
    bad("__proto__=x", "__proto__"),
    bad("constructor.prototype=x", "constructor"),
    bad("_id=x", "_id"),
    bad("document.name=x", "document"),
    bad("productOfferingTerm.0.name=x", "productOfferingTerm.0"),
    bad("category.-1.id=c1", "category.-1"),
    bad("na%00me=x"),
    bad("validFor.%00=x"),
    bad("name.=x"),
    bad(".name=x"),
    bad("validFor..startDateTime=2026-01-01"),
    bad("=x"),
    bad(".regex=x"),
    bad("na%20me=x", "na me"),
    bad("bundledGroupProductOffering." * 12 + "name=x", "bundledGroupProductOffering", versions=V5),
)

TYPES = (
    # Values that the attribute's type has not.
    bad("isBundle=maybe", "isBundle", "maybe", "boolean"),
    bad("isBundle=1", "isBundle", "boolean"),
    bad("isBundle=", "isBundle", "boolean"),
    bad("isBundle.ne=no", "isBundle", "no", "boolean"),
    bad("isBundle=true,maybe", "isBundle", "maybe", "boolean"),
    bad(f"{_TERM}=x", _TERM, "x", "integer"),
    bad(f"{_TERM}.gt=x", _TERM, "x", "integer"),
    bad(f"{_TERM}%3C%3Dx", _TERM, "x", "integer"),
    bad(f"{_TERM}=", _TERM, "integer"),
    bad(f"{_TERM}=0x10", _TERM, "0x10", "integer"),
    bad(f"{_TERM}=12,x", _TERM, "x", "integer"),
    bad("price.value=cheap", "price.value", "cheap", "number", of="productOfferingPrice"),
    bad("price.value.lt=", "price.value", "number", of="productOfferingPrice"),
    bad("price.value=NaN", "price.value", "NaN", "number", of="productOfferingPrice"),
    bad("price.value.lt=Infinity", "price.value", "Infinity", "number", of="productOfferingPrice"),
    bad(f"{_START}.gt=yesterday", _START, "yesterday", "date-time"),
    bad(f"{_START}%3Eyesterday", _START, "yesterday", "date-time"),
    bad(f"{_START}=2026-13-01", _START, "2026-13-01", "date-time"),
    bad(f"{_START}.lte=2026-02-30T00:00:00Z", _START, "2026-02-30", "date-time"),
    bad(f"{_START}=2026-05-01T08:30:00", _START, "2026-05-01T08:30:00", "date-time"),
    bad(f"{_START}=", _START, "date-time"),
    bad(f"{_START}.ne=12:00", _START, "12:00", "date-time"),
    bad(f"{_START}=2026-01-01,soon", _START, "soon", "date-time"),
    bad("lastUpdate.gt=now", "lastUpdate", "now", "date-time"),
    # Operators that the type has not.
    bad("isBundle.gt=true", "isBundle"),
    bad("isBundle.lte=false", "isBundle"),
    bad("isBundle%3Etrue", "isBundle"),
    bad("isBundle.regex=tr", "isBundle"),
    bad(f"{_TERM}.regex=1", _TERM),
    bad(f"{_TERM}*=1", _TERM),
    bad(f"{_START}.regex=2026", _START),
    bad(f"{_START}=~2026", _START),
    # Objects have no value of their own.
    bad("validFor=2026-01-01", "validFor"),
    bad("validFor.gt=2026-01-01", "validFor"),
    bad("category=c1", "category"),
    bad("category.ne=c1", "category"),
    bad("serviceLevelAgreement=Gold", "serviceLevelAgreement"),
    bad("productOfferingTerm.duration=12", "productOfferingTerm.duration"),
    bad("validFor.regex=2026", "validFor"),
)

REGEXES = (
    regex("(a%2B)%2B$"),
    regex("(a*)*$"),
    regex("(a|aa)%2B$"),
    regex("(.*)*x"),
    regex("(?i)(a%2B)%2B$"),
    regex("(a{1,1000}){1,1000}"),
    regex("(a)%5C1"),
    regex("(?=a)"),
    regex("(?!a)b"),
    regex("(?%3C=a)b"),
    regex("("),
    regex("a)"),
    regex("[a"),
    regex("*a"),
    regex("a{2,1}"),
    regex("a%5C"),
    bad("name.regex=" + "a" * 201, "name", "200"),
    bad("name*=(a%2B)%2B$", "name"),
    bad("name=~(", "name"),
    bad(path("$[?(@.name=~/(a+)+$/)]"), "name"),
    bad(path("$[?(@.name=~/(/)]"), "name"),
    bad(path("$[?(@.isBundle=~/t/)]"), "isBundle"),
)

FILTERS = (
    # No JSONPath.
    bad("filter=", "filter"),
    expression("$["),
    expression("$[?("),
    expression("$[?()]"),
    expression("$[?(@.name==)]"),
    expression("$[?(@.name=='x'"),
    expression("$[?(@.name=='x]"),
    expression("$[?(@.name='x')]"),
    expression("$[?(@.name=='x' &&)]"),
    expression("$[?(&& @.name=='x')]"),
    expression("$[?(@.name=='x' @.id=='y')]"),
    expression("$[?(@.name==x)]"),
    expression("$[?((@.name=='x')]"),
    expression("$[?(@.name=='x')] and more"),
    expression("]"),
    expression("$[?(@..id=='c1')]"),  # RFC 9535: what is compared must lead to one value at most
    expression("$[?(@.category[0:1].id=='c1')]"),
    expression("$$"),
    expression("$[?(@.name=='" + "x" * 2000 + "')]"),
    expression("$[?" + "(" * 20 + "@.name=='x'" + ")" * 20 + "]"),
    # JSONPath of attributes that there are not, of values that they cannot have.
    bad(path("$[?(@.nmae=='x')]"), "nmae", "nearest", "name"),
    bad(path("$[?(@.nmae)]"), "nmae", "nearest"),
    bad(path("$.category[?(@.nmae=='x')]"), "nmae"),
    bad(path("$[?(@.category[?(@.nmae=='x')])]"), "nmae"),
    bad(path("$[?(@.validFor.startDateTime>'yesterday')]"), "startDateTime", "yesterday", "date-time"),
    bad(path("$[?(@.isBundle>true)]"), "isBundle"),
    bad(path("$[?(@.validFor=='2026')]"), "validFor"),
    bad(path("$[?(@.name=='x')]") + "&filter=", "filter"),
    bad(path("$[?(@.name=='x')]") + "&" + path("$[?("), "filter"),
    # JSONPath that is not carried out.
    unserved("$..name"),
    unserved("$..category[?(@.id=='c1')]"),
    unserved("$[?(@..id)]"),
    unserved("$[*]"),
    unserved("$[0]"),
    unserved("$[-1]"),
    unserved("$[0:2]"),
    unserved("$[::2]"),
    unserved("$[?(@.category[0].id=='c1')]"),
    unserved("$[?(@.category[0:1])]"),
    unserved("$[?(@.name==@.description)]"),
    unserved("$[?(@.validFor.startDateTime<@.validFor.endDateTime)]"),
    unserved("$[?(length(@.name)>3)]"),
    unserved("$[?(count(@.category)>1)]"),
)

LISTS = (
    # Order.
    bad("sort=", "sort"),
    bad("sort=nmae", "nmae", "nearest", "name"),
    bad("sort=-nmae", "nmae", "nearest", "name"),
    bad("sort=name,nmae", "nmae"),
    bad("sort=name,", "sort"),
    bad("sort=--name", "-name"),
    bad("sort=name.asc", "name.asc"),
    bad("sort=validFor", "validFor"),
    bad("sort=validFor.start", "validFor.start"),
    bad("sort=category", "category"),
    bad("sort=category.id", "category.id"),
    bad("sort=-productOfferingTerm.duration.amount", _TERM),
    bad("sort=$natural", "$natural"),
    # Parts.
    bad("offset=-1", "offset", "-1"),
    bad("offset=x", "offset", "x"),
    bad("offset=", "offset"),
    bad("offset=1e2", "offset"),
    bad("offset=100001", "offset", "100000"),
    bad("offset=99999999999999999999999", "offset"),
    bad("limit=-1", "limit", "-1"),
    bad("limit=ten", "limit", "ten"),
    bad("limit=1.5", "limit", "1.5"),
    bad("limit=", "limit"),
    bad("limit=1001", "limit", "1000"),
    bad("limit=%C2%B2", "limit"),
    bad("limit=1&limit=2", "limit"),
    bad("limit=1&limit=1", "limit"),
    bad("offset=1&offset=2", "offset"),
    bad("after=x", "after", versions=V4),
    bad("before=x", "before", versions=V4),
    bad("after=x", "after", versions=V5),
    bad("before=x", "before", versions=V5),
    bad("after=bm8gY3Vyc29y", "after", versions=V5),
    bad("after=&offset=1", "after", "offset", versions=V5),
    bad("after=&after=", "after", versions=V5),
    # Chosen attributes.
    bad("fields=nmae", "nmae", "nearest", "name"),
    bad("fields=name,nmae", "nmae"),
    # Too much at once.
    bad("id=" + ",".join(f"x{n}" for n in range(51)), "50"),
    bad("&".join(f"id=x{n}" for n in range(51)), "50"),
    bad(";".join(f"id=x{n}" for n in range(51)), "50"),
    bad(path("$[?(" + " || ".join(f"@.id=='x{n}'" for n in range(51)) + ")]"), "50"),
)

ROWS = UNKNOWN + TYPES + REGEXES + FILTERS + LISTS
