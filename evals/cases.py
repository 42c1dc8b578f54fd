"""Cases: a question, what a right answer must and must not hold, and the sentences it should rest on.

Reads sets of cases and checks them; asks nothing and measures nothing. A set is a folder with `cases.jsonl` and
`reports/`, so that users can write one for their own reports.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import Field, ValidationError, model_validator

from assistant.types import Turn
from index.errors import BriefingError
from index.types import Value

SETS = Path(__file__).parent / "sets"
SHIPPED = {
    "demo": "demo", "refusal": "demo", "crises": "crises", "newsroom": "newsroom", "wires": "wires", "desk": "desk",
    "situations": "situations", "accounts": "accounts",
    "piaf": "piaf", "xquad": "xquad", "ntrex": "ntrex",
}  # fmt: skip
"""Sets that come with their reports, and the set whose reports they are."""
OVER_SYRIA = {"syria": "questions.jsonl", "syria-hard": "hard.jsonl"}
"""Sets over press reports that may not be redistributed, and their files of cases."""
DATA = Path(__file__).parents[2] / "shared" / "data"
"""Data that may not be redistributed; absent on most machines."""

KINDS = (
    "fact", "list", "time", "place", "time+place", "conflict", "follow-up", "cross-language", "unanswerable",
    "false-premise", "injected", "attribution",
)  # fmt: skip
_SYRIA_KINDS = {"both": "time+place", "open": "fact"}


class BadSet(BriefingError):
    """A set of cases cannot be used; the message names the file and line."""


class SetAbsent(BriefingError):
    """The set is known, but the reports it asks about are not on this machine."""


class Gold(Value):
    """A sentence that is good evidence: by its words, or by offsets with a digest where the words may not be shown."""

    report_id: str
    quote: str | None = None
    start: Annotated[int, Field(ge=0)] | None = None
    end: int | None = None
    sha256: str | None = None
    """Of the slice in UTF-8."""

    @model_validator(mode="after")
    def _is_words_or_offsets(self) -> Self:
        by_offsets = (self.start, self.end, self.sha256)
        if (self.quote is None) == any(part is None for part in by_offsets):
            raise ValueError('gold is either {"report_id", "quote"} or {"report_id", "start", "end", "sha256"}')
        return self


class AskedArea(Value):
    """The place a question bounds its answer to."""

    place: str
    """In the gazetteer's English spelling."""
    relation: Literal["near", "in", "north_of", "south_of", "east_of", "west_of"]
    radius_km: Annotated[float, Field(gt=0)] | None = None


class Case(Value):
    """One question and what is known of its answer."""

    id: Annotated[str, Field(min_length=1)]
    question: Annotated[str, Field(min_length=1)]
    language: Literal["fr", "en", "ar"]
    as_of: date | None = None
    """"Today" for the question; None for the day of the newest report."""
    history: tuple[Turn, ...] = ()
    status: Literal["answered", "partial", "no_evidence"]
    gold: tuple[Gold, ...] = ()
    """Any of them is good evidence."""
    required: tuple[tuple[str, ...], ...] = ()
    """Of each group, one string must occur in the answer or in its quotes, case and diacritics aside."""
    forbidden: tuple[str, ...] = ()
    window: tuple[date, date] | None = None
    """First day, and the day after the last, of the events asked about."""
    area: AskedArea | None = None
    places: tuple[str, ...] = ()
    """The towns and villages that a right answer tells of, all of them, where that is worth measuring."""
    tags: tuple[str, ...] = ()
    split: Literal["dev", "test"] = "dev"
    story: str = ""
    """Cases that rest on the same reports stand or fall together: they are one cluster for the statistics."""

    @model_validator(mode="after")
    def _has_gold_when_answerable(self) -> Self:
        if self.is_answerable and not self.gold:
            raise ValueError(f'status is {self.status!r}, but gold is empty; give a quote, or "no_evidence"')
        if self.window is not None and self.window[1] <= self.window[0]:
            raise ValueError("window is [first day, day after the last]; it ends before it starts")
        return self

    @property
    def is_answerable(self) -> bool:
        return self.status != "no_evidence"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The tags that say what sort of question it is; a case may be of several."""
        return tuple(tag for tag in self.tags if tag in KINDS)


class CaseSet(NamedTuple):
    """Cases and the reports they are asked of."""

    name: str
    cases: tuple[Case, ...]
    reports: Path
    """A file or a folder, as `briefing ingest` takes it."""
    home: Path | None = None
    """The folder of a user's set, where its baselines are kept too; None for a set of ours."""


def load_set(name: str | Path, *, needs_reports: bool = True) -> CaseSet:
    """One of `SHIPPED` or `OVER_SYRIA`, or the set in the folder (or at the `cases.jsonl`) that `name` is a path to.

    Raises `BadSet` naming file and line, and `SetAbsent` when the reports of a known set are not here. `needs_reports`:
    false when a ready index stands in for them.
    """
    if name in SHIPPED:
        return CaseSet(str(name), read_cases(SETS / name / "cases.jsonl"), SETS / SHIPPED[str(name)] / "reports")
    if name in OVER_SYRIA:
        reports = DATA / "syria_reports.en.jsonl"
        if not reports.exists():
            raise SetAbsent(f"the set {name!r} needs {reports.name}, which may not be redistributed and is not here")
        return CaseSet(str(name), read_cases(SETS / "syria" / OVER_SYRIA[str(name)]), reports)
    return _set_at(Path(name), needs_reports=needs_reports)


def _set_at(path: Path, *, needs_reports: bool) -> CaseSet:
    file = path / "cases.jsonl" if path.is_dir() else path
    if not file.is_file():
        known = ", ".join(map(repr, (*SHIPPED, *OVER_SYRIA)))
        raise BadSet(f"no set of cases at {str(path)!r}; expected {known} or a folder with cases.jsonl")
    reports = file.parent / "reports"
    if needs_reports and not reports.exists():
        raise BadSet(f"{file}: its reports are missing; expected a folder {reports}, or a ready index with --index")
    home = file.parent.resolve()  # so that "." has a name
    return CaseSet(home.name, read_cases(file), reports, home)


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a JSON Lines file, in order. Raises `BadSet` naming file and line."""
    cases = tuple(_cases_in(path))
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise BadSet(f"{path}: the id {case.id!r} stands twice; give each case its own")
        seen.add(case.id)
    if not cases:
        raise BadSet(f"{path}: no cases; expected one JSON object a line")
    return _clustered(cases)


def choose_cases(
    cases: Iterable[Case], *, split: str | None = None, only: Iterable[str] = (), tags: Iterable[str] = ()
) -> tuple[Case, ...]:
    """The cases of a split that have one of the ids and all of the tags; empty filters let everything through.

    Raises `BadSet` for an id or tag that no case has, so that a misspelt one does not pass as a good result.
    """
    listed, wanted_ids, wanted_tags = tuple(cases), set(only), set(tags)
    unknown_ids = wanted_ids - {case.id for case in listed}
    unknown_tags = wanted_tags - {tag for case in listed for tag in (*case.tags, case.language)}
    if unknown_ids or unknown_tags:
        raise BadSet(f"no case has the id or tag {sorted(unknown_ids | unknown_tags)[0]!r}")
    chosen = tuple(
        case
        for case in listed
        if (split in (None, "all", case.split) or case.id in wanted_ids)
        and (not wanted_ids or case.id in wanted_ids)
        and wanted_tags <= {*case.tags, case.language}
    )
    if not chosen:
        raise BadSet("no case is left; ask for another split, id or tag")
    return chosen


def _cases_in(path: Path) -> Iterator[Case]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield _case_of(json.loads(line))
        except _Unfinished as error:
            raise BadSet(f'{path}:{number}: still to do: {error}; delete "todo" when it is done') from error
        except json.JSONDecodeError as error:
            raise BadSet(f"{path}:{number}: not a JSON object ({error.msg})") from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "case"
            raise BadSet(f"{path}:{number}: {where}: {re.sub(r'^Value error, ', '', first['msg'])}") from error


class _Unfinished(Exception):
    """The case is a template; the message says what is left to do."""


def _case_of(record: Any) -> Case:
    if isinstance(record, dict) and record.get("todo"):
        raise _Unfinished(record["todo"])
    return Case.model_validate(_own_form(record))


def _own_form(record: Any) -> Any:
    """`kind` and `story:` tags, in which the two sets differ, brought to one form."""
    if not isinstance(record, dict):
        return record
    fields: dict[str, Any] = dict(record)
    tags = [str(tag) for tag in fields.get("tags") or ()]
    if "kind" in fields:
        kind = str(fields.pop("kind"))
        tags = [*tags, *({kind, _SYRIA_KINDS.get(kind, kind)} - set(tags))]
        tags.sort()
    story = next((tag.removeprefix("story:") for tag in tags if tag.startswith("story:")), "")
    return {"story": story, **fields, "tags": tags}


def _clustered(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """Cases without a story get one, named by a report: those that share one of their gold, in a chain too, are one."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    for case in cases:
        for gold in case.gold:
            leader[find(f"case:{case.id}")] = find(f"report:{gold.report_id}")
    return tuple(
        case if case.story else case.model_copy(update={"story": find(f"case:{case.id}").partition(":")[2]})
        for case in cases
    )
