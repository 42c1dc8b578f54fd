"""A run as a JSON file: every case with its scores, reply and trace; and the summary over cases.

Holds nothing that differs between two runs of the same code on the same data: times are in a file beside it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.intervals import Mean, clustered_mean
from evals.measures import GAUGES
from evals.run import Measured
from evals.scores import Score
from index.errors import BriefingError

FORMAT = 1


class BadResult(BriefingError):
    """A result file cannot be read or compared."""


class CaseResult(BaseModel):
    """One case of a run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    language: str
    status: str
    """As expected."""
    story: str
    tags: tuple[str, ...]
    scores: dict[str, Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]]
    unscored: dict[str, str]
    """Measures that do not apply, with the reason."""
    faults: dict[str, tuple[str, ...]]
    """What cost points, by measure."""
    reply: dict[str, Any]
    trace: dict[str, Any]

    @property
    def is_passed(self) -> bool:
        """Nothing that an answer must have is missing."""
        return all(self.scores.get(name, 1.0) == 1.0 for name in MUST)


class Result(BaseModel):
    """One run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    set: str
    split: str
    system: str
    """"briefing", or the adapter's name."""
    model: str
    settings: dict[str, Any]
    cases: tuple[CaseResult, ...]


# What an answer is judged by as a whole. Conflict completeness is left out as required facts hold the same groups.
MUST = (
    "status_right", "required_facts", "forbidden_absent", "gold_cited", "in_window", "in_area", "answer_language",
    *(name for name, gauge in GAUGES.items() if gauge.is_gate),
)  # fmt: skip


def result_of(
    measured: Iterable[Measured], *, set_name: str, split: str, system: str, model: str, settings: Mapping[str, Any]
) -> Result:
    """The run as a value."""
    return Result(
        set=set_name,
        split=split,
        system=system,
        model=model,
        settings=dict(settings),
        cases=tuple(_case_result(one) for one in measured),
    )


def _case_result(one: Measured) -> CaseResult:
    case, outcomes = one.case, one.outcomes
    scored = {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, Score)}
    return CaseResult(
        id=case.id,
        question=case.question,
        language=case.language,
        status=case.status,
        story=case.story,
        tags=case.tags,
        # Six digits: more would differ between machines.
        scores={name: round(score.value, 6) for name, score in scored.items()},
        unscored={name: outcome.reason for name, outcome in outcomes.items() if not isinstance(outcome, Score)},
        faults={name: score.faults for name, score in scored.items() if score.faults},
        reply=one.asked.reply,
        trace=one.asked.trace,
    )


def without_replies(result: Result) -> Result:
    """Scores alone: what a committed baseline needs, a tenth of the size."""
    bare = tuple(
        case.model_copy(update={"reply": {}, "trace": {}, "faults": {}, "unscored": {}}) for case in result.cases
    )
    return result.model_copy(update={"cases": bare})


def write_result(result: Result, path: Path, seconds: Mapping[str, Mapping[str, float]] | None = None) -> None:
    """The result at `path`, and the seconds of each case in `<name>.times.json` beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_json(result.model_dump(mode="json")), encoding="utf-8")
    if seconds is not None:
        rounded = {name: {stage: round(s, 4) for stage, s in stages.items()} for name, stages in seconds.items()}
        times_path(path).write_text(_json(rounded), encoding="utf-8")


def times_path(path: Path) -> Path:
    return path.with_name(f"{path.stem}.times.json")


def read_result(path: Path) -> Result:
    """Raises `BadResult` naming the file and what is wrong with it."""
    try:
        return Result.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadResult(f"{path}: cannot be read ({error}); make it with: python -m evals run … -o {path}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "file"
        raise BadResult(f"{path}: {where}: {first['msg']}; expected a result that `run` wrote") from error


def read_times(path: Path) -> dict[str, dict[str, float]]:
    """The seconds beside a result; empty when they were not kept."""
    times = times_path(path)
    return json.loads(times.read_text(encoding="utf-8")) if times.is_file() else {}


def summarise(cases: Sequence[CaseResult]) -> dict[str, Mean]:
    """The mean of each measure over the cases that have it, in the order of `GAUGES`, "passed" first."""
    stories = [case.story for case in cases]
    means = {"passed": clustered_mean([float(case.is_passed) for case in cases], stories)} if cases else {}
    for name in GAUGES:
        scored = [case for case in cases if name in case.scores]
        if scored:
            means[name] = clustered_mean([case.scores[name] for case in scored], [case.story for case in scored])
    return means


def missed_gates(cases: Iterable[CaseResult]) -> list[tuple[str, str, str]]:
    """(case, gate, first fault) wherever a hard gate is below 1."""
    return [
        (case.id, name, case.faults.get(name, ("",))[0])
        for case in cases
        for name, gauge in GAUGES.items()
        if gauge.is_gate and case.scores.get(name, 1.0) < 1.0
    ]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"
