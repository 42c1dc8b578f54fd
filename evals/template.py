"""Cases to be finished by hand: from reports, a sentence each to ask about; from the page's feedback, a judged answer.

What is left to do stands in a case under "todo", and a set with a "todo" in it is not run. Everything else that can be
known is filled in: ids, days, languages, exact gold sentences.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from evals.cases import BadSet
from index.ingest import read_reports
from index.language import detect_language
from index.sentences import split_sentences
from index.types import Report

Draft = dict[str, Any]

_LANGUAGES = ("en", "fr", "ar")
_FIGURE = re.compile(r"\d[\d.,٬٫\u00a0\u202f ]*\d|\d")
_WORDS = range(8, 45)
_UNANSWERABLE_EVERY = 5


class Counts(NamedTuple):
    """What became of the cases begun."""

    added: int
    to_finish: int
    known: int


def cases_from_reports(path: Path, count: int) -> list[Draft]:
    """`count` cases over the reports at `path`, every fifth of them to be made unanswerable.

    Reports take turns, in order; of each, sentences with figures come first, as questions on them can be checked best.
    Raises `BadSet` when there is no report in English, French or Arabic.
    """
    if not path.exists():
        raise BadSet(f"no reports at {path}; give a file or folder that briefing ingest takes")
    reports = [report for report in read_reports([path]) if isinstance(report, Report)]
    tellings = [_telling(report) for report in reports if report.language in _LANGUAGES]
    if not tellings:
        raise BadSet(f"no report in English, French or Arabic at {path}; see what briefing ingest {path} says")
    newest = max(report.day for report in reports).isoformat()
    drafts: list[Draft] = []
    for report, sentence in _in_turn(tellings):
        if len(drafts) == count:
            break
        number = len(drafts) + 1
        is_hopeless = number % _UNANSWERABLE_EVERY == 0
        drafts.append(_draft(f"q{number:03}", report, sentence, newest, is_hopeless=is_hopeless))
    return drafts


def cases_from_feedback(path: Path) -> list[Draft]:
    """A case for each answer that readers judged on the page; of several judgements of one question the last counts.

    An answer found useful gives a case that can be run as it is: its quotes are gold. Any other says in its "todo" what
    the reader said. Raises `BadSet` naming file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSet(f"{path}: cannot be read ({error}); expected the feedback.jsonl in an index's folder") from error
    drafts: dict[str, Draft] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            draft = _judged(json.loads(line))
        except (ValueError, TypeError, KeyError) as error:
            raise BadSet(f"{path}:{number}: not a judgement that the page wrote ({error!r})") from error
        drafts[draft["id"]] = draft
    return list(drafts.values())


def add_cases(folder: Path, drafts: list[Draft]) -> Counts:
    """Appends to the `cases.jsonl` in `folder` the cases whose ids are not there; nothing in it is changed."""
    file = folder / "cases.jsonl"
    folder.mkdir(parents=True, exist_ok=True)
    held = file.read_text(encoding="utf-8") if file.exists() else ""
    try:
        known = {json.loads(line)["id"] for line in held.split("\n") if line.strip()}
    except (ValueError, TypeError, KeyError) as error:
        raise BadSet(f"{file}: a line is no case with an id ({error}); mend it, or name another folder") from error
    fresh = [draft for draft in drafts if draft["id"] not in known]
    lines = [json.dumps(draft, ensure_ascii=False) + "\n" for draft in fresh]
    gap = "\n" if held and not held.endswith("\n") else ""
    with file.open("a", encoding="utf-8") as stream:
        stream.write(gap + "".join(lines))
    return Counts(len(fresh), sum("todo" in draft for draft in fresh), len(drafts) - len(fresh))


def link_reports(folder: Path, reports: Path) -> None:
    """Makes `reports` of the set point at the reports, or holds a copy where there are no links."""
    target = folder / "reports"
    if target.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    if reports.is_file():
        target.mkdir()
        shutil.copy2(reports, target)
        return
    try:
        target.symlink_to(reports.resolve(), target_is_directory=True)
    except OSError:
        shutil.copytree(reports, target)


def _telling(report: Report) -> list[tuple[Report, str]]:
    """Its sentences to ask about, those with figures first."""
    told = [report.body[start:end] for start, end in split_sentences(report.body, report.language)]
    usable = [sentence for sentence in told if len(sentence.split()) in _WORDS and not sentence.startswith("[")]
    return [(report, sentence) for sentence in sorted(usable, key=lambda s: not _FIGURE.search(s))]


def _in_turn(tellings: list[list[tuple[Report, str]]]) -> Iterator[tuple[Report, str]]:
    for at in range(max(map(len, tellings))):
        for telling in tellings:
            if at < len(telling):
                yield telling[at]


def _draft(case_id: str, report: Report, sentence: str, as_of: str, *, is_hopeless: bool) -> Draft:
    base = {"id": case_id, "question": "", "language": report.language, "as_of": as_of, "split": "dev"}
    if is_hopeless:
        todo = f"ask something close to this that no report says, in any language: {sentence}"
        return {**base, "status": "no_evidence", "gold": [], "required": [], "tags": ["unanswerable"], "todo": todo}
    return {
        **base,
        "status": "answered",
        "gold": [{"report_id": report.id, "quote": sentence}],
        # As printed; each group may be given other spellings.
        "required": [[figure] for figure in dict.fromkeys(_FIGURE.findall(sentence))],
        "forbidden": [],
        "window": None,
        "area": None,
        "tags": ["fact"],
        "todo": "write the question that the gold sentence answers, in English, French or Arabic; keep of the required "
        "figures those it asks for; add other sentences that answer it too",
    }


def _judged(record: dict[str, Any]) -> Draft:
    answer = record["answer"]
    question, as_of = answer["question"], record["as_of"]
    found = detect_language(question)
    quotes = [
        {"report_id": cited["report_id"], "quote": cited["quote"]}
        for claim in answer["claims"]
        if claim["verdict"] in ("quoted", "supported")
        for cited in claim["citations"]
    ]
    draft: Draft = {
        "id": "page-" + hashlib.sha256(f"{question}\0{as_of}".encode()).hexdigest()[:8],
        "question": question,
        "language": found if found in _LANGUAGES else "en",
        "as_of": as_of,
        "status": answer["status"],
        "gold": [quote for at, quote in enumerate(quotes) if quote not in quotes[:at]],
        "required": [],
        "tags": ["fact" if quotes else "unanswerable"],
        "split": "dev",
    }
    if record["useful"]:
        return draft
    reason = f" ({record['reason']})" if record.get("reason") else ""
    return {
        **draft,
        "todo": f"the reader found this no use{reason}: set the status, gold and facts that would have been right",
    }
