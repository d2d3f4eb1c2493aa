"""`make specs-answers`: sends every example request to a suite of this process and keeps what it answers.

The clock stands still and ids are counted, so that the same suite answers the same. The answers are kept in
specs/source/examples/answers, from where `make specs` puts them into the documents.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import httpx
import yaml

from benchmarks.stage import local_store
from common import apis
from common.app import build
from common.clock import World
from common.settings import read
from common.store.database import open_database
from specs.builder.examples import EXAMPLES, ORIGIN
from specs.builder.source import NAMES, load, source

_MOMENT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
Answers = dict[str, Any]


def main() -> None:
    """Records the answers of every document."""
    with ExitStack() as stack:
        asyncio.run(_recorded(local_store(stack)))


async def _recorded(uri: str) -> None:
    settings = read({"MONGODB_URI": uri, "TMF_DATABASE": "answers"}, {})
    numbers = itertools.count(1)
    world = World(now=lambda: _MOMENT, new_id=lambda: f"00000000-0000-4000-8000-{next(numbers):012}")
    database = open_database(uri, settings.store.database)
    suite: Any = build(settings, apis.declared(), database, world)
    transport = httpx.ASGITransport(app=suite)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        for name in NAMES:
            answers = await answered(client, name)
            text = yaml.safe_dump(answers, sort_keys=False, width=120, allow_unicode=True)
            (EXAMPLES / "answers").mkdir(exist_ok=True)
            (EXAMPLES / "answers" / f"{name}.yaml").write_text(text, encoding="utf-8")
    await database.close()


async def answered(client: httpx.AsyncClient, name: str) -> Answers:
    """What a suite answers to the examples of one document, which are taken back afterwards."""
    base = str(source(name).own["base"])
    requests = load(EXAMPLES / f"{name}.yaml")
    found: Answers = {}
    made: list[str] = []
    for segment, examples in requests.items():
        if "create" in examples:
            found[segment] = await _of_resource(client, f"{base}/{segment}", examples, made)
    found["errors"] = {
        code: (await client.send(asked)).json() for code, asked in _mistakes(client, base, requests, made)
    }
    for href in reversed(made):
        await client.delete(href)
    return found


async def _of_resource(client: httpx.AsyncClient, path: str, examples: Mapping[str, Any], made: list[str]) -> Answers:
    created = await client.post(path, json=examples["create"]["value"])
    if created.status_code != 201:
        raise SystemExit(f"POST {path} answered {created.status_code}: {created.text}")
    body = created.json()
    made.append(body["href"])
    found: Answers = {"created": body, "retrieved": (await client.get(body["href"])).json()}
    found["listed"] = (await client.get(path, params={"id": body["id"], "limit": 1})).json()
    patched = {}
    for media, example in examples.get("patch", {}).items():
        answer = await client.patch(body["href"], json=example["value"], headers={"Content-Type": media})
        if answer.status_code != 200:
            raise SystemExit(f"PATCH {path} with {media} answered {answer.status_code}: {answer.text}")
        patched[media] = answer.json()
    return {**found, "patched": patched} if patched else found


def _mistakes(
    client: httpx.AsyncClient, base: str, requests: Mapping[str, Any], made: list[str]
) -> Iterator[tuple[str, httpx.Request]]:
    """A request for each refusal that a client can cause, by its code."""
    segment, examples = next((one, told) for one, told in requests.items() if "refused" in told)
    collection = f"{base}/{segment}"
    media, large = {"Content-Type": "text/plain"}, b" " * 6_000_000
    yield "400", client.build_request("POST", collection, json=examples["refused"]["value"])
    yield "404", client.build_request("GET", f"{collection}/nobody")
    yield "405", client.build_request("PUT", collection)
    yield "406", client.build_request("GET", collection, headers={"Accept": "text/html"})
    yield "412", client.build_request("PATCH", made[0], json={}, headers={"If-Match": '"0"'})
    yield "413", client.build_request("POST", collection, content=large, headers={"Content-Type": "application/json"})
    yield "415", client.build_request("POST", collection, content=b"x", headers=media)
    yield "501", client.build_request("GET", f"{collection}?filter=$..id")


if __name__ == "__main__":
    main()
