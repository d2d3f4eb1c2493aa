"""TMF622 Product Ordering: what this API is and where it answers."""

from common.resource import SPECS, V4, V5, Api, Version
from tmf622.resources import LENIENCIES, RESOURCES
from tmf622.seed import seed
from tmf622.v4 import VIEWS

API = Api(
    code="TMF622",
    title="Product Ordering",
    versions=(
        Version(V4, "/tmf-api/productOrderingManagement/v4", SPECS / "TMF622-v4.yaml"),
        Version(
            V5, "/tmf-api/productOrderingManagement/v5", SPECS / "TMF622-v5.yaml", ("/tmf-api/productOrdering/v5",)
        ),
    ),
    resources=RESOURCES,
    leniencies=LENIENCIES,
    views=VIEWS,
    seed=seed,
)
