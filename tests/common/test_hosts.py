"""The one form of a host: what each spelling means, what is no host, and that clients read the same."""

from __future__ import annotations

import re

import pytest
import yarl
from hypothesis import given, settings
from hypothesis import strategies as st

from common.hosts import AddressError, plain_host, web_address

_PLAIN = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+(%[A-Za-z0-9._-]+)?")


@pytest.mark.parametrize(
    ("spelling", "form"),
    [
        ("Listener.Example.COM", "listener.example.com"),
        ("listener.example.com.", "listener.example.com"),
        ("my_listener-1", "my_listener-1"),
        ("\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54", "localhost"),
        ("loc\u00adalhost", "localhost"),
        ("a\u3002b\uff0ec\uff61d", "a.b.c.d"),
        ("m\u00fcnchen.example", "xn--mnchen-3ya.example"),
        ("XN--MNCHEN-3YA.example", "xn--mnchen-3ya.example"),
        ("stra\u00dfe.example", "xn--strae-oqa.example"),
        ("1.1.1.1", "1.1.1.1"),
        ("1.1.1.1.", "1.1.1.1"),
        ("127.0.0.\U0001fbf1", "127.0.0.1"),
        ("\u2460\u2461\u2466.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.1", "127.0.0.1"),
        ("127.65537", "127.1.0.1"),
        ("0", "0.0.0.0"),
        ("2130706433", "127.0.0.1"),
        ("0x7F000001", "127.0.0.1"),
        ("0x7f.0x0.0x0.0x1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("0177.0.0.01", "127.0.0.1"),
        ("4294967295", "255.255.255.255"),
        ("::1", "::1"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("2606:4700:4700:0:0:0:0:1111", "2606:4700:4700::1111"),
        ("::FFFF:127.0.0.1", "127.0.0.1"),
        ("::ffff:7f00:1", "127.0.0.1"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("fe80::1%25eth0", "fe80::1%25eth0"),
        ("a" * 63 + ".example", "a" * 63 + ".example"),
    ],
)
def test_every_spelling_of_a_host_has_one_form(spelling: str, form: str):
    assert plain_host(spelling) == form
    assert plain_host(form) == form


_EMPTY = "an empty label"
_LABEL = "a label of more than 63 characters"
_NAME = "a host name of more than 253 characters"
_SIGN = "a character that no host name has"
_NUMBER = "ends in a number and is no IPv4 address"


@pytest.mark.parametrize(
    ("host", "rule"),
    [
        ("a..example", _EMPTY),
        (".example", _EMPTY),
        ("example..", _EMPTY),
        (".", _EMPTY),
        ("a" * 64 + ".example", _LABEL),
        ("\u00fc" * 60 + ".example", "a label that is none"),
        (".".join(["a" * 60] * 5), _NAME),
        ("\u00e9a" * 300, _NAME),
        ("127.0.0.%31", _SIGN),
        ("127.0.0.1\\.example.com", _SIGN),
        ("a!b.example", _SIGN),
        ("a;b", _SIGN),
        ("a\u2028b", _SIGN),
        ("\ud800", _SIGN),
        ("\u2603.example", "a label that is none in any language"),
        ("256.0.0.1", _NUMBER),
        ("256.1", _NUMBER),
        ("4294967296", _NUMBER),
        ("1.2.3.4.5", _NUMBER),
        ("1.1.1.08", _NUMBER),
        ("1.1.1.0x", _NUMBER),
        ("example.1", _NUMBER),
        ("::1%lo", "a zone"),
        ("::ffff:127.0.0.1%lo", "a zone"),
        ("fe80::1%a/b", "a zone"),
        ("1::2::3", "no IPv6 address"),
        ("::\uff11", "no IPv6 address"),
    ],
)
def test_what_is_no_host_is_refused_by_its_rule(host: str, rule: str):
    with pytest.raises(AddressError, match=re.escape(rule)):
        plain_host(host)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("HTTP://127.1:080/a?b=c&d#", "http://127.0.0.1:80/a?b=c&d#"),
        ("https://\uff41.example.", "https://a.example"),
        ("https://[::ffff:1.1.1.1]:8443?x", "https://1.1.1.1:8443?x"),
        ("http://[2606:4700:0::1]/\u00fc", "http://[2606:4700::1]/\u00fc"),
        ("http://a.example:/", "http://a.example/"),
    ],
)
def test_an_address_is_written_with_its_host_in_that_form(text: str, url: str):
    assert web_address(text).url == url


@pytest.mark.parametrize("text", ["http://[v1.x]/", "http://[127.0.0.1]/", "http://[::1", "http://a:b/", "a", "http:a"])
def test_what_is_no_address_is_refused(text: str):
    with pytest.raises(AddressError):
        web_address(text)


_SIGNS = st.one_of(
    st.sampled_from("0123456789abcdefx.:%[]@\\/?#-_ \u3002\uff0e\u00ad\uff11\U0001fbf1\u2460"), st.characters()
)


@settings(max_examples=2000, deadline=None)
@given(st.sampled_from(["http://", "https://", "http://127.", "http://[", "http://a@"]), st.text(_SIGNS, max_size=40))
def test_a_client_connects_to_the_host_that_was_judged(beginning: str, rest: str):
    try:
        address = web_address(beginning + rest)
    except AddressError:
        return
    assert _PLAIN.fullmatch(address.host)
    assert web_address(address.url) == address
    assert str(yarl.URL(address.url).raw_host).partition("%")[0] == address.host.partition("%")[0]
