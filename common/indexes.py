"""Which indexes the collections of the suite are to have: those of every collection, and what resources declare."""

from __future__ import annotations

from common.binding import bind, indexes, read_documents
from common.resource import Api
from common.store.base import Indexes
from common.store.indexes import SHARED


def declared_by(apis: tuple[Api, ...]) -> Indexes:
    """Returns every index that a collection of these APIs is to have. Raises StartRefused as the start does."""
    return {collection: (*SHARED, *own) for collection, own in indexes(bind(read_documents(apis))).items()}
