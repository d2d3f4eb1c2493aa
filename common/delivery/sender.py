"""Sends events: one POST, its credentials and its signature, and its outcome (RFC 9110, RFC 6749, RFC 2104).

A signed request carries `X-TMF-Signature: t=SECONDS,v1=HEX`, HEX being the HMAC-SHA256 of `SECONDS.BODY` under the
subscription's secret. Redirects are not followed, so none leads to an address that was not judged.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import aiohttp

from common.hosts import AddressError
from common.hub.destinations import Allowed, Guarded, require_allowed
from common.hub.subscription import Subscription
from common.release import release

_READ_AT_MOST = 65_536
_TOKEN_MARGIN = 30.0
_TOKEN_SECONDS = 300.0
_LONGEST_WAIT = 86_400.0
_AWAY = frozenset({408, 425, 429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one POST.

    `status`: of the answer; None where there was none.
    `error`: why there was none, in words.
    `milliseconds`: how long it took.
    `retry_after`: in how many seconds the subscriber wants to be asked again, where it said so.
    """

    status: int | None
    error: str
    milliseconds: float
    retry_after: float | None = None

    @property
    def is_taken(self) -> bool:
        """Returns True where the subscriber has accepted the event."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_end(self) -> bool:
        """Returns True where the subscriber wants no more events, ever."""
        return self.status == 410

    @property
    def is_away(self) -> bool:
        """Returns True where it is not this event that failed but the subscriber."""
        return self.status is None or self.status in _AWAY

    @property
    def reason(self) -> str:
        """Returns why it failed, in words for people."""
        return self.error or f"answered {self.status}"


@dataclass(slots=True)
class _Token:
    text: str
    until: float


class Sender:
    """The HTTP client of one process, with kept-alive connections.

    `seconds`: the longest time of one request.
    `connections`: how many there are at most.
    """

    def __init__(self, allowed: Allowed, seconds: float, connections: int):
        self._allowed = allowed
        self._tokens: dict[str, _Token] = {}
        # Names are resolved, and judged, for every new connection.
        connector = aiohttp.TCPConnector(
            resolver=Guarded(allowed), use_dns_cache=False, limit=connections, keepalive_timeout=30
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=seconds),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            headers={"User-Agent": f"tmf-reference-suite/{release()}", "Accept": "*/*"},
        )

    async def send(self, to: Subscription, body: bytes) -> Outcome:
        """Sends a body to a subscriber by one POST. Never raises for what the subscriber or the way to it does."""
        began = time.perf_counter()
        try:
            address = require_allowed(to.callback, self._allowed).url
        except AddressError as problem:
            return Outcome(None, f"the callback {problem}", 0.0)
        try:
            headers = {"Content-Type": "application/json", **to.headers, **await self._bearer(to), **signed(to, body)}
            status, wait = await self._post(address, body, headers)
        except _Refused as refused:
            return Outcome(None, str(refused), _since(began))
        except TimeoutError:
            return Outcome(None, "did not answer in time", _since(began))
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Outcome(None, _words(error), _since(began))
        if status == 401:
            self._tokens.pop(to.id, None)
        return Outcome(status, "", _since(began), wait)

    async def close(self) -> None:
        """Lets go of every connection."""
        await self._session.close()

    async def _post(self, address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, float | None]:
        async with self._session.post(address, data=body, headers=headers, allow_redirects=False) as answer:
            await answer.content.read(_READ_AT_MOST)
            if not answer.content.at_eof():
                answer.close()
            return answer.status, _retry_after(answer.headers.get("Retry-After"))

    async def _bearer(self, to: Subscription) -> dict[str, str]:
        """Returns the authorization of a subscription with client credentials. Raises _Refused where there is none."""
        if not to.oauth:
            return {}
        token = self._tokens.get(to.id)
        if token is None or token.until < time.monotonic():
            token = self._tokens[to.id] = await self._token(to.oauth)
        return {"Authorization": f"Bearer {token.text}"}

    async def _token(self, oauth: Mapping[str, str]) -> _Token:
        try:
            address = require_allowed(oauth["tokenUrl"], self._allowed).url
        except AddressError as problem:
            raise _Refused(f"the tokenUrl {problem}") from problem
        form = {"grant_type": "client_credentials"}
        if "scope" in oauth:
            form["scope"] = oauth["scope"]
        basic = aiohttp.encode_basic_auth(oauth["clientId"], oauth["clientSecret"])
        headers = {"Authorization": basic}
        async with self._session.post(address, data=form, headers=headers, allow_redirects=False) as answer:
            if answer.status != 200:
                raise _Refused(f"the token server answered {answer.status}")
            body = await answer.json(content_type=None)
        if not isinstance(body, dict) or not isinstance(body.get("access_token"), str):
            raise _Refused("the token server gave no access_token")
        seconds = body.get("expires_in", _TOKEN_SECONDS)
        seconds = float(seconds) if isinstance(seconds, int | float) else _TOKEN_SECONDS
        return _Token(body["access_token"], time.monotonic() + max(seconds - _TOKEN_MARGIN, seconds / 2))


class _Refused(Exception):
    """Why no request could be made, in words for the operator."""


def signed(to: Subscription, body: bytes, seconds: int | None = None) -> dict[str, str]:
    """Returns the header that signs a body at a moment, in seconds since 1970, or now; none without a secret."""
    if to.secret is None:
        return {}
    moment = int(time.time()) if seconds is None else seconds
    mac = hmac.new(to.secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return {"X-TMF-Signature": f"t={moment},v1={mac.hexdigest()}"}


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def _words(error: Exception) -> str:
    """Returns a failure in words, without the address, which may hold a secret."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"could not be connected to: {error.os_error.strerror or type(error.os_error).__name__}"
    return f"broke the connection: {type(error).__name__}"


def _retry_after(value: str | None) -> float | None:
    """Returns the seconds that a Retry-After header asks for (RFC 9110, section 10.2.3), a day at most."""
    if not value:
        return None
    try:
        seconds = float(value) if value.strip().isdigit() else parsedate_to_datetime(value).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), _LONGEST_WAIT)
