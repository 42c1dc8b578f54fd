"""A new catalog out of one that is damaged, or of an older schema: what can be read and holds is taken over.

Only reports are taken; sentences, places, times and vectors are made anew from them. In a damaged catalog a report
counts only if its text still has the digest that was stored with it: better a report less than a wrong one. The old
file is kept beside the new.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from index.errors import DamagedIndex, NoIndex
from index.ingest import content_hash
from index.locks import held_lock
from index.prepare import Tools
from index.seal import PAGE_BYTES, break_seal, damaged_pages
from index.store import Index
from index.types import Report

_MOST_ROWS_TRIED = 2_000_000
"""Where no list of numbers can be read; some seconds."""
_HIGHEST_NUMBER = 2**31
"""What is above was never given: a damaged page says so."""
_DERIVED = ("matrix", "chroma")
_MARKERS = ("catalog.seal", "chroma.synced")
_SIDE_FILES = ("-wal", "-shm")


class Recovered(NamedTuple):
    """What came of it."""

    reports: int
    lost: int
    """Reports that are known to have been there and could not be read whole; more may have gone without a trace."""
    kept_as: Path
    """The old catalog."""


class _Row(NamedTuple):
    number: int
    report: Report | None
    """None when it cannot be read or does not hold."""


def recover(folder: Path, tools: Tools, on_progress: Callable[[int], None]) -> Recovered:
    """Puts a new catalog in the place of the one in `folder`; killed at any point, the old one is still there.

    Raises `NoIndex`, `IndexBusy`, or `DamagedIndex` when not one report can be read.
    """
    catalog = folder / "catalog.sqlite"
    if not catalog.exists():
        raise NoIndex(f"no index at {folder}. Run: briefing ingest PATH…")
    with held_lock(folder, "writer"):
        work = folder / "recovery"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        for suffix in ("", *_SIDE_FILES[:1]):  # a copy: opening a damaged catalog could change it
            if Path(f"{catalog}{suffix}").exists():
                shutil.copyfile(f"{catalog}{suffix}", work / f"old.sqlite{suffix}")
        is_damaged = bool(damaged_pages(catalog)) or not _is_sound(work / "old.sqlite")
        lost: set[int] = set()
        with Index.create(work / "new", tools) as index:
            if is_damaged:
                _mend_first_page(work / "old.sqlite", index)
            reports = _reports(work / "old.sqlite", is_damaged, lost)
            kept = 0
            for kept, _ in enumerate(index.add(reports), start=1):
                on_progress(kept)
            _take_history(work / "old.sqlite", index)
        if not kept and lost:
            raise DamagedIndex(
                f"no report can be read from {catalog}; it is left as it is. "
                "Move the folder away and ingest the reports again"
            )
        kept_as = _exchange(folder, work)
    return Recovered(kept, len(lost), kept_as)


def _is_sound(path: Path) -> bool:
    try:
        with closing(_opened(path)) as connection:
            return connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        return False


def _mend_first_page(path: Path, index: Index) -> None:
    """Where the tables begin stands on the first page, the same in every catalog of this schema; without it nothing
    can be read. Taken from the new, empty catalog when the old one's cannot be used."""
    with suppress(sqlite3.DatabaseError), closing(_opened(path)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'reports'").fetchone()
        connection.execute("SELECT 1 FROM manifest").fetchone()
        return
    index.catalog.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with index.catalog.path.open("rb") as fresh, path.open("r+b") as old:
        page = bytearray(fresh.read(PAGE_BYTES))
        pages = -(-old.seek(0, os.SEEK_END) // PAGE_BYTES)
        page[28:32] = pages.to_bytes(4, "big")
        page[32:40] = bytes(8)  # no list of free pages
        page[92:96] = page[24:28]  # else the number of pages would not be believed
        old.truncate(pages * PAGE_BYTES)
        old.seek(0)
        old.write(page)


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    # A letter of a text that is no UTF-8 any more must not end the reading of the others.
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    return connection


def _reports(path: Path, is_damaged: bool, lost: set[int]) -> Iterator[Report]:
    with closing(_opened(path)) as connection:
        for row in _rows(connection, is_damaged):
            if row.report is None:
                lost.add(row.number)
            else:
                yield row.report


def _rows(connection: sqlite3.Connection, is_damaged: bool) -> Iterator[_Row]:
    """One by one, by number: a page that cannot be read costs the reports on it and no others."""
    known = _known_numbers(connection)
    failed_in_a_row = 0
    for number in sorted(known) or range(1, _MOST_ROWS_TRIED):
        try:
            stored = connection.execute(
                "SELECT id, content_hash, report FROM reports WHERE rowid = ?", (number,)
            ).fetchone()
        except sqlite3.DatabaseError:
            failed_in_a_row += 1
            if not known and failed_in_a_row > 1_000:
                return
            yield _Row(number, None)
            continue
        failed_in_a_row = 0
        if stored is not None:
            yield _Row(number, _sound_report(stored[0], stored[1], stored[2], is_damaged))
        elif known:
            yield _Row(number, None)


def _known_numbers(connection: sqlite3.Connection) -> set[int]:
    """Numbers of reports, from wherever one can still be read."""
    numbers: set[int] = set()
    for query in (
        "SELECT rowid FROM reports NOT INDEXED",
        "SELECT rowid FROM reports INDEXED BY reports_by_time ORDER BY published_s",
        "SELECT DISTINCT report FROM passages",
    ):
        try:
            for (number,) in connection.execute(query):
                if isinstance(number, int) and 0 < number < _HIGHEST_NUMBER:
                    numbers.add(number)
        except sqlite3.DatabaseError:
            continue
    return numbers


def _sound_report(report_id: object, digest: object, written: object, is_damaged: bool) -> Report | None:
    try:
        report = Report.model_validate_json(str(written))
    except ValidationError:
        return None
    is_intact = report.id == report_id and content_hash(report) == digest
    # Older programs may have reckoned the digest otherwise; an undamaged catalog is taken at its word.
    return report.model_copy(update={"copy_of": None}) if is_intact or not is_damaged else None


def _take_history(path: Path, index: Index) -> None:
    """The earlier revisions, where they can be read: they say which texts came before, and are never quoted."""
    with closing(_opened(path)) as connection:
        try:
            columns = [row[1] for row in connection.execute("PRAGMA table_info(superseded)")]
            digest = "content_hash" if "content_hash" in columns else "''"
            earlier = connection.execute(f"SELECT id, revision, {digest}, report FROM superseded").fetchall()
        except sqlite3.DatabaseError:
            return
    with index.catalog.writing(), index.catalog.transaction() as fresh:
        for report_id, revision, known_digest, written in earlier:
            report = _sound_report(report_id, known_digest, written, is_damaged=False)
            if report is not None:
                fresh.execute(
                    "INSERT OR IGNORE INTO superseded VALUES (?, ?, ?, ?)",
                    (report.id, revision, content_hash(report), written),
                )


def _exchange(folder: Path, work: Path) -> Path:
    """Puts the new catalog in place and the old one beside it; returns where that is."""
    catalog = folder / "catalog.sqlite"
    kept_as = folder / f"catalog.{datetime.now(UTC):%Y%m%dT%H%M%S}.old.sqlite"
    (work / "old.sqlite").replace(kept_as)
    if (work / "old.sqlite-wal").exists():
        (work / "old.sqlite-wal").replace(f"{kept_as}-wal")
    break_seal(catalog)
    # The old log must not meet the new file: SQLite would play it back into it.
    for suffix in _SIDE_FILES:
        Path(f"{catalog}{suffix}").unlink(missing_ok=True)
    (work / "new" / "catalog.sqlite").replace(catalog)
    for name in _DERIVED:
        shutil.rmtree(folder / name, ignore_errors=True)
        if (work / "new" / name).exists():
            (work / "new" / name).replace(folder / name)
    for name in _MARKERS:
        (folder / name).unlink(missing_ok=True)
        if (work / "new" / name).exists():
            (work / "new" / name).replace(folder / name)
    shutil.rmtree(work, ignore_errors=True)
    return kept_as
