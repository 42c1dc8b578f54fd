"""How long one report more takes in an index that is open, and how soon a question finds it."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from assistant.pipeline import ask
from assistant.settings import Settings
from assistant.types import Retrieved
from evals.bench_clock import Row, measured, spread
from index.prepare import Tools
from index.store import Index
from index.types import Report

_RUNS = 10


def adding_rows(folder: Path, reports: Sequence[Report], tools: Tools, settings: Settings, scratch: Path) -> list[Row]:
    """Reports are added one by one to a copy of the index; after each a question asks for what it alone tells."""
    shutil.copytree(folder, scratch / "grown")
    adding_s: list[float] = []
    finding_s: list[float] = []
    with Index.open(scratch / "grown", tools) as index:
        size = f"{index.coverage().passages:,} passages"
        for number in range(_RUNS + 1):
            name = f"Zq{'abcdefghijk'[number]}lton"
            report = reports[number % len(reports)]
            told = f"{report.body}\n\nThe {name} bridge was closed."
            fresh = report.model_copy(update={"id": f"added-{number}", "body": told})
            with measured() as adding:
                for _ in index.add([fresh]):
                    pass
            with measured() as asking:
                found = _found(f"When was the {name} bridge closed?", index, settings)
            if fresh.id not in found:
                raise AssertionError(f"{fresh.id} was added and is not found")
            adding_s.append(adding.wall_s)
            finding_s.append(asking.wall_s)
    shutil.rmtree(scratch / "grown")
    # The first loads the model.
    return [
        *spread("adding", f"one report, {size}", adding_s[1:], "≤ 500"),
        *spread("adding", f"and the question that finds it, {size}", finding_s[1:]),
    ]


def _found(question: str, index: Index, settings: Settings) -> set[str]:
    events = ask(question, index=index, settings=settings)
    return next({hit.report.id for hit in event.hits} for event in events if isinstance(event, Retrieved))
