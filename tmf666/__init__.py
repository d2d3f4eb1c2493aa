"""TMF666 Account Management: what this API is and where it answers."""

from common.resource import SPECS, V4, V5, Api, Version
from tmf666.resources import LENIENCIES, RESOURCES
from tmf666.seed import seed
from tmf666.v4 import VIEWS

API = Api(
    code="TMF666",
    title="Account Management",
    versions=(
        Version(V4, "/tmf-api/accountManagement/v4", SPECS / "TMF666-v4.yaml"),
        Version(V5, "/tmf-api/accountManagement/v5", SPECS / "TMF666-v5.yaml"),
    ),
    resources=RESOURCES,
    leniencies=LENIENCIES,
    views=VIEWS,
    seed=seed,
)
