"""A small server by another hand: it keeps documents and TMF630's MUSTs, and differs from our suite where those allow.

Relative hrefs, no Location, no ETag, no Last-Modified, 206 for every list, oldest first, no sort, no operators, no
JSONPath, no paging links, errors of `code` and `reason` alone, counted ids, a charset in every Content-Type, attributes
of its own. It lives in memory, and is what the kit judges; nothing of our suite is tested with it.
"""

from __future__ import annotations

import json
import queue
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx
import jsonpatch

from ctk.standard.additions import Additions
from ctk.standard.document import Document, ours
from ctk.standard.profile import Profile, Resource, profile_of, profiles

NOW = "2026-11-25T09:00:00+01:00"
_KINDS = {"string": str, "boolean": bool, "integer": int, "number": (int, float), "array": list, "object": dict}


class Refused(Exception):
    """A code and a reason."""

    def __init__(self, code: int, reason: str):
        super().__init__(reason)
        self.code = code


class Resources:
    """What one resource's collection holds, and how its document wants it."""

    def __init__(self, resource: Resource, profile: Profile, content: dict[str, Any], lacking: tuple[str, ...]):
        self.name, self.version, self.base = resource.name, profile.version, profile.base
        self.asked = resource
        self.operations = set(resource.operations) - set(lacking)
        self.schemas = content["components"]["schemas"]
        self.held: dict[str, dict[str, Any]] = {}
        self.number = 4711

    def properties(self, schema: str) -> dict[str, Any]:
        """The attributes of a schema, inherited ones included."""
        node = self.schemas.get(schema, {})
        found: dict[str, Any] = {}
        for part in [node, *node.get("allOf", ())]:
            if "$ref" in part:
                found |= self.properties(part["$ref"].rpartition("/")[2])
            found |= part.get("properties", {})
        return found

    def judged(self, body: Any) -> None:
        """Refuses a body without what is mandatory, or with a value of another kind."""
        if not isinstance(body, dict):
            raise Refused(400, "an object is expected")
        for name in self.asked.required:
            if body.get(name) in (None, [], "") and name not in ("lastUpdate", "lifecycleStatus"):
                raise Refused(400, f"{name} is mandatory")
        for name, node in self.properties(self.asked.schema).items():
            self._kind(name, node, body.get(name))

    def _kind(self, name: str, node: dict[str, Any], value: Any) -> None:
        while reference := node.get("$ref") or next((p["$ref"] for p in node.get("allOf", ()) if "$ref" in p), None):
            node = self.schemas.get(reference.rpartition("/")[2], {})
            if node.get("properties"):
                break
        kind = node.get("type", "object" if "properties" in node or "oneOf" in node else "")
        if value is None or kind not in _KINDS:
            return
        right = isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))
        if not right or ("enum" in node and value not in node["enum"]):
            raise Refused(400, f"{name} is not as the document declares it")
        if node.get("format") == "date-time" and not re.match(r"\d{4}-\d\d-\d\dT", value):
            raise Refused(400, f"{name} is no date-time")

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        """A new resource with what the server sets."""
        self.judged(body)
        self.number += 1
        key = str(self.number)
        made = {**body, "id": key, "href": f"{self.base}/{self.name}/{key}", "x-desk": "north"}
        if self.asked.state:
            made.setdefault(self.asked.state, self.asked.path[0])
        dates = {n for n, p in self.properties(self.asked.schema).items() if p.get("format") == "date-time"}
        for name in (set(self.asked.mandatory) | set(self.asked.server)) & dates:
            made[name] = NOW
        if "lifecycleStatus" in self.asked.mandatory:
            made.setdefault("lifecycleStatus", "In study")
        if "state" in self.asked.mandatory:
            made.setdefault("state", "acknowledged")
        if self.version == "v5":
            made.setdefault("@type", self.asked.schema)
        self.held[key] = made
        return made

    def get(self, key: str) -> dict[str, Any]:
        """One of them."""
        if key not in self.held:
            raise Refused(404, "there is none")
        return self.held[key]

    def patch(self, key: str, body: Any, media: str) -> dict[str, Any]:
        """The changed resource; what is protected stays as it was."""
        old = self.get(key)
        new = self._patched(old, body, media)
        for name in {*self.asked.protected, "id", "href"}:
            new.pop(name, None)
            if name in old:
                new[name] = old[name]
        if self.version == "v5":
            new.setdefault("@type", self.asked.schema)
        if gone := [name for name in self.asked.mandatory if name not in new]:
            raise Refused(400, f"{gone[0]} is mandatory")
        self.judged(new)
        self.held[key] = new
        return new

    def _patched(self, old: dict[str, Any], body: Any, media: str) -> dict[str, Any]:
        if media in ("application/json", "application/merge-patch+json"):
            if not isinstance(body, dict):
                raise Refused(400, "an object is expected")
            return merged(old, body)
        if self.version == "v4" or media not in ("application/json-patch+json", "application/json-patch-query+json"):
            raise Refused(415, "not this media type")
        try:
            direct = [{**one, "path": located(one["path"], old)} for one in body]
            changed: dict[str, Any] = jsonpatch.apply_patch(old, direct)
            return changed
        except (
            jsonpatch.JsonPatchException,
            jsonpatch.JsonPointerException,
            KeyError,
            TypeError,
            AttributeError,
        ) as problem:
            raise Refused(400, str(problem)) from None

    def found(self, pairs: list[tuple[str, str]]) -> list[dict[str, Any]]:
        """Those that meet every condition, oldest first."""
        known = self.properties(self.asked.schema)
        conditions = [(name, wanted) for name, wanted in pairs if name not in ("fields", "offset", "limit", "sort")]
        for name, _ in conditions:
            if name == "filter":
                raise Refused(501, "no JSONPath here")
            if name.split(".")[0] not in known:
                raise Refused(400, f"{name} is no attribute")
        return [one for one in self.held.values() if all(meets(one, n.split("."), w) for n, w in conditions)]


def merged(old: Any, change: Any) -> Any:
    """RFC 7396."""
    if not isinstance(change, dict):
        return change
    base = dict(old) if isinstance(old, dict) else {}
    for name, value in change.items():
        if value is None:
            base.pop(name, None)
        else:
            base[name] = merged(base.get(name), value)
    return base


def located(path: str, document: dict[str, Any]) -> str:
    """A JSON pointer from a path with conditions: `/note?author=x/text` and `$.note[?(@.author=='x')].text`."""
    json_path = re.fullmatch(r"\$\.(\w+)\[\?\(?@\.([@\w]+)\s*==\s*['\"](.*?)['\"]\)?\](?:\.(\w+))?", path)
    query = re.fullmatch(r"/(\w+)\?(?:\w+\.)?([@\w]+)=(.*?)(?:/(\w+))?", path)
    found = json_path or query
    if not found:
        return path
    name, attribute, wanted, rest = found.groups()
    at = next((n for n, one in enumerate(document.get(name, ())) if str(one.get(attribute)) == wanted), None)
    if at is None:
        raise Refused(400, "the path leads nowhere")
    return f"/{name}/{at}" + (f"/{rest}" if rest else "")


def meets(node: Any, path: list[str], wanted: str) -> bool:
    """Whether a value at a dotted path equals a text, or one of several separated by commas."""
    if isinstance(node, list):
        return any(meets(one, path, wanted) for one in node)
    if path:
        return isinstance(node, dict) and path[0] in node and meets(node[path[0]], path[1:], wanted)
    text = json.dumps(node) if isinstance(node, bool | int | float) else str(node)
    return text == wanted or text in wanted.split(",")


def chosen(one: dict[str, Any], pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """The attributes asked for, and those that a server may add."""
    names = [name.split(".")[0] for key, value in pairs if key == "fields" for name in value.split(",")]
    return {k: v for k, v in one.items() if not names or k in {*names, "id", "href", "@type"}}


class Minimal:
    """The server's parts for one profile: its resources, and who wants their events."""

    def __init__(self, profile: Profile, content: dict[str, Any], lacking: tuple[str, ...] = ()):
        self.profile = profile
        self.resources = {
            name: Resources(resource, profile, content, lacking) for name, resource in profile.resources.items()
        }
        self.hubs: dict[str, dict[str, Any]] = {}
        self.events: queue.Queue[tuple[str, dict[str, Any]] | None] = queue.Queue()
        self.number = 0

    def answer(
        self, method: str, path: str, pairs: list[tuple[str, str]], media: str, content: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        """Code, body and headers."""
        name, _, key = path.strip("/").partition("/")
        if name == "hub":
            return self._hub(method, unquote(key), content)
        if name == "listener" and method == "POST":
            return (201, {"id": "1", "callback": "here"}, {}) if self.profile.version == "v4" else (204, None, {})
        if name not in self.resources:
            raise Refused(404, "there is no such path")
        verb = {
            ("GET", False): "list",
            ("GET", True): "retrieve",
            ("POST", False): "create",
            ("PATCH", True): "patch",
            ("DELETE", True): "delete",
        }.get((method, bool(key)))
        if verb not in self.resources[name].operations:
            raise Refused(405, "not this method")
        return getattr(self, f"_{verb}")(self.resources[name], unquote(key), pairs, media, content)

    def _list(
        self, held: Resources, key: str, pairs: Any, media: str, content: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        found = held.found(pairs)
        asked = dict(pairs)
        try:
            offset, limit = int(asked.get("offset", 0)), int(asked.get("limit", 50))
        except ValueError:
            raise Refused(400, "a page is counted in numbers") from None
        page = [chosen(one, pairs) for one in found[offset : offset + limit]]
        return 206, page, {"X-Total-Count": str(len(found)), "X-Result-Count": str(len(page))}

    def _retrieve(
        self, held: Resources, key: str, pairs: Any, media: str, content: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        return 200, chosen(held.get(key), pairs), {}

    def _create(
        self, held: Resources, key: str, pairs: Any, media: str, content: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        made = held.create(read(content))
        self.tell(held, "create", made)
        return 201, made, {}

    def _patch(
        self, held: Resources, key: str, pairs: Any, media: str, content: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        old = held.get(key)
        new = held.patch(key, read(content), media)
        state = held.asked.state
        if state and old.get(state) != new.get(state):
            for cause in ("state", str(new.get(state))):
                self.tell(held, cause, new)
        if {k: v for k, v in old.items() if k != state} != {k: v for k, v in new.items() if k != state}:
            self.tell(held, "change", new)
        return 200, new, {}

    def _delete(
        self, held: Resources, key: str, pairs: Any, media: str, content: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        self.tell(held, "delete", held.get(key))
        del held.held[key]
        return 204, None, {}

    def _hub(self, method: str, key: str, content: bytes) -> tuple[int, Any, dict[str, str]]:
        if method == "POST":
            body = read(content)
            if not isinstance(body, dict) or not str(body.get("callback", "")).startswith("http"):
                raise Refused(400, "callback is an address")
            self.number += 1
            made = {"id": str(self.number), "callback": body["callback"], "query": body.get("query", "")}
            if self.profile.version == "v5":
                made["@type"] = "Hub"
            self.hubs[made["id"]] = made
            return 201, made, {}
        if key not in self.hubs:
            raise Refused(404, "there is none")
        if method == "DELETE":
            del self.hubs[key]
            return 204, None, {}
        return 200, self.hubs[key], {}

    def tell(self, held: Resources, cause: str, resource: dict[str, Any]) -> None:
        """Queues the events of a change for who wants them."""
        for kind, sent in self.profile.events.items():
            if sent.resource != held.name or sent.cause != cause:
                continue
            self.number += 1
            wrapper, inner = sent.content
            event = {"eventId": str(self.number), "eventTime": NOW, "eventType": kind, wrapper: {inner: dict(resource)}}
            if held.version == "v5":
                event["@type"] = sent.schema
            for hub in list(self.hubs.values()):
                wanted = re.findall(r"eventType=([\w,]+)", hub["query"] or "")
                if not wanted or kind in ",".join(wanted).split(","):
                    self.events.put((hub["callback"], event))

    def deliver(self) -> None:
        """Sends what is queued, in order, until told to end."""
        with httpx.Client(timeout=10) as client:
            while (one := self.events.get()) is not None:
                try:
                    client.post(one[0], json=one[1])
                except httpx.HTTPError:
                    continue


def read(content: bytes) -> Any:
    """A body as JSON."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise Refused(400, "this is no JSON") from None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave in one packet: two would wait for each other's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Any

    def _any(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, query = self.path.partition("?")
        minimal, base = self.server.minimal, self.server.minimal.profile.base
        media = (self.headers.get("Content-Type") or "").partition(";")[0]
        try:
            if not path.startswith(base + "/"):
                raise Refused(404, "there is no such path")
            with self.server.lock:
                code, body, headers = minimal.answer(
                    self.command, path.removeprefix(base), parse_qsl(query), media, content
                )
        except Refused as refusal:
            code, headers = refusal.code, {}
            body = {"code": str(code), "reason": str(refusal)} | (
                {"@type": "Error"} if minimal.profile.version == "v5" else {}
            )
        told = b"" if body is None else json.dumps(body).encode()
        self.send_response(code)
        for name, value in {**headers, "Content-Type": "application/json;charset=utf-8"}.items():
            if body is not None:
                self.send_header(name, value)
        if code != 204:
            self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        if code != 204:
            self.wfile.write(told)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _any

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def minimal_server(name: str, *lacking: str, content: dict[str, Any] | None = None) -> Iterator[str]:
    """The address of a server of one API and version (`TMF621-v4`), which may lack operations (`patch`).

    `content` is its document, where `specs/` has none of this name.
    """
    profile = profile_of(name, Document(content), Additions()) if content else profiles()[name]
    minimal = Minimal(profile, content or ours(name).content, lacking)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.minimal, server.lock = minimal, threading.RLock()  # type: ignore[attr-defined]
        threads = [
            threading.Thread(target=server.serve_forever, daemon=True),
            threading.Thread(target=server.minimal.deliver, daemon=True),
        ]  # type: ignore[attr-defined]
        for thread in threads:
            thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.minimal.events.put(None)  # type: ignore[attr-defined]
            server.shutdown()
            for thread in threads:
                thread.join()
