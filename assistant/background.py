"""Asynchronous work for a program that is not: run in a thread of its own, its results handed over one by one.

An event loop can stop waiting at any moment, whatever the other side does or does not send; blocking sockets cannot.
Each piece of work has its own thread and loop, so it also runs inside notebooks and web servers that have theirs.
"""

import contextlib
import math
import queue
import threading
from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Generic, TypeVar

from assistant.stopping import slices

if TYPE_CHECKING:
    import asyncio

Result = TypeVar("Result")
Hand = Callable[[Result], None]
"""Give one result to the caller."""


class _End(Generic[Result]):
    """The last thing handed over: how the work ended."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def in_background(work: Callable[[Hand[Result]], Awaitable[None]]) -> Generator[Result]:
    """What `work` hands over, as it comes; then its exception, if it raised one.

    The work starts with the first `next`. Closing the generator, or `assistant.stopping`, cancels it and waits until
    it has stopped.
    """
    import asyncio

    handed: queue.SimpleQueue[Result | _End[Result]] = queue.SimpleQueue()
    loop = asyncio.new_event_loop()

    async def supervise() -> None:
        try:
            await work(handed.put)
        except BaseException as error:  # every end is handed over, so that the caller never waits in vain
            handed.put(_End(error))
        else:
            handed.put(_End(None))

    task = loop.create_task(supervise())
    thread = threading.Thread(target=_run, args=(loop, task), name="briefing-model", daemon=True)
    thread.start()
    try:
        while not isinstance(result := _taken(handed), _End):
            yield result
        if result.error is not None:
            raise result.error
    finally:
        with contextlib.suppress(RuntimeError):  # the loop has closed: the work is done
            loop.call_soon_threadsafe(task.cancel)
        thread.join(timeout=2)


def _taken(handed: "queue.SimpleQueue[Result | _End[Result]]") -> "Result | _End[Result]":
    for wait_s in slices(math.inf):
        with contextlib.suppress(queue.Empty):
            return handed.get(timeout=wait_s if wait_s < math.inf else None)
    raise AssertionError("slices of forever do not end")


def _run(loop: "asyncio.AbstractEventLoop", task: "asyncio.Task[None]") -> None:
    try:
        loop.run_until_complete(task)
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
