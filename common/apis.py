"""Which APIs there are: every package `tmfNNN` beside this one that declares an `API`."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from common.errors import StartRefused
from common.resource import Api
from common.settings import codes


def declared() -> tuple[Api, ...]:
    """Returns every API of the suite, in the order of their codes."""
    return tuple(import_module(code.lower()).API for code in codes())


def chosen(names: Sequence[str]) -> tuple[Api, ...]:
    """Returns the declared APIs with these codes. Raises StartRefused for a code that none has."""
    for code in names:
        if code not in codes():
            raise StartRefused(f'There is no API "{code}"; the suite has {", ".join(codes())}.')
    return tuple(api for api in declared() if api.code in names)
