"""The wheel as a product: built, installed into a clean environment, served from an empty directory, and judged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from tests.serve.running import eventually

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("common", "ctk", "specs", *sorted(folder.name for folder in ROOT.glob("tmf[0-9][0-9][0-9]")))
STAYS = ("specs/source/", "specs/builder/")
NOTES = (".md", ".pyc")
TICKET = {"description": "no dial tone", "severity": "major", "ticketType": "fault"}
IMPORTS = """
import importlib, sys
for name in sys.argv[1:]:
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as missing:
        print(name, "needs", missing.name)
        continue
    if not module.__file__.startswith(sys.prefix):
        print(name, "is at", module.__file__)
"""


class Installed:
    """An environment of its own with the wheel in it, and nothing of the checkout on any path."""

    def __init__(self, folder: Path, wheel: Path):
        venv.create(folder, with_pip=True)
        self.bin = folder / "bin"
        self.run("python", "-m", "pip", "install", "--quiet", f"{wheel}[embedded,ctk]", cwd=folder)

    def environ(self) -> dict[str, str]:
        """The environment of its programs: no setting, no path of the tests."""
        dropped = ("TMF_", "PYTHON", "MONGODB_URI", "PORT", "VIRTUAL_ENV")
        plain = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
        return {**plain, "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}"}

    def run(self, program: str, *words: str, cwd: Path) -> str:
        """What one of its programs printed; fails where it did not exit with 0."""
        ended = subprocess.run(
            [self.bin / program, *words], cwd=cwd, env=self.environ(), capture_output=True, text=True, timeout=480
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=480)
    assert built.returncode == 0, built.stdout + built.stderr
    assert len(list(folder.glob("*.tar.gz"))) == 1
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(tmp_path_factory.mktemp("clean") / "venv", wheel)


@pytest.fixture(scope="module")
def origin(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a suite that the wheel serves from an empty directory."""
    empty, printed = tmp_path_factory.mktemp("empty"), tmp_path_factory.mktemp("printed") / "out"
    with printed.open("wb") as out:
        suite = subprocess.Popen(
            [installed.bin / "tmf", "serve", "--port", "0", "--workers", "1"],
            cwd=empty,
            env=installed.environ(),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        eventually(lambda: "Ready." in printed.read_text() or suite.poll() is not None, "the start")
        lines = printed.read_text().splitlines()
        assert suite.poll() is None, lines
        assert [path.name for path in empty.iterdir()] == ["tmf-data"]
        yield next(line for line in lines if line.startswith("Listens at: ")).split(": ")[1]
    finally:
        suite.terminate()
        ended = suite.wait(120)
    assert ended == 0, printed.read_text()


def names(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_every_file_that_the_suite_needs_and_no_other(wheel: Path):
    paths = (path for folder in SHIPPED for path in (ROOT / folder).rglob("*") if path.is_file())
    files = {path.relative_to(ROOT).as_posix() for path in paths if path.suffix not in NOTES}
    assert names(wheel) == {name for name in files if not name.startswith(STAYS)}


def test_every_package_of_the_wheel_says_that_it_is_typed(wheel: Path):
    assert {f"{folder}/py.typed" for folder in SHIPPED} <= names(wheel)


def test_every_module_of_the_wheel_imports_without_the_checkout(installed: Installed, wheel: Path, tmp_path: Path):
    files = sorted(name for name in names(wheel) if name.endswith(".py") and "__main__" not in name)
    modules = [name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in files]
    assert len(modules) > 200
    # The one module of an extra that is not installed here.
    printed = installed.run("python", "-c", IMPORTS, *modules, cwd=tmp_path)
    assert printed.splitlines() == ["common.work.kafka needs confluent_kafka"]


def test_the_command_tells_the_version_of_the_wheel(installed: Installed, wheel: Path, tmp_path: Path):
    assert installed.run("tmf", "--version", cwd=tmp_path) == f"tmf, version {wheel.name.split('-')[1]}\n"


def test_the_front_page_and_the_health_answer(origin: str):
    page = httpx.get(origin + "/")
    assert page.status_code == 200
    assert "Trouble Ticket" in page.text
    assert httpx.get(origin + "/health/live").status_code == 200
    assert httpx.get(origin + "/health/ready").status_code == 200


def test_a_ticket_is_created_and_read_back(origin: str):
    created = httpx.post(f"{origin}/tmf-api/troubleTicket/v4/troubleTicket", json=TICKET)
    assert created.status_code == 201, created.text
    read = httpx.get(created.json()["href"])
    assert read.status_code == 200
    assert read.json() == created.json()
    assert read.json()["description"] == "no dial tone"


def test_the_kit_of_the_wheel_judges_the_suite_of_the_wheel(installed: Installed, origin: str, tmp_path: Path):
    assert "Judge the TM Forum server" in installed.run("tmf", "check", "--help", cwd=tmp_path)
    words = ("check", origin, "--api", "TMF621-v4", "--area", "retrieve", "--json", "report.json")
    printed = installed.run("tmf", *words, cwd=tmp_path)
    assert "TMF621-v4" in printed
    assert json.loads((tmp_path / "report.json").read_text())
