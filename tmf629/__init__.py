"""TMF629 Customer Management: what this API is and where it answers."""

from common.resource import SPECS, V4, V5, Api, Version
from tmf629.resources import LENIENCIES, RESOURCES
from tmf629.seed import seed
from tmf629.v4 import VIEWS

API = Api(
    code="TMF629",
    title="Customer Management",
    versions=(
        Version(V4, "/tmf-api/customerManagement/v4", SPECS / "TMF629-v4.yaml"),
        Version(V5, "/tmf-api/customerManagement/v5", SPECS / "TMF629-v5.yaml", ("/tmf-api/customer/v5",)),
    ),
    resources=RESOURCES,
    leniencies=LENIENCIES,
    views=VIEWS,
    seed=seed,
)
