"""Parsing in a process of its own, with limits: a file that crashes, hangs or swells its parser is one rejection."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Self, cast

from index.errors import BadReport
from index.readers.draft import Draft, Unusable
from index.readers.wire import receive_json, send, send_json

PACKAGES_FOLDER = Path(__file__).resolve().parents[2]
START = (
    "import sys; sys.path.append(sys.argv[3]); from index.readers.worker import main; main(*map(int, sys.argv[1:3]))"
)
# The computing time is limited inside; this is for a process that waits, or a machine that is busy.
WALL_PER_CPU_SECOND = 4


class ParserProcess:
    """One process for many files, started with the first and again after each that broke it. Close it."""

    def __init__(self, parse_seconds: int, parse_memory_mb: int) -> None:
        self._seconds = parse_seconds
        self._memory_mb = parse_memory_mb
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):  # what was still to be written has no reader any more
                cast("BinaryIO", stream).close()
        process.wait()

    def read(self, format_name: str, data: bytes, name: str) -> Iterator[Draft | Unusable]:
        """As the reader of that format. Raises `BadReport`, also for a file that breaks the parser."""
        reply = self._ask(format_name, data, name)
        for entry in reply["found"]:
            yield Draft(**entry["draft"]) if "draft" in entry else Unusable(**entry["unusable"])
        if reply["bad"] is not None:
            raise BadReport(str(reply["bad"]))

    def _ask(self, format_name: str, data: bytes, name: str) -> dict[str, Any]:
        process = self._running()
        late = threading.Event()

        def kill() -> None:
            late.set()
            process.kill()

        deadline = threading.Timer(self._seconds * WALL_PER_CPU_SECOND, kill)
        deadline.start()
        try:
            send_json(cast("BinaryIO", process.stdin), {"format": format_name, "name": name})
            send(cast("BinaryIO", process.stdin), data)
            reply = receive_json(cast("BinaryIO", process.stdout))
        except OSError:  # it died while it was being told
            reply = None
        finally:
            deadline.cancel()
        if reply is None:
            code = process.wait()
            self.close()
            raise BadReport(self._cause_of_death(code, late.is_set()))
        if reply["broken"]:
            self.close()
        return reply

    def _cause_of_death(self, code: int, late: bool) -> str:
        if late or code == -getattr(signal, "SIGXCPU", 0):
            return f"parsing it takes more than {self._seconds} seconds; left alone"
        return f"it crashes its parser or takes more than {self._memory_mb} MB (exit {code}); left alone"

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            # -P: the current folder is not searched for modules; it may hold whatever the reports came with.
            arguments = ["-P", "-c", START, str(self._memory_mb), str(self._seconds), str(PACKAGES_FOLDER)]
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
                [sys.executable, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"},
            )
        return self._process
