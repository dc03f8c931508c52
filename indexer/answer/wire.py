"""How a request reaches a language model's server, and its answer comes back: beneath every client.

The clients that LlamaIndex brings read the environment, follow redirects, try again by themselves,
wait without end on a server that drips, and put whatever a server says into their errors. All of
that is decided here instead, on the connection itself, so that it holds for each of them alike:
which addresses may be reached, how long each step may take, how much may come, what is told.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import selectors
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import httpcore
import httpx

from indexer import __version__
from indexer.answer.patience import Patience
from indexer.answer.refusals import SHOWN_KEY, detail_of, lost, masked, not_local, refused
from indexer.errors import CancelledError, LorebaseError, WritingError

TICK_SECONDS: Final = 0.1
"""How soon a call that is taken back lets go of its connection."""

CONNECT_SECONDS: Final = 10.0
"""How long one address may take to let us in; it says nothing of the model."""

MOST_BYTES: Final = 4_000_000
"""An answer of 4,000 tokens comes in 1 MB of events at most; a server that sends more is broken."""

MOST_ERROR_BYTES: Final = 16_384
_SENT_HEADERS: Final = frozenset({"accept", "anthropic-version", "content-length", "content-type", "host"})
"""Whatever else a client adds tells of the machine, not of the request."""

_KEY_HEADERS: Final = ("authorization", "x-api-key")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as it leaves: the key is in ``headers`` as `[key]`, and nowhere in ``body``."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass
class Wire:
    """One request's way to a server. ``loopback_only``: it never leaves this machine.

    ``rehearsal`` keeps what would be sent in ``outgoing``, and sends nothing. With ``expected`` a
    body that is not that one is not sent.
    """

    patience: Patience
    key: str = field(default="", repr=False)
    loopback_only: bool = False
    rehearsal: bool = False
    expected: bytes = b""
    outgoing: Outgoing | None = None
    failure: LorebaseError | None = None
    """What ended the request. Clients wrap what is raised beneath them; this is what it was."""
    _made: list[httpx.BaseTransport] = field(default_factory=list, repr=False)

    def client(self) -> httpx.Client:
        """Return a client whose every byte goes this way; no redirects, proxies or environment."""
        return httpx.Client(transport=self.transport(), trust_env=False, follow_redirects=False)

    def transport(self) -> httpx.BaseTransport:
        """Return the same for a client that makes its own."""
        made = _Transport(self)
        self._made.append(made)
        return made

    def close(self) -> None:
        """Let go of every connection."""
        for each in self._made:
            each.close()

    def fail(self, failure: LorebaseError) -> LorebaseError:
        """Remember why the request ended, and return it to be raised."""
        self.failure = self.failure or failure
        return self.failure


def is_loopback(url: str) -> bool:
    """Say whether an address is on this machine by its very words; names are not looked up."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


class _Transport(httpx.BaseTransport):
    """Sends one request over a connection of its own."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._pool: httpcore.ConnectionPool | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        wire = self._wire
        headers = [
            (name, value) for name, value in request.headers.items() if _is_sent(name, value, wire.key)
        ]
        body = request.read()
        wire.outgoing = Outgoing(request.method, str(request.url), _masked_headers(headers), body)
        if wire.rehearsal:
            raise wire.fail(CancelledError("This was a rehearsal: nothing was sent."))
        if wire.expected and body != wire.expected:
            raise wire.fail(
                WritingError("What would be sent is not what was shown, so it was not sent.", "Look again.")
            )
        if _unsafe(wire, request.url):
            raise wire.fail(not_local(request.url.host))
        headers += [("user-agent", f"lorebase/{__version__}"), ("accept-encoding", "identity")]
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trust() if request.url.scheme == "https" else None,
            max_connections=1,
            network_backend=_Network(wire),
        )
        place = f"{request.url.host}:{request.url.port or (443 if request.url.scheme == 'https' else 80)}"
        core = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in headers],
            content=body,
        )
        try:
            answer = self._pool.handle_request(core)
        except LorebaseError as failure:
            raise wire.fail(failure) from None
        except (OSError, httpcore.ProtocolError, httpcore.NetworkError) as error:
            raise wire.fail(lost(error, place)) from None
        response = httpx.Response(answer.status, headers=answer.headers)
        assert isinstance(answer.stream, Iterable)
        stream = _Stream(wire, answer.stream, place)
        if answer.status >= httpx.codes.MULTIPLE_CHOICES:
            wait = response.headers.get("retry-after", "")
            detail = masked(detail_of(_some(stream)), wire.key)
            raise wire.fail(refused(answer.status, wait, detail))
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind in ("text/html", "application/xhtml+xml"):
            raise wire.fail(
                WritingError(
                    f"{place} answered with a web page, not as a language model does.",
                    "Check model.url: `lorebase model` shows it.",
                )
            )
        if response.headers.get("content-encoding", "identity") != "identity":
            raise wire.fail(WritingError(f"{place} packed its answer although it was asked not to.", ""))
        return httpx.Response(answer.status, headers=answer.headers, stream=stream)

    def close(self) -> None:
        if self._pool is not None:
            self._pool.close()


class _Stream(httpx.SyncByteStream):
    """The body of an answer, until there is too much of it."""

    def __init__(self, wire: Wire, parts: Iterable[bytes], place: str) -> None:
        self._wire = wire
        self._parts = parts
        self._place = place

    def __iter__(self) -> Iterator[bytes]:
        count = 0
        try:
            for part in self._parts:
                count += len(part)
                if count > MOST_BYTES:
                    raise WritingError(
                        f"{self._place} sent more than {MOST_BYTES:,} bytes, and was cut off.",
                        "Try another model.",
                    )
                yield part
        except LorebaseError as failure:
            raise self._wire.fail(failure) from None
        except (OSError, httpcore.ProtocolError, httpcore.NetworkError) as error:
            raise self._wire.fail(lost(error, self._place)) from None

    def close(self) -> None:
        close = getattr(self._parts, "close", None)
        if close is not None:
            close()


class _Network(httpcore.NetworkBackend):
    """Opens connections that look at their request's patience while they wait."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[object] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that lets us; with ``loopback_only`` to this machine alone."""
        del timeout, local_address, socket_options
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        if self._wire.loopback_only:
            found = [each for each in found if ipaddress.ip_address(each[4][0]).is_loopback]
            if not found:
                raise not_local(host)
        last: OSError = OSError("there is no address")
        for family, kind, protocol, _, address in found:
            try:
                return _Connection(self._wire.patience, self._open(family, kind, protocol, address))
            except OSError as error:
                last = error
        raise last

    def _open(self, family: int, kind: int, protocol: int, address: object) -> socket.socket:
        made = socket.socket(family, kind, protocol)
        try:
            made.setblocking(False)
            made.connect_ex(address)  # type: ignore[arg-type]
            with selectors.DefaultSelector() as selector:
                selector.register(made, selectors.EVENT_WRITE)
                until = time.monotonic() + CONNECT_SECONDS
                while not selector.select(TICK_SECONDS):
                    self._wire.patience.check()
                    if time.monotonic() > until:
                        raise OSError(errno.ETIMEDOUT, f"no answer within {CONNECT_SECONDS:g} s")
            problem = made.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if problem:
                raise OSError(problem, os.strerror(problem))
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            made.close()
            raise
        return made

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class _Connection(httpcore.NetworkStream):
    """A socket whose every wait is short, and may be the last."""

    def __init__(self, patience: Patience, made: socket.socket) -> None:
        self._patience = patience
        self._socket = made
        made.settimeout(TICK_SECONDS)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        while True:
            self._patience.check()
            with suppress(TimeoutError):
                return self._socket.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        rest = memoryview(buffer)
        while rest:
            self._patience.check()
            with suppress(TimeoutError):
                rest = rest[self._socket.send(rest) :]

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        del timeout
        safe = ssl_context.wrap_socket(
            self._socket, server_hostname=server_hostname, do_handshake_on_connect=False
        )
        try:
            while True:
                self._patience.check()
                with suppress(TimeoutError):
                    safe.do_handshake()
                    return _Connection(self._patience, safe)
        except BaseException:
            safe.close()
            raise

    def get_extra_info(self, info: str) -> object:
        return self._socket if info == "socket" else None

    def close(self) -> None:
        self._socket.close()


def _trust() -> ssl.SSLContext:
    """Return who is believed: whom this system trusts (a company's own servers too), and certifi."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _is_sent(name: str, value: str, key: str) -> bool:
    """Return whether a header goes out; of keys only ours, not one that a client found by itself."""
    return (key != "" and key in value) if name in _KEY_HEADERS else name in _SENT_HEADERS


def _masked_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, SHOWN_KEY if name in _KEY_HEADERS else value) for name, value in headers)


def _unsafe(wire: Wire, url: httpx.URL) -> bool:
    return wire.loopback_only and not is_loopback(str(url))


def _some(stream: Iterable[bytes]) -> bytes:
    """Return the beginning of an error's body; what else happens to it does not matter."""
    held = b""
    with suppress(LorebaseError):
        for part in stream:
            held += part
            if len(held) > MOST_ERROR_BYTES:
                break
    return held[:MOST_ERROR_BYTES]
