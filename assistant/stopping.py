"""Giving up work for an answer that nobody wants any more, at any moment, also while a model is silent.

A generator can be closed only between two of its items. What blocks inside one, such as waiting for a model's first
word, waits in `slices` instead, and so ends soon after the reader has left.
"""

import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from index.errors import BriefingError

_LOOK_EVERY_S = 0.1

_wanted: ContextVar[threading.Event | None] = ContextVar("stop", default=None)


class Stopped(BriefingError):
    """The reader does not want the answer any more."""


@contextmanager
def stopped_by(stop: threading.Event) -> Generator[None]:
    """What this thread does inside waits no longer once `stop` is set."""
    token = _wanted.set(stop)
    try:
        yield
    finally:
        _wanted.reset(token)


def slices(seconds: float) -> Iterator[float]:
    """Timeouts, in seconds, to wait with one after the other until `seconds` have passed; at least one.

    Raises `Stopped` between two of them, once this thread's work is not wanted any more.
    """
    stop = _wanted.get()
    end = time.monotonic() + seconds
    left = max(seconds, 0.0)
    while True:
        yield left if stop is None else min(left, _LOOK_EVERY_S)
        if stop is not None and stop.is_set():
            raise Stopped("Stopped.")
        left = end - time.monotonic()
        if left <= 0:
            return
