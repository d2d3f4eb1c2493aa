"""The resources of TMF629: what the server sets."""

from common.resource import Leniency, Resource, always

RESOURCES = (Resource("customer", status="status", defaults={"status": always("initialized")}),)

LENIENCIES: tuple[Leniency, ...] = ()
