"""`briefing demo`: 48 invented reports in three languages, indexed into a folder of their own, and three questions."""

import shlex
import shutil
import sys
import time
from argparse import Namespace
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import NamedTuple

from assistant.commands_answers import serve_index
from assistant.llm import LLM
from assistant.opening import create_index, open_model, settings_from
from assistant.pipeline import ask
from assistant.present import to_plain
from assistant.settings import Settings
from assistant.terminal import duration, progress, put, tell
from assistant.types import Answer, Finished, Retrieved
from index.catalog import SCHEMA_VERSION
from index.errors import DamagedIndex, StaleIndex
from index.ingest import read_reports
from index.store import Index
from index.types import Report


class _Question(NamedTuple):
    text: str
    as_of: date


QUESTIONS = (
    _Question("How many families were moved into schools in Al-Mayadin?", date(2031, 3, 7)),
    _Question("Combien de camions compte le convoi pour Djibo ?", date(2031, 3, 20)),
    _Question("متى استعاد الجيش أريبيندا؟", date(2031, 3, 18)),
)
"""One per language, each on the day when the reports on it make a good answer."""

FICTION = (
    "Every report below is fiction: the events, outlets, people and figures are invented, and dated March and April "
    "2031 so that nobody takes them for news."
)


def demo(options: Namespace) -> int:
    """Indexes the sample reports (the first time), asks three questions, says what to type next."""
    settings = demo_settings(settings_from(options), options.index)
    with demo_index(settings) as index:
        if options.serve:
            tell(FICTION)
            serve_index(index, settings, options)
            return 0
        put(f"{FICTION}\n")
        with open_model(settings, max(1, options.verbose)) as llm:
            words = llm
            for question in QUESTIONS:
                found = _ask(question, index, settings, words)
                if words is not None and found.claims and found.model == "none":
                    tell("That model failed or is too slow on this machine; the rest goes without it.\n")
                    words = None
    tell(_next_steps(settings.index.folder))
    return 0


def demo_settings(settings: Settings, folder: Path | None) -> Settings:
    """The settings with the demo's own index: in the cache, unless a folder is asked for."""
    # Another version may read other things out of the same reports.
    own = folder or settings.index.cache / f"demo-{SCHEMA_VERSION}"
    return settings.model_copy(update={"index": settings.index.model_copy(update={"folder": own})})


def demo_index(settings: Settings) -> Index:
    """The index of the sample reports, made or brought up to date; close it."""
    try:
        index = create_index(settings)
    except (StaleIndex, DamagedIndex):
        if settings.index.cache not in settings.index.folder.parents:  # given by the user: not ours to delete
            raise
        shutil.rmtree(settings.index.folder)
        index = create_index(settings)
    try:
        with as_file(files("evals").joinpath("sets/demo/reports")) as folder, progress("reports", 48) as step:
            reports = [report for report in read_reports([folder]) if isinstance(report, Report)]
            if index.coverage().reports < len(reports):
                tell(f"Indexing {len(reports)} sample reports into {index.folder}")
            for done, _ in enumerate(index.add(reports), start=1):
                step(done)
    except BaseException:
        index.close()
        raise
    return index


def _ask(question: _Question, index: Index, settings: Settings, llm: LLM | None) -> Answer:
    put(f"Q: {question.text}  (asked on {question.as_of})\n")
    sys.stdout.flush()
    began = time.perf_counter()
    for event in ask(question.text, index=index, settings=settings, llm=llm, as_of=question.as_of):
        if isinstance(event, Retrieved) and llm is not None:
            seconds = duration(time.perf_counter() - began)
            tell(f"{len(event.hits)} passages found after {seconds}; {llm.name} words the answer …\n")
        elif isinstance(event, Finished):
            put(f"{to_plain(event.answer)}\n")
            sys.stdout.flush()
            return event.answer
    raise AssertionError("ask() always ends with Finished")


def _next_steps(folder: Path) -> str:
    where = shlex.quote(str(folder))
    return (
        "All of it was fiction. Next:\n"
        f'  briefing ask --index {where} --as-of 2031-03-07 "How many people drowned in the flood?"\n'
        "  briefing demo --serve            the web page on these reports\n"
        "  briefing ingest FOLDER           your own reports, into an index of their own\n"
        '  briefing ask "What happened this week?"'
    )
