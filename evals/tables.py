"""A result as text for the terminal: means with intervals, by kind and language, and what failed. Writes no file."""

from collections.abc import Iterable, Mapping, Sequence

from evals.cases import KINDS
from evals.intervals import Mean
from evals.results import CaseResult, Result, missed_gates, summarise

# The columns of the tables by kind and language; the whole list stands above them.
CORE = {
    "passed": "passed", "status_right": "status", "answered_rightly": "answer", "refused_rightly": "refuse",
    "required_facts": "facts", "forbidden_absent": "forbid", "gold_cited": "gold", "gold_share_of_quotes": "quotes",
    "in_window": "window",
    "in_area": "area", "success_at_5": "top 5", "recall_at_10": "R@10", "ndcg_at_10": "nDCG",
}  # fmt: skip
_MOST_FAILURES = 200
_MATTERS_OF_DEGREE = ("ndcg_at_10", "reciprocal_rank", "gold_share_of_citations", "gold_share_of_quotes")


def result_table(result: Result) -> str:
    """All means with 95 % intervals, then the means by kind and by language."""
    cases = result.cases
    stories = len({case.story for case in cases})
    head = (
        f"{result.system} on {result.set}/{result.split}, model {result.model}: {len(cases)} cases, {stories} stories"
        " (95 % intervals: bootstrap over stories)"
    )
    parts = [
        head,
        judge_line(result),
        unscored_line(cases),
        _means(summarise(cases)),
        _by_group(groups_of(cases)),
        tokens_line(cases),
    ]
    return "\n\n".join(part for part in parts if part)


def judge_line(result: Result) -> str:
    """Which model judged, and what that is worth; empty when none did."""
    if not result.judge:
        return ""
    kappa = "not measured" if result.judge_kappa is None else f"kappa {result.judge_kappa:.2f} with our labels"
    return f"judged by {result.judge}, {kappa}" + ("" if result.may_judge else ": shown, and held against no run")


def unscored_line(cases: Sequence[CaseResult]) -> str:
    """How many cases count for nothing, and why; empty when all were asked."""
    missing = [case for case in cases if not case.is_scored]
    reasons = sorted({reason for case in missing for reason in case.unscored.values()})
    return f"{len(missing)} of {len(cases)} cases UNSCORED: {'; '.join(reasons)}" if missing else ""


def tokens_line(cases: Sequence[CaseResult]) -> str:
    """Median and 95th percentile of a model's tokens for a question; empty without a model."""
    counts = {name: [case.tokens[name] for case in cases if name in case.tokens] for name in ("read", "written")}
    parts = [
        f"{label} {_rank(counted, 0.5):.0f} / {_rank(counted, 0.95):.0f}"
        for label, counted in (("read, at most,", counts["read"]), ("written", counts["written"]))
        if counted
    ]
    return f"tokens, median / p95: {', '.join(parts)}" if parts else ""


def groups_of(cases: Sequence[CaseResult]) -> dict[str, list[CaseResult]]:
    """The cases by kind and by language; a case with two kinds is in both."""
    groups: dict[str, list[CaseResult]] = {"all": list(cases)}
    for kind in (*KINDS, "ask"):
        groups[kind] = [case for case in cases if kind in case.tags]
    for language in ("en", "fr", "ar"):
        groups[language] = [case for case in cases if case.language == language]
    return {name: members for name, members in groups.items() if members}


def failures(cases: Iterable[CaseResult], *, show_all: bool = False) -> str:
    """The cases that did not pass, the shortest to read first, each with what cost it points."""
    failed = sorted((case for case in cases if case.is_failed), key=lambda case: (_length(case), case.id))
    lines = [_failure(case) for case in (failed if show_all else failed[:_MOST_FAILURES])]
    return "\n".join([f"{len(failed)} cases did not pass", *lines])


def gate_table(cases: Iterable[CaseResult]) -> str:
    """The hard gates missed, one a line; empty when none is."""
    return "\n".join(f"GATE {name} missed by {case_id}: {fault}" for case_id, name, fault in missed_gates(cases))


def seconds_table(seconds: Mapping[str, Mapping[str, float]]) -> str:
    """Median and 95th percentile of the seconds to each stage."""
    stages: dict[str, list[float]] = {}
    for reached in seconds.values():
        for stage, elapsed in reached.items():
            stages.setdefault(stage, []).append(elapsed)
    parts = [f"{stage} {_rank(s, 0.5) * 1000:.0f} / {_rank(s, 0.95) * 1000:.0f}" for stage, s in stages.items()]
    return f"ms, median / p95: {', '.join(parts)}" if parts else ""


def _rank(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def answer_block(case: CaseResult) -> str:
    """One case in full: question, answer, citations and trace."""
    reply = case.reply
    lines = [
        f"── {case.id} [{case.language}] expected {case.status}, got {reply.get('status')}  {' '.join(case.tags)}",
        f"Q: {case.question}",
        f"   {case.trace.get('query')}",
        *(f"   {hit}" for hit in case.trace.get("hits", ())),
        str(reply.get("text") or reply.get("error") or ""),
        *(f"   ! {name}: {fault}" for name, faults in case.faults.items() for fault in faults),
    ]
    return "\n".join(lines)


def _failure(case: CaseResult) -> str:
    faults = [f"    {name}: {'; '.join(faults)[:200]}" for name, faults in case.faults.items() if _counts(case, name)]
    return "\n".join([f"{case.id} [{case.language}] {case.question}", *faults])


def _counts(case: CaseResult, name: str) -> bool:
    return case.scores.get(name, 1.0) < 1.0 and name not in _MATTERS_OF_DEGREE


def _length(case: CaseResult) -> int:
    return len(case.question) + len(str(case.reply.get("text", "")))


def _means(means: Mapping[str, Mean]) -> str:
    width = max(map(len, means), default=0)
    return "\n".join(f"{name:{width}}  {spread(mean)}  n={mean.cases}" for name, mean in means.items())


def spread(mean: Mean) -> str:
    """ ".812 [.700, .900]"; without the interval when one story is all there is."""
    interval = f"[{_short(mean.low)}, {_short(mean.high)}]" if mean.low is not None and mean.high is not None else ""
    return f"{_short(mean.value)} {interval:14}"


def _by_group(groups: Mapping[str, Sequence[CaseResult]]) -> str:
    head = f"{'':15}{'n':>4} " + "".join(f"{short:>8}" for short in CORE.values())
    rows = [head]
    for name, members in groups.items():
        means = summarise(members)
        cells = "".join(f"{_short(means[key].value) if key in means else '–':>8}" for key in CORE)
        rows.append(f"{name:15}{len(members):>4} {cells}")
    return "\n".join(rows)


def _short(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}".replace("0.", ".", 1)
