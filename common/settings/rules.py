"""What the text of a setting may be, as marshmallow fields and the checks behind them."""

from __future__ import annotations

import os
import re
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from marshmallow import ValidationError, fields, validate


def codes() -> tuple[str, ...]:
    """Returns the codes of the APIs that are there, in order: TMF620 for a package tmf620 beside `common`."""
    beside = Path(__file__).resolve().parents[2].glob("tmf[0-9][0-9][0-9]")
    return tuple(sorted(package.name.upper() for package in beside if package.is_dir()))


def api_codes(text: str) -> tuple[str, ...]:
    """Returns the codes that a list of words names, `all` for every one. Raises ValidationError for a word that is
    none."""
    there = codes()
    named = tuple(word.upper() for word in _words(text))
    if named == ("ALL",):
        return there
    if not named or not set(named) <= set(there):
        raise ValidationError(f"must be all or some of {', '.join(there)}, separated by commas")
    return named


def host_names(text: str) -> tuple[str, ...]:
    """Returns host names, lower case, each with an optional port. Raises ValidationError."""
    names = _words(text)
    if not all(re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?", name) for name in names):
        raise ValidationError("must be a comma-separated list of host names, each with an optional port")
    return tuple(name.lower() for name in names)


def places(text: str) -> tuple[str, ...]:
    """Returns host names, IP addresses and networks, lower case. Raises ValidationError."""
    return tuple(_place(word) for word in _words(text))


def _place(word: str) -> str:
    try:
        return str(ip_network(word.strip("[]"), strict=False))
    except ValueError:
        if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", word):
            raise ValidationError("must be host names, IP addresses or networks, separated by commas") from None
        return word.lower()


def functions(text: str) -> tuple[str, ...]:
    """Returns names of functions as `package.module:function`. Raises ValidationError."""
    names = _words(text)
    if not all(re.fullmatch(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", name, re.ASCII) for name in names):
        raise ValidationError("must be functions written package.module:function, separated by commas")
    return names


def _words(text: str) -> tuple[str, ...]:
    words = (word.strip() for word in text.split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def workers(text: str) -> int:
    """Returns a number of processes, or `auto` for one a core, from 2 to 4. Raises ValidationError."""
    if text == "auto":
        return min(4, max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2))
    if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= 64:
        raise ValidationError("must be a whole number from 1 to 64, or auto")
    return int(text)


def absolute_path(text: str) -> Path:
    """Returns a path, made absolute against the directory that the command was started in; `~` is the home
    directory."""
    return Path(text).expanduser().absolute()


def require_web_address(text: str) -> None:
    """Raises ValidationError for what is no plain http or https address."""
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if not good or parts.query or parts.fragment or parts.username is not None or text.endswith("/"):
        raise ValidationError("must be an http or https address without user, query, fragment or slash at the end")


def require_directory(path: Path) -> None:
    """Raises ValidationError where there is no such directory."""
    if not path.is_dir():
        raise ValidationError("must be a directory that exists")


def whole(low: int, high: int) -> fields.Integer:
    """Returns a whole number from `low` to `high`."""
    return fields.Integer(
        strict=False,
        validate=validate.Range(low, high, error=f"must be from {low} to {high}"),
        error_messages={"invalid": f"must be a whole number from {low} to {high}"},
    )


def amount(low: float, high: float) -> fields.Float:
    """Returns a number from `low` to `high`, a part of a whole included."""
    return fields.Float(
        validate=validate.Range(low, high, error=f"must be from {low:g} to {high:g}"),
        error_messages={"invalid": f"must be a number from {low:g} to {high:g}"},
    )


def one_of(words: tuple[str, ...]) -> fields.String:
    """Returns one of a few words."""
    return fields.String(validate=validate.OneOf(words, error=f"must be one of {', '.join(words)}"))


def switch() -> fields.Boolean:
    """Returns a field of true or false, in the usual spellings."""
    return fields.Boolean(
        truthy={"true", "1", "yes", "on"},
        falsy={"false", "0", "no", "off"},
        error_messages={"invalid": "must be true or false"},
    )


def matching(pattern: str, rule: str) -> fields.String:
    """Returns a text that a pattern matches as a whole; `rule` tells what else it must be."""
    return fields.String(validate=validate.Regexp(rf"(?:{pattern})\Z", error=rule))
