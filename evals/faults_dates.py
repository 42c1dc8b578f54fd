"""Fault 14: publication times in many zones and forms, bodies with letters that shift offsets.

The cases are drawn by seed from lists of zones, moments around changes of the clock, date lines, and Unicode that is
invisible, written backwards or composed in two ways. What is expected is worked out from the parts, not read back.
"""

import json
import random
import unicodedata
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from evals.faults import Bench, Seen
from index.embed import Embedder, open_embedder
from index.ingest import read_reports
from index.places.gazetteer import Gazetteer
from index.prepare import prepare
from index.types import Report

_ZONES = (
    "UTC", "Europe/Paris", "Asia/Damascus", "Asia/Baghdad", "Africa/Bamako", "America/New_York", "Asia/Kathmandu",
    "Pacific/Kiritimati", "Pacific/Pago_Pago", "Australia/Lord_Howe",
)  # fmt: skip
# Around the hours at which clocks change in Paris and New York, midnight, the end of a year, a leap day.
_MOMENTS = (
    "2021-03-28T01:59:59", "2021-03-28T03:00:00", "2021-10-31T02:30:00", "2021-11-07T01:30:00", "2020-02-29T23:59:00",
    "2019-12-31T23:30:00", "2020-01-01T00:00:00", "2017-10-22T12:00:00",
)  # fmt: skip
_LETTERS = (
    "", "\u202e", "\u202a\u202c", "\u2067\u2069", "\u200b", "\u200f", "\u00ad", "\u200d", "e\u0301", "\u1ea5\u0323",
    "\U0001f69a", "\u0644\u0627\u064e", "\ufb01", "\u2028", "\u00a0",
)  # fmt: skip
# A sentence, and the day that it names; none where the report's own day stands in.
_SENTENCES: tuple[tuple[str, date | None], ...] = (
    ("The market of Gao reopened on 4 May 2016.", date(2016, 5, 4)),
    ("Le pont d’Ansongo a été fermé le 29 février 2016.", date(2016, 2, 29)),
    ("أعيد فتح السوق في 4 أيار 2016.", date(2016, 5, 4)),
    ("Nobody was hurt in the fire.", None),
)


class _Case(NamedTuple):
    text: str
    """As given: the letters may be decomposed."""
    published: str
    moment: datetime
    """What `published` means, UTC."""
    day_named: date | None


def dates_and_letters(bench: Bench) -> Seen:
    """Each case is read from a file and prepared as ingest does."""
    cases = [_case(random.Random(f"{bench.seed} {number}"), number) for number in range(200)]
    path = bench.folder / "cases.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number, case in enumerate(cases):
            file.write(json.dumps({"id": f"c{number}", "text": case.text, "published": case.published}) + "\n")
    embedder = open_embedder(bench.tools.embedder, cache=bench.tools.cache)
    gazetteer = Gazetteer.open(bench.tools.cache, bench.tools.gazetteer)
    try:
        failures = _wrong_ones(path, cases, embedder, gazetteer)
    finally:
        gazetteer.close()
        embedder.close()
    assumed = sum(case.day_named is None for case in cases)
    seen = f"{len(cases)} times in UTC, every sentence a slice, {assumed} without a day of their own marked as assumed"
    return Seen(len(cases), seen if not failures else f"{len(failures)} failures", tuple(failures))


def _wrong_ones(path: Path, cases: list[_Case], embedder: Embedder, gazetteer: Gazetteer) -> list[str]:
    failures: list[str] = []
    found = {report.id: report for report in read_reports([path]) if isinstance(report, Report)}
    for number, case in enumerate(cases):
        report = found.get(f"c{number}")
        if report is None:
            failures.append(f"{case.published} {case.text!r}: not read")
            continue
        failures += [f"{case.published} {case.text!r}: {wrong}" for wrong in _wrong(case, report, embedder, gazetteer)]
    return failures


def _wrong(case: _Case, report: Report, embedder: Embedder, gazetteer: Gazetteer) -> list[str]:
    wrong: list[str] = []
    if report.published_at != case.moment or report.published_at.utcoffset() != timedelta(0):
        wrong.append(f"stored as {report.published_at}, is {case.moment}")
    if not unicodedata.is_normalized("NFC", report.body):
        wrong.append("the text is not in NFC")
    [prepared] = prepare([report], embedder, gazetteer)
    covered = 0
    for passage in prepared.passages:
        if report.body[passage.start : passage.end] != passage.text:
            wrong.append(f"the passage at {passage.start} is no slice")
        for sentence in passage.sentences:
            if sentence.start < covered or report.body[covered : sentence.start].strip():
                wrong.append(f"the sentences leave out or repeat what is before {sentence.start}")
            covered = sentence.end
            printed = report.body[sentence.start : sentence.end]
            wrong += [f"{t.phrase!r} is not in {printed!r}" for t in sentence.times if t.phrase not in printed]
    days = {(span.start, span.assumed) for p in prepared.passages for s in p.sentences for span in s.times}
    expected = (case.day_named, False) if case.day_named else (case.moment.date(), True)
    if expected not in days:
        wrong.append(f"its days are {days}, not {expected}")
    return wrong


def _case(rng: random.Random, number: int) -> _Case:
    sentence, day_named = _SENTENCES[number % len(_SENTENCES)]
    mark = rng.choice(_LETTERS)
    text = f"{mark}Convoy {number}{mark} left at dawn.{rng.choice((' ', '  '))}{sentence} {mark}The end of it{mark}."
    text = unicodedata.normalize(rng.choice(("NFC", "NFD")), text)
    local = datetime.fromisoformat(rng.choice(_MOMENTS))
    if rng.random() < 0.2:  # without a zone it is taken as UTC
        return _Case(text, local.isoformat(), local.replace(tzinfo=UTC), day_named)
    moment = local.replace(tzinfo=ZoneInfo(rng.choice(_ZONES)), fold=rng.randrange(2))
    return _Case(text, moment.isoformat(), moment.astimezone(UTC), day_named)
