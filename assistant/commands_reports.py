"""The commands that write an index: `briefing ingest`, `repair` and `copy`."""

import itertools
import json
import sys
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from assistant.opening import create_index, open_index, settings_from, tools_from
from assistant.settings import Settings
from assistant.terminal import duration, progress, put, tell
from index.catalog import Catalog, Outcome, Prepared
from index.errors import BadSetting, DamagedIndex, OldIndex
from index.ingest import Fetch, Rejection, list_files, read_reports
from index.recover import Recovered, recover
from index.reembed import reembed
from index.served import write_copy
from index.store import Index
from index.types import Report

Found = TypeVar("Found")


def ingest(options: Namespace) -> int:
    """Adds the reports in `options.paths`; exit status 3 if some file or entry was no report."""
    settings = settings_from(options)
    began = time.monotonic()
    rejections: list[Rejection] = []
    address = settings.cluster.address
    if address is not None and options.source:
        raise BadSetting("--source and --cluster do not go together; give `source` in the reports")
    if address is None:
        reports = read_reports(options.paths, stdin=sys.stdin.buffer, fetch=_fetch() if options.allow_url else None)
        named = _of_outlet(options.source, reports) if options.source else reports
        counts = _store(named, lambda index, some: index.add(some, workers=options.workers), settings, rejections)
    else:
        files = _files(options.paths)
        counts = _store(files, lambda index, some: _add_on(address, index, some, rejections), settings, rejections)
    seconds = time.monotonic() - began
    if options.json:
        summary = {name: counts[name] for name in ("added", "revised", "unchanged", "passages")}
        rejected = [{"name": rejection.name, "reason": rejection.reason} for rejection in rejections]
        put(json.dumps({**summary, "rejected": rejected, "seconds": round(seconds, 3)}, ensure_ascii=False))
    tell(_summary(counts, len(rejections), seconds))
    return 3 if rejections else 0


def _fetch() -> Fetch:
    # Loads TLS, which most runs do not need.
    from index.fetch import fetch

    return fetch


def _accepted(found: Iterable[Found | Rejection], rejections: list[Rejection]) -> Iterator[Found]:
    """What is no rejection; each of those is told at once and noted."""
    for one in found:
        if isinstance(one, Rejection):
            rejections.append(one)
            tell(f"rejected: {one.name}: {one.reason}")
        else:
            yield one


def _files(paths: list[str]) -> Iterator[str | Rejection]:
    if "-" in paths:
        raise BadSetting("standard input cannot be shared out to a cluster; give files, or leave --cluster out")
    return list_files(paths)


def _store(
    found: Iterable[Found | Rejection],
    add: Callable[[Index, Iterator[Found]], Iterator[tuple[Report | None, Outcome]]],
    settings: Settings,
    rejections: list[Rejection],
) -> Counter[str]:
    """Adds what was found to the index; how many reports had each outcome, and how many of those stored no outlet."""
    counts: Counter[str] = Counter()
    accepted = _accepted(found, rejections)
    first = next(accepted, None)
    # Without a report there is nothing to make an index for: a mistyped path leaves no empty one behind.
    if first is None:
        return counts
    with create_index(settings) as index:
        with progress("reports") as step:
            for done, (report, outcome) in enumerate(add(index, itertools.chain([first], accepted)), start=1):
                counts[outcome] += 1
                counts["of no outlet"] += report is not None and outcome != "unchanged" and not report.source
                step(done)
        counts["passages"] = index.coverage().passages
        if index.behind:
            tell(f"briefing: {index.behind}. Every report is stored here; the next ingest sends their vectors.")
    return counts


def _of_outlet(outlet: str, found: Iterable[Report | Rejection]) -> Iterator[Report | Rejection]:
    """With that outlet where a report names none."""
    for one in found:
        yield one.model_copy(update={"source": outlet}) if isinstance(one, Report) and not one.source else one


def _add_on(
    address: str, index: Index, files: Iterator[str], rejections: list[Rejection]
) -> Iterator[tuple[Report | None, Outcome]]:
    """The reports in `files`, read and prepared on the Ray cluster at `address`; None where the index has one."""
    from index.cluster import Unchanged, connected, known_digests, prepared_from

    known = known_digests(index.catalog.connection)
    unchanged: list[Outcome] = []

    def fresh() -> Iterator[Prepared]:
        ready = prepared_from(files, index.tools, fingerprint=index.manifest.fingerprint, known=known)
        for one in _accepted(ready, rejections):
            if isinstance(one, Unchanged):
                unchanged.append("unchanged")
            else:
                yield one

    with connected(address):
        yield from index.add_prepared(fresh())
    for outcome in unchanged:
        yield None, outcome


def _summary(counts: Counter[str], rejected: int, seconds: float) -> str:
    stored = counts["added"] + counts["revised"]
    parts = [f"{stored:,} report{'' if stored == 1 else 's'} added"]
    if counts["revised"]:
        parts.append(f"{counts['revised']:,} of them a new revision")
    if counts["of no outlet"]:
        parts.append(f"{counts['of no outlet']:,} of an unknown outlet (--source NAME gives one)")
    if counts["unchanged"]:
        parts.append(f"{counts['unchanged']:,} already there")
    if rejected:
        parts.append(f"{rejected:,} rejected (see above)")
    if counts["passages"]:
        parts.append(f"{counts['passages']:,} passage{'' if counts['passages'] == 1 else 's'} in the index")
    next_step = 'Try: briefing ask "What happened this week?"' if counts["passages"] else "Nothing was stored."
    return f"{', '.join(parts)}, {duration(seconds)}. {next_step}"


def copy(options: Namespace) -> int:
    """A copy without vectors, for a machine that asks the Chroma server for them."""
    settings = settings_from(options)
    with open_index(settings) as index:
        write_copy(index.catalog.path, options.target)
        if settings.store.url is None or not index.is_chroma_synced():
            tell("The Chroma server does not have all of its vectors yet. Run: briefing repair --store URL")
    megabytes = (options.target / "catalog.sqlite").stat().st_size / 1e6
    tell(f"{options.target}: {megabytes:,.1f} MB. Try: briefing ask --index {options.target} --store URL …")
    return 0


def repair(options: Namespace) -> int:
    """Rebuilds what derives from the catalog; with --reembed, first every vector with the embedder set now."""
    settings = settings_from(options)
    began = time.monotonic()
    recovered = _recovered(settings)
    embedded = 0
    if options.reembed:
        with progress("sentences embedded") as step:
            embedded = reembed(settings.index.folder, tools_from(settings), step)
    with open_index(settings) as index:
        index.repair()
        coverage = index.coverage()
    seconds = time.monotonic() - began
    if options.json:
        lost = recovered.lost if recovered is not None else 0
        counted = {"reports": coverage.reports, "passages": coverage.passages, "embedded": embedded, "lost": lost}
        put(json.dumps({**counted, "seconds": round(seconds, 3)}))
    anew = f", {embedded:,} sentences embedded anew" if options.reembed else ""
    tell(f"{coverage.reports:,} reports, {coverage.passages:,} passages{anew}: in step, {duration(seconds)}.")
    return 0


def _recovered(settings: Settings) -> Recovered | None:
    """What was taken over from a damaged catalog or one of an older schema; none when there was nothing to mend."""
    folder = settings.index.folder
    catalog = Catalog(folder / "catalog.sqlite")
    try:
        if catalog.path.exists():
            catalog.manifest()
            catalog.check_structure()
        return None
    except (DamagedIndex, OldIndex) as error:
        tell(f"briefing: {error}")
    finally:
        catalog.close()
    with progress("reports taken over") as step:
        recovered = recover(folder, tools_from(settings), step)
    lost = f"; {recovered.lost:,} could not be read whole, ingest those again" if recovered.lost else ""
    tell(f"{recovered.reports:,} reports taken over{lost}. The old catalog is kept as {recovered.kept_as}")
    return recovered
