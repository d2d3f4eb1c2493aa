"""TMF621 Trouble Ticket: what this API is and where it answers."""

from common.resource import SPECS, V4, V5, Api, Version
from tmf621.resources import LENIENCIES, RESOURCES
from tmf621.seed import seed
from tmf621.v4 import VIEWS

API = Api(
    code="TMF621",
    title="Trouble Ticket",
    versions=(
        Version(V4, "/tmf-api/troubleTicket/v4", SPECS / "TMF621-v4.yaml"),
        Version(V5, "/tmf-api/troubleTicket/v5", SPECS / "TMF621-v5.yaml"),
    ),
    resources=RESOURCES,
    leniencies=LENIENCIES,
    views=VIEWS,
    seed=seed,
)
