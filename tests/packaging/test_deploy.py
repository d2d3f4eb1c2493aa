"""deploy/ holds together and agrees with the suite; what needs a tool for it is `make deploy-lint`."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from common import apis, settings
from tests.packaging.lint import CHART, DEPLOY, ROOT

PORT = 8080
USER = "10001"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text()
TEMPLATES = {path.name: path.read_text() for path in (CHART / "templates").rglob("*.*")}
TEXTS = [path for path in sorted(DEPLOY.rglob("*")) if path.is_file() and path.suffix in (".yaml", ".tpl", ".txt", "")]
# Names that are built from a Service's, as the comment on enableServiceLinks says, and no settings.
NO_SETTINGS = {"TMF_"}
PINNED = re.compile(r"\d+\.\d+\.\d+")


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


COMPOSE = loaded(DEPLOY / "compose.yaml")
VALUES = loaded(CHART / "values.yaml")
COMPONENTS = {path.stem: loaded(path) for path in sorted((DEPLOY / "oda").glob("*.yaml"))}


@pytest.fixture(scope="module")
def house() -> ConfigParser:
    parser = ConfigParser()
    parser.read(ROOT / "setup.cfg")
    return parser


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Values as helm merges them."""
    both = {name: merged(below[name], above[name]) for name in below.keys() & above.keys() if _maps(below, above, name)}
    return {**below, **above, **both}


def _maps(below: Mapping[str, Any], above: Mapping[str, Any], name: str) -> bool:
    return isinstance(below[name], dict) and isinstance(above[name], dict)


def image_of(service: Mapping[str, Any]) -> tuple[str, str]:
    name, _, tag = service["image"].rpartition(":")
    return name, tag


@pytest.mark.parametrize("values", [{}, loaded(CHART / "lint-values.yaml")], ids=["defaults", "lint-values"])
def test_the_values_of_the_chart_are_what_its_schema_allows(values: dict[str, Any]):
    jsonschema.Draft7Validator(json.loads((CHART / "values.schema.json").read_text())).validate(merged(VALUES, values))


@pytest.mark.parametrize(
    "values",
    [{"settings": {"TMF_PORT": "1"}}, {"settings": {"TMF_APIS": 1}}, {"image": {"tag": "latest"}}, {"wbe": {}}],
    ids=["a setting of the chart's own", "a number", "no release", "a slip"],
)
def test_the_schema_of_the_chart_refuses(values: dict[str, Any]):
    validator = jsonschema.Draft7Validator(json.loads((CHART / "values.schema.json").read_text()))
    assert not validator.is_valid(merged(VALUES, values))


@pytest.mark.parametrize("path", TEXTS, ids=[str(path.relative_to(DEPLOY)) for path in TEXTS])
def test_every_setting_that_is_named_exists(path: Path):
    named = set(re.findall(r"\bTMF_[A-Z_]*", path.read_text()))
    assert named - settings.variables() - NO_SETTINGS == set()


def test_the_suite_takes_the_settings_of_the_chart():
    settings.read({**VALUES["settings"], "MONGODB_URI": "mongodb://store"}, {})


@pytest.mark.parametrize("role", ["web", "dispatcher"])
def test_the_suite_takes_the_settings_of_compose(role: str):
    environ = COMPOSE["services"][role]["environment"]
    plain = {name: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", text) for name, text in environ.items()}
    taken = settings.read(plain, {})
    assert (taken.delivery.kafka, taken.work.dispatchers) == ("kafka:9092", 0)
    assert str(taken.store.mongodb_uri).startswith("mongodb://mongodb:27017/")


def test_every_image_is_pinned_to_one_release(house: ConfigParser):
    own = house["metadata"]["version"]
    bases = re.findall(r"^FROM \S+:(\S+)", CONTAINERFILE, re.MULTILINE)
    assert len(bases) == 2
    assert len(set(bases)) == 1
    foreign = [image_of(service) for service in COMPOSE["services"].values() if "build" not in service]
    assert [image for image in foreign if not PINNED.fullmatch(image[1])] == []
    assert PINNED.match(bases[0])
    suite = {image_of(service) for service in COMPOSE["services"].values() if "build" in service}
    assert suite == {("tmf-reference-suite", own)}
    chart = loaded(CHART / "Chart.yaml")
    assert (chart["version"], chart["appVersion"], VALUES["image"]["tag"]) == (own, own, "")


def test_every_package_of_the_image_is_pinned_as_the_suite_pins_it(house: ConfigParser):
    lines = (DEPLOY / "constraints.txt").read_text().splitlines()[1:]
    pins = dict(line.lower().replace("_", "-").split("==") for line in lines)
    extras = house["options.extras_require"]
    wanted = "\n".join([house["options"]["install_requires"], extras["embedded"], extras["ctk"], extras["kafka"]])
    direct = dict(line.lower().replace("_", "-").split("==") for line in wanted.split())
    assert {name: pins.get(name) for name in direct} == direct
    assert len(pins) > len(direct)
    assert re.search(r"pip install (?:[a-z]+==[\d.]+ ?)+$", CONTAINERFILE, re.MULTILINE)
    assert "--constraint deploy/constraints.txt" in CONTAINERFILE


def test_the_build_sees_every_package_that_the_wheel_is_made_of():
    lines = (DEPLOY / "Containerfile.dockerignore").read_text().splitlines()
    assert {"*", "!common", "!ctk", "!specs", "!tmf[0-9][0-9][0-9]", "!setup.cfg", "!pyproject.toml"} <= set(lines)


def test_nothing_of_the_suite_runs_as_root_or_writes_to_its_root():
    assert re.findall(r"^USER (.*)$", CONTAINERFILE, re.MULTILINE) == [f"{USER}:{USER}"]
    for role in ("web", "dispatcher"):
        service = COMPOSE["services"][role]
        assert service["user"] == f"{USER}:{USER}"
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    helpers = TEMPLATES["_helpers.tpl"]
    for line in ("runAsNonRoot: true", f"runAsUser: {USER}", "readOnlyRootFilesystem: true", "drop: [ALL]"):
        assert line in helpers
    assert "allowPrivilegeEscalation: false" in helpers
    for name in ("web.yaml", "dispatcher.yaml", "ready.yaml"):
        assert 'include "suite.pod"' in TEMPLATES[name]
        assert 'include "suite.container"' in TEMPLATES[name]


def test_services_of_the_cluster_set_no_setting_by_accident():
    # A Service called tmf would set TMF_PORT=tcp://..., one called tmf-reference-suite a name that no setting has.
    assert "enableServiceLinks: false" in TEMPLATES["_helpers.tpl"]


def test_the_ports_are_the_same_everywhere():
    command = re.search(r"^CMD (.*)$", CONTAINERFILE, re.MULTILINE)
    assert command
    assert json.loads(command[1]) == ["serve", "--host", "0.0.0.0", "--port", str(PORT)]
    assert re.findall(r"^EXPOSE (.*)$", CONTAINERFILE, re.MULTILINE) == [str(PORT)]
    assert f"http://127.0.0.1:{PORT}/health/live" in CONTAINERFILE
    assert COMPOSE["services"]["web"]["command"] == json.loads(command[1])
    assert [port.rpartition(":")[2] for port in COMPOSE["services"]["web"]["ports"]] == [str(PORT)]
    assert f'args: [serve, --host, "0.0.0.0", --port, "{PORT}"]' in TEMPLATES["web.yaml"]
    assert f"containerPort: {PORT}\n" in TEMPLATES["web.yaml"]
    assert VALUES["service"]["port"] == PORT


def test_only_the_suite_is_published_and_only_on_loopback():
    published = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}
    assert set(published) == {"web"}
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


def test_what_a_service_of_compose_refers_to_is_there():
    services, volumes = COMPOSE["services"], set()
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        for needed, how in service.get("depends_on", {}).items():
            assert how["condition"] != "service_healthy" or "healthcheck" in services[needed]
        volumes |= {volume.partition(":")[0] for volume in service.get("volumes", ())}
    assert volumes == set(COMPOSE["volumes"])
    assert (ROOT / services["web"]["build"]["dockerfile"]).is_file()


def test_the_probes_ask_what_the_suite_answers():
    asked = re.findall(r"(\w+)Probe:\n\s+httpGet: \{path: (\S+), port: http\}", TEMPLATES["web.yaml"])
    assert asked == [("startup", "/health/live"), ("liveness", "/health/live"), ("readiness", "/health/ready")]


def test_an_api_of_a_component_stands_in_it_alone_and_in_every_version():
    homes = Counter(
        code for c in COMPONENTS.values() for code in {i["id"] for i in c["spec"]["coreFunction"]["exposedAPIs"]}
    )
    # A further API need not have a component: which one it belongs to is for the operator of a Canvas to say.
    assert set(homes) >= {"TMF620", "TMF621", "TMF622", "TMF629", "TMF632", "TMF666", "TMF683"}
    assert set(homes.values()) == {1}
    exposed = [
        (interface["id"], interface["path"], part)
        for component in COMPONENTS.values()
        for part in ("exposedAPIs", "publishedEvents")
        for interface in component["spec"]["coreFunction" if part == "exposedAPIs" else "eventNotification"][part]
    ]
    versions = [(a.code, version.base) for a in apis.declared() if a.code in homes for version in a.versions]
    served = [(code, base, "exposedAPIs") for code, base in versions]
    heard = [(code, f"{base}/hub", "publishedEvents") for code, base in versions]
    assert Counter(exposed) == Counter(served + heard)


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_is_one_by_our_schema_and_points_at_the_chart(name: str):
    component = COMPONENTS[name]
    jsonschema.Draft7Validator(json.loads((DEPLOY / "oda" / "component.schema.json").read_text())).validate(component)
    assert component["spec"]["componentMetadata"]["name"] == name
    for interface in component["spec"]["coreFunction"]["exposedAPIs"]:
        assert (interface["implementation"], interface["port"]) == (CHART.name, PORT)
        assert [place["url"] for place in interface["specification"]] == [
            f"http://{CHART.name}:{PORT}{interface['path']}/openapi.json"
        ]
        assert interface["developerUI"] == f"{interface['path']}/ui"


def test_the_names_of_a_components_interfaces_differ():
    names = [interface["name"] for c in COMPONENTS.values() for interface in c["spec"]["coreFunction"]["exposedAPIs"]]
    assert len(names) == len(set(names))
