"""HTTP as a worker speaks it: uvicorn's, but an offer to change the protocol is ignored, and a connection is closed so
that its last answer arrives."""

from __future__ import annotations

import asyncio
from typing import cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from common.serve.closing import PoliteTransport

_INVALID = "Invalid HTTP request received."


class WebProtocol(HttpToolsProtocol):
    """As it comes, but: a request that offers an upgrade (`h2c`, `websocket`: none is served here) is served as if it
    offered none, as RFC 9110, 7.8 says.

    The parser ends a request at such an offer and drops its body. So the head is parsed once more, by a new parser and
    without the offer; then comes what stands behind it. Other requests take the same path as in uvicorn.
    """

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begins a connection; called by the event loop."""
        polite = PoliteTransport(cast(asyncio.Transport, transport), self)
        super().connection_made(cast(asyncio.Transport, polite))

    def data_received(self, data: bytes) -> None:
        """Parses what came; called by the event loop."""
        self._unset_keepalive_if_required()
        try:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as offer:
                self._ignore(offer, memoryview(data))
        except httptools.HttpParserError:
            self.logger.warning(_INVALID)
            self.send_400_response(_INVALID)

    def shutdown(self) -> None:
        """Lets the connection go when the worker ends, after the answer under way."""
        if self.cycle is None or self.cycle.response_complete:
            cast(PoliteTransport, self.transport).close_now()
        else:
            self.cycle.keep_alive = False

    def _should_upgrade(self) -> bool:
        # uvicorn asks where the parser has met an offer, and leaves the request alone where this is True. CONNECT is
        # such an offer by its method; nothing would be left of it without.
        return self.scope["method"] != "CONNECT"

    def _ignore(self, offer: httptools.HttpParserUpgrade, data: memoryview) -> None:
        """Serves the request whose head ended where `offer` says, and the requests behind it, of which any may offer
        the same. The work is linear in the bytes of `data`. Raises HttpParserError."""
        while self._should_upgrade():
            head, data = self._head_without_offer(), data[offer.args[0] :]
            self.parser = httptools.HttpRequestParser(self)
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            self.parser.feed_data(head)
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as next_offer:
                offer = next_offer

    def _head_without_offer(self) -> bytes:
        """Returns the request line and headers that were parsed last, without Upgrade. `Connection` stays as it is: it
        may say `close` as well."""
        line = b"%b %b HTTP/%b" % (self.scope["method"].encode(), self.url, self.parser.get_http_version().encode())
        headers = (b"%b: %b" % header for header in self.headers if header[0] != b"upgrade")
        return b"\r\n".join((line, *headers, b"", b""))
