"""Every case of a set through the assistant, and every reply through the measures. Writes nothing; see `evals.results`.

The one path to an answer is `assistant.pipeline.ask`; its answer is turned into the batch format and measured from
there, exactly as another system's would be.
"""

import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from assistant.evidence import select_evidence
from assistant.llm import LLM
from assistant.pipeline import ask
from assistant.present import to_json
from assistant.settings import Settings
from assistant.types import Answer, Finished, Interpreted, Retrieved, Settled, Token
from evals.archive import Archive
from evals.cases import Case
from evals.measures import GAUGES, measure
from evals.recordings import Metered, NotRecorded
from evals.replies import Reply, parse_reply
from evals.scores import Outcome, Unscored
from index.errors import BriefingError
from index.store import Index


class Asked(NamedTuple):
    """What a system made of one case."""

    reply: dict[str, Any]
    """In the batch format, without times."""
    trace: dict[str, Any]
    """What to look at when it failed."""
    seconds: dict[str, float]
    """To the evidence, to the first token, to the end: what was reached."""
    tokens: Mapping[str, int] = MappingProxyType({})
    """A model's: "read", at most, and "written"; empty where no model was asked."""
    unscored: str = ""
    """Why the system could not be asked at all; empty when it was."""


class Measured(NamedTuple):
    """One case with its reply and scores."""

    case: Case
    asked: Asked
    outcomes: dict[str, Outcome]


Answerer = Callable[[Case], Asked]


def run(cases: Iterable[Case], answerer: Answerer, archive: Archive) -> Iterator[Measured]:
    """Each case, in order, asked and measured. An error of the reply's own form raises `BadReply`."""
    for case in cases:
        asked = answerer(case)
        if asked.unscored:
            yield Measured(case, asked, dict.fromkeys(GAUGES, Unscored(reason=asked.unscored)))
            continue
        reply: Reply = parse_reply(asked.reply, case.id)
        yield Measured(case, asked, measure(case, reply, archive))


def assistant_answerer(index: Index, settings: Settings, llm: LLM | None) -> Answerer:
    """The program itself. A question on which it raises is a failed case, not the end of the run."""

    def answerer(case: Case) -> Asked:
        trace: dict[str, Any] = {}
        seconds: dict[str, float] = {}
        metered = Metered(llm) if llm else None
        started = time.perf_counter()
        try:
            events = ask(
                case.question, index=index, settings=settings, llm=metered, history=case.history, as_of=case.as_of
            )  # fmt: skip
            for event in events:
                elapsed = time.perf_counter() - started
                match event:
                    case Interpreted(query=query):
                        trace["query"] = query.model_dump(mode="json", exclude={"asked", "area"})
                        trace["area"] = query.area and [place.key for place in query.area.places]
                    case Retrieved(hits=hits):
                        seconds["evidence"] = elapsed
                        trace["hits"] = [f"{hit.passage.id} {hit.why}" for hit in hits[:5]]
                    case Token():
                        seconds.setdefault("first_token", elapsed)
                    case Settled():
                        seconds.setdefault("first_statement", elapsed)
                    case Finished(answer=answer):
                        seconds["end"] = elapsed
                        reply = to_json(answer, seconds=0.0, item_id=case.id)
                        del reply["seconds"]
                        trace["chance"] = _best_chance(answer, index)
                        return Asked(reply, trace, seconds, metered.tokens if metered else {})
        except NotRecorded as error:
            return Asked({"id": case.id, "status": "error", "error": str(error)}, trace, seconds, unscored=str(error))
        # Whatever ends one question must not hide the others; its traceback stays with the case.
        except Exception as error:
            if not isinstance(error, BriefingError):
                trace["traceback"] = traceback.format_exc(limit=-3).splitlines()
            failed = {"id": case.id, "status": "error", "error": f"{type(error).__name__}: {error}"}
            return Asked(failed, trace, seconds)
        raise AssertionError("ask() always ends with Finished")

    return answerer


def _best_chance(answer: Answer, index: Index) -> float:
    """Of the likeliest sentence inside the asked time and place, to answer: what answering or refusing rests on."""
    inside = tuple(hit for hit in answer.hits if hit.in_window and hit.in_area)
    return round(max((e.chance for e in select_evidence(answer.query, inside, index)), default=0.0), 4)
