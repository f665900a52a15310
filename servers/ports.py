"""A port that is taken is no reason to fail: another will do."""

from __future__ import annotations

import socket

LOOPBACK = "127.0.0.1"


def free_port(wanted: int | None = None) -> int:
    """`wanted` if nobody listens on it, else one that the system picks.

    Another process may take it before we use it: whoever starts a server tries again.
    """
    if wanted and _is_free(wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # A connection of a server just gone does not make its port taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
