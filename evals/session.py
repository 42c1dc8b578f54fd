"""A whole run: a set's questions to a system, over an index of the set's reports, to a `Result`. For Python users too.

chosen = load_set("demo")
result, seconds = measure_set(chosen, choose_cases(chosen.cases, split="dev"), settings=load_settings())
print(result_table(result))
"""

from collections.abc import Sequence
from pathlib import Path

from assistant.llm import LLM
from assistant.settings import Settings
from evals.archive import archive_of, prepared_index
from evals.cases import Case, CaseSet
from evals.judge import model_verdict
from evals.results import Result, Seconds, result_of
from evals.run import assistant_answerer, run
from evals.systems import open_system
from index.prepare import Tools
from index.store import Index

OURS = "briefing"


def measure_set(
    chosen: CaseSet,
    cases: Sequence[Case],
    *,
    settings: Settings,
    llm: LLM | None = None,
    judge: LLM | None = None,
    system: str = OURS,
    split: str = "dev",
    index_folder: Path | None = None,
    is_old_fine: bool = False,
) -> tuple[Result, Seconds]:
    """The result of `cases`, and the seconds of each. `system`: this program, or as `open_system` takes it.

    `judge`: a model for the measures that need one. `index_folder`: a ready index in place of one made of the set's
    reports, which is kept in the cache; `is_old_fine`: one made by older code will do. Raises `BadSet`, `BadReply` or
    `SystemUnusable`.
    """
    tools = Tools(settings.index.embedder, settings.index.cache, settings.index.gazetteer, settings.llm.host)
    opened = (
        Index.open(index_folder, tools)
        if index_folder
        else prepared_index(chosen.name, chosen.reports, tools, is_old_fine=is_old_fine)
    )
    with opened as index:
        answerer = assistant_answerer(index, settings, llm) if system == OURS else open_system(system, cases, index)
        measured = list(run(cases, answerer, archive_of(index, model_verdict(judge) if judge else None)))
    result = result_of(
        measured,
        set_name=chosen.name,
        split=split,
        system=system,
        model=llm.name if llm and system == OURS else "none",
        settings={"retrieve": settings.retrieve.model_dump(mode="json"), "embedder": settings.index.embedder},
        judge=judge,
    )
    return result, {one.case.id: one.asked.seconds for one in measured}
