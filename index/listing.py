"""The reports of an index, listed: narrowed by outlet, language, day, words and place, a page at a time.

Done in SQL, so that a page of a list of a hundred thousand reports costs what it shows, not what the index holds.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from textwrap import shorten
from typing import NamedTuple

from index.lexical import terms
from index.places.gazetteer import Gazetteer
from index.places.names import fold
from index.types import Passage, Place


class Filters(NamedTuple):
    """What the list is narrowed to; empty fields narrow nothing."""

    words: str = ""
    """Each must occur in the title or text, in any inflection, or as the beginning of a word."""
    source: str = ""
    language: str = ""
    since: date | None = None
    until: date | None = None
    """Included."""
    place: str = ""
    """Named in the text, or around a place that is: a town, a region or a country, in any spelling."""


class Row(NamedTuple):
    """What a list tells of a report."""

    id: str
    title: str
    """Or how the text begins."""
    source: str
    language: str
    day: date
    status: str


class Listed(NamedTuple):
    rows: tuple[Row, ...]
    passing: int
    """How many passed the filters."""
    held: int
    """How many there are."""


def list_reports(
    connection: sqlite3.Connection,
    filters: Filters,
    *,
    languages: Sequence[str] = (),
    places: Sequence[int] | None = None,
    limit: int,
) -> Listed:
    """The newest `limit` reports that pass. `languages`: of the index, each with inflections of its own.

    `places`: catalog numbers of the places that `filters.place` means (`places_meant`).
    """
    conditions: list[str] = []
    values: list[str | int] = []

    def narrow(condition: str, *given: str | int) -> None:
        conditions.append(condition)
        values.extend(given)

    if filters.source:
        narrow("r.source = ?", filters.source)
    if filters.language:
        narrow("r.language = ?", filters.language)
    if filters.since is not None:
        narrow("r.published_s >= ?", _epoch_s(filters.since))
    if filters.until is not None and filters.until < date.max:
        narrow("r.published_s < ?", _epoch_s(filters.until + timedelta(days=1)))
    for word in filters.words.split()[:_MOST_WORDS]:
        stems = dict.fromkeys(stem for language in languages or ("en",) for stem in terms(word, language))
        if stems:  # none: punctuation
            narrow(_HOLDS_WORD, _match([*stems]))
    if filters.place.strip():
        narrow(_NAMES_PLACE, json.dumps([*(places or ())]))
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    held = connection.execute("SELECT count(*) FROM reports").fetchone()[0]
    passing = connection.execute(f"SELECT count(*) FROM reports r {where}", values).fetchone()[0] if where else held
    rows = connection.execute(
        "SELECT r.id, r.report, r.source, r.language, r.published_s, r.status "
        f"FROM reports r {where} ORDER BY r.published_s DESC, r.id LIMIT ?",
        (*values, limit),
    )
    found = (
        # Not json_extract: it ends a text at the first NUL (SQLite 3.40).
        Row(
            report_id,
            headline(given["title"], given["body"]),
            source,
            language,
            datetime.fromtimestamp(published_s, UTC).date(),
            status,
        )
        for report_id, stored, source, language, published_s, status in rows
        for given in (json.loads(stored),)
    )
    return Listed(tuple(found), passing, held)


def headline(title: str, body: str) -> str:
    """What a report can be known by: its title, else how its text begins."""
    return title or shorten(body[:1000], HEADLINE_CHARS, placeholder="…")


HEADLINE_CHARS = 100
_MOST_WORDS = 20
_HOLDS_WORD = (
    "r.rowid IN (SELECT p.report FROM passages p WHERE p.rowid IN (SELECT rowid FROM lexical WHERE lexical MATCH ?))"
)
_NAMES_PLACE = (
    "r.rowid IN (SELECT p.report FROM json_each(?) wanted JOIN sentence_places n ON n.place = wanted.value "
    "JOIN sentences s ON s.rowid = n.sentence JOIN passages p ON p.rowid = s.passage)"
)


def _match(stems: Sequence[str]) -> str:
    """One typed word in FTS5's language: any of its stems, or a word that begins with the shortest."""
    asked = [*(f'"{stem}"' for stem in stems), f'"{min(stems, key=len)}"*']
    return f"{{body title}} : ({' OR '.join(asked)})"


def places_meant(typed: str, known: Iterable[tuple[int, Place]], gazetteer: Gazetteer) -> list[int]:
    """Of the places `known` (by catalog number), those that `typed` names, holds, or is part of the name of."""
    wanted = fold(typed.strip())
    if not wanted:
        return []
    keys = {candidate.key for candidate in gazetteer.named([wanted]).get(wanted, ())}
    return [
        row
        for row, place in known
        if keys & {place.key, f"region:{place.region}", f"country:{place.country}"}
        or any(wanted in fold(name) for name in (place.name, *place.within))
    ]


def places_in_the_news(connection: sqlite3.Connection, language: str, *, reports: int, limit: int) -> list[str]:
    """The towns that most of the newest `reports` in `language` name (of all, when none is in it), most first."""
    for condition, given in (("WHERE language = ? AND status <> 'withdrawn'", (language,)), ("", ())):
        stored = connection.execute(
            f"SELECT rowid FROM reports {condition} ORDER BY published_s DESC, id LIMIT ?", (*given, reports)
        ).fetchall()
        counts: Counter[str] = Counter()
        for (row,) in stored:
            counts.update(_towns(connection, row))
        if counts:
            return [name for name, _ in sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:limit]]
    return []


def _towns(connection: sqlite3.Connection, report: int) -> set[str]:
    passages = connection.execute("SELECT passage FROM passages WHERE report = ?", (report,))
    return {
        place.name
        for (stored,) in passages
        for sentence in Passage.model_validate_json(stored).sentences
        for place in sentence.places
        if place.kind == "settlement" and not sentence.places_assumed
    }


def printed_names(connection: sqlite3.Connection, keys: Iterable[str], language: str) -> dict[str, str]:
    """What reports in `language` call places, by key; a place that none of them names is left out."""
    names: dict[str, str] = {}
    for key in keys:
        passages = connection.execute(_NAMING, (key, language))
        printed = Counter(
            place.name
            for (stored,) in passages
            for sentence in Passage.model_validate_json(stored).sentences
            for place in sentence.places
            if place.key == key
        )
        if printed:
            names[key] = printed.most_common(1)[0][0]
    return names


# Bounded: a capital may be named a hundred thousand times, and never in that language.
_NAMING = """
    SELECT p.passage FROM (
        SELECT n.sentence FROM places l JOIN sentence_places n ON n.place = l.rowid WHERE l.key = ? LIMIT 300) named
    JOIN sentences s ON s.rowid = named.sentence JOIN passages p ON p.rowid = s.passage
    JOIN reports r ON r.rowid = p.report
    WHERE r.language = ? LIMIT 5"""


def _epoch_s(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
