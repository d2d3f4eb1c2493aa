"""The plot of a story: which resource is told in which place, so that any size is a beginning of the longest one.

A story opens with what an operator has before its first customer (`OPENING`), then goes on in scenes: a few people and
companies, their accounts, orders, tickets and interactions (`SCENE`). With scene 1, 4, 9, 16 ... another family of
products comes out (`FAMILY`). A resource refers to what was told before it alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isqrt

Part = tuple[tuple[str, int], ...]

SMALLEST, LARGEST = 100, 1_000_000
OPENING_FAMILIES = 4

FAMILY: Part = (("productSpecification", 1), ("productOfferingPrice", 4), ("productOffering", 3))

OPENING: Part = (
    ("organization", 1),
    ("category", 9),
    ("productCatalog", 2),
    *((kind, many * OPENING_FAMILIES) for kind, many in FAMILY),
    ("importJob", 2),
    ("exportJob", 2),
    ("troubleTicketSpecification", 4),
    ("billingCycleSpecification", 2),
    ("billFormat", 2),
    ("billPresentationMedia", 2),
)

SCENE: Part = (
    ("individual", 8),
    ("organization", 2),
    ("financialAccount", 3),
    ("billingAccount", 4),
    ("partyAccount", 1),
    ("settlementAccount", 1),
    ("customer", 4),
    ("productOrder", 6),
    ("cancelProductOrder", 1),
    ("troubleTicket", 4),
    ("partyInteraction", 6),
)


def length(part: Part) -> int:
    """How many resources a part tells."""
    return sum(many for _, many in part)


def families_by(scene: int) -> int:
    """How many product families are out in scene number `scene` (from 0)."""
    return OPENING_FAMILIES + isqrt(scene)


def told_by(scene: int) -> int:
    """How many resources are told before scene number `scene` and the family that comes out with it."""
    return length(OPENING) + scene * length(SCENE) + _families_before(scene) * length(FAMILY)


def counts(size: int) -> Mapping[str, int]:
    """The number of resources of each kind among the first `size`; they add up to `size` exactly."""
    scenes = _whole_scenes(size)
    families = _families_before(scenes)
    rest = size - told_by(scenes)
    ending = _beginning([*_opening_of(scenes), *SCENE], rest)
    found = dict.fromkeys((kind for kind, _ in [*OPENING, *SCENE]), 0)
    for part, times in ((OPENING, 1), (FAMILY, families), (SCENE, scenes), (ending, 1)):
        for kind, many in part:
            found[kind] += many * times
    return found


def numbers(size: int, kind: str) -> range:
    """The numbers of the resources of one kind among the first `size`, from 0."""
    return range(counts(size)[kind])


def _families_before(scene: int) -> int:
    """How many families came out with the scenes before number `scene`."""
    return isqrt(scene - 1) if scene > 0 else 0


def _opening_of(scene: int) -> Part:
    """The family that comes out with scene number `scene`: with 1, 4, 9 and so on."""
    return FAMILY if scene > 0 and isqrt(scene) ** 2 == scene else ()


def _whole_scenes(size: int) -> int:
    """How many scenes are told to their end within `size` resources."""
    scenes = max(0, (size - length(OPENING)) // length(SCENE))
    while scenes and told_by(scenes) > size:
        scenes -= 1
    return scenes


def _beginning(part: Iterable[tuple[str, int]], wanted: int) -> Part:
    """The first `wanted` resources of a part."""
    found: list[tuple[str, int]] = []
    for kind, many in part:
        taken = min(many, wanted)
        found.append((kind, taken))
        wanted -= taken
    return tuple(found)
