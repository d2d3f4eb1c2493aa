"""TMF620 Product Catalog Management: what this API is and where it answers."""

from common.resource import SPECS, V4, V5, Api, Version
from tmf620.resources import LENIENCIES, RESOURCES
from tmf620.seed import seed
from tmf620.v4 import VIEWS

API = Api(
    code="TMF620",
    title="Product Catalog Management",
    versions=(
        Version(V4, "/tmf-api/productCatalogManagement/v4", SPECS / "TMF620-v4.yaml"),
        Version(V5, "/tmf-api/productCatalogManagement/v5", SPECS / "TMF620-v5.yaml"),
    ),
    resources=RESOURCES,
    leniencies=LENIENCIES,
    views=VIEWS,
    seed=seed,
)
