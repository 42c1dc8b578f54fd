"""What must hold under fault, load and hostile input, tried for real: one row a fault, printed as a table.

    python -m evals faults                 the short tier: every row, a few cases each; what the tests run
    python -m evals faults --long          the whole of it, for a quiet evening
    python -m evals faults --only 1 2 --long

Each row lies in a module of its own, `faults_….py`, with one function that breaks things on purpose and says what it
saw. A row passes when nothing that must hold failed to.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from assistant.settings import Settings
from index.errors import BadSetting
from index.prepare import Tools


class Bench(NamedTuple):
    """What a row is tried with."""

    folder: Path
    """Empty, its own, deleted afterwards."""
    tools: Tools
    is_long: bool = False
    seed: int = 7


class Seen(NamedTuple):
    """What a row saw."""

    cases: int
    seen: str
    """A few words, with numbers."""
    failures: tuple[str, ...] = ()
    """What did not hold, one line each; empty is a pass."""


class Fault(NamedTuple):
    """A row of the table."""

    number: int
    name: str
    must_hold: str
    run: str
    """"module:function" of this package; taken by name, so that a row loads only what it needs."""


class Outcome(NamedTuple):
    """A row with what was seen."""

    fault: Fault
    seen: Seen
    seconds: float


FAULTS = (
    Fault(
        1,
        "SIGKILL of the writer, at its write steps and at random",
        "no acknowledged report lost, no half report, opens or repairs itself",
        "faults_kills:kills",
    ),
    Fault(
        2,
        "derived files cut, flipped, deleted",
        "noticed, made again, the same results",
        "faults_damage:derived_files",
    ),
    Fault(
        2,
        "the catalog damaged",
        "refused with a clear error; repair saves what is readable, never a wrong report",
        "faults_damage:catalog_file",
    ),
    Fault(
        3,
        "disk full at any write; read-only folder",
        "a one-line error, nothing lost, goes on when there is room",
        "faults_room:full_disk",
    ),
    Fault(
        4,
        "malformed and hostile files",
        "no crash, 30 s and 512 MB each, every one reported by name",
        "faults_files:hostile_files",
    ),
    Fault(4, "one bad file among 99 good", "99 come in", "faults_files:one_bad_in_hundred"),
    Fault(5, "ingested again, shuffled, renamed, NFD", "the same manifest", "faults_order:same_manifest"),
    Fault(
        6,
        "embedder fails on one report; changes under its name; another dimension",
        "the old version stays and a retry works; refused by fingerprint",
        "faults_embedder:failing_embedder",
    ),
    Fault(
        7,
        "model server dead, stalling, dripping, refusing, breaking off, talking nonsense",
        "evidence in 2 s; an answer without it, one line saying so; deadlines kept",
        "faults_server:failing_servers",
    ),
    Fault(
        8,
        "two writers; readers while one writes",
        "the second is told who holds the lock in 5 s; readers see whole reports only",
        "faults_writers:two_writers",
    ),
    Fault(
        9,
        "32 visitors at once, ten times as many, tabs closed before the answer",
        "0 errors, 0 leaks; refused in 1 s; model stopped 1 s after leaving; memory level",
        "faults_load:many_visitors",
    ),
    Fault(10, "no network at all", "everything works, 0 look-ups", "faults_offline:no_network"),
    Fault(
        11,
        "addresses: private, redirects to private, rebinding, huge, slow",
        "refused without --allow-url; 0 private connections; limits kept",
        "faults_urls:addresses",
    ),
    Fault(
        12,
        "copies of one report; 5 poisoned reports a question",
        "one report of each near-copy cluster; .95 of the honest sources stay in the first 5 and cited",
        "faults_poison:poison_and_copies",
    ),
    Fault(
        12,
        "commands planted in reports, in three languages and twelve disguises",
        "0 obeyed, whatever the model says",
        "faults_injections:injections",
    ),
    Fault(
        13,
        "secrets planted in reports and questions",
        "0 in the log at its default level; no trace unless asked for",
        "faults_offline:planted_secrets",
    ),
    Fault(
        14,
        "dates, zones and Unicode",
        "quotes are slices of the text; times in UTC, what is assumed marked",
        "faults_dates:dates_and_letters",
    ),
    Fault(15, "what is loaded and from where", "no pickle of others loaded; a list of all parts", "sbom:supply_chain"),
)


def faults(settings: Settings, *, only: Sequence[int] = (), is_long: bool = False) -> Iterator[Outcome]:
    """Each row with what was seen, as it ends. Raises `BadSetting` for the number of no row."""
    unknown = [number for number in only if number not in {fault.number for fault in FAULTS}]
    if unknown:
        raise BadSetting(f"no fault {unknown[0]}; there are {', '.join(str(fault.number) for fault in FAULTS)}")
    tools = Tools(settings.index.embedder, settings.index.cache, settings.index.gazetteer, settings.llm.host)
    for fault in FAULTS:
        if only and fault.number not in only:
            continue
        folder = Path(tempfile.mkdtemp(prefix=f"fault-{fault.number}-"))
        began = time.monotonic()
        try:
            seen = _function(fault)(Bench(folder, tools, is_long))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        yield Outcome(fault, seen, time.monotonic() - began)


def _function(fault: Fault) -> Callable[[Bench], Seen]:
    module, _, function = fault.run.partition(":")
    return getattr(import_module(f"evals.{module}"), function)


HEAD = "| # | fault | cases | must hold | seen | |\n|---|---|---|---|---|---|"


def line_text(outcome: Outcome) -> str:
    """The row in Markdown."""
    fault, seen, seconds = outcome
    verdict = "FAIL" if seen.failures else "pass"
    return (
        f"| {fault.number} | {fault.name} | {seen.cases:,} | {fault.must_hold} | {seen.seen}; {seconds:.0f} s "
        f"| {verdict} |"
    )


def failures_text(outcomes: Sequence[Outcome], most: int = 20) -> str:
    """What did not hold, by row; empty when everything did."""
    return "\n".join(
        f"{outcome.fault.number}: {failure}" for outcome in outcomes for failure in outcome.seen.failures[:most]
    )


def as_json(outcomes: Sequence[Outcome], *, is_long: bool) -> str:
    """For programs: the rows without seconds, which differ from run to run."""
    rows = [
        {"number": o.fault.number, "fault": o.fault.name, "must_hold": o.fault.must_hold, **o.seen._asdict()}
        for o in outcomes
    ]
    return json.dumps({"tier": "long" if is_long else "short", "rows": rows}, ensure_ascii=False, indent=1) + "\n"
