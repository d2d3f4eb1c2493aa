"""Bodies that are no JSON, no object, or stretch what JSON allows."""

from __future__ import annotations

import json

from ctk.areas.shared.refusals import Attempts, Changes, client_error, judge_explained, judge_unbroken
from ctk.profile import Resource
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

_DEPTH = 10_000
_MARK = "ctk-mark"


def creations(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Creations with bodies that are no JSON object."""
    attempts = Attempts(stage, resource)
    malformed = attempts.send(json.dumps(stage.body(resource, "minimal")).encode()[:-1])
    judge("ERR-34", malformed.status == 400, f"answered {malformed.status}", malformed)
    judge_explained(judge, "ERR-35", malformed, 400)
    empty_list = attempts.send([])
    judge("ERR-38", empty_list.status == 400, f"answered {empty_list.status}", empty_list)
    bodies = {
        "ERR-36": b"",
        "ERR-37": b'"ctk"',
        "ERR-39": _marked(stage, resource, b"caf\xe9"),
        "ERR-40": b"[" * _DEPTH + b"]" * _DEPTH,
    }
    for rule, body in bodies.items():
        answer = attempts.send(body)
        judge(rule, client_error(answer), f"answered {answer.status}", answer)
    _odd_values(stage, resource, attempts, judge)
    _media(stage, resource, judge)


def _odd_values(stage: Stage, resource: Resource, attempts: Attempts, judge: Judge) -> None:
    """Creations with numbers and texts at the edge of JSON."""
    for rule, text in (("ERR-41", b"1e400"), ("ERR-43", b'"ctk\\u0000"'), ("ERR-44", b'"ctk\\ud800"')):
        judge_unbroken(judge, rule, [attempts.send(_marked(stage, resource, text, quoted=False))])
    answer = attempts.send(_marked(stage, resource, b"NaN", quoted=False))
    judge("ERR-42", answer.status == 400, f"answered {answer.status}", answer)


def changes(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Changes with bodies that are no JSON object."""
    if not judge.items("ERR-45"):
        return
    changed = Changes(stage, resource)
    malformed = changed(b'{"' + resource.text.encode() + b'": ')
    judge("ERR-45", malformed.status == 400, f"answered {malformed.status}", malformed)
    for rule, body in (("ERR-46", b'"ctk"'), ("ERR-47", b"")):
        answer = changed(body)
        judge(rule, client_error(answer), f"answered {answer.status}", answer)
    answer = changed({resource.text: stage.unique()}, media="application/x-ctk")
    judge("ERR-50", answer.status == 415, f"answered {answer.status}", answer)


def _media(stage: Stage, resource: Resource, judge: Judge) -> None:
    """A creation of a media type that nobody reads."""
    body = json.dumps(stage.body(resource, "minimal")).encode()
    answer = stage.http("post", stage.path(resource), body=body, media="application/x-ctk")
    judge("ERR-48", answer.status == 415, f"answered {answer.status}", answer)
    judge_explained(judge, "ERR-49", answer, 415)


def _marked(stage: Stage, resource: Resource, text: bytes, quoted: bool = True) -> bytes:
    """A creation whose text is these bytes."""
    body = json.dumps(stage.body(resource, "minimal", **{resource.text: _MARK})).encode()
    mark = _MARK.encode() if quoted else json.dumps(_MARK).encode()
    return body.replace(mark, text)
