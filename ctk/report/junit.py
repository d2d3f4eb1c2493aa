"""JUnit XML, as continuous integration reads it."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ctk.report.plain import Data
from ctk.verdict.ledger import Verdict


def as_xml(data: Data) -> bytes:
    """Returns the data of `ctk.report.plain` as JUnit XML in UTF-8: a suite per API and area, a case per assertion.

    Well formed whatever a server sent: the data has no sign in it that XML 1.0 forbids.
    """
    head = {"name": f"tmf check {data['url']}", "time": str(data["seconds"])}
    root = Element("testsuites", head | _counts(data))
    for checked in data["checked"]:
        for area in checked["areas"]:
            attributes = {"name": f"{checked['name']} {area['area']}", "timestamp": data["begun"]}
            suite = SubElement(root, "testsuite", attributes | _counts(area))
            for finding in checked["findings"]:
                if finding["area"] == area["area"]:
                    _case(suite, checked, finding)
    indent(root)
    written: bytes = tostring(root, "utf-8", xml_declaration=True)
    return written + b"\n"


def _counts(row: Data) -> dict[str, str]:
    tests = row["passed"] + row["failed"] + row["not_tested"]
    return {"tests": str(tests), "failures": str(row["failed"]), "skipped": str(row["not_tested"]), "errors": "0"}


def _case(suite: Element, checked: Data, finding: Data) -> None:
    name = f"{finding['rule']} {finding['subject']}: {finding['name']}"
    case = SubElement(suite, "testcase", classname=f"{checked['name']}.{finding['area']}", name=name)
    if finding["verdict"] == Verdict.FAILED:
        failure = SubElement(case, "failure", message=finding["told"], type=finding["level"])
        shown = (as_text(checked["exchanges"][place]) for place in finding["exchanges"])
        failure.text = "\n\n".join([f"{finding['told']}\nSource: {finding['source']}", *shown])
    elif finding["verdict"] == Verdict.NOT_TESTED:
        SubElement(case, "skipped", message=finding["told"])


def as_text(exchange: Data) -> str:
    """Returns a request and its response as they would stand on the wire."""
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


def _message(message: Data) -> Iterable[str]:
    yield from (f"{name}: {value}" for name, value in message["headers"].items())
    if message["body"]["text"]:
        yield ""
        yield message["body"]["text"]
    if message["body"]["left_out"]:
        yield f"({message['body']['left_out']} more characters)"
