"""The commands that answer: `briefing ask`, `batch`, `brief` and `serve`."""

import json
import os
import sys
import time
from argparse import Namespace
from importlib.util import find_spec
from pathlib import Path

from assistant.batch import BadBatch, Item, Tally, read_items, run_batch, stream_batch
from assistant.brief import Briefing, document, gather
from assistant.brief import to_json as brief_json
from assistant.document import to_html, to_markdown
from assistant.llm import LLM
from assistant.ollama_hosts import OllamaHosts
from assistant.opening import create_index, open_index, open_model, settings_from
from assistant.pipeline import ask
from assistant.present import scope, to_json, to_plain
from assistant.settings import Settings
from assistant.terminal import duration, progress, put, tell
from assistant.trace import Trace, trace_lines, traced
from assistant.types import Answer, Finished, Interpreted, Retrieved
from index.errors import BadSetting
from index.store import Index


def ask_once(options: Namespace) -> int:
    """One question, one answer."""
    question = " ".join(options.question).strip()
    if not question:
        raise BadSetting('the question is empty. Try: briefing ask "What happened this week?"')
    settings = settings_from(options)
    with open_index(settings) as index, open_model(settings, options.verbose) as llm:
        trace = Trace()
        began = time.perf_counter()
        events = ask(question, index=index, settings=settings, llm=llm, as_of=options.as_of)
        for event in traced(events, trace):
            if isinstance(event, Finished):
                _print_answer(event.answer, time.perf_counter() - began, as_json=options.json)
            elif options.verbose and isinstance(event, Interpreted):
                tell(f"understood: {event.query.topic!r} ({scope(event.query)}), wants {event.query.wants}")
            elif options.verbose and isinstance(event, Retrieved):
                _tell_evidence(event, time.perf_counter() - began)
        if options.verbose > 1:
            for line in trace_lines(trace, index, settings, llm):
                tell(line)
    return 0


def _print_answer(answer: Answer, seconds: float, *, as_json: bool) -> None:
    put(json.dumps(to_json(answer, seconds=seconds), ensure_ascii=False, indent=2) if as_json else to_plain(answer))


def _tell_evidence(found: Retrieved, seconds: float) -> None:
    tell(f"{len(found.hits)} passages after {duration(seconds)}")
    for hit in found.hits[:3]:
        text = " ".join(hit.passage.text.split())
        tell(f"  {hit.passage.id} ({hit.why}): {text[:120]}{'…' if len(text) > 120 else ''}")


def batch(options: Namespace) -> int:
    """A file of questions to a file of answers; exit status 3 if some failed."""
    settings = settings_from(options)
    items = _questions(options.questions, options.output)
    for item in items:
        if item.error:
            tell(f"unusable: {item.error}")
    began = time.monotonic()
    # Thousands of answers of another kind than asked for would be found out too late.
    with open_index(settings) as index, open_model(settings, options.verbose, must_be_there=True) as llm:
        jobs = _jobs(options.jobs, llm)
        with progress("questions", len(items)) as step:
            if options.output == "-":
                tally = stream_batch(
                    items, sys.stdout, index=index, settings=settings, llm=llm, jobs=jobs, on_progress=step
                )
            else:
                output = Path(options.output)
                tally = run_batch(items, output, index=index, settings=settings, llm=llm, jobs=jobs, on_progress=step)
    tell(_batch_summary(tally, len(items), options.output, time.monotonic() - began))
    return 3 if tally.statuses.get("error") else 0


def _questions(source: str, output: str) -> list[Item]:
    if source == "-":
        return read_items(sys.stdin.buffer)
    path = Path(source)
    try:
        if output != "-" and Path(output).exists() and path.samefile(output):
            raise BadBatch(f"{source} is both input and output; give another output")
        with path.open("rb") as lines:
            return read_items(lines)
    except OSError as error:
        raise BadBatch(f"{source} cannot be read: {error.strerror or error}; give a file of questions") from error


def _jobs(wanted: int | None, llm: LLM | None) -> int:
    if llm is not None and llm.name.startswith("embedded"):
        # It answers one question at a time, and waiting for its turn would eat up the others' deadlines.
        if wanted is not None and wanted > 1:
            tell("the embedded model answers one question at a time; --jobs is not used")
        return 1
    if llm is None:
        return wanted or min(4, os.cpu_count() or 1)
    # Two for each server: while it words one answer, the next one's evidence is found and checked.
    return wanted or 2 * (len(llm.hosts) if isinstance(llm, OllamaHosts) else 1)


def _batch_summary(tally: Tally, total: int, output: str, seconds: float) -> str:
    names = {"answered": "answered", "partial": "in part", "no_evidence": "without evidence", "error": "failed"}
    parts = [f"{tally.statuses[status]:,} {name}" for status, name in names.items() if status in tally.statuses]
    if tally.kept:
        parts.append(f"{tally.kept:,} answered before")
    again = " Run it again to retry those that failed." if tally.statuses.get("error") and output != "-" else ""
    where = "" if output == "-" else f" → {output}"
    return f"{total:,} questions: {', '.join(parts) or 'none'}, {duration(seconds)}{where}.{again}"


def brief(options: Namespace) -> int:
    """A briefing, written whole or not at all."""
    settings = settings_from(options)
    kind = options.format or {".html": "html", ".htm": "html", ".json": "json"}.get(Path(options.output).suffix, "md")
    with open_index(settings) as index, open_model(settings, options.verbose) as llm, progress("days") as step:
        briefing = gather(
            index=index,
            settings=settings,
            llm=llm,
            topic=options.topic,
            near=options.near,
            since=options.since,
            until=options.until,
            on_progress=step,
        )
    text = _laid_out(briefing, kind)
    if options.output == "-":
        put(text)
        return 0
    try:
        Path(options.output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadSetting(f"{options.output} cannot be written: {error.strerror}; give another file") from error
    tell(f"{len(briefing.notes)} quotations from {briefing.outlets} outlets → {options.output}")
    return 0


def _laid_out(briefing: Briefing, kind: str) -> str:
    if kind == "json":
        return json.dumps(brief_json(briefing), ensure_ascii=False, indent=2) + "\n"
    return (to_html if kind == "html" else to_markdown)(document(briefing))


def serve_page(options: Namespace) -> int:
    """The web page, until it is interrupted; without an index, on a new one that the page can fill."""
    settings = settings_from(options)
    with create_index(settings) as index:
        if index.coverage().newest is None:
            tell(f"The index at {index.folder} is empty: add reports on the page, or with briefing ingest.")
        serve_index(index, settings, options)
    return 0


def serve_index(index: Index, settings: Settings, options: Namespace) -> None:
    """The page on an open index, at the address in `options`."""
    began = time.perf_counter()
    if find_spec("assistant.ui") is None:
        raise BadSetting("the web page is not part of this version. Try: briefing chat")
    # Not an option: what is typed as one can be read by every user of the machine.
    login = os.environ.get("BRIEFING_LOGIN", "")
    name, has_password, password = login.partition(":")
    if login and not (name and has_password and password):
        raise BadSetting("BRIEFING_LOGIN is not NAME:PASSWORD; set it so, or unset it")
    auth = (name, password) if login else None
    from assistant.ui import serve

    with open_model(settings, max(1, options.verbose)) as llm:
        serve(
            index,
            settings,
            llm,
            host=options.host,
            port=options.port,
            auth=auth,
            open_browser=options.open,
            began=began,
        )
