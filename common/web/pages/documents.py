"""The documents as they are served: `{base}/openapi.json` and `{base}/openapi.yaml`, rendered once at start."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import yaml


def rendered(raw: Mapping[str, Any], file: Path, address: str) -> Mapping[str, tuple[bytes, str]]:
    """Returns the downloads of the document that was read from `file`, by file name, each with its media type;
    `address` becomes its one server."""
    document = {**raw, "servers": [{"url": address}]}
    return {
        "openapi.json": (orjson.dumps(document), "application/json"),
        "openapi.yaml": (_yaml(document, file, raw).encode(), "application/yaml"),
    }


def _yaml(document: Mapping[str, Any], file: Path, raw: Mapping[str, Any]) -> str:
    """Returns the file's own text where its one server can be exchanged in it, which takes no time; else the
    document anew."""
    text = file.read_text(encoding="utf-8")
    own = f"servers:\n- url: {raw.get('servers', [{}])[0].get('url')}\n"
    if text.count(own) == 1:
        return text.replace(own, f"servers:\n- url: {document['servers'][0]['url']}\n")
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(document, Dumper=dumper, sort_keys=False, width=120, allow_unicode=True))
