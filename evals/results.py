"""A run as a JSON file: every case with its scores, reply and trace; and the summary over cases.

Holds nothing that differs between two runs of the same code on the same data: times are in a file beside it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.llm import LLM
from evals.cases import CaseSet
from evals.intervals import Mean, clustered_mean
from evals.judge import MAY_GATE_FROM, published
from evals.measures import GAUGES
from evals.run import Measured
from evals.scores import Score
from index.errors import BriefingError

Seconds = Mapping[str, Mapping[str, float]]
"""Of each case by id, to each stage that was reached."""
FORMAT = 1
BASELINES = Path(__file__).parent / "baselines"


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
    tokens: dict[str, int] = {}
    """A model's, "read" (at most) and "written"; empty without one."""

    @property
    def is_scored(self) -> bool:
        """Whether the system was asked at all; a case without a score counts for nothing, good or bad."""
        return bool(self.scores)

    @property
    def is_passed(self) -> bool:
        """Nothing that an answer must have is missing."""
        return self.is_scored and all(self.scores.get(name, 1.0) == 1.0 for name in MUST)

    @property
    def is_failed(self) -> bool:
        return self.is_scored and not self.is_passed


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
    judge: str = ""
    """The model that judged what follows from quotes; empty when none did."""
    judge_kappa: float | None = None
    """Its published agreement with people; None when it was not measured."""
    cases: tuple[CaseResult, ...]

    @property
    def may_judge(self) -> bool:
        """Whether its judge agrees with people often enough for a drop to fail a run."""
        return self.judge_kappa is not None and self.judge_kappa >= MAY_GATE_FROM


# What an answer is judged by as a whole. Conflict completeness is left out as required facts hold the same groups.
MUST = (
    "status_right", "required_facts", "forbidden_absent", "gold_cited", "in_window", "in_area", "answer_language",
    *(name for name, gauge in GAUGES.items() if gauge.is_gate),
)  # fmt: skip


def result_of(
    measured: Iterable[Measured],
    *,
    set_name: str,
    split: str,
    system: str,
    model: str,
    settings: Mapping[str, Any],
    judge: LLM | None = None,
) -> Result:
    """The run as a value."""
    agreement = published(judge) if judge else None
    return Result(
        set=set_name,
        split=split,
        system=system,
        model=model,
        settings=dict(settings),
        judge=judge.name if judge else "",
        judge_kappa=agreement.kappa if agreement else None,
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
        tokens=dict(one.asked.tokens),
    )


def baseline_path(chosen: CaseSet, split: str) -> Path:
    """Where the scores are that later runs are compared with: ours are committed, a user's are beside the cases."""
    return chosen.home / f"baseline-{split}.json" if chosen.home else BASELINES / f"{chosen.name}-{split}.json"


def write_baseline(result: Result, path: Path) -> None:
    """The scores alone, a tenth of the size; a line a case, so that a change of one shows as one line."""
    bare = {"reply": {}, "trace": {}, "faults": {}, "unscored": {}, "tokens": {}}
    head = json.dumps(result.model_dump(mode="json", exclude={"cases"}), ensure_ascii=False, sort_keys=True)
    lines = [
        json.dumps(case.model_copy(update=bare).model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        for case in result.cases
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    body = ",\n".join(lines)
    path.write_text(f'{head.removesuffix("}")}, "cases": [\n{body}\n]}}\n', encoding="utf-8")


def write_result(result: Result, path: Path, seconds: Seconds | None = None) -> None:
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
        raise BadResult(f"{path}: cannot be read ({error}); make it with: briefing eval run … -o {path}") from error
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
    asked = [case for case in cases if case.is_scored]
    stories = [case.story for case in asked]
    means = {"passed": clustered_mean([float(case.is_passed) for case in asked], stories)} if asked else {}
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
