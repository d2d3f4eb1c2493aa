"""The documents as they are served: `{base}/openapi.json` and `{base}/openapi.yaml`, rendered once at start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import yaml


def rendered(raw: Mapping[str, Any], address: str) -> Mapping[str, tuple[bytes, str]]:
    """The document's downloads by file name, each with its media type; `address` becomes its one server."""
    document = {**raw, "servers": [{"url": address}]}
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text = yaml.dump(document, Dumper=dumper, sort_keys=False, width=120, allow_unicode=True)
    return {
        "openapi.json": (orjson.dumps(document), "application/json"),
        "openapi.yaml": (text.encode(), "application/yaml"),
    }
