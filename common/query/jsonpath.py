"""The `filter` parameter of a list (TMF630 part 6), JSONPath of RFC 9535 and the guideline's `=~`, -> a condition.

The library reads the text and evaluates nothing: its tree becomes the conditions that the store answers. Spellings:

    $[?(@.status=='active' && @.note[?(@.author=='ada')])]   a filter over the resources, the `$` may be left out
    ?@.status=='active'                                      the filter alone
    $.note[?(@.author=='ada')]                               a path into each resource: it selects something there
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, takewhile
from typing import cast

from jsonpath import JSONPathEnvironment
from jsonpath import filter as tree
from jsonpath import token as tokens
from jsonpath.exceptions import JSONPathError, JSONPathSyntaxError
from jsonpath.lex import Lexer
from jsonpath.parse import Parser
from jsonpath.segments import JSONPathChildSegment, JSONPathSegment
from jsonpath.selectors import Filter, NameSelector
from jsonpath.stream import TokenStream

from common.document import Json, Path
from common.errors import InvalidQuery, NotImplementedYet
from common.query.conditions import Compare, Condition, Either, Element, Every, Matching, Not, OneOf, Operator, Present
from common.query.language import FilterLimits, Language
from common.query.pattern import parse_pattern
from common.query.values import literal, literal_bound, require_text
from common.schema.flat import Attribute

_SHOWN = 80
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_SERVED = "conditions on attributes are, such as $[?(@.status=='active' && @.note[?(@.author=='ada')])]"
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ORDERS: dict[str, Operator] = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
_NESTING = {tokens.TOKEN_LBRACKET: 1, tokens.TOKEN_LPAREN: 1, tokens.TOKEN_RBRACKET: -1, tokens.TOKEN_RPAREN: -1}
_Step = str | tree.BaseExpression


def parse_filter(text: str, language: Language, limits: FilterLimits) -> Condition:
    """Returns the condition that a JSONPath puts on a resource, in the version's own names.

    Raises InvalidQuery where it is no JSONPath, names what is not declared, compares with another type than the
    declared one or goes beyond a limit; NotImplementedYet where RFC 9535 means more than a condition can say.
    """
    if len(text) > limits.length:
        raise InvalidQuery(f"filter: a JSONPath may have {limits.length} characters; this one has {len(text)}.")
    try:
        return _Compiler(language, limits).whole(_read(_from_root(text.strip()), limits))
    except RecursionError as error:
        raise InvalidQuery(f"filter: {limits.depth} brackets may stand inside each other, not more.") from error
    except JSONPathError as error:
        reason = str(error.message).replace("TOKEN_", "").partition("\n")[0][: 2 * _SHOWN]
        raise InvalidQuery(f"filter: {text.strip()[:_SHOWN]} is no JSONPath (RFC 9535): {reason}.") from error


def _from_root(text: str) -> str:
    """Returns the expression with the `$` that may be left out."""
    if text.startswith("?"):
        return f"$[{text}]"
    return text if text.startswith("$") else f"${text}" if text.startswith(("[", ".")) else f"$.{text}"


def _read(text: str, limits: FilterLimits) -> list[_Step]:
    """Returns the library's reading of a whole expression. Raises RecursionError beyond the limit."""
    stream = list(_LEXER.tokenize(text))
    kinds = [token.kind for token in stream if token.kind != tokens.TOKEN_WHITESPACE]
    if max(accumulate(_NESTING.get(kind, 0) for kind in kinds)) > limits.depth:
        raise RecursionError
    if (tokens.TOKEN_NOT, tokens.TOKEN_NOT) in pairwise(kinds):
        raise JSONPathError("unexpected '!' after '!'")
    try:
        return [_step(segment) for segment in list(_PARSER.parse(TokenStream(stream)))]
    except ValueError as error:  # The library converts the digits of an index unchecked.
        raise JSONPathError("an index or an escape sequence is malformed") from error


class _Lexer(Lexer):
    """Strict, but a name after a dot may begin with `@` as `@type` does, and `=~` and `/pattern/i` are read."""

    key_pattern = r"@?[a-zA-Z_\u0080-\uD7FF\uE000-\U0010FFFF][a-zA-Z0-9_\u0080-\uD7FF\uE000-\U0010FFFF-]*"

    def compile_strict_rules(self) -> re.Pattern[str]:
        pattern = r"/(?P<G_RE>(?:[^/\\]|\\.)*)/(?P<G_RE_FLAGS>i?)"
        own = f"(?P<{tokens.TOKEN_RE}>=~)|(?P<{tokens.TOKEN_RE_PATTERN}>{pattern})"
        return re.compile(f"{own}|{super().compile_strict_rules().pattern}", re.DOTALL)


class _Regex(tree.FilterExpressionLiteral[str]):
    """A regular expression between slashes: its text, which nothing has compiled."""


class _Plain(tree.FilterExpression):
    """A filter's expression as written: the library's search for what to cache recurses and adds nodes of its own."""

    def cacheable_nodes(self) -> bool:
        return False


class _Parser(Parser):
    """Strict, with exact numbers, and without what the library reads beyond RFC 9535: `<>` and lists."""

    def __init__(self, *, env: JSONPathEnvironment):
        super().__init__(env=env)
        self.BINARY_OPERATORS = {kind: sign for kind, sign in Parser.BINARY_OPERATORS.items() if sign != "<>"}
        del self.token_map[tokens.TOKEN_LBRACKET]

    def parse_filter_selector(self, stream: TokenStream, **_: bool) -> Filter:
        token = stream.next()
        return Filter(env=self.env, token=token, expression=_Plain(self.parse_filter_expression(stream)))

    def parse_filter_expression(self, stream: TokenStream, precedence: int = 1) -> tree.BaseExpression:
        # One higher, so that equal operators group from the left: a long chain is then read in a loop.
        return super().parse_filter_expression(stream, precedence + 1)

    def parse_grouped_expression(self, stream: TokenStream) -> tree.BaseExpression:
        stream.next()
        expression = self.parse_filter_expression(stream)
        stream.eat(tokens.TOKEN_RPAREN)
        return expression

    def parse_integer_literal(self, stream: TokenStream) -> tree.BaseExpression:
        """Returns a number, exact where it is whole. Raises InvalidQuery beyond 64 bits."""
        text = (token := stream.next()).value
        if not _NUMBER.fullmatch(text):
            raise JSONPathSyntaxError(f"unexpected {text!r}", token=token)
        value = int(text) if text.lstrip("-").isdigit() and len(text) <= len(str(-(2**63))) else float(text)
        if not abs(value) < 2**63:
            raise InvalidQuery(f"filter: {text[:_SHOWN]} is beyond 64 bits.")
        return tree.FilterExpressionLiteral[int | float](value=int(value) if value == int(value) else value)

    parse_float_literal = parse_integer_literal

    def parse_regex(self, stream: TokenStream) -> tree.BaseExpression:
        text, flags = stream.next().value.replace("\\/", "/"), stream.next()
        return _Regex(value=f"(?i){text}" if flags.value else text)


_ENVIRONMENT = JSONPathEnvironment(strict=True)
_LEXER, _PARSER = _Lexer(env=_ENVIRONMENT), _Parser(env=_ENVIRONMENT)


@dataclass(frozen=True, slots=True)
class _Compiler:
    """Writes the library's tree as conditions; `at` is always the path of the value that `@` stands for."""

    language: Language
    limits: FilterLimits

    def whole(self, steps: Sequence[_Step]) -> Condition:
        """Returns the condition of a whole expression: a filter over the resources, or a path with a filter into
        each."""
        path, rest = _split(steps)
        if not rest:
            raise _beyond("$ alone, or a path without a filter,")
        return self.selected(steps, ()) if path else self._filtered(rest, ())

    def selected(self, steps: Sequence[_Step], at: Path) -> Condition:
        """Returns the condition that a path from `at` selects something."""
        path, rest = _split(steps)
        if rest and not path:
            raise _beyond("a filter over the values of an object")
        name, attribute = self._declared(path, at)
        if not rest:
            return Present(path)
        if not attribute.is_array and attribute.kind != "any":
            raise _beyond(f"a filter over the attribute {name}, which is no array,")
        return Element(path, self._filtered(rest, (*at, *path)))

    def _filtered(self, steps: Sequence[_Step], at: Path) -> Condition:
        """Returns the condition that the first filter holds, and that the path behind it selects something."""
        condition = self.condition(steps[0], at)
        if len(steps) == 1:
            return condition
        parts = condition.parts if isinstance(condition, Every) else (condition,)
        return Every((*parts, self.selected(steps[1:], at)))

    def condition(self, expression: _Step, at: Path) -> Condition:
        """Returns what a filter asks of the value at `at`."""
        match expression:
            case tree.InfixExpression(operator="&&" | "||" as operator):
                parts = tuple(self.condition(part, at) for part in _operands(expression, operator))
                return Every(parts) if operator == "&&" else Either(parts)
            case tree.InfixExpression():
                return self._comparison(expression, at)
            case tree.PrefixExpression():
                return Not(self.condition(expression.right, at))
            case tree.RelativeFilterQuery():
                return self.selected([_step(segment) for segment in expression.path.segments], at)
            case tree.FunctionExtension(name="match" | "search"):
                return self._function(expression, at)
            case tree.FilterQuery() | tree.FunctionExtension():
                raise _incomparable(expression)
        raise JSONPathError("a value stands where a condition is expected")

    def _comparison(self, infix: tree.InfixExpression, at: Path) -> Condition:
        left, operator, right = infix.left, infix.operator, infix.right
        if operator == "=~":
            if not isinstance(right, _Regex | tree.StringLiteral):
                raise JSONPathError("=~ is followed by a text or by /pattern/")
            return self._matching(left, right.value, at)
        if isinstance(left, tree.FilterExpressionLiteral | tree.Nil):
            left, operator, right = right, _MIRRORED[operator], left
        path, value = _path(left), _literal(right)
        name, attribute = self._declared(path, at)
        if operator in _ORDERS:
            return Compare(path, _ORDERS[operator], literal_bound(name, value, attribute))
        equal = OneOf(path, literal(name, value, attribute))
        return Not(equal) if operator == "!=" else equal

    def _function(self, function: tree.FunctionExtension, at: Path) -> Condition:
        subject, pattern = function.args
        if not isinstance(pattern, tree.StringLiteral):
            raise _beyond(f"{function.name}() with a pattern that is not a text")
        matches = self._matching(subject, pattern.value, at)
        if function.name == "search":
            return matches
        anchored, longest = f"^(?:{pattern.value})$", self.limits.pattern + len("^(?:)$")
        return Matching(matches.path, parse_pattern(".".join((*at, *matches.path)), anchored, longest))

    def _matching(self, subject: tree.BaseExpression, text: str, at: Path) -> Matching:
        path = _path(subject)
        name, attribute = self._declared(path, at)
        require_text(name, attribute)
        return Matching(path, parse_pattern(name, text, self.limits.pattern))

    def _declared(self, path: Path, at: Path) -> tuple[str, Attribute]:
        """Returns the whole name of the path from `at` and what is declared there."""
        place = (*at, *path)
        if not path:
            raise _beyond("a condition on @ alone, the whole resource or the plain value in an array,")
        name = ".".join(place)
        if len(place) > self.limits.depth:
            raise InvalidQuery(f"{name[:_SHOWN]} has more than {self.limits.depth} steps, the most that are read here.")
        return name, self.language.attribute(place)


def _beyond(construct: str) -> NotImplementedYet:
    return NotImplementedYet(f"filter: {construct} is not served; {_SERVED}.")


def _step(segment: JSONPathSegment) -> _Step:
    """Returns a name or the expression of a filter. Raises NotImplementedYet for any other step of a path."""
    match segment:
        case JSONPathChildSegment(selectors=(NameSelector(name=name),)):
            return name
        case JSONPathChildSegment(selectors=(Filter(expression=filtered),)):
            return filtered.expression
    raise _beyond(f"the step {str(segment)[:_SHOWN]}")


def _split(steps: Sequence[_Step]) -> tuple[Path, Sequence[_Step]]:
    """Returns the names that a path begins with, and the rest, which begins with a filter where there is one."""
    names = tuple(takewhile(lambda step: isinstance(step, str), steps))
    return cast(Path, names), steps[len(names) :]


def _path(expression: tree.BaseExpression) -> Path:
    """Returns the attribute path on one side of a comparison."""
    if not isinstance(expression, tree.RelativeFilterQuery):
        raise _incomparable(expression)
    return tuple(str(_step(segment)) for segment in expression.path.segments)


def _literal(expression: tree.BaseExpression) -> Json:
    """Returns the value on the other side of a comparison."""
    if isinstance(expression, tree.Nil):
        return None
    if isinstance(expression, _Regex) or not isinstance(expression, tree.FilterExpressionLiteral):
        raise _incomparable(expression)
    return cast(Json, expression.value)


def _incomparable(expression: tree.BaseExpression) -> Exception:
    match expression:
        case tree.FunctionExtension(name=name):
            return _beyond(f"the function {name}()")
        case tree.RootFilterQuery():
            return _beyond("$ inside a filter")
        case tree.RelativeFilterQuery():
            return _beyond("a comparison of two paths")
        case tree.FilterExpressionLiteral() | tree.Nil() if not isinstance(expression, _Regex):
            return _beyond("a comparison of two values")
    return JSONPathError("only a path and a value are compared; ! denies what stands in parentheses after it")


def _operands(expression: tree.BaseExpression, operator: str) -> Iterator[tree.BaseExpression]:
    """Yields what one operator joins, however it is grouped."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tree.InfixExpression) and node.operator == operator:
            waiting += [node.right, node.left]
        else:
            yield node
