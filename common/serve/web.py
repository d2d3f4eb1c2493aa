"""The web servers' master: gunicorn with our settings. `python -m common.serve.web MODULE:FACTORY()`.

Settings come from the environment that the supervisor hands over; no configuration file, no GUNICORN_CMD_ARGS.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.util import import_app

from common import settings
from common.errors import StartRefused
from common.serve import address, tether
from common.serve.worker import WebWorker


class Web(BaseApplication):  # type: ignore[misc]  # it has no types
    """Serves one ASGI application, loaded once, before the workers are forked."""

    def __init__(self, application: str, configuration: dict[str, Any]):
        self.application = application
        self.configuration = configuration
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.configuration.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return import_app(self.application)


def configuration(options: settings.Settings) -> dict[str, Any]:
    """Returns gunicorn's settings. Each worker listens for itself (reuse_port): behind a shared socket they starve each
    other. No control socket: its default place is the same for every master on the machine."""
    return {
        "bind": address.written(options.web.host, options.web.port),
        "workers": options.web.workers,
        "worker_class": WebWorker,
        "reuse_port": True,
        "preload_app": True,
        "control_socket_disable": True,
        "graceful_timeout": options.web.graceful_seconds,
        "timeout": 60,
        "keepalive": 30,
        "backlog": 2048,
        "loglevel": options.log_level,
        "proc_name": "tmf",
        "post_fork": _tie_worker,
    }


def main(application: str) -> None:
    """Serves until SIGTERM. Exits with the code of a StartRefused after its sentence."""
    try:
        Web(application, configuration(settings.read(os.environ, {}))).run()
    except StartRefused as refusal:
        print(f"tmf: {refusal}", file=sys.stderr, flush=True)
        raise SystemExit(refusal.exit_code) from None


def _tie_worker(arbiter: Any, _worker: Any) -> None:
    tether.tie(arbiter.pid)


if __name__ == "__main__":
    main(sys.argv[1])
