"""Choices that look like chance and never change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

T = TypeVar("T")


def draw(matter: str, index: int, sides: int) -> int:
    """Returns a number from 0 to `sides` - 1: always the same one for the same matter and index."""
    return crc32(b"%s %d" % (matter.encode(), index)) % sides


def pick(matter: str, index: int, choices: Sequence[T]) -> T:
    """Returns one of the choices: always the same one for the same matter and index."""
    return choices[draw(matter, index, len(choices))]
