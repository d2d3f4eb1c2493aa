"""A subscription: where events of one channel are sent, which, and with what credentials.

`POST {base}/hub` takes `callback` and `query` as the documents have them, and of our own: `headers`, sent with every
event; `oauth` (`tokenUrl`, `clientId`, `clientSecret`, `scope`), client credentials (RFC 6749, section 4.4) for a
bearer token; `signature` (`secret`), for an HMAC of every body; `batch`, how many events one request may carry (0: one,
and not in a list).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from common.document import Document, pointer
from common.errors import InvalidBody, Problem
from common.hub.destinations import Allowed, resolved_fault
from common.resource import V4
from common.schema.messages import nearest

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}\Z")
_TEXT = re.compile(r"[\t\x20-\x7e]{0,4000}\Z")
_USER = re.compile(r"//[^/]*@")
_OURS = frozenset({"host", "content-length", "content-type", "transfer-encoding", "connection", "upgrade", "expect"})
_MOST_HEADERS = 20
_MARKS = ("@type", "@baseType", "@schemaLocation")


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription. What is secret is kept out of `repr`.

    `api`, `version`: of the hub.
    `log`: the event log that has the changes; that of the API unless it is given.
    `start`: the number in the log behind which it begins.
    `created`: in microseconds since 1970.
    `headers`, `oauth`, `secret`: the credentials; `batch`: as the client sends them (above).
    `ended`: why nothing is sent any more; None while events are sent.
    """

    id: str
    api: str
    version: str
    callback: str = field(repr=False)
    query: str
    start: int
    created: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    oauth: Mapping[str, str] | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    batch: int = 0
    ended: str | None = None
    log: str = ""

    def __post_init__(self) -> None:
        """Gives the log its default name, also where an earlier version has kept none."""
        if not self.log:
            object.__setattr__(self, "log", self.api)

    @property
    def key(self) -> str:
        """Returns the same for the same callback and query at the same hub."""
        identity = "\n".join((self.api, self.version, self.callback, self.query))
        return hashlib.sha256(identity.encode()).hexdigest()

    def record(self) -> dict[str, Any]:
        """Returns it as the store keeps it."""
        values = {name: value for name, value in asdict(self).items() if name != "id"}
        # A header's name may be one that the store does not keep as a field.
        headers = [[name, value] for name, value in self.headers.items()]
        return {"_id": self.id, "key": self.key, **values, "headers": headers}

    def shown(self, address: str) -> Document:
        """Returns it as its owner reads it: of secrets the names alone. `address`: where it is read."""
        body: Document = {"id": self.id, "callback": self.callback, "query": self.query}
        if self.version != V4:
            body = {**body, "href": address, "@type": "Hub"}
        credentials = self.credentials()
        return {**body, **({"credentials": credentials} if credentials else {}), **self._batch()}

    def credentials(self) -> list[str]:
        """Returns the names of those credentials that it has: `headers`, `oauth`, `signature`."""
        values = {"headers": self.headers, "oauth": self.oauth, "signature": self.secret}
        return [name for name, value in values.items() if value]

    def _batch(self) -> Document:
        return {"batch": self.batch} if self.batch else {}


def subscription_from_record(record: Mapping[str, Any]) -> Subscription:
    """Returns what `Subscription.record` has written."""
    values = {name: value for name, value in record.items() if name not in ("_id", "key", "headers")}
    return Subscription(id=record["_id"], headers=dict(record["headers"]), **values)


def _require_headers(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        if not _HEADER.match(name) or name.lower() in _OURS:
            raise ValidationError(f'"{name[:80]}" is no header that a subscription can choose')
        if not _TEXT.match(value):
            raise ValidationError(f"the value of {name} has characters that no header has, or too many")


class _Credentials(Schema):
    tokenUrl = fields.String(required=True)  # noqa: N815 - as the client writes it
    clientId = fields.String(required=True, validate=validate.Length(1, 500))  # noqa: N815
    clientSecret = fields.String(required=True, validate=validate.Length(1, 2000))  # noqa: N815
    scope = fields.String(validate=validate.Length(1, 1000))


class _Signature(Schema):
    secret = fields.String(required=True, validate=validate.Length(16, 500))


class _Registration(Schema):
    callback = fields.String(required=True)
    query = fields.String(load_default="", validate=validate.Length(0, 4000))
    headers = fields.Dict(
        fields.String(),
        fields.String(),
        load_default=dict,
        validate=[validate.Length(0, _MOST_HEADERS), _require_headers],
    )
    oauth = fields.Nested(_Credentials)
    signature = fields.Nested(_Signature)
    batch = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, 100))


async def parse_registration(body: Document, allowed: Allowed) -> dict[str, Any]:
    """Returns the fields of a subscription that a client's body writes: callback, query, headers, oauth, secret, batch.

    Raises InvalidBody with every problem; an address that events may not be sent to is one.
    """
    sent = {name: value for name, value in body.items() if name not in _MARKS and value is not None}
    problems: list[Problem] = []
    loaded: dict[str, Any] = {}
    try:
        loaded = _Registration().load(sent)
    except ValidationError as error:
        problems = [*_problems(error.messages, ())]
    oauth = sent.get("oauth")
    addresses = {"/callback": sent.get("callback")}
    if isinstance(oauth, dict):
        addresses["/oauth/tokenUrl"] = oauth.get("tokenUrl")
    for at, address in addresses.items():
        if isinstance(address, str) and (fault := await resolved_fault(address, allowed)):
            # What stands before the @ may be a password.
            shown = _USER.sub("//", address[:200])
            problems.append(Problem(at, f'"{shown}" {fault}'))
    if problems:
        raise InvalidBody(sorted(problems, key=lambda problem: problem.pointer))
    signature = loaded.pop("signature", None)
    return {"oauth": None, **loaded, "secret": signature["secret"] if signature else None}


def _problems(messages: Any, at: tuple[str | int, ...]) -> list[Problem]:
    """Returns marshmallow's messages as problems with pointers."""
    if isinstance(messages, dict):
        steps = {name: at if _is_of_marshmallow(name, at) else (*at, name) for name in messages}
        return [problem for name, inner in messages.items() for problem in _problems(inner, steps[name])]
    rules = [str(message).rstrip(".") for message in messages]
    return [Problem(pointer(at), _rule(rule, at)) for rule in rules]


def _is_of_marshmallow(name: str | int, at: tuple[str | int, ...]) -> bool:
    """Returns True for a step of marshmallow's messages that the body does not have."""
    return bool(at) and (name == "_schema" or (at[0] == "headers" and len(at) == 2))


def _rule(message: str, at: tuple[str | int, ...]) -> str:
    if message != "Unknown field":
        return message[:1].lower() + message[1:]
    near = nearest(str(at[-1]), sorted(_Registration().fields))
    return "a subscription has no such attribute" + (f"; the {near}" if near else "")
