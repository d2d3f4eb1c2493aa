"""The web server process: gunicorn's master starts it, uvicorn speaks HTTP in it."""

from __future__ import annotations

from typing import Any, ClassVar

from uvicorn_worker import UvicornWorker

from common.serve.protocol import WebProtocol


class WebWorker(UvicornWorker):  # type: ignore[misc]  # it has no types
    """As it comes, but: X-Forwarded-* is left to the application (uvicorn would believe anyone on this machine), and an
    application that fails to start is not served."""

    CONFIG_KWARGS: ClassVar[dict[str, Any]] = {
        "loop": "auto",
        "http": WebProtocol,
        "lifespan": "on",
        "ws": "none",
        "proxy_headers": False,
        "server_header": False,
    }
