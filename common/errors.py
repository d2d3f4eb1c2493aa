"""Every refusal, as one small tree of types; each knows its status and tells its reason in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a request: `pointer` is a JSON pointer into the body or the name of a parameter."""

    pointer: str
    rule: str


class Refusal(Exception):
    """A request that is not carried out; becomes an error body in `common.responses` and nowhere else."""

    status = 500
    reason = "Internal server error"

    def __init__(self, message: str, problems: Sequence[Problem] = (), headers: Mapping[str, str] | None = None):
        super().__init__(message)
        self.message = message
        self.problems = tuple(problems)
        self.headers = dict(headers or {})


class BadRequest(Refusal):
    """The body or the query breaks a rule of the document or of the protocol."""

    status, reason = 400, "Bad request"


class InvalidBody(BadRequest):
    """The body breaks the document's schema; carries every problem at once."""

    reason = "Invalid body"

    def __init__(self, problems: Sequence[Problem]):
        super().__init__("; ".join(f"{p.pointer or '(root)'}: {p.rule}" for p in problems), problems)


class InvalidQuery(BadRequest):
    """A query parameter is unknown or has a value that its attribute cannot have."""

    reason = "Invalid query"


class Forbidden(Refusal):
    """The request comes from where it is not answered."""

    status, reason = 403, "Forbidden"


class NotFound(Refusal):
    """No resource has this id, or no operation has this path."""

    status, reason = 404, "Not found"


class MethodNotAllowed(Refusal):
    """The path is known, the method is not; `Allow` names those that are."""

    status, reason = 405, "Method not allowed"


class NotAcceptable(Refusal):
    """The client accepts no media type that the server can answer in."""

    status, reason = 406, "Not acceptable"


class Conflict(Refusal):
    """The change contradicts what is stored: a duplicate id, an illegal state change."""

    status, reason = 409, "Conflict"


class PreconditionFailed(Refusal):
    """If-Match names another revision than the stored one."""

    status, reason = 412, "Precondition failed"


class BodyTooLarge(Refusal):
    """The body is longer than the setting allows."""

    status, reason = 413, "Body too large"


class UnsupportedMediaType(Refusal):
    """The body's media type is not one the operation reads."""

    status, reason = 415, "Unsupported media type"


class NotImplementedYet(Refusal):
    """The document declares the operation, this server does not carry it out."""

    status, reason = 501, "Not implemented"


class StoreUnavailable(Refusal):
    """The store does not answer; the client may try again."""

    status, reason = 503, "Service unavailable"

    def __init__(self, message: str = "The store does not answer at the moment; please try again."):
        super().__init__(message, headers={"Retry-After": "2"})


class StoreFailed(Exception):
    """The store refuses to carry something out, or a tool does not reach it; its text is the driver's."""


class StartRefused(Exception):
    """The suite cannot start; its text is one sentence for the operator, naming file, setting or address."""

    exit_code = 78
    """Of a process that has told it by itself (EX_CONFIG of sysexits.h)."""
