"""Ties a process to the one that started it: when that one ends, even by kill -9, so does this one.

As a program: `python -P tether.py PARENT COMMAND...` becomes COMMAND, tied to the process PARENT. It imports nothing of
ours and is run by its path, so that it works for any command in any directory.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie(parent: int) -> None:
    """Arranges that this process is killed when the process `parent`, which started it, ends; at once if it has ended.
    Where the system has no such thing (it is Linux's) nothing is tied."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def main(arguments: list[str]) -> None:
    """Becomes the command `arguments[1:]`, tied to the process `arguments[0]`; exits with 127 where it cannot run."""
    tie(int(arguments[0]))
    try:
        os.execvp(arguments[1], arguments[1:])  # noqa: S606 - no shell is what we want
    except OSError as error:
        print(f"{arguments[1]} cannot be run: {error.strerror}", file=sys.stderr)
        raise SystemExit(127) from None


if __name__ == "__main__":
    main(sys.argv[1:])
