"""The configuration of the embedded PostgreSQL, from the machine's memory."""

from __future__ import annotations

import os
from pathlib import Path

_MEGABYTE = 1024 * 1024


def _memory() -> int:
    """Physical memory in megabytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MEGABYTE


def configuration(socket_directory: Path, *, testing: bool, memory: int | None = None) -> str:
    """The text of ``valeo.conf``; ``memory`` in megabytes.

    An acknowledged write survives kill -9 of every process: ``synchronous_commit`` stays on, for tests too. What
    tests drop (fsync, full pages) guards against a crash of the machine only.
    """
    memory = memory or _memory()
    values = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_directory),
        "unix_socket_permissions": "0700",
        "max_connections": "120",
        "shared_buffers": f"{min(max(memory // 8, 128), 1024)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "max_wal_size": "2GB",
        "min_wal_size": "160MB",
        "random_page_cost": "1.1",
        # pages are short queries: compiling a plan costs more than it saves
        "jit": "off",
        # kept plans are made anew when a table's statistics are: a young company's tables grow tenfold in a minute
        "autovacuum_naptime": "10s",
        "autovacuum_analyze_scale_factor": "0.05",
        "synchronous_commit": "on",
        # after a crash one call for the file system instead of one for each of a thousand files
        "recovery_init_sync_method": "syncfs",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_messages": "warning",
        "log_lock_waits": "on",
        "log_min_duration_statement": "1000",
        "log_line_prefix": "%m [%p] %q%a ",
        # errors of a statement may quote personal data; the application logs them redacted
        "log_min_error_statement": "panic",
        "fsync": "off" if testing else "on",
        "full_page_writes": "off" if testing else "on",
    }
    return "# written by valeo.runtime at every start\n" + "".join(
        f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in values.items()
    )
