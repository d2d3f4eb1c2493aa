"""The resources of TMF620: what the server sets, and what real traffic leaves out."""

from common.resource import V5, Leniency, Resource, always

# The catalog's lifecycle begins with the study of an idea (SID, product lifecycle).
_BEGINNING = {"lifecycleStatus": always("In study"), "version": always("1.0")}
_JOB = {"status": always("Not Started")}

RESOURCES = (
    Resource(
        "productCatalog",
        "catalog",
        updated="lastUpdate",
        status="lifecycleStatus",
        defaults=_BEGINNING,
        indexed=("name", "category.id", "relatedParty.partyOrPartyRole.id"),
    ),
    Resource(
        "category", updated="lastUpdate", status="lifecycleStatus", defaults=_BEGINNING, indexed=("name", "parent.id")
    ),
    Resource(
        "productOffering",
        updated="lastUpdate",
        status="lifecycleStatus",
        defaults=_BEGINNING,
        indexed=("name", "category.id", "productSpecification.id", "externalIdentifier.id"),
    ),
    Resource(
        "productOfferingPrice",
        updated="lastUpdate",
        status="lifecycleStatus",
        defaults=_BEGINNING,
        indexed=("name", "externalIdentifier.id"),
    ),
    Resource(
        "productSpecification",
        updated="lastUpdate",
        status="lifecycleStatus",
        defaults=_BEGINNING,
        indexed=("name", "category.id", "relatedParty.partyOrPartyRole.id", "externalIdentifier.id"),
    ),
    Resource("importJob", created="creationDate", status="status", defaults=_JOB),
    Resource("exportJob", created="creationDate", status="status", defaults=_JOB),
)

_SET_BY_SERVER = "a price inside an offering has no life of its own, and the published create example sends neither"

LENIENCIES = (
    Leniency(V5, "ProductOfferingPrice_FVO", _SET_BY_SERVER, required="lastUpdate"),
    Leniency(V5, "ProductOfferingPrice_FVO", _SET_BY_SERVER, required="lifecycleStatus"),
)
