"""`make specs-check`: what the tools that people use make of our documents, as a table; under a minute.

Per document: openapi-spec-validator finds nothing, schemathesis reads every operation, openapi-python-client generates
a client of which every module imports, that client creates, reads, lists, changes and deletes a resource of a running
suite, and openapi-core finds what the suite answered as declared.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import pkgutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import schemathesis
import yaml
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from openapi_spec_validator import OpenAPIV30SpecValidator
from schemathesis.core.result import Ok

from tests.running import running_suite
from tests.specs_clients.trips import Trip, trip

SPECS = Path(__file__).resolve().parents[2] / "specs"
NAMES = tuple(sorted(file.stem for file in SPECS.glob("TMF*-v?.yaml")))
_GENERATOR = str(Path(sys.executable).with_name("openapi-python-client"))
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_METHODS = ("get", "post", "patch", "delete")

# openapi-python-client 0.29.1 tells several bodies of an operation apart with isinstance(body, list[JsonPatch]), which
# Python refuses. The generator's own setting leaves these two media types out, the patches by merge stay.
_LEFT_OUT = ("application/json-patch+json", "application/json-patch-query+json")
_SETTINGS = {"post_hooks": [], "content_type_overrides": dict.fromkeys(_LEFT_OUT, "application/x-left-out")}

Document = dict[str, Any]


class Failed(Exception):
    """A step that did not hold, and why."""


def read(name: str) -> Document:
    """The document of this name: `TMF621-v5`."""
    found: Document = yaml.load((SPECS / f"{name}.yaml").read_bytes(), _LOADER)  # a safe loader, faster where C is
    return found


def readable(node: Any) -> Any:
    """The document as openapi-core can read it: a discriminator that maps a schema to itself makes it recurse for
    ever, and a oneOf over structurally equal branches refuses what any reader accepts (specs/ERRATA.md, all v5)."""
    if isinstance(node, list):
        return [readable(element) for element in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: readable(value) for key, value in node.items() if key != "discriminator" or not isinstance(value, dict)
    }
    if "oneOf" in kept and "discriminator" in node:
        kept["anyOf"] = kept.pop("oneOf")
    return kept


def operations(document: Document) -> int:
    """How many operations a document declares."""
    return sum(method in _METHODS for item in document["paths"].values() for method in item)


def valid(document: Document) -> None:
    """Raises Failed with the first thing that is no valid OpenAPI."""
    for error in OpenAPIV30SpecValidator(document).iter_errors():
        raise Failed(str(error))


def fuzzable(document: Document) -> None:
    """Raises Failed unless schemathesis reads every operation."""
    found = sum(isinstance(one, Ok) for one in schemathesis.openapi.from_dict(document).get_all_operations())
    if found != operations(document):
        raise Failed(f"{found} of {operations(document)} operations")


def client(name: str, folder: Path) -> ModuleType:
    """The client generated from a document into `folder`, every module of it imported; raises Failed."""
    settings, package = folder / "settings.json", name.lower().replace("-", "_")
    settings.write_text(json.dumps(_SETTINGS))
    command = [_GENERATOR, "generate", "--path", str(SPECS / f"{name}.yaml"), "--meta", "none", "--overwrite"]
    command += ["--config", str(settings), "--output-path", str(folder / package)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise Failed(done.stdout + done.stderr)
    made = _imported(package, folder / package)
    calls = [file for file in (folder / package / "api").glob("*/*.py") if file.stem != "__init__"]
    if len(calls) != operations(read(name)):
        raise Failed(f"{len(calls)} calls for {operations(read(name))} operations: {done.stdout}")
    return made


def _imported(package: str, folder: Path) -> ModuleType:
    """A package from a folder that is on no path, with all its modules."""
    for known in [one for one in sys.modules if one == package or one.startswith(package + ".")]:
        del sys.modules[known]
    spec = importlib.util.spec_from_file_location(
        package, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise Failed(f"{folder} is no package")
    made = sys.modules[package] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    for module in pkgutil.walk_packages(made.__path__, package + "."):
        importlib.import_module(module.name)
    return made


@dataclass
class Traveller:
    """One resource's calls of a generated client, and every answer with the path it came from."""

    made: ModuleType
    trip: Trip
    session: Any
    answers: list[tuple[str, str, Any]] = field(default_factory=list)

    def call(self, verb: str, *path: str, sent: Mapping[str, Any] | None = None, **asked: Any) -> Any:
        """What the client understood of the answer to a verb; `sent` is built with the types the client declares."""
        words = f"{verb}{self.trip.segment[0].upper()}{self.trip.segment[1:]}"
        module = next(
            found
            for name, found in sys.modules.items()
            if name.startswith(self.made.__name__ + ".api.")
            and name.rsplit(".", 1)[-1].replace("_", "") == words.lower()
        )
        if sent is not None:
            declared = module.sync_detailed.__annotations__["body"]
            body = next((one for one in get_args(declared) if hasattr(one, "from_dict")), declared)
            asked["body"] = body.from_dict({"@type": self.trip.segment[0].upper() + self.trip.segment[1:], **sent})
        answer = module.sync_detailed(*path, client=self.session, **asked)
        self.answers.append((verb, "/".join((self.trip.segment, *path)), answer))
        return answer


def round_trip(made: ModuleType, trip: Trip, address: str) -> Traveller:
    """Creates, reads, lists, changes and deletes a resource at `address`; raises Failed where the client understood
    less than the server answered."""
    with made.Client(base_url=address) as session:
        traveller = Traveller(made, trip, session)
        created = _understood(traveller.call("create", sent=trip.body), 201)
        key = created["id"]
        _equal(_understood(traveller.call("retrieve", key), 200), created)
        listed = [one["id"] for one in _understood(traveller.call("list", limit=10), 200, 206)]
        _equal(key in listed, True)
        changed = _understood(traveller.call("patch", key, sent=trip.change), 200)
        _equal({name: changed[name] for name in trip.change}, dict(trip.change))
        _equal(traveller.call("delete", key).status_code, 204)
        _equal(_understood(traveller.call("retrieve", key), 404)["code"], "404")
    return traveller


def _understood(answer: Any, *codes: int) -> Any:
    """What the client's types hold of an answer; raises Failed where that is not all of it."""
    if answer.status_code not in codes:
        raise Failed(f"answered {answer.status_code}: {answer.content!r}")
    held = [one.to_dict() for one in answer.parsed] if isinstance(answer.parsed, list) else answer.parsed.to_dict()
    _equal(_in_time(held), _in_time(json.loads(answer.content)))
    return held


def _in_time(node: Any) -> Any:
    """A value with its date-times as instants, since a client writes them in its own way."""
    if isinstance(node, dict):
        return {name: _in_time(inner) for name, inner in node.items()}
    if isinstance(node, list):
        return [_in_time(inner) for inner in node]
    if isinstance(node, str) and "T" in node:
        with suppress(ValueError):
            return datetime.fromisoformat(node)
    return node


def _equal(found: Any, wanted: Any) -> None:
    if found != wanted:
        raise Failed(f"{found} is not {wanted}")


def declared(document: Document, traveller: Traveller, origin: str, base: str) -> None:
    """Raises where openapi-core finds that an answer of the round trip is none that the document declares."""
    judge = OpenAPI.from_dict(readable({**document, "servers": [{"url": origin + base}]}))
    methods = {"create": "post", "retrieve": "get", "list": "get", "patch": "patch", "delete": "delete"}
    for verb, path, answer in traveller.answers:
        asked = MockRequest(origin, methods[verb], f"{base}/{path}", content_type="application/json")
        told = MockResponse(answer.content, int(answer.status_code), dict(answer.headers), _media(answer))
        judge.validate_response(asked, told)


def _media(answer: Any) -> str:
    return str(answer.headers.get("content-type", "application/json"))


def checked(name: str, origin: str, folder: Path) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The steps of one document in order, by the tool that takes them; a later one uses what an earlier one made."""
    document = read(name)
    base = document["servers"][0]["url"].rstrip("/")
    kept: dict[str, Any] = {}
    yield "valid", lambda: valid(document)
    yield "schemathesis", lambda: fuzzable(document)
    yield "client", lambda: kept.update(made=client(name, folder))
    yield "round trip", lambda: kept.update(trip=round_trip(kept["made"], trip(name), origin + base))
    yield "openapi-core", lambda: declared(document, kept["trip"], origin, base)


def _row(name: str, origin: str, folder: Path) -> list[str]:
    """One line of the table; what failed is told below it."""
    cells: list[str] = []
    problems: list[str] = []
    begun = time.monotonic()
    for tool, step in checked(name, origin, folder):
        if problems and tool in ("round trip", "openapi-core"):
            cells.append("-")
            continue
        try:
            step()
            cells.append("ok")
        except Exception as problem:
            cells.append("FAILED")
            problems.append(f"  {tool}: {type(problem).__name__} {problem}")
    line = "".join(f"{cell:14}" for cell in (name, *cells, f"{time.monotonic() - begun:.1f} s"))
    sys.stdout.write("\n".join([line, *problems]) + "\n")
    sys.stdout.flush()
    return problems


def main() -> int:
    """Checks the documents named, all of them by default."""
    named = tuple(sys.argv[1:]) or NAMES
    header = ("document", "valid", "schemathesis", "client", "round trip", "openapi-core", "time")
    sys.stdout.write("".join(f"{cell:14}" for cell in header) + "\n")
    with tempfile.TemporaryDirectory() as data, running_suite(Path(data)) as running:
        problems = [problem for name in named for problem in _row(name, running.url, Path(data))]
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
