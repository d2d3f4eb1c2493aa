"""The areas of the kit, in the order in which they are tried."""

from __future__ import annotations

from ctk.area import Area
from ctk.areas import (
    concurrency,
    create,
    delete,
    errors,
    fields,
    filters,
    fuzzing,
    lists,
    notifications,
    paging,
    patch,
    polymorphism,
    retrieve,
    schemas,
    static,
    versions,
)

AREAS: tuple[Area, ...] = (
    static.AREA,
    create.AREA,
    retrieve.AREA,
    lists.AREA,
    filters.AREA,
    fields.AREA,
    paging.AREA,
    patch.AREA,
    delete.AREA,
    errors.AREA,
    concurrency.AREA,
    polymorphism.AREA,
    versions.AREA,
    notifications.AREA,
    schemas.AREA,
    fuzzing.AREA,
)
