"""What the benchmark counts in: seconds by the wall and by the processor, and the rows of its table."""

import os
import resource
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np


class Row(NamedTuple):
    """One line of the table."""

    part: str
    """"ingest", "cold", "warm", "adding", "bounds", "disk" or "answers"."""
    measure: str
    value: float
    unit: str
    target: str = ""
    """What it must reach, as the project has set it; empty when nothing was set."""


@dataclass
class Spent:
    """Filled in when the block ends."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    """Of this process and of the child processes that have ended; on a shared machine the one to compare."""


class Beside(NamedTuple):
    """Ours and a peer on the same work, in milliseconds by the wall."""

    work: str
    peer: str
    ours_p50: float
    ours_p95: float
    peer_p50: float
    peer_p95: float
    times_as_fast: float
    """The peer's time over ours for the same question, the median of all; above 1, ours is faster."""
    times_low: float
    """The lower quartile; `times_high` is the upper one."""
    times_high: float
    ours_processor: float
    """Median, milliseconds of all cores."""
    peer_processor: float

    @classmethod
    def of(cls, work: str, ours: Sequence[Spent], peer: str, theirs: Sequence[Spent]) -> Self:
        """From what the same questions took, in order."""
        ours_ms, theirs_ms = (1_000 * np.array([spent.wall_s for spent in one]) for one in (ours, theirs))
        processor = [1_000 * float(np.median([spent.cpu_s for spent in one])) for one in (ours, theirs)]
        times = [float(quartile) for quartile in np.percentile(theirs_ms / ours_ms, [50, 25, 75])]
        spreads = [float(np.percentile(ms, share)) for ms in (ours_ms, theirs_ms) for share in (50, 95)]
        return cls(work, peer, *spreads, *times, *processor)


@contextmanager
def measured() -> Generator[Spent]:
    """What the block takes."""
    spent = Spent()
    wall, cpu = time.perf_counter(), _cpu_s()
    try:
        yield spent
    finally:
        spent.wall_s, spent.cpu_s = time.perf_counter() - wall, _cpu_s() - cpu


def _cpu_s() -> float:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def spread(part: str, measure: str, seconds: Sequence[float], target_p95: str = "") -> list[Row]:
    """The middle and the slow end, in milliseconds."""
    p50, p95 = (float(np.percentile(seconds, share)) * 1_000 for share in (50, 95))
    return [Row(part, f"{measure}, p50", p50, "ms"), Row(part, f"{measure}, p95", p95, "ms", target_p95)]


def table(rows: Sequence[Row]) -> str:
    """The rows as lines of text, a heading for each part."""
    width = max((len(row.measure) for row in rows), default=0)
    lines: list[str] = []
    part = ""
    for row in rows:
        if row.part != part:
            part = row.part
            lines.append(f"\n{part}")
        target = f"   (target {row.target})" if row.target else ""
        lines.append(f"  {row.measure:{width}}  {row.value:>10,.{_decimals(row.value)}f} {row.unit}{target}".rstrip())
    return "\n".join(lines)


def beside_table(rows: Sequence[Beside]) -> str:
    """A Markdown table; milliseconds."""
    lines = [
        "| work, ms | ours, p50 / p95 | peer | its p50 / p95 | times as fast (quartiles) | processor, ours : its |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            f"| {row.work} | {row.ours_p50:,.1f} / {row.ours_p95:,.1f} | {row.peer} | "
            f"{row.peer_p50:,.1f} / {row.peer_p95:,.1f} | "
            f"{row.times_as_fast:.1f} ({row.times_low:.1f}-{row.times_high:.1f}) | "
            f"{row.ours_processor:,.1f} : {row.peer_processor:,.1f} |"
        )
    return "\n".join(lines)


def _decimals(value: float) -> int:
    return 0 if abs(value) >= 1_000 else 1 if abs(value) >= 10 else 3


def load() -> list[float]:
    """How busy the machine is with everything, over 1, 5 and 15 minutes: what the wall times must be read with."""
    return [round(average, 2) for average in os.getloadavg()]
