"""TMF999 Gadget Management: what this API is and where it answers."""

from common.resource import SPECS, V5, Api, Version
from tmf999.resources import RESOURCES
from tmf999.seed import seed

API = Api(
    code="TMF999",
    title="Gadget Management",
    versions=(Version(V5, "/tmf-api/gadgetManagement/v5", SPECS / "TMF999-v5.yaml"),),
    resources=RESOURCES,
    seed=seed,
)
