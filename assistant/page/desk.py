"""What the page works with, and the threads it works in: questions, reports to add, opinions to keep.

Everything that touches the index runs in a few threads of its own, because each thread keeps a connection to the
catalog for as long as it lives, and the web server's threads come and go. Knows nothing of HTML or of the web server.
"""

import json
import logging
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

from assistant.llm import LLM
from assistant.page.session import Conversation, Exchange
from assistant.page.turns import EvidenceFirst
from assistant.pipeline import ask
from assistant.present import to_json
from assistant.settings import Settings
from assistant.stopping import stopped_by
from assistant.types import Event, Interpreted, Query
from index.catalog import Outcome
from index.ingest import Rejection, read_reports, report_from_text
from index.listing import headline
from index.store import Index
from index.types import Report

Item = TypeVar("Item")
Result = TypeVar("Result")

WORKED_ON = 16
"""Questions taken up at once; more wait in the queue."""
_LOOKING = 2
"""Of these, for how many evidence is looked for at once: pure work, so that with more each is found later, and the one
thread that serves everybody must wait for more threads before it gets its turn."""
_COMPOSING = 4
"""Of these, how many answers are composed at once: a model's, mostly waited for."""
_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class Desk:
    """The index and what answers from it."""

    index: Index
    settings: Settings
    llm: LLM | None
    threads: ThreadPoolExecutor
    stops: dict[str, threading.Event]
    """Of the question each session is waiting for, by session."""
    warm: threading.Event
    """Set once the models of the search are loaded."""
    turns: EvidenceFirst


class Added(NamedTuple):
    """What became of one file, or of one report in it."""

    name: str
    """The file's own name, or the report's id."""
    title: str
    """Or how the report's text begins."""
    outcome: Outcome | None
    """None when it was rejected."""
    reason: str = ""


def open_desk(index: Index, settings: Settings, llm: LLM | None) -> Desk:
    """A desk; its first question waits for models to load, unless `warm_up` was there before."""
    # Twice as many threads as questions, so that reports can be listed and opened while all of these are worked on.
    threads = ThreadPoolExecutor(2 * WORKED_ON, "briefing-page")
    return Desk(index, settings, llm, threads, {}, threading.Event(), EvidenceFirst(_COMPOSING, _LOOKING))


def warm_up(desk: Desk) -> None:
    """Loads what the first question needs; sets `desk.warm`, failed or not. To be run in one of the desk's threads."""
    try:
        desk.index.embedder.embed(["ready"])
        _ = desk.index.gazetteer
        if desk.index.coverage().reports:
            desk.index.snapshot()
    except Exception:  # the first question meets the same failure, and tells its reader
        logging.getLogger(__name__).exception("the search could not be warmed up")
    finally:
        desk.warm.set()


def with_index(desk: Desk, work: Callable[[Index], Result]) -> Result:
    """`work` done in one of the desk's threads."""
    return desk.threads.submit(work, desk.index).result()


def asked_events(
    desk: Desk, session: str, question: str, *, as_of: date | None, conversation: Conversation
) -> Iterator[Event]:
    """The pipeline's events until the end, or until `stop` is called for the session."""
    stop = threading.Event()
    desk.stops[session] = stop
    try:
        events = ask(
            question, index=desk.index, settings=desk.settings, llm=desk.llm, history=conversation.turns, as_of=as_of
        )
        yield from _handed(desk.threads, lambda: desk.turns.ordered(events), stop)
    finally:
        if desk.stops.get(session) is stop:
            del desk.stops[session]


def understood(desk: Desk, question: str, *, as_of: date | None, conversation: Conversation) -> Query:
    """How the pipeline understands a question, before it looks for anything."""

    def first(index: Index) -> Query:
        events = ask(question, index=index, settings=desk.settings, history=conversation.turns, as_of=as_of)
        return next(event.query for event in events if isinstance(event, Interpreted))

    return with_index(desk, first)


def stop_asking(desk: Desk, session: str) -> None:
    """Ends the session's question, if it has one under way."""
    stop = desk.stops.get(session)
    if stop is not None:
        stop.set()


def _handed(threads: ThreadPoolExecutor, start: Callable[[], Iterator[Item]], stop: threading.Event) -> Iterator[Item]:
    """What an iterator gives, worked through in another thread, so that waiting for it can end at any moment."""
    handed: queue.SimpleQueue[tuple[Item] | BaseException | None] = queue.SimpleQueue()

    def work() -> None:
        try:
            with stopped_by(stop), closing(start()) as items:  # pyright: ignore[reportArgumentType] - all generators
                for item in items:
                    handed.put((item,))
                    if stop.is_set():
                        return
        except BaseException as error:  # handed over: the waiting side raises it
            handed.put(error)
        else:
            handed.put(None)

    threads.submit(work)
    try:
        while not stop.is_set():
            try:
                got = handed.get(timeout=_POLL_S)
            except queue.Empty:
                continue
            # After a stop, what still comes is no longer wanted, nor that the worker was stopped.
            if got is None or stop.is_set():
                return
            if isinstance(got, BaseException):
                raise got
            yield got[0]
    finally:
        stop.set()


def add_files(desk: Desk, paths: Iterable[Path]) -> Iterator[Added]:
    """Reads and adds uploaded files, one result for each report or rejection, in the order of reading.

    Raises `IndexBusy` when another process is writing.
    """
    rejected: list[Rejection] = []

    def usable() -> Iterator[Report]:
        for read in read_reports(paths):
            if isinstance(read, Report):
                yield read
            else:
                rejected.append(read)

    yield from _added(desk, usable(), rejected)


def add_text(desk: Desk, text: str, *, title: str, source: str, published: str) -> Iterator[Added]:
    """Adds a pasted text; raises `BadReport` when it cannot become a report."""
    declared = {"title": title, "source": source, "published": published}
    given = {key: value.strip() for key, value in declared.items() if value.strip()}
    report = report_from_text(text, name="pasted text", declared=given, dated_by_name=False)
    yield from _added(desk, iter([report]), [])


def _added(desk: Desk, reports: Iterator[Report], rejected: list[Rejection]) -> Iterator[Added]:
    def stored() -> Iterator[tuple[Report, Outcome]]:
        yield from desk.index.add(reports)

    for report, outcome in _handed(desk.threads, stored, threading.Event()):
        while rejected:
            yield _refused(rejected.pop(0))
        yield Added(report.id, headline(report.title, report.body), outcome)
    for each in rejected:
        yield _refused(each)


def _refused(rejection: Rejection) -> Added:
    # The visitor knows the file by its own name, not by the folder that the upload lies in.
    return Added(rejection.name.rpartition("/")[2], "", None, rejection.reason)


def keep_opinion(folder: Path, exchange: Exchange, *, is_useful: bool, reason: str) -> None:
    """Appends a reader's judgement of an answer to `feedback.jsonl` in the index's folder."""
    assert exchange.answer is not None
    record = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "useful": is_useful,
        "reason": reason.strip()[:2000],
        "as_of": exchange.answer.query.as_of.isoformat(),
        "answer": to_json(exchange.answer, seconds=exchange.seconds),
    }
    with (folder / "feedback.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(record, ensure_ascii=False) + "\n")
