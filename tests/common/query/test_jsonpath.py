"""The `filter` parameter: which condition a JSONPath is, what is refused as wrong (400) and as beyond us (501)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import InvalidQuery, NotImplementedYet
from common.query.conditions import (
    Compare,
    Condition,
    Either,
    Element,
    Every,
    Matching,
    Moment,
    Not,
    OneOf,
    Pattern,
    Present,
)
from common.query.jsonpath import parse_filter
from common.query.language import FilterLimits, Language
from common.schema.flat import Attributes
from tests.api.resource_views import cases

_TEXT: dict[str, Any] = {"type": "string"}
_COMPONENTS: dict[str, Any] = {
    "Order": {
        "type": "object",
        "properties": {
            "status": _TEXT,
            "name": _TEXT,
            "größe": _TEXT,
            "priority": {"type": "integer"},
            "score": {"type": "number"},
            "isBundle": {"type": "boolean"},
            "orderDate": {"type": "string", "format": "date-time"},
            "tag": {"type": "array", "items": _TEXT},
            "note": {"type": "array", "items": {"$ref": "#/components/schemas/Note"}},
            "item": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}},
            "party": {"$ref": "#/components/schemas/PartyRef"},
            "extra": {},
            "@type": _TEXT,
        },
    },
    "Note": {"type": "object", "properties": {"author": _TEXT, "text": _TEXT, "rank": {"type": "integer"}}},
    "Item": {
        "type": "object",
        "properties": {
            "id": _TEXT,
            "quantity": {"type": "integer"},
            "note": {"type": "array", "items": {"$ref": "#/components/schemas/Note"}},
        },
    },
    "PartyRef": {"type": "object", "properties": {"id": _TEXT, "name": _TEXT, "@type": _TEXT}},
}
_LANGUAGE = Language(Attributes({"$ref": "#/components/schemas/Order"}, _COMPONENTS), has_cursors=True)
_LIMITS = FilterLimits(length=500, depth=8, pattern=40)


def parsed(text: str) -> Condition:
    return parse_filter(text, _LANGUAGE, _LIMITS)


def equal(name: str, *values: str | float | bool | Moment | None) -> OneOf:
    return OneOf(tuple(name.split(".")), values)


_ACTIVE = equal("status", "active")
_BY_X = equal("author", "x")
_NOTED = Element(("note",), _BY_X)
_NEW_YEAR = Moment(1_767_225_600_000_000)

_MEANT: dict[str, Condition] = {
    # spellings of one expression
    "$[?(@.status=='active')]": _ACTIVE,
    "$[?@.status=='active']": _ACTIVE,
    "[?(@.status=='active')]": _ACTIVE,
    "?(@.status=='active')": _ACTIVE,
    "?@.status=='active'": _ACTIVE,
    "$[?(@['status']==\"active\")]": _ACTIVE,
    "  $[ ?( @.status  ==\t'active' ) ]\n": _ACTIVE,
    "$[?'active'==@.status]": _ACTIVE,
    "$.note[?(@.author=='x')]": _NOTED,
    "note[?(@.author=='x')]": _NOTED,
    ".note[?(@.author=='x')]": _NOTED,
    "$['note'][?@.author=='x']": _NOTED,
    "$[?(@.note[?(@.author=='x')])]": _NOTED,
    # names
    "?@.@type=='Order'": equal("@type", "Order"),
    "?@['@type']=='Order'": equal("@type", "Order"),
    "?@.party.@type=='PartyRef'": equal("party.@type", "PartyRef"),
    "?@.größe=='M'": equal("größe", "M"),
    "?@.item.note.author=='x'": equal("item.note.author", "x"),
    "?@.extra.anything=='x'": equal("extra.anything", "x"),
    # values
    "?@.name=='it\\'s'": equal("name", "it's"),
    "?@.name=='a/b'": equal("name", "a/b"),
    '?@.name=="\\u00e4 \\ud83d\\ude00"': equal("name", "ä 😀"),
    "?@.name=='$[?@.a && b]'": equal("name", "$[?@.a && b]"),
    "?@.name==null": equal("name", None),
    "?null!=@.name": Not(equal("name", None)),
    "?@.isBundle==true": equal("isBundle", True),
    "?@.priority==-0": equal("priority", 0),
    "?@.priority==1e2": equal("priority", 100),
    "?@.priority==9007199254740993": equal("priority", 9007199254740993),
    "?@.priority==-9223372036854775807": equal("priority", -9223372036854775807),
    "?@.score==1.5e-1": equal("score", 0.15),
    "?@.orderDate=='2026-01-01T01:00:00+01:00'": equal("orderDate", _NEW_YEAR),
    # comparisons
    "?@.status!='active'": Not(_ACTIVE),
    "?@.priority>5": Compare(("priority",), "gt", 5),
    "?@.priority>=5": Compare(("priority",), "gte", 5),
    "?@.score<5.5": Compare(("score",), "lt", 5.5),
    "?@.name<='m'": Compare(("name",), "lte", "m"),
    "?5<@.priority": Compare(("priority",), "gt", 5),
    "?5>=@.priority": Compare(("priority",), "lte", 5),
    "?@.orderDate>='2026-01-01T00:00:00Z'": Compare(("orderDate",), "gte", _NEW_YEAR),
    # presence and logic
    "?@.note": Present(("note",)),
    "?!@.note": Not(Present(("note",))),
    "?!(@.status=='active')": Not(_ACTIVE),
    "?!(!@.note)": Not(Not(Present(("note",)))),
    "?@.name && @.status=='active' && @.note": Every((Present(("name",)), _ACTIVE, Present(("note",)))),
    "?@.name && (@.status=='active' && @.note)": Every((Present(("name",)), _ACTIVE, Present(("note",)))),
    "?(@.name || @.note) || @.tag": Either((Present(("name",)), Present(("note",)), Present(("tag",)))),
    "?@.name || @.note && @.tag": Either((Present(("name",)), Every((Present(("note",)), Present(("tag",)))))),
    "?(@.name || @.note) && @.tag": Every((Either((Present(("name",)), Present(("note",)))), Present(("tag",)))),
    # elements of arrays
    "$[?(@.status=='active' && @.note[?(@.author=='x')])]": Every((_ACTIVE, _NOTED)),
    "?@.note[?@.author=='x' && @.rank>1]": Element(("note",), Every((_BY_X, Compare(("rank",), "gt", 1)))),
    "?!@.note[?@.author!='x']": Not(Element(("note",), Not(_BY_X))),
    "?@.note[?(@.author=='x')].text": Element(("note",), Every((_BY_X, Present(("text",))))),
    "?@.note[?(@.author=='x' && @.rank==1)].text": Element(
        ("note",), Every((_BY_X, equal("rank", 1), Present(("text",))))
    ),
    "?@.item[?(@.note[?(@.author=='x')])]": Element(("item",), _NOTED),
    "$.item[?@.quantity>2].note[?@.author=='x']": Element(("item",), Every((Compare(("quantity",), "gt", 2), _NOTED))),
    "?@.item.note[?@.author=='x']": Element(("item", "note"), _BY_X),
    "?@.extra[?@.a=='x']": Element(("extra",), equal("a", "x")),
    "$[?(@.status=='active')].note[?(@.author=='x')]": Every((_ACTIVE, _NOTED)),
    # regular expressions
    "?@.name=~'Jo.+n'": Matching(("name",), Pattern("Jo.+n")),
    "?@.name =~ /Jo.+n/": Matching(("name",), Pattern("Jo.+n")),
    "?@.name=~/Jo.+n/i": Matching(("name",), Pattern("Jo.+n", ignore_case=True)),
    "?@.name=~/a\\/b/ && @.status=='active'": Every((Matching(("name",), Pattern("a/b")), _ACTIVE)),
    "?@.name=~/[0-9]\\.[0-9]/": Matching(("name",), Pattern("[0-9]\\.[0-9]")),
    "?@.note[?@.text=~/x/]": Element(("note",), Matching(("text",), Pattern("x"))),
    "?search(@.name, 'Jo.+n')": Matching(("name",), Pattern("Jo.+n")),
    "?match(@.name, 'Jo|Al')": Matching(("name",), Pattern("^(?:Jo|Al)$")),
    "?!match( @.note.text , 'x' )": Not(Matching(("note", "text"), Pattern("^(?:x)$"))),
}

_WRONG = {
    "": "is no JSONPath",
    "$[?(@.status=='active']": "is no JSONPath (RFC 9535)",
    "$[?(@.status=='active)]": "unexpected token",
    "$[?(@.status='active')]": "unexpected token '='",
    "$[?(@.status==active)]": "unexpected 'active'",
    "status=='active'": "is no JSONPath",
    "@.status=='active'": "is no JSONPath",
    "?@.status=='active' and @.name": "is no JSONPath",
    "?@.status=='active' &": "unexpected token '&'",
    "?@.status<>'active'": "is no JSONPath",
    "?(@.status<>'active')": "expected RPAREN, found 'LG'",
    "?(@.status 'a' 'b')": "expected RPAREN",
    "?@.status==['a']": "unexpected '['",
    "?@.status=='\\d'": "unknown escape sequence",
    "?@.name=='\\u0000'": "invalid character",
    "?@.priority==01": "unexpected '01'",
    "?@.priority==:1.5": "unexpected ':1.5'",
    "?@.priority==1e400": "1e400 is beyond 64 bits",
    "?@.priority==9223372036854775808": "beyond 64 bits",
    "?length(1e400)==1": "beyond 64 bits",
    f"?@.priority=={'9' * 400}": "beyond 64 bits",
    "?@.note[1e5]": "is malformed",
    "?@.note[99999999999999999999]": "out of range",
    "?'active'": "a value stands where a condition is expected",
    "?!true": "a value stands where a condition is expected",
    "?@.name && true": "must be compared",
    "?!!@.name": "unexpected '!' after '!'",
    "?!@.name=='x'": "! denies what stands in parentheses",
    "?(@.name=='x')==true": "only a path and a value are compared",
    "?@.note[?(@.author=='x')].text=='y'": "non-singular query is not comparable",
    "?@.colour=='red'": 'No attribute "colour" is declared here.',
    "?@.note.autor=='x'": 'No attribute "note.autor" is declared here. The nearest declared names are author.',
    "?@.note[?@.colour=='red']": 'No attribute "note.colour" is declared here.',
    "$.notes[?@.author=='x']": 'No attribute "notes" is declared here. The nearest declared names are note.',
    "?@['note']['0']=='x'": 'No attribute "note.0" is declared here.',
    "?@.priority=='high'": 'priority: "high" cannot be compared with the declared type, integer.',
    "?@.status==5": "status: 5 cannot be compared with the declared type, string.",
    "?@.isBundle=='true'": 'isBundle: "true" cannot be compared',
    "?@.isBundle>true": "isBundle: true cannot be compared",
    "?@.party=='x'": 'party: "x" cannot be compared with the declared type, object.',
    "?@.orderDate>'soon'": "orderDate: soon is not of the declared type",
    "?@.priority=~'1'": "priority is of the type integer; a regular expression is searched in a text.",
    "?search(@.orderDate, '2026')": "orderDate is of the type date-time",
    "?@.name=~5": "=~ is followed by a text or by /pattern/",
    "?@.name=~'(x'": "name: (x",
    "?match(@.name, 'a)(b')": "name: a)(b",
    "?@.name=~/x/g": "is no JSONPath",
    "?@.name=~/x": "unexpected token '/'",
    "?@.name==/x/": "only a path and a value are compared",
    "?@.note[?@.text=~'" + "x" * 41 + "']": "longer than 40 characters",
    "?lower(@.name)=='x'": "function 'lower' is not defined",
    "?match(@.name)": "requires 2 arguments",
    "?match(@.name, 'x')==true": "not comparable",
    "?" + "(" * 8 + "@.name" + ")" * 8: "8 brackets may stand inside each other",
    "?" + "(" * 400: "8 brackets may stand inside each other",
    "?@.extra" + ".a" * 8 + "=='x'": "has more than 8 steps",
    "?@.name=='" + "x" * 500 + "'": "a JSONPath may have 500 characters; this one has 511.",
}

_BEYOND = {
    "$": "$ alone",
    "$.note": "a path without a filter",
    "$[*]": "the step [*]",
    "$.*": "the step [*]",
    "$[0]": "the step [0]",
    "$[0:2]": "the step [0:2",
    "$..note[?@.author=='x']": "the step ..",
    "$[?@.name, ?@.note]": "the step [?",
    "$['name', 'note']": "the step ['name', 'note']",
    "?@.note[*].author": "the step [*]",
    "?@.note[0].author=='x'": "the step [0]",
    "?@.note[-1]": "the step [-1]",
    "?@..author": "the step ..",
    "?@.name==$.name": "$ inside a filter",
    "?$.name=='x'": "$ inside a filter",
    "?$.name": "$ inside a filter",
    "?@.name==@.status": "a comparison of two paths",
    "?1==1": "a comparison of two values",
    "?length(@.note)>2": "the function length()",
    "?2<length(@.note)": "the function length()",
    "?count(@.note[*])==2": "the function count()",
    "?value(@..author)=='x'": "the function value()",
    "?match(@.name, @.status)": "match() with a pattern that is not a text",
    "?@": "a condition on @ alone",
    "?@=='x'": "a condition on @ alone",
    "?@.tag[?@=='x']": "the plain value in an array",
    "?@[?@.name]": "a filter over the values of an object",
    "$[?@.name][?@.note]": "a filter over the values of an object",
    "?@.party[?@.name=='x']": "a filter over the attribute party, which is no array",
    "?@.status[?@=='x']": "a filter over the attribute status, which is no array",
}


@pytest.mark.parametrize("text", _MEANT)
def test_an_expression_means_its_condition(text: str) -> None:
    assert parsed(text) == _MEANT[text]


@pytest.mark.parametrize("text", _WRONG)
def test_a_wrong_expression_is_refused_with_its_reason(text: str) -> None:
    with pytest.raises(InvalidQuery) as refused:
        parsed(text)
    assert _WRONG[text] in refused.value.message


@pytest.mark.parametrize("text", _BEYOND)
def test_what_no_condition_can_say_is_not_implemented_and_told_with_what_is(text: str) -> None:
    with pytest.raises(NotImplementedYet) as refused:
        parsed(text)
    assert _BEYOND[text] in refused.value.message
    assert "conditions on attributes are, such as $[?" in refused.value.message


def test_a_refusal_quotes_the_beginning_of_a_long_expression_and_one_line_of_the_reason() -> None:
    with pytest.raises(InvalidQuery) as refused:
        parsed("?@.name == " + "x" * 400)
    assert refused.value.message.startswith("filter: ?@.name == xxx")
    assert len(refused.value.message) < 300
    assert "\n" not in refused.value.message


def test_a_long_chain_of_conditions_is_read_in_its_order() -> None:
    limits = FilterLimits(length=100_000, depth=8, pattern=40)
    condition = parse_filter("?" + " && ".join(f"@.priority=={n}" for n in range(2000)), _LANGUAGE, limits)
    assert condition == Every(tuple(equal("priority", n) for n in range(2000)))


def test_no_nesting_escapes_as_a_recursion_even_where_the_limit_allows_it() -> None:
    limits = FilterLimits(length=100_000, depth=100_000, pattern=40)
    with pytest.raises(InvalidQuery, match="brackets may stand inside each other"):
        parse_filter("?" + "(" * 20_000 + "@.name" + ")" * 20_000, _LANGUAGE, limits)


def test_a_real_document_is_asked_by_its_own_attributes() -> None:
    case = next(one for one in cases() if one.name.endswith("-productOrder"))
    language = Language(case.view.schema.attributes, has_cursors=True)
    text = "$[?(@.state=='acknowledged' && @.productOrderItem[?(@.itemPrice[?(@.name=='x')])])]"
    item = Element(("productOrderItem",), Element(("itemPrice",), equal("name", "x")))
    assert parse_filter(text, language, _LIMITS) == Every((equal("state", "acknowledged"), item))


_OPERATORS = ("!", "&&", "||", "==", "!=", "<", "<=", ">", ">=", "<>", "=~")
_SIGNS = (
    "$",
    "[",
    "]",
    "(",
    ")",
    "?",
    "@",
    ".",
    "..",
    "*",
    ",",
    ":",
    "~",
    "#",
    "^",
    "&",
    "|",
    "=",
    "{",
    "}",
    "/",
    "\n",
)
_NAMES = ("name", "note", "author", "extra", "@type", "\u00e4", "match(", "search(", "length(", "count(", "value(")
_VALUES = (
    "'x'",
    '"x"',
    "'",
    '"',
    "/x/",
    "/x/i",
    "\\",
    "0",
    "-1",
    "01",
    "1.5",
    "1e400",
    ":1.5",
    "null",
    "true",
    "'Jo.*'",
)
_STARTS = ("$[?(", "@.note[?(", "@.name")
_PIECES = (*_OPERATORS, *_SIGNS, *_NAMES, *_VALUES, *_STARTS)


def _refused_or_read(text: str) -> None:
    with suppress(InvalidQuery, NotImplementedYet):
        parsed(text)


@given(st.text(max_size=60))
def test_random_text_is_read_or_refused(text: str) -> None:
    _refused_or_read(text)


@given(st.lists(st.sampled_from(_PIECES), max_size=25), st.sampled_from(["", " "]))
def test_random_pieces_of_the_grammar_are_read_or_refused(pieces: list[str], blank: str) -> None:
    _refused_or_read(blank.join(pieces))


@given(st.sampled_from(sorted({*_MEANT, *_BEYOND})), st.integers(0, 60), st.sampled_from(_PIECES))
def test_a_disturbed_expression_is_read_or_refused(text: str, position: int, piece: str) -> None:
    _refused_or_read(text[:position] + piece + text[position + 1 :])
