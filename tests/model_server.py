"""A server of language models on loopback that speaks the three protocols, well or badly.

It is real down to the socket: what it sends is what Ollama, OpenAI's chat route and Anthropic's
Messages route send, event for event. A test gives it a script that is played for each request.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

PROVIDERS = ("ollama", "openai", "anthropic")
PATIENCE = 60.0
"""How long a test waits for what must come: LlamaIndex alone takes seconds to load on a busy machine."""

PATHS = {"ollama": "/api/chat", "openai": "/v1/chat/completions", "anthropic": "/v1/messages"}
KINDS = {"ollama": "application/x-ndjson", "openai": "text/event-stream", "anthropic": "text/event-stream"}


@dataclass
class Reply:
    """One request, and the means to answer it."""

    server: ModelServer
    path: str
    headers: dict[str, str]
    body: bytes
    connection: socket.socket
    started: bool = False

    @property
    def provider(self) -> str:
        """Which protocol is spoken."""
        return self.server.provider

    @property
    def asked(self) -> dict[str, Any]:
        """The body as JSON."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def rules(self) -> str:
        """The system's text, wherever the protocol puts it."""
        if self.provider == "anthropic":
            return str(self.asked["system"])
        return str(self.asked["messages"][0]["content"])

    @property
    def prompt(self) -> str:
        """The user's text."""
        return str(self.asked["messages"][-1]["content"])

    @property
    def ids(self) -> list[str]:
        """The ids of the evidence, in order."""
        return re.findall(r"^\[([A-Z]{4}\d+)\] ", self.prompt, re.MULTILINE)

    def id_of(self, part: str) -> str:
        """The id of the first piece of evidence that holds ``part``."""
        blocks = re.split(r"^\[([A-Z]{4}\d+)\] ", self.prompt, flags=re.MULTILINE)[1:]
        return next(blocks[i] for i in range(0, len(blocks), 2) if part in blocks[i + 1])

    def status(self, code: int, body: bytes, kind: str = "application/json", *extra: str) -> None:
        """Answer with a status and a whole body."""
        head = [f"HTTP/1.1 {code} Said", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *extra]
        self.raw("\r\n".join((*head, "Connection: close", "", "")).encode() + body)

    def begin(self, kind: str = "") -> None:
        """Send the head of a stream, and the event that begins a message."""
        if self.started:
            return
        self.started = True
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind or KINDS[self.provider]}\r\nConnection: close\r\n\r\n"
        self.raw(head.encode())
        if self.provider == "anthropic":
            self.event(
                {
                    "type": "message_start",
                    "message": {
                        "id": "m1", "type": "message", "role": "assistant", "content": [],
                        "model": "m", "usage": {"input_tokens": self.server.read_tokens, "output_tokens": 1},
                    },
                }
            )  # fmt: skip
            self.event(
                {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
            )
            self.event({"type": "ping"})

    def say(self, text: str) -> None:
        """Send some text as the protocol's next piece."""
        self.begin()
        if self.provider == "ollama":
            self.event({"model": "m", "message": {"role": "assistant", "content": text}, "done": False})
        elif self.provider == "openai":
            self.event(_chunk([{"index": 0, "delta": {"content": text}, "finish_reason": None}]))
        else:
            delta = {"type": "text_delta", "text": text}
            self.event({"type": "content_block_delta", "index": 0, "delta": delta})

    def end(self, limit: bool = False) -> None:
        """Send what ends a whole answer; ``limit``: the allowed output was used up."""
        self.begin()
        read = self.server.read_tokens
        if self.provider == "ollama":
            self.event(
                {
                    "model": "m", "message": {"role": "assistant", "content": ""}, "done": True,
                    "done_reason": "length" if limit else "stop", "prompt_eval_count": read, "eval_count": 9,
                }
            )  # fmt: skip
        elif self.provider == "openai":
            reason = "length" if limit else "stop"
            self.event(_chunk([{"index": 0, "delta": {}, "finish_reason": reason}]))
            usage = {"prompt_tokens": read, "completion_tokens": 9, "total_tokens": read + 9}
            self.event(_chunk([]) | {"usage": usage})
            self.raw(b"data: [DONE]\n\n")
        else:
            self.event({"type": "content_block_stop", "index": 0})
            stop = "max_tokens" if limit else "end_turn"
            self.event(
                {"type": "message_delta", "delta": {"stop_reason": stop}, "usage": {"output_tokens": 9}}
            )
            self.event({"type": "message_stop"})

    def error(self, message: str) -> None:
        """Send an error in the middle of a stream."""
        self.begin()
        if self.provider == "ollama":
            self.event({"error": message})
        else:
            self.event({"type": "error", "error": {"type": "overloaded_error", "message": message}})

    def event(self, event: dict[str, Any]) -> None:
        """Send one event, framed as the protocol frames it."""
        data = json.dumps(event).encode()
        if self.provider == "ollama":
            self.raw(data + b"\n")
        elif self.provider == "openai":
            self.raw(b"data: " + data + b"\n\n")
        else:
            self.raw(f"event: {event['type']}\n".encode() + b"data: " + data + b"\n\n")

    def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.connection.sendall(data)

    def wait_until_left(self) -> None:
        """Return when the other side has let go of the connection."""
        self.connection.settimeout(PATIENCE)
        with suppress(ConnectionError):
            while self.connection.recv(4096):
                pass
        self.server.left.set()

    def refuse(self, code: int, message: str, *extra: str) -> None:
        """Answer with an error as the provider words it."""
        if self.provider == "ollama":
            body: dict[str, Any] = {"error": message}
        elif self.provider == "openai":
            body = {"error": {"message": message, "type": "invalid_request_error", "code": "x"}}
        else:
            body = {"type": "error", "error": {"type": "api_error", "message": message}}
        self.status(code, json.dumps(body).encode(), "application/json", *extra)


Script = Callable[[Reply], None]


@dataclass
class ModelServer:
    """Plays a script for each request, on a thread of its own."""

    provider: str
    script: Script
    read_tokens: int = 5_000
    context: ssl.SSLContext | None = None
    seen: list[Reply] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)
    met: threading.Event = field(default_factory=threading.Event)
    """Set when a request has come in whole."""
    troubles: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address, as the settings of its provider want it."""
        scheme = "https" if self.context else "http"
        return f"{scheme}://127.0.0.1:{self.port}" + ("/v1" if self.provider == "openai" else "")

    def close(self) -> None:
        """Let nobody in any more."""
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            safe = self.context.wrap_socket(connection, server_side=True) if self.context else connection
            head, body = _request(safe)
            if not head:
                return
            first, *lines = head.split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
            }
            reply = Reply(self, first.split(" ")[1], headers, body, safe)
            self.seen.append(reply)
            self.met.set()
            try:
                self.script(reply)
            except OSError:
                self.left.set()
            except BaseException as trouble:
                self.troubles.append(trouble)
                raise


@contextmanager
def serving(provider: str, script: Script, **more: Any) -> Iterator[ModelServer]:
    """Give a server for the length of a block; a script that broke fails the test."""
    server = ModelServer(provider, script, **more)
    try:
        yield server
    finally:
        server.close()
    assert not server.troubles, server.troubles


def _request(connection: socket.socket) -> tuple[str, bytes]:
    held = b""
    while b"\r\n\r\n" not in held:
        data = connection.recv(65536)
        if not data:
            return "", b""
        held += data
        if held.startswith(b"\x16"):
            return "TLS hello", b""  # somebody wants to speak safely to a server that cannot
    head, _, body = held.partition(b"\r\n\r\n")
    text = head.decode("latin-1")
    found = re.search(r"(?i)content-length: (\d+)", text)
    while found and len(body) < int(found.group(1)):
        body += connection.recv(65536)
    return text, body


def _chunk(choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices}
