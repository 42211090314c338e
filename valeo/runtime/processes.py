"""Starting child processes that never outlive their parent."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import IO

from valeo.runtime.places import Account

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)

#: signals that the supervisor takes synchronously and therefore blocks for itself
HANDLED = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD})


def _in_the_child(parent: int, death_signal: signal.Signals) -> Callable[[], None]:
    """What runs between fork and exec: die with the parent, and take signals again."""

    def prepare() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED)

    return prepare


def spawn(
    command: Sequence[str],
    *,
    death_signal: signal.Signals = signal.SIGTERM,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
    descriptors: Sequence[int] = (),
    cwd: str | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own, so that Ctrl+C reaches the supervisor only.

    The child gets ``death_signal`` when we die, however we die. ``account`` is the user it runs as, where that is
    another one than ours.
    """
    switch = account is not None and account.switch
    return subprocess.Popen(
        list(command),
        env=dict(env) if env is not None else None,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        pass_fds=tuple(descriptors),
        process_group=0,
        umask=0o077,  # archive, logs and static files are for nobody else on the machine
        user=account.uid if account is not None and switch else None,
        group=account.gid if account is not None and switch else None,
        extra_groups=[] if switch else None,
        cwd=cwd,
        # runs after the change of user, which would clear the death signal; we have one thread here
        preexec_fn=_in_the_child(os.getpid(), death_signal),  # noqa: PLW1509
    )
