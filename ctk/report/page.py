"""The HTML report: one file that needs nothing else, for people who decide about conformance."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ctk.report.compare import CHANGE_KINDS
from ctk.report.plain import Data, percent
from ctk.verdict.ledger import Verdict

_FOLDER = Path(__file__).resolve().parent / "templates"
_PART = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{},:]|[^\s"\[\]{},:]+')
_DEEPEST = 20
MOST = 12
"""The exchanges that are shown of one failed assertion; the JSON report has all."""


def as_html(data: Data) -> str:
    """Returns the data of `ctk.report.plain`, compared or not, as one HTML page; the same data gives the same page.

    The page's policy lets nothing in but its own style and its own script, by their digests: what a server sent can
    neither run nor load anything.
    """
    style, script = (_FOLDER.joinpath(name).read_text() for name in ("report.css", "report.js"))
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(pretty=pretty, percent=percent, reasons=reasons, where=where)
    page = environment.get_template("report.html").render(
        data=data,
        kinds=CHANGE_KINDS,
        most=MOST,
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        policy=f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'",
    )
    return page + "\n"


def where(findings: Iterable[Data], verdict: str) -> list[Data]:
    """Returns the findings of a verdict."""
    return [finding for finding in findings if finding["verdict"] == verdict]


def reasons(findings: Iterable[Data]) -> dict[str, list[Data]]:
    """Returns what was not tested, by the reason, in the order in which reasons first appear."""
    by_reason: dict[str, list[Data]] = {}
    for finding in where(findings, Verdict.NOT_TESTED):
        by_reason.setdefault(finding["told"], []).append(finding)
    return by_reason


def pretty(body: str) -> str:
    """Returns JSON on indented lines, every value as it was sent, even if its end was cut off; other text as it is."""
    return "".join(_lines(body)) if body.lstrip()[:1] in ("{", "[") else body


def _lines(body: str) -> Iterator[str]:
    depth, before = 0, ""
    for part in _PART.findall(body):
        depth -= part in ("}", "]")
        opened, closes = before in ("{", "["), part in ("}", "]")
        if before == "," or opened != closes:
            yield "\n" + "  " * min(depth, _DEEPEST)
        yield ": " if part == ":" else part
        depth += part in ("{", "[")
        before = part


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
