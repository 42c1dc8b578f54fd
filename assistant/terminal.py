"""What a command prints: answers on standard output, everything else, progress included, on standard error."""

import re
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

Step = Callable[[int], None]
"""Called with the number of items done so far."""

# Terminals obey these, and a report or a model may have written them: escape sequences, bells, C1 controls.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LINE_EVERY_S = 10.0


def put(text: str) -> None:
    """An answer, or the object that a program reads."""
    print(_CONTROLS.sub("\ufffd", text))


def tell(text: str) -> None:
    """Anything else that the user should know."""
    print(_CONTROLS.sub("\ufffd", text), file=sys.stderr, flush=True)


def draft(piece: str) -> None:
    """A piece of a model's draft, dimmed because nothing of it is checked yet; only on a terminal."""
    if sys.stderr.isatty():
        print(f"\x1b[2m{_CONTROLS.sub(chr(0xFFFD), piece)}\x1b[0m", end="", file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    """ "0.4 s", "48 s", "3 min 20 s"."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


@contextmanager
def progress(what: str, total: int | None = None) -> Generator[Step]:
    """Shows how far some long work is: a bar on a terminal, else a line now and then. `total`: none if unknown."""
    if sys.stderr.isatty():
        with _bar(what, total) as step:
            yield step
    else:
        yield _lines(what, total)


def _lines(what: str, total: int | None) -> Step:
    began = last = time.monotonic()
    # The first item waits for models to load, so what is left is reckoned from there on.
    first: tuple[int, float] | None = None

    def step(done: int) -> None:
        nonlocal last, first
        now = time.monotonic()
        first = first or (done, now)
        if now - last < _LINE_EVERY_S:
            return
        last = now
        of_all = "" if total is None else f" of {total:,}"
        tell(f"{done:,}{of_all} {what}, {duration(now - began)}{_time_left(done, now, first, total)}")

    return step


def _time_left(done: int, now: float, first: tuple[int, float], total: int | None) -> str:
    """Reckoned from the pace since the first item; empty when there is none yet, or no end is known."""
    items, seconds = done - first[0], now - first[1]
    if total is None or items < 1:
        return ""
    return f", about {duration(seconds * (total - done) / items)} left"


@contextmanager
def _bar(what: str, total: int | None) -> Generator[Step]:
    # 0.3 s to import, so only where it is seen.
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    left = () if total is None else (TimeRemainingColumn(compact=True),)
    with Progress(*columns, *left, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)

        def step(done: int) -> None:
            bar.update(task, completed=done)

        yield step
