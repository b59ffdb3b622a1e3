"""A provider on loopback, over real HTTP, that can misbehave in every way."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

# What an answer may be besides a status and a body.
HANG, CUT, TWICE = "hang", "cut", "twice"


@dataclass(frozen=True)
class Got:
    """A call as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float

    @property
    def fields(self) -> dict[str, Any]:
        """The body, JSON or a form."""
        if self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            return dict(parse_qsl(self.body.decode()))
        return json.loads(self.body)

    @property
    def key(self) -> str:
        """The idempotency key."""
        return self.headers["Idempotency-Key"]


Answer = tuple[int, Any] | str


@dataclass
class Provider:
    """A server that keeps what it is sent; ``answer`` says what it replies."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    answer: Callable[[Got], Answer] = lambda got: (200, {"code": 0, "id": f"p-{got.key}"})
    hang_seconds: float = 30.0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """To whom it was sent and what, of a plain gateway."""
        return [(got.fields["to"], got.fields["text"]) for got in self.got]

    @property
    def numbers(self) -> list[str]:
        """To whom, in order."""
        return [number for number, _text in self.texts]

    def repeats(self) -> int:
        """How many calls came beyond the first with their idempotency key."""
        return sum(Counter(got.key for got in self.got).values()) - len(
            {got.key for got in self.got}
        )

    def take(self, got: Got) -> Answer:
        """Keep a call, then answer."""
        with self._lock:
            self.got.append(got)
        return self.answer(got)


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            if len(body) < length:  # killed in the middle of a call: that is none
                self.close_connection = True
                return
            answer = provider.take(Got(self.path, dict(self.headers), body, time.monotonic()))
            if answer == HANG:
                provider._ended.wait(provider.hang_seconds)
                self.close_connection = True
                return
            if answer == CUT:
                self.close_connection = True
                return
            times = 2 if answer == TWICE else 1
            if answer == TWICE:
                answer = (200, {"code": 0, "id": f"p-{self.headers['Idempotency-Key']}"})
            assert isinstance(answer, tuple)
            status, given = answer
            text = given if isinstance(given, bytes) else json.dumps(given).encode()
            head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(text)}\r\n\r\n".encode()
            self.wfile.write((head + text) * times)

        def log_message(self, *arguments: object) -> None:
            pass

    return Handler


@contextmanager
def running() -> Iterator[Provider]:
    """A provider on any free port."""
    provider = Provider()

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, request: object, address: object) -> None:
            pass  # whoever was killed has hung up

    server = Server(("127.0.0.1", 0), _handler(provider))
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        provider._ended.set()
        server.shutdown()
        with suppress(OSError):
            server.server_close()
        thread.join()
