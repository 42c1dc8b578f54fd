"""Who goes first when many ask at once: evidence for everybody before an answer for anybody.

Finding evidence takes a fifth of the work of an answer and is what a reader starts with; a question that came last
should not wait for it until all those before are answered.
"""

import gc
import threading
from collections.abc import Generator, Iterable
from contextlib import ExitStack, closing, contextmanager

from assistant.stopping import slices
from assistant.types import Event, Retrieved

_PATIENCE_S = 2.0
"""Answers wait no longer than this for the evidence of others, so that a steady stream of questions stops none."""
_COURTESY_S = 3.0


class EvidenceFirst:
    """Orders the work on questions; shared by the threads that work on them.

    At most `composing` answers are composed at once, and evidence is looked for for `looking` questions at once.
    """

    def __init__(self, composing: int, looking: int) -> None:
        self._looking = 0
        self._changed = threading.Condition()
        self._lookers = threading.Semaphore(looking)
        self._composers = threading.Semaphore(composing)

        self._calm = threading.Event()
        self._calm.set()

    def give_way(self, is_crowded: bool) -> None:
        """While a crowd is at the door, no more work is begun for a moment: who must be refused is told at once.

        Nor is garbage looked for, which takes half a second of every thread with the conversations of a long day.
        """
        (self._calm.clear if is_crowded else self._calm.set)()
        (gc.disable if is_crowded else gc.enable)()

    def ordered(self, events: Iterable[Event]) -> Generator[Event]:
        """The same events; between the evidence and the rest, others' evidence is waited for.

        Raises `Stopped` while it waits, when the answer is not wanted any more.
        """
        with ExitStack() as turn, closing(events):  # pyright: ignore[reportArgumentType] - the pipeline's generator
            turn.enter_context(self._counted())
            turn.enter_context(_one_of(self._lookers))
            self._calm.wait(_COURTESY_S)
            for event in events:
                yield event
                if isinstance(event, Retrieved):
                    turn.close()
                    self._wait_for_others()
                    turn.enter_context(_one_of(self._composers))
                    self._calm.wait(_COURTESY_S)

    @contextmanager
    def _counted(self) -> Generator[None]:
        with self._changed:
            self._looking += 1
        try:
            yield
        finally:
            with self._changed:
                self._looking -= 1
                self._changed.notify_all()

    def _wait_for_others(self) -> None:
        with self._changed:
            any(self._changed.wait_for(lambda: not self._looking, timeout=wait_s) for wait_s in slices(_PATIENCE_S))


@contextmanager
def _one_of(places: threading.Semaphore) -> Generator[None]:
    any(places.acquire(timeout=wait_s) for wait_s in slices(threading.TIMEOUT_MAX))
    try:
        yield
    finally:
        places.release()
