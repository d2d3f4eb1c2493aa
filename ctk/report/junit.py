"""JUnit XML, as continuous integration reads it."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ctk.report.plain import Data
from ctk.verdict.ledger import Verdict


def as_xml(data: Data) -> bytes:
    """The data of `ctk.report.plain` as JUnit XML in UTF-8: a test suite per API and area, a test case per assertion.

    Well formed whatever a server sent: the data has no sign in it that XML 1.0 forbids.
    """
    head = {"name": f"tmf check {data['url']}", "time": str(data["seconds"])}
    root = Element("testsuites", head | _counts(data))
    for checked in data["checked"]:
        for area in checked["areas"]:
            told = {"name": f"{checked['name']} {area['area']}", "timestamp": data["begun"]}
            suite = SubElement(root, "testsuite", told | _counts(area))
            for one in checked["findings"]:
                if one["area"] == area["area"]:
                    _case(suite, checked, one)
    indent(root)
    written: bytes = tostring(root, "utf-8", xml_declaration=True)
    return written + b"\n"


def _counts(one: Data) -> dict[str, str]:
    tests = one["passed"] + one["failed"] + one["not_tested"]
    return {"tests": str(tests), "failures": str(one["failed"]), "skipped": str(one["not_tested"]), "errors": "0"}


def _case(suite: Element, checked: Data, one: Data) -> None:
    name = f"{one['rule']} {one['subject']}: {one['name']}"
    case = SubElement(suite, "testcase", classname=f"{checked['name']}.{one['area']}", name=name)
    if one["verdict"] == Verdict.FAILED:
        failure = SubElement(case, "failure", message=one["told"], type=one["level"])
        shown = (as_text(checked["exchanges"][place]) for place in one["exchanges"])
        failure.text = "\n\n".join([f"{one['told']}\nSource: {one['source']}", *shown])
    elif one["verdict"] == Verdict.NOT_TESTED:
        SubElement(case, "skipped", message=one["told"])


def as_text(exchange: Data) -> str:
    """A request and its response as they would stand on the wire."""
    request, response = exchange["request"], exchange["response"]
    return "\n".join(
        [
            f"{exchange['method']} {exchange['url']}",
            *_message(request),
            "",
            str(exchange["status"]),
            *_message(response),
        ]
    )


def _message(one: Data) -> Iterable[str]:
    yield from (f"{name}: {value}" for name, value in one["headers"].items())
    if one["body"]["text"]:
        yield ""
        yield one["body"]["text"]
    if one["body"]["left_out"]:
        yield f"({one['body']['left_out']} more characters)"
