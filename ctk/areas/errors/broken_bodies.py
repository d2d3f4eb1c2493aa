"""Bodies that are no JSON, no object, or stretch what JSON allows."""

from __future__ import annotations

import json

from ctk.areas.shared.refusals import Attempts, Changes, client_error, expect_explained, expect_unbroken
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_DEPTH = 10_000
_MARK = "ctk-mark"


def creations(target: Target, resource: Resource, expect: Expect) -> None:
    """Creates with bodies that are no JSON object."""
    attempts = Attempts(target, resource)
    malformed = attempts.send(json.dumps(target.body(resource, "minimal")).encode()[:-1])
    expect("ERR-34", malformed.status == 400, f"answered {malformed.status}", malformed)
    expect_explained(expect, "ERR-35", malformed, 400)
    empty_list = attempts.send([])
    expect("ERR-38", empty_list.status == 400, f"answered {empty_list.status}", empty_list)
    bodies = {
        "ERR-36": b"",
        "ERR-37": b'"ctk"',
        "ERR-39": _marked(target, resource, b"caf\xe9"),
        "ERR-40": b"[" * _DEPTH + b"]" * _DEPTH,
    }
    for rule, body in bodies.items():
        answer = attempts.send(body)
        expect(rule, client_error(answer), f"answered {answer.status}", answer)
    _extreme_values(target, resource, attempts, expect)
    _media(target, resource, expect)


def _extreme_values(target: Target, resource: Resource, attempts: Attempts, expect: Expect) -> None:
    """Creates with numbers and texts at the edge of JSON."""
    for rule, text in (("ERR-41", b"1e400"), ("ERR-43", b'"ctk\\u0000"'), ("ERR-44", b'"ctk\\ud800"')):
        expect_unbroken(expect, rule, [attempts.send(_marked(target, resource, text, quoted=False))])
    answer = attempts.send(_marked(target, resource, b"NaN", quoted=False))
    expect("ERR-42", answer.status == 400, f"answered {answer.status}", answer)


def changes(target: Target, resource: Resource, expect: Expect) -> None:
    """Changes with bodies that are no JSON object."""
    if not expect.items("ERR-45"):
        return
    attempts = Changes(target, resource)
    malformed = attempts(b'{"' + resource.text.encode() + b'": ')
    expect("ERR-45", malformed.status == 400, f"answered {malformed.status}", malformed)
    for rule, body in (("ERR-46", b'"ctk"'), ("ERR-47", b"")):
        answer = attempts(body)
        expect(rule, client_error(answer), f"answered {answer.status}", answer)
    answer = attempts({resource.text: target.unique()}, media="application/x-ctk")
    expect("ERR-50", answer.status == 415, f"answered {answer.status}", answer)


def _media(target: Target, resource: Resource, expect: Expect) -> None:
    """Creates with a media type that nobody reads."""
    body = json.dumps(target.body(resource, "minimal")).encode()
    answer = target.http("post", target.path(resource), body=body, media="application/x-ctk")
    expect("ERR-48", answer.status == 415, f"answered {answer.status}", answer)
    expect_explained(expect, "ERR-49", answer, 415)


def _marked(target: Target, resource: Resource, text: bytes, quoted: bool = True) -> bytes:
    """Returns a body that creates a resource whose text is these bytes."""
    body = json.dumps(target.body(resource, "minimal", **{resource.text: _MARK})).encode()
    mark = _MARK.encode() if quoted else json.dumps(_MARK).encode()
    return body.replace(mark, text)
