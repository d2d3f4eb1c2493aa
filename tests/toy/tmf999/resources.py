"""The resources of TMF999: what the server sets."""

from common.resource import Resource, always

RESOURCES = (
    Resource("gadget", updated="lastUpdate", status="mood", defaults={"mood": always("calm")}, indexed=("name",)),
)
