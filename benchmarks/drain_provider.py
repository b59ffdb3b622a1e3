"""A provider of text messages on loopback that answers as fast as it can, in a process of its own.

It takes plain gateways' messages, gives each a number, and keeps nothing but the count.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.harness import ROOT

_ENDS = b"\r\n\r\n"


class Provider(asyncio.Protocol):
    """One connection, kept alive."""

    taken = 0
    wait = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._left = transport, b""

    def data_received(self, data: bytes) -> None:
        """Answer every whole message."""
        self._left += data
        while (head := self._left.find(_ENDS)) >= 0:
            headers = self._left[:head].lower()
            at = headers.find(b"content-length:")
            length = int(headers[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            end = head + len(_ENDS) + length
            if len(self._left) < end:
                return
            is_count = self._left.startswith(b"GET")
            self._left = self._left[end:]
            if is_count:
                self._answer(b"%d" % Provider.taken)
                continue
            Provider.taken += 1
            body = b'{"code":0,"id":"n%d"}' % Provider.taken
            if Provider.wait:
                asyncio.get_running_loop().call_later(Provider.wait, self._answer, body)
            else:
                self._answer(body)

    def _answer(self, body: bytes) -> None:
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Provider, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def running(milliseconds: float = 0.0) -> Iterator[str]:
    """The address of a provider that takes so long to answer."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.drain_provider", str(milliseconds)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    Provider.wait = float(sys.argv[1]) / 1000
    asyncio.run(_serve())
