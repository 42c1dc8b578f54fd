"""Two runs, paired by case: what changed, and whether a drop is more than chance. Prints nothing."""

from collections.abc import Sequence
from typing import NamedTuple

from evals.intervals import Mean, clustered_mean
from evals.measures import GAUGES
from evals.results import BadResult, CaseResult, Result, missed_gates
from evals.tables import spread


class Change(NamedTuple):
    """One measure over the cases that have it in both runs."""

    name: str
    base: float
    new: float
    difference: Mean
    """New minus base."""
    worse: tuple[str, ...]
    """Ids of the cases that lost points, the most lost first."""
    is_told_only: bool = False
    """By a model that agrees too little with people, or by two models: no drop of it fails a run."""

    @property
    def is_regression(self) -> bool:
        """A drop whose interval excludes zero; with one story there is no interval, and every drop counts."""
        high = self.difference.high
        return not self.is_told_only and self.difference.value < 0 and (high is None or high < 0)


class Comparison(NamedTuple):
    """All measures, and the hard gates that the new run misses."""

    changes: tuple[Change, ...]
    gates: tuple[tuple[str, str, str], ...]
    """(case, gate, first fault)."""
    only_in_one: tuple[str, ...]
    """Ids of cases that the other run does not have; they are not compared."""

    @property
    def is_passed(self) -> bool:
        return not self.gates and not any(change.is_regression for change in self.changes)


def compare(base: Result, new: Result) -> Comparison:
    """Raises `BadResult` when the two are not runs of one set, or have no case in common."""
    if base.set != new.set:
        raise BadResult(f"one run is of {base.set!r}, the other of {new.set!r}; compare two runs of one set")
    befores, afters = ({case.id: case for case in result.cases} for result in (base, new))
    shared = [name for name in befores if name in afters]
    if not shared:
        raise BadResult("the two runs have no case in common; run both with the same --split")
    pairs = [(befores[name], afters[name]) for name in shared]
    asked = [(a, b) for a, b in pairs if a.is_scored and b.is_scored]
    changes = [_change("passed", asked, [(float(a.is_passed), float(b.is_passed)) for a, b in asked])] if asked else []
    is_same_good_judge = base.judge == new.judge and base.may_judge and new.may_judge
    for name in GAUGES:
        scored = [(a, b) for a, b in pairs if name in a.scores and name in b.scores]
        if scored:
            change = _change(name, scored, [(a.scores[name], b.scores[name]) for a, b in scored])
            is_told_only = GAUGES[name].is_judged and not is_same_good_judge
            changes.append(change._replace(is_told_only=is_told_only))
    only_in_one = tuple(sorted(set(befores) ^ set(afters)))
    return Comparison(tuple(changes), tuple(missed_gates(new.cases)), only_in_one)


def comparison_text(comparison: Comparison) -> str:
    """The table for the terminal, regressions marked, then what made them."""
    width = max((len(change.name) for change in comparison.changes), default=0)
    lines = [f"{'':{width}}   base    new  difference (95 % interval, paired, by story)"]
    for change in comparison.changes:
        mark = " REGRESSION" if change.is_regression else " told only" if change.is_told_only else ""
        lines.append(
            f"{change.name:{width}}  {change.base:5.3f}  {change.new:5.3f}  {spread(change.difference)}"
            f"  n={change.difference.cases}{mark}"
        )
        if change.is_regression:
            lines.append(f"{'':{width}}  worse: {', '.join(change.worse[:12])}")
    lines += [f"GATE {name} missed by {case_id}: {fault}" for case_id, name, fault in comparison.gates]
    if comparison.only_in_one:
        lines.append(f"{len(comparison.only_in_one)} cases are in one run only and were not compared")
    return "\n".join(lines)


def _change(name: str, pairs: Sequence[tuple[CaseResult, CaseResult]], scores: Sequence[tuple[float, float]]) -> Change:
    differences = [after - before for before, after in scores]
    lost = sorted((d, new.id) for d, (_, new) in zip(differences, pairs, strict=True) if d < 0)
    return Change(
        name,
        sum(before for before, _ in scores) / len(scores),
        sum(after for _, after in scores) / len(scores),
        clustered_mean(differences, [base.story for base, _ in pairs]),
        tuple(case_id for _, case_id in lost),
    )
