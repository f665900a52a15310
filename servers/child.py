"""Between fork and server: give up root, tie one's life to the parent's, become it.

Runs as a script of its own, with the standard library only, because doing this in a
`preexec_fn` is unsafe in a process with threads, and every Temporal client has some.

    child.py PARENT_PID DEATH_SIGNAL ACCOUNT PROGRAM [ARGUMENT…]

ACCOUNT is the name of the account to run as, or `-` to stay who we are.
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that the kernel sends when the parent thread dies."""

REFUSED = 126
"""The exit code of a shell that found a program but could not run it."""


def become(account: str) -> None:
    """Drop every privilege of root for those of an account, for good."""
    import pwd  # noqa: PLC0415 - not every start needs it

    entry = pwd.getpwnam(account)
    os.initgroups(entry.pw_name, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def main(arguments: list[str]) -> None:
    """Become the program; returns never."""
    parent, signal, account, *program = arguments
    # Loaded before privileges go: the interpreter may lie where only root can read.
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    os.umask(0o077)
    os.chdir("/")
    if account != "-":
        become(account)
    if libc is not None:
        # After setuid, which clears it (prctl(2)).
        libc.prctl(PR_SET_PDEATHSIG, int(signal), 0, 0, 0)
    if os.getppid() != int(parent):
        # The parent died before the line above: no signal will come.
        sys.exit(REFUSED)
    os.execv(program[0], program)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as error:
        sys.exit(f"can't start {sys.argv[4:5]}: {error}")
