"""A model as the judge of what follows from quotes, and how far it agrees with people; the rule of `evals.support` too.

The labels are ours: statements beside quotes of the sets' reports, each read and marked as supported or not
(`sets/*/pairs.jsonl`). A model's agreement with them is kept in `agreement.json`, by model and prompt. Below
`MAY_GATE_FROM`, or unmeasured, its verdicts are shown and held against no run.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from assistant.deadlines import Deadlines
from assistant.llm import LLM, Schema
from assistant.prompting import fill, load_prompt
from evals.archive import Archive, archive_of, prepared_index
from evals.cases import SETS, BadSet, load_set
from evals.intervals import RESAMPLES, SEED
from evals.replies import Cited
from evals.support import follows
from index.prepare import Tools
from index.types import Value

MAY_GATE_FROM = 0.70
"""Cohen's kappa; "substantial" agreement begins at .61 for Landis & Koch, Biometrics 1977."""
AGREEMENT = Path(__file__).with_name("agreement.json")
RULE = "rule"

# One token to write, whatever the model: nothing to parse, and no room for an essay.
_VERDICT: Schema = {"type": "boolean"}
_MOST_TOKENS = 4
_PATIENCE = Deadlines(connect_s=10.0, first_token_s=600.0, gap_s=600.0, total_s=600.0)

Verdict = Callable[[str, Sequence[str]], bool]
"""Whether a statement follows from the quotes, taken together."""


class Quote(Value):
    """An exact slice of a report."""

    report_id: str
    quote: str


class Pair(Value):
    """A statement, the quotes it is to rest on, and what a careful reader of both says."""

    id: str
    statement: str
    language: Literal["en", "fr", "ar"]
    evidence: tuple[Quote, ...]
    is_supported: bool
    kind: str
    """How it was made: "translation", "wording", "part", "combined", "model"; or what is wrong with it."""


class Judged(NamedTuple):
    """A pair and the verdict on it."""

    pair: Pair
    is_supported: bool

    @property
    def is_right(self) -> bool:
        return self.is_supported == self.pair.is_supported


class Agreement(Value):
    """How far a judge's verdicts agree with the labels."""

    judge: str
    """"rule", or the model."""
    digest: str = ""
    """SHA-256 of the model's weights."""
    prompt: str = ""
    """Fingerprint of `prompts/judge.md`."""
    pairs: int
    right: float
    """Share of verdicts that are the label."""
    kappa: float
    """Cohen's, [-1, 1]: agreement beyond chance. Cohen, Educational and Psychological Measurement 1960."""
    low: float
    """95 % percentile interval of `kappa`, bootstrap over reports, as pairs on one report share its difficulty."""
    high: float
    kept: float
    """Share of the supported statements that were called so."""
    caught: float
    """Share of the unsupported ones that were called so."""

    @property
    def may_gate(self) -> bool:
        return self.kappa >= MAY_GATE_FROM


def read_pairs() -> dict[str, tuple[Pair, ...]]:
    """The labelled pairs by set. Raises `BadSet` naming file and line."""
    return {path.parent.name: tuple(_pairs_in(path)) for path in sorted(SETS.glob("*/pairs.jsonl"))}


def model_verdict(llm: LLM) -> Verdict:
    """The model's, each asked once. Raises the errors of `LLM.stream`."""
    known: dict[tuple[str, tuple[str, ...]], bool] = {}

    def verdict(statement: str, quotes: Sequence[str]) -> bool:
        asked = (statement, tuple(quotes))
        if asked not in known:
            known[asked] = _ask(llm, statement, quotes)
        return known[asked]

    return verdict


def judge_pairs(tools: Tools, llm: LLM | None, *, limit: int | None = None) -> Iterator[Judged]:
    """The labelled pairs, each with the verdict of the model, or without one of the rule.

    `limit`: that many, spread evenly over all of them.
    """
    by_set = read_pairs()
    listed = [(name, pair) for name, pairs in by_set.items() for pair in pairs]
    chosen = listed if limit is None else [listed[at * len(listed) // limit] for at in range(min(limit, len(listed)))]
    if llm is None:
        yield from _by_rule(chosen, tools)
        return
    verdict = model_verdict(llm)
    for _, pair in chosen:
        yield Judged(pair, verdict(pair.statement, [cited.quote for cited in pair.evidence]))


def agreement(judged: Sequence[Judged], llm: LLM | None) -> Agreement:
    """Of one or more verdicts."""
    labels = np.array([one.pair.is_supported for one in judged])
    verdicts = np.array([one.is_supported for one in judged])
    low, high = _interval(labels, verdicts, [one.pair.evidence[0].report_id for one in judged])
    return Agreement(
        judge=llm.name if llm else RULE,
        digest=llm.digest if llm else "",
        prompt=load_prompt("judge").fingerprint if llm else "",
        pairs=len(judged),
        right=round(float((labels == verdicts).mean()), 3),
        kappa=round(float(_kappa(_counts(labels, verdicts))), 3),
        low=round(low, 3),
        high=round(high, 3),
        kept=round(float(verdicts[labels].mean()) if labels.any() else 0.0, 3),
        caught=round(float((~verdicts[~labels]).mean()) if (~labels).any() else 0.0, 3),
    )


def agreement_text(measured: Agreement, judged: Sequence[Judged]) -> str:
    """For the terminal: the agreement, then how many verdicts of each kind were right."""
    kinds = sorted({(not one.pair.is_supported, one.pair.kind) for one in judged})
    lines = [
        f"{measured.judge}: kappa {measured.kappa:.2f} [{measured.low:.2f}, {measured.high:.2f}] with {measured.pairs} "
        f"labels, {measured.right:.2f} right; {measured.kept:.2f} of the supported kept, {measured.caught:.2f} of the "
        "others caught",
        f"A drop by its verdicts {'fails' if measured.may_gate else 'does not fail'} a run "
        f"(kappa of {MAY_GATE_FROM:.2f} or more)." if measured.judge != RULE else "",
    ]  # fmt: skip
    for is_wrong, kind in kinds:
        of_kind = [one for one in judged if (not one.pair.is_supported, one.pair.kind) == (is_wrong, kind)]
        label = "not supported" if is_wrong else "supported"
        lines.append(f"  {label:14} {kind:12} {sum(one.is_right for one in of_kind):3} of {len(of_kind):3} right")
    return "\n".join(line for line in lines if line)


def mistake_text(one: Judged) -> str:
    """A verdict that is not the label, in three lines."""
    said = "supported" if one.is_supported else "not supported"
    quotes = " / ".join(cited.quote for cited in one.pair.evidence)
    return f"{one.pair.id} ({one.pair.kind}) called {said}\n    {one.pair.statement}\n    {quotes}"


def published(llm: LLM, path: Path = AGREEMENT) -> Agreement | None:
    """What was measured of this model with today's prompt; None when nothing was."""
    fingerprint = load_prompt("judge").fingerprint
    return next((a for a in _read(path) if (a.judge, a.digest, a.prompt) == (llm.name, llm.digest, fingerprint)), None)


def publish(measured: Agreement, path: Path = AGREEMENT) -> None:
    """Keeps it in the place of an earlier one of the same judge."""
    kept = {one.judge: one for one in _read(path)} | {measured.judge: measured}
    lines = [json.dumps(kept[name].model_dump(), ensure_ascii=False) for name in sorted(kept)]
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def _read(path: Path) -> list[Agreement]:
    return TypeAdapter(list[Agreement]).validate_json(path.read_bytes()) if path.exists() else []


def _ask(llm: LLM, statement: str, quotes: Sequence[str]) -> bool:
    # On one line each: a quote cannot begin a turn or a field of its own.
    messages = fill(load_prompt("judge"), statement=_one_line(statement), quotes=" / ".join(map(_one_line, quotes)))
    reply = "".join(llm.stream(messages, schema=_VERDICT, max_tokens=_MOST_TOKENS, deadlines=_PATIENCE))
    return json.loads(reply) is True


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _by_rule(chosen: Sequence[tuple[str, Pair]], tools: Tools) -> Iterator[Judged]:
    for name in dict.fromkeys(name for name, _ in chosen):
        with prepared_index(name, load_set(name).reports, tools) as index:
            archive = archive_of(index)
            for pair in (pair for of, pair in chosen if of == name):
                cited = [_cited(one, archive) for one in pair.evidence]
                yield Judged(pair, follows(pair.statement, cited, archive))


def _cited(one: Quote, archive: Archive) -> Cited:
    report = archive.report(one.report_id)
    start = report.body.find(one.quote) if report else -1
    if report is None or start < 0:
        raise BadSet(f"pairs.jsonl: {one.quote[:60]!r} is not in report {one.report_id!r}")
    end = start + len(one.quote)
    return Cited(report_id=one.report_id, start=start, end=end, quote=one.quote, source=report.source)


def _pairs_in(path: Path) -> Iterator[Pair]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            yield Pair.model_validate_json(line)
        except ValidationError as error:
            raise BadSet(f"{path}:{number}: not a labelled pair ({error.errors()[0]['msg']})") from error


def _counts(labels: NDArray[np.bool_], verdicts: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How often label and verdict were (no, no), (no, yes), (yes, no), (yes, yes)."""
    return np.bincount(2 * labels + verdicts, minlength=4).astype(float)


def _kappa(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of counts in the last axis; 0 where chance alone explains everything, as with one verdict for all."""
    total = counts.sum(-1)
    agreed = (counts[..., 0] + counts[..., 3]) / total
    said_yes, is_yes = (counts[..., 1] + counts[..., 3]) / total, (counts[..., 2] + counts[..., 3]) / total
    by_chance = said_yes * is_yes + (1 - said_yes) * (1 - is_yes)
    room = 1 - by_chance
    return np.where(room > 0, (agreed - by_chance) / np.where(room > 0, room, 1), 0.0)


def _interval(labels: NDArray[np.bool_], verdicts: NDArray[np.bool_], reports: Sequence[str]) -> tuple[float, float]:
    names = sorted(set(reports))
    of = np.array(reports)
    each = np.array([_counts(labels[of == name], verdicts[of == name]) for name in names])
    drawn = np.random.default_rng(SEED).multinomial(len(names), [1 / len(names)] * len(names), size=RESAMPLES)
    low, high = np.quantile(_kappa(drawn @ each), [0.025, 0.975])
    return float(low), float(high)
