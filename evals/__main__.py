"""The command line of `briefing eval`. Exit 0: passed; 1: a gate missed, or a regression; 2: no result."""

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from evals import bench, commands
from index.errors import BriefingError

_OLD_INDEX = "use the newest index built of these reports, even by older code"


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of the command given. An error of the harness is never 1, which says that the answers got worse."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except BriefingError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    except BrokenPipeError:
        # Whoever reads our output has gone, as `head` does. Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        print(f"{type(error).__name__}: {error}; give another file or folder", file=sys.stderr)
    except Exception:
        traceback.print_exc()
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="briefing eval", description="Measures the answers.")
    commands_of = parser.add_subparsers(required=True)
    _add_run(commands_of.add_parser("run", help="ask every question of a set and score the answers"))

    shows = commands_of.add_parser("show", help="print a result file")
    shows.add_argument("result", type=Path)
    shows.add_argument("--only", action="append", default=[], metavar="ID")
    shows.add_argument("-v", "--verbose", action="store_true", help="every answer, with its trace")
    shows.set_defaults(command=commands.show)

    compares = commands_of.add_parser("compare", help="two result files, paired by case; exit 1 on a regression")
    compares.add_argument("base", type=Path)
    compares.add_argument("new", type=Path)
    compares.set_defaults(command=commands.compare_files)

    cards = commands_of.add_parser("scorecard", help="a result as an HTML page, another system's beside it")
    cards.add_argument("result", type=Path)
    cards.add_argument("--peer", type=Path, help="result of another system on the same questions")
    cards.add_argument("-o", "--out", type=Path, required=True)
    cards.add_argument("--markdown", type=Path, help="write the same comparison as Markdown here")
    cards.set_defaults(command=commands.card)

    makes = commands_of.add_parser("new", help="begin a set of your own, from reports or from the page's feedback")
    makes.add_argument("set", type=Path, help="the folder of the set; made if need be, only ever added to")
    makes.add_argument("--reports", type=Path, help="the reports to ask about, as briefing ingest takes them")
    makes.add_argument("--count", type=int, default=20, help="how many cases to begin (default 20)")
    makes.add_argument("--from-feedback", type=Path, metavar="FILE", help="the feedback.jsonl in an index's folder")
    makes.set_defaults(command=commands.new)

    retrieval = commands_of.add_parser("retrieval", help="print the retrieval table, BM25 beside each row")
    retrieval.add_argument("--row", nargs="+", default=[], metavar="PART", help="only rows whose name has this")
    retrieval.add_argument("--questions", type=int, default=500, help="of each row, drawn by seed; 0 for all")
    retrieval.add_argument("--old-index", action="store_true", help=_OLD_INDEX)
    retrieval.add_argument("--config", type=Path)
    retrieval.set_defaults(command=commands.retrieval)

    judges = commands_of.add_parser("judge", help="how far the rule, or a model, agrees with people on what follows")
    judges.add_argument("--model", default="none", help="none (the rule), embedded or ollama:NAME")
    judges.add_argument("--count", type=int, metavar="N", help="this many of the 200 labelled pairs, evenly drawn")
    judges.add_argument("--publish", action="store_true", help="keep the agreement in evals/agreement.json")
    judges.add_argument("--config", type=Path)
    judges.add_argument("-v", "--verbose", action="store_true", help="show every wrong verdict")
    judges.set_defaults(command=commands.judge)

    breaks = commands_of.add_parser("faults", help="break it on purpose; print what held")
    breaks.add_argument("--long", action="store_true", help="all cases, up to an hour; otherwise a few of each")
    breaks.add_argument("--only", nargs="+", type=int, default=[], metavar="N", help="these rows")
    breaks.add_argument("--config", type=Path)
    breaks.add_argument("-o", "--out", type=Path, help="write what was seen here, as JSON")
    breaks.set_defaults(command=commands.break_on_purpose)

    bench.add_options(commands_of.add_parser("bench", help="the speed of ingest, search and answers, peers beside it"))

    learns = commands_of.add_parser("learn", help="learn the weights of a sentence's chance to answer; print them")
    learns.add_argument("--old-index", action="store_true", help=_OLD_INDEX)
    learns.add_argument("--config", type=Path)
    learns.set_defaults(command=commands.learn_weights)

    probes = commands_of.add_parser("probe", help="learn what tells that the embedded model finds an answer; write it")
    probes.add_argument("--kept", type=Path, required=True, metavar="FILE", help="keep here what it told, to go on")
    probes.add_argument("--old-index", action="store_true", help=_OLD_INDEX)
    probes.add_argument("--config", type=Path)
    probes.set_defaults(command=commands.learn_model_probe)
    return parser


def _add_run(runs: argparse.ArgumentParser) -> None:
    runs.add_argument(
        "set",
        nargs="+",
        help="demo, refusal, crises, newsroom, wires, desk, piaf, xquad, ntrex, syria, or a set's folder",
    )
    runs.add_argument("--split", choices=("dev", "test", "all"), default="dev")
    runs.add_argument("--model", default="none", help="none, embedded or ollama:NAME")
    runs.add_argument("--system", help="another system: file:ANSWERS.jsonl, command:PROGRAM, http://…, llama-index")
    runs.add_argument("--beside", metavar="SYSTEM", help="measure this system too, and show it beside")
    runs.add_argument("--judge", default="none", metavar="MODEL", help="ask this model too what follows from quotes")
    runs.add_argument("--only", action="append", default=[], metavar="ID")
    runs.add_argument("--tags", nargs="+", default=[], metavar="TAG", help="all of these, kinds or languages")
    runs.add_argument("--index", type=Path, help="a ready index instead of one built from the set's reports")
    runs.add_argument("--old-index", action="store_true", help=_OLD_INDEX)
    runs.add_argument("--config", type=Path)
    runs.add_argument("-v", "--verbose", action="store_true", help="show every answer")

    files = runs.add_argument_group("files", "with several sets, {set} in a name stands for the set's")
    files.add_argument("-o", "--out", help="write the result here; its times go beside it")
    files.add_argument("--junit", metavar="FILE", help="write JUnit XML here")
    files.add_argument("--markdown", metavar="FILE", help="write a Markdown summary here, as pull requests show it")
    files.add_argument("--html", metavar="FILE", help="write the scorecard here")

    bases = runs.add_argument_group("baselines and recordings")
    bases.add_argument(
        "--baseline",
        nargs="?",
        const="",
        metavar="FILE",
        help="exit 1 when worse than it (default: the committed one, or the one beside your set)",
    )
    bases.add_argument("--save-baseline", nargs="?", const="", metavar="FILE", help="make this run the baseline")
    models = bases.add_mutually_exclusive_group()
    models.add_argument("--record", type=Path, metavar="FILE", help="keep the model's replies; asks only what is new")
    models.add_argument("--replay", type=Path, metavar="FILE", help="take the model's replies from here")
    runs.set_defaults(command=commands.run_sets)


if __name__ == "__main__":
    sys.exit(main())
