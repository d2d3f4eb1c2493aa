"""Which APIs there are: every package `tmfNNN` beside this one that declares an `API`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from common.errors import StartRefused
from common.resource import Api

_PACKAGE = re.compile(r"tmf\d{3}\Z")
_BESIDE = Path(__file__).resolve().parent.parent


def declared() -> tuple[Api, ...]:
    """Every API of the suite, in the order of their codes."""
    names = sorted(path.name for path in _BESIDE.iterdir() if _PACKAGE.match(path.name) and path.is_dir())
    return tuple(import_module(name).API for name in names)


def chosen(codes: Sequence[str]) -> tuple[Api, ...]:
    """The declared APIs with these codes; raises StartRefused for a code that none has."""
    by_code = {api.code: api for api in declared()}
    for code in codes:
        if code not in by_code:
            raise StartRefused(f'There is no API "{code}"; the suite has {", ".join(by_code)}.')
    return tuple(api for code, api in by_code.items() if code in codes)
