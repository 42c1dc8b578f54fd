"""python -m evals run|compare|show|scorecard|retrieval|learn. Exit 1: a regression, a gate missed; 2: no result."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.models import choose
from assistant.settings import load_settings
from evals.archive import archive_of, prepared_index
from evals.cases import choose_cases, load_set
from evals.compare import compare, comparison_text
from evals.faults import HEAD as FAULTS_HEAD
from evals.faults import Outcome, as_json, failures_text, faults
from evals.faults import line_text as fault_line
from evals.learn import learn
from evals.results import Result, read_result, read_times, result_of, without_replies, write_result
from evals.retrieval import HEAD, line_text, table
from evals.run import assistant_answerer, run
from evals.scorecard import scorecard
from evals.summaries import junit, markdown
from evals.systems import open_system
from evals.tables import answer_block, failures, gate_table, result_table, seconds_table
from index.errors import BriefingError
from index.prepare import Tools
from index.store import Index

_OLD_INDEX = "use the newest index built of these reports, even by older code"


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of the command given."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except BriefingError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals", description="Measures the answers.")
    commands = parser.add_subparsers(required=True)

    runs = commands.add_parser("run", help="ask every question of a set and score the answers")
    runs.add_argument("set", help="demo, syria, or a folder with cases.jsonl and reports/")
    runs.add_argument("--split", choices=("dev", "test", "all"), default="dev")
    runs.add_argument("--model", default="none", help="none, embedded or ollama:NAME")
    runs.add_argument("--system", help="another system: file:ANSWERS.jsonl, command:PROGRAM, http://…, llama-index")
    runs.add_argument("--only", action="append", default=[], metavar="ID")
    runs.add_argument("--tags", nargs="+", default=[], metavar="TAG", help="all of these, kinds or languages")
    runs.add_argument("--index", type=Path, help="a ready index instead of one built from the set's reports")
    runs.add_argument("--old-index", action="store_true", help=_OLD_INDEX)
    runs.add_argument("--config", type=Path)
    runs.add_argument("-o", "--out", type=Path, help="write the result here; its times go beside it")
    runs.add_argument("--scores", type=Path, help="write the scores alone here, as a baseline to commit")
    runs.add_argument("--junit", type=Path, help="write JUnit XML here")
    runs.add_argument("--markdown", type=Path, help="write a Markdown summary here")
    runs.add_argument("-v", "--verbose", action="store_true", help="show every answer")
    runs.set_defaults(command=_run)

    shows = commands.add_parser("show", help="print a result file")
    shows.add_argument("result", type=Path)
    shows.add_argument("--only", action="append", default=[], metavar="ID")
    shows.add_argument("-v", "--verbose", action="store_true")
    shows.set_defaults(command=_show)

    cards = commands.add_parser("scorecard", help="a result as an HTML page, another system's beside it")
    cards.add_argument("result", type=Path)
    cards.add_argument("--peer", type=Path, help="result of another system on the same questions")
    cards.add_argument("-o", "--out", type=Path, required=True)
    cards.add_argument("--markdown", type=Path, help="write the same comparison as Markdown here")
    cards.set_defaults(command=_scorecard)

    compares = commands.add_parser("compare", help="two result files, paired by case; exit 1 on a regression")
    compares.add_argument("base", type=Path)
    compares.add_argument("new", type=Path)
    compares.set_defaults(command=_compare)

    retrieval = commands.add_parser("retrieval", help="print the retrieval table, BM25 beside each row")
    retrieval.add_argument("--row", nargs="+", default=[], metavar="PART", help="only rows whose name has this")
    retrieval.add_argument("--questions", type=int, default=500, help="of each row, drawn by seed; 0 for all")
    retrieval.add_argument("--old-index", action="store_true", help=_OLD_INDEX)
    retrieval.add_argument("--config", type=Path)
    retrieval.set_defaults(command=_retrieval)

    breaks = commands.add_parser("faults", help="break it on purpose; print what held")
    breaks.add_argument("--long", action="store_true", help="all cases, up to an hour; otherwise a few of each")
    breaks.add_argument("--only", nargs="+", type=int, default=[], metavar="N", help="these rows")
    breaks.add_argument("--config", type=Path)
    breaks.add_argument("-o", "--out", type=Path, help="write what was seen here, as JSON")
    breaks.set_defaults(command=_faults)

    learns = commands.add_parser("learn", help="learn the weights of a sentence's chance to answer; print them")
    learns.add_argument("--old-index", action="store_true", help=_OLD_INDEX)
    learns.add_argument("--config", type=Path)
    learns.set_defaults(command=_learn)
    return parser


def _run(options: argparse.Namespace) -> int:
    settings = load_settings(options.config)
    chosen_set = load_set(options.set)
    cases = choose_cases(chosen_set.cases, split=options.split, only=options.only, tags=options.tags)
    tools = Tools(settings.index.embedder, settings.index.cache, settings.index.gazetteer, settings.llm.host)
    choice = choose(options.model, cache=settings.index.cache, host=settings.llm.host)
    opened = (
        Index.open(options.index, tools)
        if options.index
        else prepared_index(chosen_set.name, chosen_set.reports, tools, is_old_fine=options.old_index)
    )
    with opened as index:
        answerer = (
            open_system(options.system, cases, index)
            if options.system
            else assistant_answerer(index, settings, choice.llm)
        )
        measured = list(run(cases, answerer, archive_of(index)))
    result = result_of(
        measured,
        set_name=chosen_set.name,
        split=options.split,
        system=options.system or "briefing",
        model=choice.llm.name if choice.llm else "none",
        settings={
            "retrieve": settings.retrieve.model_dump(mode="json"),
            "embedder": settings.index.embedder,
        },
    )
    seconds = {one.case.id: one.asked.seconds for one in measured}
    if options.out:
        write_result(result, options.out, seconds)
    _write_summaries(result, options)
    if options.verbose:
        print("\n\n".join(answer_block(case) for case in result.cases), end="\n\n")
    # The test half may be counted, but looking at its failures would make it a second development half.
    if options.split == "dev" or options.only:
        print(failures(result.cases), end="\n\n")
    print(result_table(result), seconds_table(seconds), sep="\n\n")
    gates = gate_table(result.cases)
    if gates:
        print(gates if options.split == "dev" else f"{len(gates.splitlines())} gates missed", file=sys.stderr)
    return 1 if gates else 0


def _write_summaries(result: Result, options: argparse.Namespace) -> None:
    if options.scores:
        write_result(without_replies(result), options.scores)
    for path, text in ((options.junit, junit), (options.markdown, markdown)):
        if path:
            _write(path, text(result))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _show(options: argparse.Namespace) -> int:
    result = read_result(options.result)
    chosen = [case for case in result.cases if not options.only or case.id in options.only]
    if options.verbose or options.only:
        print("\n\n".join(answer_block(case) for case in chosen), end="\n\n")
    if not options.only:
        if result.split == "dev":
            print(failures(result.cases), end="\n\n")
        print(result_table(result), seconds_table(read_times(options.result)), sep="\n\n")
    return 0


def _scorecard(options: argparse.Namespace) -> int:
    result = read_result(options.result)
    peer = read_result(options.peer) if options.peer else None
    _write(options.out, scorecard(result, read_times(options.result), peer))
    if options.markdown:
        _write(options.markdown, markdown(result, peer))
    return 0


def _compare(options: argparse.Namespace) -> int:
    comparison = compare(read_result(options.base), read_result(options.new))
    print(comparison_text(comparison))
    return 0 if comparison.is_passed else 1


def _retrieval(options: argparse.Namespace) -> int:
    print(HEAD)
    lines = table(
        load_settings(options.config),
        only=options.row,
        most_questions=options.questions or None,
        is_old_fine=options.old_index,
    )
    for line in lines:
        print(line_text(line), flush=True)
    return 0


def _faults(options: argparse.Namespace) -> int:
    print(FAULTS_HEAD)
    outcomes: list[Outcome] = []
    for outcome in faults(load_settings(options.config), only=options.only, is_long=options.long):
        outcomes.append(outcome)
        print(fault_line(outcome), flush=True)
    if options.out:
        _write(options.out, as_json(outcomes, is_long=options.long))
    failures = failures_text(outcomes)
    if failures:
        print(failures, file=sys.stderr)
    return 1 if failures else 0


def _learn(options: argparse.Namespace) -> int:
    for line in learn(load_settings(options.config), is_old_fine=options.old_index):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
