"""Every answer as its document declares it, judged by openapi-core, which shares no validator with the servers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx
import pytest
import yaml
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse

from common.resource import SPECS
from tests.api.resource_views import Case, every
from tests.conftest import ORIGIN
from tests.specs_clients.check import readable


@cache
def document(code: str, version: str, base: str) -> OpenAPI:
    raw: Mapping[str, Any] = yaml.load((SPECS / f"{code}-{version}.yaml").read_bytes(), yaml.CSafeLoader)
    return OpenAPI.from_dict(readable({**raw, "servers": [{"url": ORIGIN + base}]}))


def judge(case: Case, method: str, answer: httpx.Response) -> None:
    """Raises where the document does not declare this answer."""
    path = answer.request.url.path
    request = MockRequest(ORIGIN, method, path, path_pattern=path, content_type="application/json")
    media = answer.headers.get("content-type", "application/json")
    if case.view.version == "v4":
        media = "application/json;charset=utf-8"
    told = MockResponse(
        answer.content, status_code=answer.status_code, headers=dict(answer.headers), content_type=media
    )
    document(case.code, case.view.version, case.view.base).validate_response(request, told)


@every("create", "list", "retrieve")
async def test_answers_are_as_the_document_declares_them(client: httpx.AsyncClient, case: Case):
    created = await client.post(case.path, json=case.body())
    judge(case, "post", created)
    href = created.json()["href"]
    judge(case, "get", await client.get(href))
    judge(case, "get", await client.get(case.path, params={"id": created.json()["id"]}))
    judge(case, "post", await client.post(case.path, json={"@type": 4}))
    judge(case, "get", await client.get(href + "-none"))
    if "patch" in case.verbs:
        judge(case, "patch", await client.patch(href, json={case.text_attribute: "https://example.com/changed"}))
        judge(case, "patch", await client.patch(href, json={"id": "other"}))
    if "delete" in case.verbs:
        judge(case, "delete", await client.delete(href))


@every("create")
async def test_the_judge_refuses_what_is_not_declared(client: httpx.AsyncClient, case: Case):
    created = await client.post(case.path, json=case.body())
    broken = httpx.Response(201, json={**created.json(), "@type": 4}, request=created.request)
    with pytest.raises(Exception, match=r"(?i)invalid|error"):
        judge(case, "post", broken)
