"""The comparison of a run with an earlier one, as its JSON report has it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ctk.foreign.collection import AREA
from ctk.report.plain import FORMAT, KIND, Data
from ctk.report.shown import cleaned
from ctk.verdict.ledger import Verdict

_PASSED, _FAILED, _UNTESTED = str(Verdict.PASSED), str(Verdict.FAILED), str(Verdict.NOT_TESTED)
_KINDS = {
    (_PASSED, _FAILED): "newly_failed",
    (_UNTESTED, _FAILED): "newly_failed",
    (_FAILED, _PASSED): "mended",
    (_UNTESTED, _PASSED): "newly_tested",
    (_PASSED, _UNTESTED): "no_longer_tested",
    (_FAILED, _UNTESTED): "no_longer_tested",
    ("", _PASSED): "new",
    ("", _FAILED): "new",
    ("", _UNTESTED): "new",
    (_PASSED, ""): "gone",
    (_FAILED, ""): "gone",
    (_UNTESTED, ""): "gone",
}
CHANGE_KINDS = tuple(dict.fromkeys(_KINDS.values()))
"""What may have become of an assertion, the worst first; in the words of the data."""

_WORDS = ("rule", "name", "area", "resource", "item", "subject", "told")
_HEAD = ("url", "level", "begun", "verdict")
FindingKey = tuple[str, str, str, str, int]


class ReportRefused(Exception):
    """Says in a sentence what is wrong with a file that is no JSON report of an earlier run."""


def read_report(file: Path) -> Data:
    """Returns an earlier JSON report. Raises ReportRefused where the file is none."""
    try:
        data = json.loads(file.read_bytes())
    except OSError as problem:
        raise ReportRefused(f"{file} cannot be read: {problem.strerror or problem}.") from None
    except (ValueError, RecursionError):
        raise ReportRefused(f"{file} is no report of an earlier run: it is no JSON.") from None
    if wrong := _wrong(data):
        raise ReportRefused(f"{file} is no report of an earlier run: {wrong}.")
    report: Data = cleaned(data)
    return report


def compared(data: Data, earlier: Data) -> Data:
    """Returns the data with a `comparison`: the earlier run's head, and a list of assertions for each of KINDS."""
    before, after = _by_key(earlier), _by_key(data)
    comparison: Data = {"earlier": {name: earlier[name] for name in _HEAD}, **{kind: [] for kind in CHANGE_KINDS}}
    for key in {**after, **before}:
        old, new = before.get(key), after.get(key)
        verdicts = (old["verdict"] if old else "", new["verdict"] if new else "")
        if kind := _KINDS.get(verdicts):
            finding = new or old or {}
            row = {"api": key[0], **{name: finding[name] for name in ("rule", "subject", "name", "told")}}
            comparison[kind].append({**row, "before": verdicts[0], "after": verdicts[1]})
    return {**data, "comparison": comparison}


def _by_key(data: Data) -> dict[FindingKey, Data]:
    """Returns every finding by what it is about.

    A foreign collection's assertions are numbered as they come, so a name identifies them better than a number; two of
    one name are identified by their order.
    """
    by_key: dict[FindingKey, Data] = {}
    seen: Counter[tuple[str, str, str, str]] = Counter()
    for checked in data["checked"]:
        for finding in checked["findings"]:
            rule = finding["name"] if finding["area"] == AREA else finding["rule"]
            key = (checked["name"], rule, finding["resource"], finding["item"])
            by_key[(*key, seen[key])] = finding
            seen[key] += 1
    return by_key


def _wrong(data: Any) -> str:
    """Returns what is wrong with a report; empty where nothing is."""
    if not isinstance(data, Mapping) or data.get("report") != KIND:
        return f"it does not say that it is a report of `{KIND}`"
    if data.get("format") != FORMAT:
        return f"its format is {data.get('format')!r}, and this version reads {FORMAT}"
    if absent := [name for name in _HEAD if not isinstance(data.get(name), str)]:
        return f"it has no text in `{absent[0]}`"
    if not isinstance(data.get("checked"), list):
        return "it has no list in `checked`"
    return next((wrong for result in data["checked"] if (wrong := _wrong_api(result))), "")


def _wrong_api(result: Any) -> str:
    if not isinstance(result, Mapping) or not isinstance(result.get("name"), str):
        return "`checked` has an element without a name"
    if not isinstance(result.get("findings"), list):
        return f"{result['name']} has no list of findings"
    if not all(_is_finding(finding) for finding in result["findings"]):
        return f"{result['name']} has a finding that is not understood"
    return ""


def _is_finding(finding: Any) -> bool:
    return (
        isinstance(finding, Mapping)
        and all(isinstance(finding.get(name), str) for name in _WORDS)
        and finding.get("verdict") in list(Verdict)
    )
