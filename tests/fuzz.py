"""`make fuzz`: schemathesis against a running suite, every document; too long for `make test`.

`python -m tests.fuzz [TMF621-v5 ...] [--seconds N]`: a report per document below `fuzz/`, exit code 1 where a
server failed or answered another media type than it declares. 501 is an answer here: a valid JSONPath that lists
do not reach.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from common import apis
from common.resource import Version
from tests.running import running_suite

_SCHEMATHESIS = str(Path(sys.executable).with_name("schemathesis"))
_CONFIG = '[checks.not_a_server_error]\nexpected-statuses = ["2xx", "3xx", "4xx", 501]\n'


def fuzz(url: str, version: Version, seconds: int, folder: Path) -> bool:
    """True where one document's server held."""
    (folder / "schemathesis.toml").write_text(_CONFIG)
    command = [_SCHEMATHESIS, "run", f"{url}{version.base}/openapi.json", "--url", url + version.base]
    command += ["--checks", "not_a_server_error,content_type_conformance", "--phases", "fuzzing"]
    command += ["--max-time", str(seconds), "--suppress-health-check", "all", "--continue-on-failure", "--seed", "1"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds * 10 + 60)
    (folder / f"{version.document.stem}.log").write_text(done.stdout + done.stderr)
    print(f"{version.document.stem}: {'held' if done.returncode == 0 else 'FAILED'}", flush=True)
    return done.returncode == 0


def main() -> int:
    """Fuzzes the documents named, all of them by default."""
    parser = argparse.ArgumentParser()
    parser.add_argument("documents", nargs="*")
    parser.add_argument("--seconds", type=int, default=30)
    chosen = parser.parse_args()
    folder = Path("fuzz")
    folder.mkdir(exist_ok=True)
    versions = [version for api in apis.declared() for version in api.versions]
    wanted = [v for v in versions if not chosen.documents or v.document.stem in chosen.documents]
    with tempfile.TemporaryDirectory() as data, running_suite(Path(data)) as running:
        held = [fuzz(running.url, version, chosen.seconds, folder.absolute()) for version in wanted]
    return 0 if all(held) else 1


if __name__ == "__main__":
    raise SystemExit(main())
