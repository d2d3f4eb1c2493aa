"""Our own words for everything that a document declares, looked up in specs/source/glossary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from specs.builder.source import SOURCE, Source, load

_VARIANT = re.compile(r"(.+?)(_FVO|_MVO|_Create|_Update|_RES)")
_EVENT = re.compile(r"(.+?)(Event|EventPayload)")
GLOSSARY = SOURCE / "glossary"


@dataclass(frozen=True, slots=True)
class Glossary:
    """Every text: `properties` by name or `Family.name`, `schemas` by family, `http` and `operations` as they are."""

    properties: Mapping[str, str]
    schemas: Mapping[str, str]
    http: Mapping[str, Any]
    operations: Mapping[str, Any]


def glossary() -> Glossary:
    """Returns the texts of specs/source/glossary."""
    properties: dict[str, str] = {}
    for file in sorted(GLOSSARY.glob("properties-*.yaml")):
        properties.update(load(file))
    files = {name: load(GLOSSARY / f"{name}.yaml") for name in ("schemas", "http", "operations")}
    return Glossary(properties, files["schemas"], files["http"], files["operations"])


def with_own(texts: Glossary, source: Source) -> Glossary:
    """Returns the glossary with the texts that a document's source brings itself, under `texts`.

    They are `about` (the document), `resources` (by path segment), `schemas` (by type) and `properties` (by attribute,
    or `Type.attribute`), written as in the files of the glossary; they win over those.
    """
    own = source.own.get("texts")
    if not own:
        return texts
    about = {str(source.own["api"]): {source.version: own.get("about")}} if "about" in own else {}
    resources = {**texts.operations["resources"], **own.get("resources", {})}
    return Glossary(
        {**texts.properties, **own.get("properties", {})},
        {**texts.schemas, **own.get("schemas", {})},
        texts.http,
        {**texts.operations, "apis": {**texts.operations["apis"], **about}, "resources": resources},
    )


@dataclass(slots=True)
class Prose:
    """The texts of one document; `missing` gathers what has none, so that a test can count it."""

    source: Source
    texts: Glossary
    missing: list[str] = field(default_factory=list)

    def attribute(self, type_name: str, name: str) -> str:
        """Returns an attribute's description: its family's own, that of all references, or the general one."""
        texts, family = self.texts.properties, _family(type_name)
        kind = texts.get(f"*Ref.{name}") if family.endswith("Ref") else None
        return self._checked(texts.get(f"{family}.{name}") or kind or texts.get(name), f"{type_name}.{name}")

    def schema(self, name: str) -> str:
        """Returns a type's description; variants and events by their templates."""
        variant, event = _VARIANT.fullmatch(name), _EVENT.fullmatch(name)
        if event and name not in self.texts.schemas:
            return self._event(event[1], event[2], name)
        text = self._checked(self.texts.schemas.get(_family(name)), name)
        if not variant:
            return text
        template = self._checked(self.texts.operations["variants"].get(variant[2]), name)
        return template.format(family=variant[1], about=text)

    def operation(self, verb: str, segment: str) -> tuple[str, str]:
        """Returns summary and description of an operation."""
        template = self.texts.operations["templates"][self.source.version].get(verb)
        if template is None:
            self.missing.append(f"{verb} {segment}")
            return "", ""
        words = self._words(verb, segment)
        return template["summary"].format(**words), template["description"].format(**words)

    def body(self, verb: str) -> str:
        """Returns the description of a request body."""
        return self._checked(self.texts.http.get("bodies", {}).get(verb), f"body of {verb}")

    def attribute_filter(self, name: str, kind: str) -> str:
        """Returns the description of a list's parameter that is an attribute."""
        text = self._checked(self.texts.http.get("attributeFilter"), "attributeFilter")
        return text.format(attribute=name, type=kind)

    def text_of(self, kind: str, name: str) -> str:
        """Returns a text of http.yaml: kind `parameters`, `headers`, `responses` or `security`."""
        return self._checked(self.texts.http.get(kind, {}).get(name), f"{kind} {name}")

    def response(self, code: str) -> str:
        """Returns what a status code means here."""
        return self.text_of("responses", code)

    def tag(self, name: str) -> str:
        """Returns a tag's description: what its resource is for, or what its kind of operation is."""
        resource = self._resource(name)
        text = resource.get("about") if resource else self.texts.operations["tags"].get(name)
        return self._checked(text, f"tag {name}")

    def info(self) -> str:
        """Returns what the document is about."""
        code, version = str(self.source.own["api"]), self.source.version
        return self._checked(self.texts.operations["apis"].get(code, {}).get(version), f"info of {code} {version}")

    def _checked(self, text: Any, place: str) -> str:
        if not text:
            self.missing.append(place)
        return str(text or "").strip()

    def _resource(self, segment: str) -> Mapping[str, Any]:
        resources = self.texts.operations["resources"]
        resource: Mapping[str, Any] = resources.get(segment) or {}
        return resource

    def _event(self, subject: str, kind: str, name: str) -> str:
        suffix = next(
            (ending for ending in self.texts.operations["events"] if f"{subject}Event".endswith(ending)), None
        )
        if suffix is None:
            return self._checked(None, name)
        words = self._about(f"{subject}Event".removesuffix(suffix))
        texts = self.texts.operations["events"][suffix]
        text = texts["meaning"] if kind == "Event" else self.texts.operations["events"]["payload"]
        return self._checked(text, name).format(**words)

    def _about(self, subject: str) -> dict[str, str]:
        segment = subject[:1].lower() + subject[1:]
        resource = self._resource(segment)
        words = resource.get("words", re.sub(r"(?<!^)(?=[A-Z])", " ", subject).lower())
        article = "an" if words[:1] in "aeiou" else "a"
        return {"a": f"{article} {words}", "resource": segment, "plural": resource.get("plural", words + "s")}

    def _words(self, verb: str, segment: str) -> dict[str, str]:
        events = [next(iter(entry)) if isinstance(entry, dict) else entry for entry in self.source.own["events"]]
        if verb == "listen":
            suffix = next((entry for entry in self.texts.operations["events"] if segment.endswith(entry)), "")
            about = self._about(segment.removesuffix(suffix))
            texts = self.texts.operations["events"].get(suffix, {})
            meaning = str(texts.get("meaning", "")).format(**about)
            return {**about, "event": segment[:1].upper() + segment[1:], "meaning": meaning}
        resource = self._resource(segment)
        mine = [event[:1].upper() + event[1:] for event in events if event.startswith(segment)]
        changes = [entry for entry in mine if not entry.endswith(("CreateEvent", "DeleteEvent"))]
        return {
            **self._about(segment[:1].upper() + segment[1:]),
            "sets": resource.get("sets", ""),
            "states": resource.get("states", ""),
            "create_events": _listed([entry for entry in mine if entry.endswith("CreateEvent")]),
            "change_events": _listed(changes),
            "delete_events": _listed([entry for entry in mine if entry.endswith("DeleteEvent")]),
        }


def _family(name: str) -> str:
    match = _VARIANT.fullmatch(name)
    return match[1] if match else name


def _listed(events: list[str]) -> str:
    return ", ".join(f"`{event}`" for event in events) or "none"
