"""Queries that nobody means: each is answered or refused, whatever it is, and never fails."""

from __future__ import annotations

from tests.api.queries.row import path

_TERM = "productOfferingTerm.duration.amount"
_START = "validFor.startDateTime"

QUERIES = (
    # Pieces of the grammar.
    *(
        "&",
        "&&&",
        ";",
        ";;;",
        "=",
        "==",
        "===",
        ">",
        "<=",
        "!=",
        "=~",
        "*=",
        "%",
        "%%",
        "%3E",
        "%3D",
        ",",
        ".",
        "..",
        "?",
    ),
    *(
        "name",
        "name;",
        ";name",
        "name>",
        "name<",
        "name!",
        "name*",
        "name~",
        "name<>x",
        "name=>x",
        "name>=<x",
        "name=!x",
    ),
    *("name%", "name=%", "name=%zz", "name=%2", "name%=x", "name#x", "name=%23", "name=?x", "name=a=b=c", "name===x"),
    *(
        "name[",
        "name]",
        "name]=x",
        "name[=x",
        "name[]=x",
        "name[x]=y",
        "name[x=y]=z",
        "[name=x]=y",
        "[]",
        "[[]]",
        "[=]=x",
    ),
    *("category[", "category[id", "category[id=", "category[id=c1", "category[id=c1]", "category[id=c1]=x"),
    *("category[id=c1].", "category[id=c1].=x", "category[id=c1]name=x", "category[].id=x", "category[=].id=x"),
    *(
        "category[id=c1][id=c2].name=x",
        "category[category[id=x].id=y].id=z",
        "category[[id=c1]].id=x",
        "category[id=]]].id=x",
    ),
    *(
        "name.",
        ".name",
        "name.eq",
        "name.eq=",
        "name.ne",
        "name.gt",
        "name.regex",
        "name.regex=",
        "name.eq.ne=x",
        "eq=x",
    ),
    *(
        "sort",
        "filter",
        "fields",
        "limit",
        "offset",
        "fields=",
        "fields=,",
        "sort=,",
        "sort=-",
        "sort=+",
        "sort=.",
        "sort=-.",
    ),
    *("sort.eq=name", "filter.ne=x", "limit.gt=1", "limit>1", "limit!=1", "offset[x=y]=1", "fields!=name", "filter*=x"),
    "sort=name&sort=description",
    "sort=" + ",".join(["name", "-name"] * 60),
    "fields=" + "name," * 500 + "name",
    # Bytes.
    *(
        "name=%00",
        "%00=x",
        "name.%00=x",
        "name=%FF",
        "%FF=x",
        "name.regex=%FF",
        "name=%ED%A0%80",
        "%C0%80=x",
        "name=%C3",
    ),
    *(
        "sort=%00",
        "sort=%FF",
        "fields=%00",
        "fields=%FF",
        "filter=%00",
        "filter=%FF",
        "limit=%00",
        "offset=%FF",
        "id=%00",
    ),
    *(
        "name=%F0%9F%98%80",
        "%F0%9F%98%80=x",
        "name=%E2%80%AE",
        "name=%0A",
        "name=%0D%0AX:y",
        "na%0Ame=x",
        "@=x",
        "@type.x=1",
    ),
    # Length.
    "name=" + "a" * 5000,
    "name=" + "," * 3000,
    "a" * 3000 + "=x",
    "a." * 1500 + "a=x",
    "name=x;" * 1000,
    "category[id=" * 300 + "x",
    *("[]" * 2000, "[]" * 2000 + "=x", "[]~" * 1000 + "=x", "%5B%5D" * 700),
    *(
        "sort=" + "a." * 3000 + "a",
        "fields=" + "a." * 3000 + "a",
        f"{_TERM}={'0' * 5000}1",
        f"{_TERM}.gt=-{'0' * 5000}1",
    ),
    "(" * 1000,
    "name.regex=" + "(" * 100 + ")" * 100,
    "name.regex=" + ".*" * 90 + "x",
    "name.regex=" + "a?" * 60 + "a" * 60,
    # Values at the end of their type.
    *(
        f"{_TERM}={value}"
        for value in ("9" * 18, "9" * 19, "9" * 400, "-" + "9" * 30, "%D9%A1%D9%A2", "1_000", "+12", "12.0")
    ),
    *(f"{_TERM}.gt={value}" for value in ("9223372036854775808", "-9223372036854775809", "1e5", "1e999", ".5", "1.")),
    *(
        f"prodSpecCharValueUse.productSpecCharacteristicValue.value{rest}"
        for rest in ("=1e999", ">1e999", "=NaN", "=null")
    ),
    *(f"prodSpecCharValueUse.productSpecCharacteristicValue.value={'9' * size}" for size in (19, 40, 400)),
    *(
        f"{_START}={value}"
        for value in ("0000-01-01", "9999-12-31", "10000-01-01", "-2026-01-01", "2026-1-1", "20260101")
    ),
    *(
        f"{_START}={value}T{time}"
        for value in ("2026-01-01",)
        for time in ("24:00:00Z", "23:59:60Z", "00:00:00", "00:00Z")
    ),
    *(
        f"{_START}=2026-01-01T00:00:00{rest}"
        for rest in ("%2B99:99", "+", "-00:00", ".Z", "." + "1" * 300 + "Z", "Z%2B01:00")
    ),
    *(f"{_START}.gt={value}" for value in ("0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59")),
    # Regular expressions.
    *(
        f"name.regex={text}"
        for text in ("%00", "%5C", "%5Cx", "%5Cx41", "%5Cu0041", "%5C0", "%5CQ", "%5Cp{L}", "%5Cp", "%5CK")
    ),
    *(
        f"name.regex={text}"
        for text in ("[[:alpha:]]", "[]", "[%5E]", "[z-a]", "[a-%5Cd]", "[%5C", "{", "}", "{1}", "a{,2}", "a{")
    ),
    *(
        f"name.regex={text}"
        for text in ("(?", "(?i", "(?i)", "(?x) a", "(?-i)a", "(?%23)", "(?P%3Cn%3Ea)", "(?%3En)", "(?1)", "(?R)")
    ),
    *(
        f"name.regex={text}"
        for text in ("a**", "a%2B%2B", "a??", "a{99999}", "a{1000}", "|", "||", "()", "(|)", "%5E*", "$%5E", "%5Cb*")
    ),
    *(
        f"name.regex={text}"
        for text in ("a(?i)b", "(?i)(?i)a", "%5CA", "%5Cz", "%5CZ", "%5CG", "%5CR", "%5Ch", "%5CN{DIGIT ONE}")
    ),
    # JSONPath.
    *(
        path(text)
        for text in (
            "$",
            "@",
            "?",
            "?(",
            "$.",
            "$..",
            "$.name",
            "name",
            "$[]",
            "$['']",
            "$['name']",
            "$[name]",
            "*",
            "$.*",
        )
    ),
    *(
        path(text)
        for text in (
            "$[?@]",
            "$[?(@)]",
            "$[?($)]",
            "$[?(true)]",
            "$[?(1)]",
            "$[?(1==1)]",
            "$[?('a'=='a')]",
            "$[?(@==1)]",
        )
    ),
    *(path(text) for text in ("$[?(@.name==1)]", "$[?(@.name==true)]", "$[?(@.name>null)]", "$[?(@.isBundle=='x')]")),
    *(
        path(text)
        for text in ("$[?(@.name=='\\ud800')]", "$[?(@.name=='\\u0000')]", "$[?(@.name=='\\x')]", "$[?(@['']=='x')]")
    ),
    *(
        path(text)
        for text in (
            "$[?(@.name=~'a')]",
            "$[?(@.name=~/a/gimsux)]",
            "$[?(@.name=~/a)]",
            "$[?(@.name=~@.id)]",
            "$[?(/a/)]",
        )
    ),
    *(
        path(text)
        for text in ("$[?(@.name in ['a'])]", "$[?(@.name contains 'a')]", "$[?(not @.name)]", "$[?(@.name and @.id)]")
    ),
    *(
        path(text)
        for text in (
            "$[?(@.name<>'a')]",
            "$[?(@.name==undefined)]",
            "$[?(@.#)]",
            "$[?(_.x)]",
            "$[?(^.x)]",
            "$[~]",
            "$.~name",
        )
    ),
    *(
        path(text)
        for text in ("$[?(foo(@.name))]", "$[?(length())]", "$[?(match(@.name,'x'))]", "$[?(search(@.name,'(a+)+'))]")
    ),
    *(
        path(text)
        for text in (
            "$.a & $.b",
            "$.a | $.b",
            "$['a','b']",
            "$[?@.a, ?@.b]",
            "$[1:2:0]",
            "$[9007199254740993]",
            "$.$where",
        )
    ),
    *(
        path(text)
        for text in ("$[?(!!@.name)]", "$[?" + "!" * 500 + "@.name]", "$[?" + "(" * 300 + "@.name" + ")" * 300 + "]")
    ),
    path("$[?@.category" * 100 + "]" * 100),
    path("$[?(@.name=='" + "x" * 1900 + "')]"),
    path("$[?(" + " && ".join(["@.id"] * 200) + ")]"),
    path(f"$[?(@.{_TERM}=={'9' * 400})]"),
    path(f"$[?(@.{_TERM}>1e999)]"),
)
