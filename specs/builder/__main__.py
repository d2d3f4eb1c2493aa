"""`make specs`: writes the documents; `--undescribed` lists what has no description instead."""

from __future__ import annotations

import sys
from typing import Any

import orjson
import yaml

from specs.builder.document import document
from specs.builder.prose import glossary
from specs.builder.source import NAMES, SOURCE, source


class Dumper(yaml.SafeDumper):
    """Writes every value where it stands."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """See SafeDumper."""
        return True


def built() -> dict[str, tuple[str, list[str]]]:
    """Returns every document's text by its name, and the places in it that have no description."""
    texts = glossary()
    made = {}
    for name in NAMES:
        whole, missing = document(source(name), texts)
        text = yaml.dump(whole, Dumper=Dumper, sort_keys=False, width=120, allow_unicode=True)
        made[name] = (text, missing)
    return made


def as_json(text: str) -> bytes:
    """Returns the same document as the servers load it."""
    parsed = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # a safe loader
    return orjson.dumps(parsed, option=orjson.OPT_APPEND_NEWLINE)


def main() -> None:
    """Builds and writes, or tells what is undescribed."""
    for name, (text, missing) in built().items():
        if "--undescribed" in sys.argv:
            sys.stdout.writelines(f"{name}: {place}\n" for place in missing)
        else:
            (SOURCE.parent / f"{name}.yaml").write_text(text, encoding="utf-8")
            (SOURCE.parent / f"{name}.json").write_bytes(as_json(text))


if __name__ == "__main__":
    main()
