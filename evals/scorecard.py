"""A result as one HTML page that a person reads: plots, tables, and every question with its evidence and verdicts.

Self-contained: no script, no font, no picture from elsewhere. Whatever comes from reports, questions or models is
escaped; `dir="auto"` lets Arabic run its own way.
"""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from evals.intervals import Mean
from evals.measures import GAUGES
from evals.plots import Bar, bars, reliability, waiting
from evals.results import CaseResult, Result, Seconds, missed_gates, summarise
from evals.tables import CORE, groups_of, judge_line, seconds_table, tokens_line, unscored_line

_CSS = Path(__file__).with_name("scorecard.css")
_SHOWN_HITS = 3
_SHOWN_CHARACTERS = 240


def scorecard(result: Result, seconds: Seconds | None = None, peer: Result | None = None) -> str:
    """The page. `seconds`: of each case, as kept beside the result. `peer`: another system on the same questions."""
    means, others = summarise(result.cases), summarise(peer.cases) if peer else {}
    gates = missed_gates(result.cases)
    by_kind = _bars_by_kind(result, peer)
    notes = [line for line in (judge_line(result), unscored_line(result.cases), tokens_line(result.cases)) if line]
    parts = [
        f"<h1>{escape(result.system)} on {escape(result.set)}/{escape(result.split)}</h1>",
        f'<p class="lead">{len(result.cases)} questions, model {escape(result.model)}. '
        f"{'All hard gates hold.' if not gates else f'<strong>{len(gates)} hard gates missed.</strong>'} "
        f"Whiskers are 95 % intervals, resampling whole stories; 1 is best everywhere. {escape(' '.join(notes))}</p>",
        _key(result, peer),
        f"<h2>Every measure</h2>{bars([_bar(name, mean, others.get(name)) for name, mean in means.items()])}",
        f"<h2>Share of questions that passed, by kind and language</h2>{bars(by_kind)}",
        _group_table(result.cases),
        _plots(result.cases, seconds or {}),
        _cases(result, peer) if result.split == "dev" else "",
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Scorecard {escape(result.set)}</title><style>{_CSS.read_text(encoding='utf-8')}</style></head>"
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _key(result: Result, peer: Result | None) -> str:
    ours = f'<span class="swatch ours"></span> {escape(result.system)}, model {escape(result.model)}'
    theirs = f' &emsp; <span class="swatch theirs"></span> {escape(peer.system)}, same questions' if peer else ""
    return f'<p class="meta">{ours}{theirs}</p>'


def _bar(name: str, mean: Mean, peer: Mean | None) -> Bar:
    measure = GAUGES[name].measure if name in GAUGES else None
    meaning = " ".join((measure.__doc__ or "").split()) if measure else "nothing that an answer must have is missing"
    return Bar(name, mean, peer, meaning)


def _bars_by_kind(result: Result, peer: Result | None) -> list[Bar]:
    others = groups_of(peer.cases) if peer else {}
    found = {name: summarise(members).get("passed") for name, members in groups_of(result.cases).items()}
    beside = {name: summarise(members).get("passed") for name, members in others.items()}
    return [Bar(name, mean, beside.get(name)) for name, mean in found.items() if mean]


def _plots(cases: Sequence[CaseResult], seconds: Seconds) -> str:
    # What a chance is of: that a sentence answers. It is right where the question has gold and the answer cites it.
    points = [
        (float(case.trace["chance"]), case.scores.get("gold_cited") == 1.0)
        for case in cases
        if isinstance(case.trace.get("chance"), int | float)
    ]
    stages: dict[str, list[float]] = {}
    for reached in seconds.values():
        for stage, elapsed in reached.items():
            stages.setdefault(stage, []).append(elapsed)
    figures = [
        ("Does a chance mean what it says? On the diagonal, yes.", reliability(points)) if points else ("", ""),
        (f"Waiting. {seconds_table(seconds)}", waiting(stages)) if stages else ("", ""),
    ]
    shown = [f"<figure>{plot}<figcaption>{escape(caption)}</figcaption></figure>" for caption, plot in figures if plot]
    return f'<h2>Reliability and waiting</h2><div class="plots">{"".join(shown)}</div>' if shown else ""


def _group_table(cases: Sequence[CaseResult]) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in ("", "n", *CORE.values()))
    rows: list[str] = []
    for name, members in groups_of(cases).items():
        means = summarise(members)
        cells = "".join(f"<td>{f'{means[key].value:.3f}' if key in means else '–'}</td>" for key in CORE)
        rows.append(f"<tr><th>{escape(name)}</th><td>{len(members)}</td>{cells}</tr>")
    return f'<div class="wide"><table><tr>{head}</tr>{"".join(rows)}</table></div>'


def _cases(result: Result, peer: Result | None) -> str:
    shown = sorted(result.cases, key=lambda case: (case.is_passed, case.id))
    others = {case.id: f"{peer.system}: {_verdict(case)}" for case in peer.cases} if peer else {}
    return (
        "<h2>Every question</h2>"
        '<input type="checkbox" id="only-failed"> <label for="only-failed">only those that did not pass</label>'
        f'<div class="cases">{"".join(_case(case, others.get(case.id, "")) for case in shown)}</div>'
    )


def _verdict(case: CaseResult) -> str:
    return "passed" if case.is_passed else "failed" if case.is_failed else "unscored"


def _case(case: CaseResult, other: str) -> str:
    reply = case.reply
    verdict = _verdict(case)
    mark = f'<span class="mark">{ {"passed": "✓", "failed": "✗"}.get(verdict, "–") } {escape(case.id)}</span>'
    got = escape(str(reply.get("status", "–")))
    faults = [f"<li>{escape(name)}: {escape(fault)}</li>" for name, faults in case.faults.items() for fault in faults]
    claims: list[dict[str, Any]] = reply.get("claims") or []
    text = str(reply.get("text") or reply.get("error") or "")
    return (
        f'<details class="{verdict}"><summary>{mark} '
        f'<bdi dir="auto">{escape(case.question)}</bdi></summary>'
        f'<p class="meta">{escape(" · ".join(case.tags))} · expected {escape(case.status)}, got {got}'
        f"{' · ' + escape(other) if other else ''}</p>"
        f'<div class="answer" dir="auto">{escape(text)}</div>'
        + (f'<ul class="faults">{"".join(faults)}</ul>' if faults else "")
        + "".join(_claim(claim) for claim in claims)
        + _evidence(case)
        + "</details>"
    )


def _claim(claim: Mapping[str, Any]) -> str:
    quotes = "".join(
        f'<blockquote dir="auto">{escape(str(cited.get("quote", "")))}<br><span class="meta" dir="ltr">'
        f"[{escape(str(cited.get('number', '')))}] {escape(str(cited.get('report_id', '')))} "
        f"{escape(str(cited.get('start', '')))}–{escape(str(cited.get('end', '')))}</span></blockquote>"
        for cited in claim.get("citations") or []
    )
    reason = f": {claim['reason']}" if claim.get("reason") else ""
    return f'<p class="meta" dir="auto">{escape(str(claim.get("verdict", "")))}{escape(reason)}</p>{quotes}'


def _evidence(case: CaseResult) -> str:
    hits: list[dict[str, Any]] = (case.reply.get("hits") or [])[:_SHOWN_HITS]
    rows = "".join(
        f'<blockquote dir="auto">{escape(_cut(str(hit.get("text", ""))))}<br><span class="meta" dir="ltr">'
        f"{escape(str(hit.get('passage_id', '')))} · {escape(str(hit.get('score', '')))}</span></blockquote>"
        for hit in hits
    )
    query: dict[str, Any] = case.trace.get("query") or {}
    read = [f"{name}: {query[name]}" for name in ("topic", "wants", "as_of") if query.get(name)]
    if window := query.get("window"):
        read.append(f"window: {window['start']} to before {window['end']}")
    area = [f"area: {', '.join(case.trace['area'])}"] if case.trace.get("area") else []
    understood = f'<p class="meta" dir="auto">understood as {escape("; ".join([*read, *area]))}</p>' if query else ""
    return f"<details><summary>best passages found, and how it was understood</summary>{understood}{rows}</details>"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
