"""Finding loopback ports."""

import socket


def free_port() -> int:
    """A loopback port that was free just now; whoever takes it must be ready to try again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listen_from(host: str, first: int, *, tries: int = 200) -> socket.socket:
    """Listen on the first free port from `first` upward: a busy port is stepped over.

    The socket is handed on to the web server, so nobody can take the port in between.
    Raises OSError when none of `tries` ports is free.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(first, min(first + tries, 65536)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(128)
        except OSError:
            listener.close()
            continue
        return listener
    raise OSError(f"no free port from {first} upward on {host}")
