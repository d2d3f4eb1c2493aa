"""Addresses that name nothing: ids and queries that a client may send by mistake or by malice."""

from __future__ import annotations

from ctk.areas.shared.refusals import client_error, expect_unbroken, explained
from ctk.exchange import Untestable
from ctk.standard.profile import Resource
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_IDS = {
    "ERR-65": "c" * 3000,
    "ERR-66": "..%2F..%2F..%2Fctk%2Fpasswd",
    "ERR-67": "ctk%00id",
    "ERR-68": "%27%3B%20--%20%22ctk",
    "ERR-69": "%E7%A5%A8-%F0%9F%8E%AB",
    "ERR-70": "ctk%FF%FE",
}
_QUERIES = {"ERR-72": "&&=&;", "ERR-73": "{}=%zz%", "ERR-74": "{}=%FF%FE"}


def ids(target: Target, resource: Resource, expect: Expect) -> None:
    """Asks for ids that no resource has."""
    if not resource.has("retrieve"):
        return
    for rule, key in _IDS.items():
        answer = target.http("get", f"/{resource.name}/{key}")
        expect(rule, client_error(answer), f"answered {answer.status}", answer)


def queries(target: Target, resource: Resource, expect: Expect) -> None:
    """Sends queries that are hardly any."""
    if not resource.has("list"):
        return
    empty = target.http("get", target.path(resource), query=f"{resource.text}=")
    expect_unbroken(expect, "ERR-71", [empty])
    answers = [empty]
    for rule, query in _QUERIES.items():
        answers.append(target.http("get", target.path(resource), query=query.format(resource.text)))
        expect_unbroken(expect, rule, answers[-1:])
    answers.append(target.http("get", target.path(resource), query="ctkUnknown=1"))
    refused = [answer for answer in answers if answer.status == 400]
    if not refused:
        raise Untestable("no broken query was refused with 400")
    for answer in refused:
        expect("ERR-75", explained(answer), f"the body of the 400 is {answer.content[:100]!r}", answer)
