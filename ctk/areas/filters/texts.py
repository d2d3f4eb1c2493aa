"""Texts with signs that addresses use for themselves, each asked for as it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote_plus

from ctk.areas.filters.pair import Specimens, Trial, telling
from ctk.areas.filters.value import parameter
from ctk.exchange import Untestable
from ctk.target.target import Target
from ctk.verdict.ledger import Expect

_SIGNS: Mapping[tuple[str, ...], str] = {
    ("FLT-11", "FLT-17"): 'it\'s a "b"',
    ("FLT-12",): "a/b\\c +1 50% %41 a+b",
    ("FLT-13",): "x&y=1 #2 ?z [0] {1} |",
    ("FLT-14",): "Zürich Škoda 東京 🙂",
    ("FLT-15",): "a, b,c",
    ("FLT-16",): "a; b;c",
}


def texts(target: Target, expect: Expect) -> None:
    """Creates and finds a resource for each kind of sign."""
    resource = telling(target)
    for rules, signs in _SIGNS.items():
        asked = [rule for rule in rules if expect.items(rule)]
        if not asked:
            continue
        text = f"{signs} {target.unique()}"
        if str(target.payloads.template(resource.name, "full").get(resource.text)).startswith("http"):
            text = f"https://files.example/{text}"
        try:
            instance = target.create(resource, "minimal", **{resource.text: text})
        except Untestable as reason:
            for rule in asked:
                expect.untested(rule, str(reason))
            continue
        if instance.body.get(resource.text) != text:
            for rule in asked:
                expect.untested(rule, f"{resource.text} is not returned as it was sent")
            continue
        specimens = Specimens(target, expect, resource, {"a": instance})
        for rule in asked:
            specimens.holds(rule, [_trial(resource.text, text, rule)])


def _trial(name: str, text: str, rule: str) -> Trial:
    return (f"{name}={quote_plus(text)}" if rule == "FLT-17" else parameter(name, text)), "a"
