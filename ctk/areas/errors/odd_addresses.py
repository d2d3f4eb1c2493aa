"""Addresses that name nothing: ids and queries that a client may send by mistake or by malice."""

from __future__ import annotations

from ctk.areas.shared.refusals import client_error, explained, judge_unbroken
from ctk.exchange import Untestable
from ctk.profile import Resource
from ctk.target.target import Stage
from ctk.verdict.ledger import Judge

_IDS = {
    "ERR-65": "c" * 3000,
    "ERR-66": "..%2F..%2F..%2Fctk%2Fpasswd",
    "ERR-67": "ctk%00id",
    "ERR-68": "%27%3B%20--%20%22ctk",
    "ERR-69": "%E7%A5%A8-%F0%9F%8E%AB",
    "ERR-70": "ctk%FF%FE",
}
_QUERIES = {"ERR-72": "&&=&;", "ERR-73": "{}=%zz%", "ERR-74": "{}=%FF%FE"}


def ids(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Ids that no resource has."""
    if not resource.has("retrieve"):
        return
    for rule, id_ in _IDS.items():
        answer = stage.http("get", f"/{resource.name}/{id_}")
        judge(rule, client_error(answer), f"answered {answer.status}", answer)


def queries(stage: Stage, resource: Resource, judge: Judge) -> None:
    """Queries that are hardly any."""
    if not resource.has("list"):
        return
    empty = stage.http("get", stage.path(resource), query=f"{resource.text}=")
    judge_unbroken(judge, "ERR-71", [empty])
    answers = [empty]
    for rule, query in _QUERIES.items():
        answers.append(stage.http("get", stage.path(resource), query=query.format(resource.text)))
        judge_unbroken(judge, rule, answers[-1:])
    answers.append(stage.http("get", stage.path(resource), query="ctkUnknown=1"))
    refused = [one for one in answers if one.status == 400]
    if not refused:
        raise Untestable("no odd query was refused with 400")
    for one in refused:
        judge("ERR-75", explained(one), f"the body of the 400 is {one.content[:100]!r}", one)
