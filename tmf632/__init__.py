"""TMF632 Party Management: what this API is and where it answers."""

from common.resource import SPECS, V4, V5, Api, Version
from tmf632.resources import LENIENCIES, RESOURCES
from tmf632.seed import seed
from tmf632.v4 import VIEWS

API = Api(
    code="TMF632",
    title="Party Management",
    versions=(
        Version(V4, "/tmf-api/party/v4", SPECS / "TMF632-v4.yaml"),
        Version(V5, "/tmf-api/partyManagement/v5", SPECS / "TMF632-v5.yaml", ("/tmf-api/party/v5",)),
    ),
    resources=RESOURCES,
    leniencies=LENIENCIES,
    views=VIEWS,
    seed=seed,
)
