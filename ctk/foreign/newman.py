"""Postman collections, such as the official kits: run by newman, their assertions folded into the report.

A collection is code: its scripts run in newman's sandbox and its requests go where it says, so run only what you trust.
Newman reads no file outside the collection's folder, and nothing of a collection goes into a shell. Newman (npm) is
installed on first use, at the version below and without install scripts, into a folder of its own: FOLDER under the
current directory unless the caller has another.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ctk.foreign.collection import findings, info, secrets
from ctk.verdict.outcome import ApiResult

VERSION = "6.2.2"
NEWMAN_FOLDER = Path(".newman")
_INSTALL_SECONDS = 300
_LAST_LINES = 5


class NewmanRefused(Exception):
    """Says in a sentence why the collection cannot be run."""


def run_collection(file: Path, url: str, folder: Path, environment: Path | None, seconds: float) -> ApiResult:
    """Runs a collection against the server at `url`, which its variables baseUrl, url and host name.

    `folder` is newman's own, `environment` a Postman environment, `seconds` the longest that the run may take (newman's
    installation has five minutes of its own). Raises NewmanRefused.
    """
    name = _name(file)
    hidden = _secrets(environment) if environment else ()
    newman = _installed(folder)
    with TemporaryDirectory() as temporary:
        export = Path(temporary, "newman.json")
        _run(newman, file.resolve(), url, environment, export, seconds)
        run = json.loads(export.read_bytes())
    return ApiResult(name, f"Postman collection {file.name}", url, tuple(findings(run, file.name, name, hidden)))


def _name(file: Path) -> str:
    """Returns the name of a collection. Raises NewmanRefused where the file is none."""
    name = info(_json(file))
    if not name:
        raise NewmanRefused(f"{file} is no Postman collection in format v2.")
    return name


def _secrets(environment: Path) -> Sequence[str]:
    data = _json(environment)
    if not isinstance(data, dict) or not isinstance(data.get("values"), list):
        raise NewmanRefused(f"{environment} is no Postman environment.")
    return secrets(data)


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except OSError as problem:
        raise NewmanRefused(f"{file} cannot be read: {problem.strerror or problem}.") from None
    except (ValueError, RecursionError):
        raise NewmanRefused(f"{file} is no JSON, so it is nothing of Postman's.") from None


def _installed(folder: Path) -> Path:
    """Returns newman's script in its folder; installs it where it is not there at its version."""
    package = folder.resolve() / "node_modules" / "newman"
    if not _is_installed(package):
        flags = ["--no-audit", "--no-fund", "--ignore-scripts"]
        folder.mkdir(parents=True, exist_ok=True)
        command = [_program("npm"), "install", "--prefix", str(folder.resolve()), f"newman@{VERSION}", *flags]
        done = _ended(command, folder, _INSTALL_SECONDS, "npm did not install newman")
        if done.returncode or not _is_installed(package):
            raise NewmanRefused(f"npm could not install newman {VERSION} into {folder}: {_last(done)}")
    return package / "bin" / "newman.js"


def _is_installed(package: Path) -> bool:
    try:
        return bool(json.loads((package / "package.json").read_bytes())["version"] == VERSION)
    except (OSError, ValueError, KeyError):
        return False


def _run(newman: Path, file: Path, url: str, environment: Path | None, export: Path, seconds: float) -> None:
    variables = [part for name in ("baseUrl", "url", "host") for part in ("--env-var", f"{name}={url}")]
    chosen = ["--environment", str(environment.resolve())] if environment else []
    reach = ["--no-insecure-file-read", "--working-dir", str(file.parent)]
    report = ["--reporters", "json", "--reporter-json-export", str(export)]
    command = [_program("node"), str(newman), "run", str(file), *variables, *chosen, *reach, *report]
    done = _ended(command, file.parent, seconds, f"the collection {file.name} did not end")
    if not export.exists():
        raise NewmanRefused(f"newman made no report about {file.name}: {_last(done)}")


def _program(name: str) -> str:
    path = shutil.which(name)
    if not path:
        raise NewmanRefused(
            f"Postman collections need {name}, and {name} is not installed; Node.js 18 or later has it."
        )
    return path


def _ended(command: list[str], where: Path, seconds: float, late: str) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end. Raises NewmanRefused where it takes longer than it may."""
    try:
        return subprocess.run(  # noqa: S603 - a list of arguments, no shell
            command, cwd=where, timeout=seconds, capture_output=True, check=False, text=True, errors="backslashreplace",
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NewmanRefused(f"After {seconds:g} seconds {late}.") from None


def _last(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (done.stdout + "\n" + done.stderr).splitlines() if line.strip()]
    return " / ".join(lines[-_LAST_LINES:]) or f"it ended with {done.returncode} and said nothing"
