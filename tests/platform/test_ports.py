"""A busy port is stepped over."""

import socket

import pytest

from deploy.launcher.ports import listen_from


def test_the_first_free_port_is_taken_and_listens():
    with socket.create_server(("127.0.0.1", 0)) as busy:
        first = busy.getsockname()[1]
        with listen_from("127.0.0.1", first) as listener:
            taken = listener.getsockname()[1]
            assert taken > first
            socket.create_connection(("127.0.0.1", taken), timeout=5).close()


def test_no_free_port_is_said_so():
    with socket.create_server(("127.0.0.1", 0)) as busy:
        first = busy.getsockname()[1]
        with pytest.raises(OSError, match=f"no free port from {first} upward"):
            listen_from("127.0.0.1", first, tries=1)
