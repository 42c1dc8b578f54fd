"""The command line: what is typed to the function that does it, and every error to one line and an exit status.

    0 done   1 an error the user can act on   2 wrong usage   3 some of the items failed   130 interrupted

Only parses: each command lies in a module that is imported when it runs, so that `briefing --help` answers at once
(argparse, because importing typer alone takes five times as long as the whole of that).
"""

import argparse
import os
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from index.errors import BriefingError

Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status; `argv` without the program's name."""
    _use_utf8()
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        status = _run(given)
        sys.stdout.flush()
        return status
    except BriefingError as error:
        print(f"briefing: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("briefing: interrupted; what was stored until now is kept", file=sys.stderr)
        return _leave(130)
    except BrokenPipeError:
        # Whoever reads our output has gone, as `head` does. Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _leave(141)
    except Exception as error:
        from index.room import why_not_written

        reason = why_not_written(error)
        if reason is None:  # a mistake of ours: its traceback is needed
            raise
        print(f"briefing: {reason}", file=sys.stderr)
        return _leave(1)


def _run(given: list[str]) -> int:
    if given[:1] == ["eval"]:  # its own options, --help included, are its own business
        return _load("evals.__main__:main")(given[1:]) or 0
    options = _parser().parse_args(given)
    if options.verbose:
        import logging

        logging.basicConfig(level=logging.INFO, format="briefing: %(message)s", stream=sys.stderr)
        for noisy in ("httpx", "chromadb", "gradio"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
    return _load(options.run)(options)


def _load(name: str) -> Any:
    """The function "module:name". By name, because the evaluation must not be imported from here."""
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)


def _use_utf8() -> None:
    # Reports are in three scripts, and what a program reads from us is UTF-8 whatever the terminal's locale.
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and (stream.encoding or "").lower().replace("-", "") != "utf8":
            reconfigure(encoding="utf-8", errors="replace")


def _leave(status: int) -> int:
    # A thread that waits for a model would hold up an ordinary exit until its deadline.
    if any(t is not threading.main_thread() and not t.daemon for t in threading.enumerate()):
        sys.stderr.flush()
        os._exit(status)
    return status


# What can be typed


class _Parser(argparse.ArgumentParser):
    """One line for a mistake, instead of the usage before it. (argparse offers no other way than a subclass.)"""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"briefing: {message}. See: {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="briefing",
        description="Ask hundreds of reports, in French, English and Arabic; every sentence of an answer rests on an "
        "exact quotation.",
        epilog="Answers go to standard output, everything else to standard error. See: briefing COMMAND --help",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and end")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)
    _add_report_commands(commands)
    _add_answer_commands(commands)
    _add_keeping_commands(commands)
    return parser


def _add_report_commands(commands: Any) -> None:
    ingest = _command(commands, "ingest", "assistant.commands_reports:ingest", "add reports to the index")
    ingest.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder of files, or - for standard input")
    ingest.add_argument("--source", metavar="NAME", default="", help="the outlet of the reports that name none")
    ingest.add_argument("--cluster", metavar="ADDRESS", help="prepare on a Ray cluster: HOST:PORT, auto or local")
    ingest.add_argument(
        "--allow-url", action="store_true", help="fetch paths that are http(s) addresses; public ones only"
    )
    ingest.add_argument("--workers", type=_count, metavar="N", help="processes that read (default: one per core)")
    _add_json(ingest)
    copy = _command(commands, "copy", "assistant.commands_reports:copy", "copy the index, without vectors, for reading")
    copy.add_argument("target", type=Path, metavar="DIR", help="the new folder; reading it needs --store URL")
    repair = _command(commands, "repair", "assistant.commands_reports:repair", "rebuild what derives from the catalog")
    repair.add_argument("--reembed", action="store_true", help="also embed every sentence anew, with the model set now")
    _add_json(repair)


def _add_answer_commands(commands: Any) -> None:
    ask = _command(commands, "ask", "assistant.commands_answers:ask_once", "answer one question")
    ask.add_argument("question", nargs="+", metavar="QUESTION")
    _add_as_of(ask)
    _add_model(ask)
    _add_json(ask)

    batch = _command(commands, "batch", "assistant.commands_answers:batch", "answer a file of questions; resumable")
    batch.add_argument("questions", metavar="IN.jsonl", help="one {id, question, as_of?, history?} a line; - for stdin")
    batch.add_argument("-o", "--output", required=True, metavar="OUT.jsonl", help="- for standard output")
    batch.add_argument("--jobs", type=_count, metavar="N", help="questions at a time (default: what the model allows)")
    _add_model(batch)

    brief = _command(commands, "brief", "assistant.commands_answers:brief", "write a briefing, day by day, all cited")
    brief.add_argument("--topic", default="", metavar="WORDS", help="what it is about (default: whatever happened)")
    brief.add_argument("--since", type=_day, metavar="DATE", help="first day (default: six days before the last)")
    brief.add_argument("--until", type=_day, metavar="DATE", help="last day (default: the newest report's)")
    brief.add_argument("--near", default="", metavar="PLACE", help="only what happened near this place")
    brief.add_argument("--format", choices=("md", "html", "json"), help="default: by the name of the output, else md")
    brief.add_argument("-o", "--output", default="-", metavar="FILE", help="default: standard output")
    _add_model(brief)

    chat = _command(commands, "chat", "assistant.chat:chat", "ask in the terminal, one question after the other")
    _add_as_of(chat)
    _add_model(chat)

    serve = _command(commands, "serve", "assistant.commands_answers:serve_page", "open the web page")
    _add_page(serve)
    _add_model(serve)

    demo = _command(commands, "demo", "assistant.demo:demo", "three questions to 48 invented reports")
    demo.add_argument("--serve", action="store_true", help="open the web page on them")
    _add_page(demo)
    _add_model(demo)


def _add_keeping_commands(commands: Any) -> None:
    commands.add_parser("eval", help="measure the answers: run, compare, show", add_help=False)
    doctor = _command(commands, "doctor", "assistant.doctor:doctor", "say what works here, and what does not")
    _add_model(doctor)
    _add_json(doctor)


def _command(commands: Any, name: str, run: str, summary: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", allow_abbrev=False
    )
    parser.add_argument("--index", type=Path, metavar="DIR", help="the index's folder (or set BRIEFING_INDEX)")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings (default: ./briefing.toml if it exists)")
    parser.add_argument("--store", metavar="URL", help="a Chroma server that holds the vectors too (docs/scale.md)")
    parser.add_argument("-v", "--verbose", action="count", default=0, help="say more; -vv: and what took how long")
    parser.set_defaults(run=run)
    return parser


def _add_as_of(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of", type=_day, metavar="DATE", help='"today" for the question (default: the newest report\'s day)'
    )


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", metavar="NAME", help="auto, none, embedded or ollama:NAME")
    parser.add_argument("--no-model", action="store_true", help="only the reports' own sentences; as --model none")
    parser.add_argument("--lang", choices=("fr", "en", "ar"), help="language of answers (default: the question's)")


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object, for programs")


def _add_page(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=_count, default=7860)
    parser.add_argument("--open", action="store_true", help="open a browser on it")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as YYYY-MM-DD, as in 2024-03-31") from None


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 up")
    return int(text)


class _Version(argparse.Action):
    """Looked up only when asked for: it takes longer than all the rest of --help."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        parser.exit(0, f"briefing {version('briefing-assistant')}\n")


if __name__ == "__main__":
    sys.exit(main())
