"""One writer at a time, across processes; a second one is told who holds the lock."""

import json
import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import filelock

from index.errors import IndexBusy

_WAIT_S = 4.0


@contextmanager
def held_lock(folder: Path, name: str) -> Generator[None]:
    """Holds the lock `name` in `folder`. Raises `IndexBusy`, naming the holder, after four seconds of waiting."""
    lock = filelock.FileLock(folder / f"{name}.lock", timeout=_WAIT_S)
    owner = folder / f"{name}.json"
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise IndexBusy(f"{folder} is being written by {_owner(owner)}; wait for it, or stop it") from error
    try:
        owner.write_text(
            json.dumps(
                {"pid": os.getpid(), "host": socket.gethostname(), "since": f"{datetime.now():%Y-%m-%d %H:%M:%S}"}
            )
        )
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()


def _owner(path: Path) -> str:
    try:
        held = json.loads(path.read_text())
        return f"process {held['pid']} on {held['host']} since {held['since']}"
    except (OSError, ValueError, KeyError):
        return "another process"
