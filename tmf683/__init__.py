"""TMF683 Party Interaction: what this API is and where it answers."""

from common.resource import SPECS, V4, V5, Api, Version
from tmf683.resources import LENIENCIES, RESOURCES
from tmf683.seed import seed
from tmf683.v4 import VIEWS

API = Api(
    code="TMF683",
    title="Party Interaction",
    versions=(
        Version(V4, "/tmf-api/partyInteraction/v4", SPECS / "TMF683-v4.yaml"),
        Version(
            V5, "/tmf-api/partyInteraction/v5", SPECS / "TMF683-v5.yaml", ("/tmf-api/partyInteractionManagement/v5",)
        ),
    ),
    resources=RESOURCES,
    leniencies=LENIENCIES,
    views=VIEWS,
    seed=seed,
)
