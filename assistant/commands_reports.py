"""The commands that write an index: `briefing ingest`, `repair` and `copy`."""

import itertools
import json
import sys
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator

from assistant.opening import create_index, open_index, settings_from, tools_from
from assistant.settings import Settings
from assistant.terminal import duration, progress, put, tell
from index.catalog import Catalog
from index.errors import DamagedIndex, OldIndex
from index.ingest import Rejection, read_reports
from index.recover import Recovered, recover
from index.reembed import reembed
from index.served import write_copy
from index.types import Report


def ingest(options: Namespace) -> int:
    """Adds the reports in `options.paths`; exit status 3 if some file or entry was no report."""
    settings = settings_from(options)
    began = time.monotonic()
    rejections: list[Rejection] = []
    reports = _accepted(read_reports(options.paths, stdin=sys.stdin.buffer), rejections)
    first = next(reports, None)
    # Without a report there is nothing to make an index for: a mistyped path leaves no empty one behind.
    counts = _store(itertools.chain([first], reports), settings, options.workers) if first is not None else Counter()
    seconds = time.monotonic() - began
    if options.json:
        summary = {name: counts[name] for name in ("added", "revised", "unchanged", "passages")}
        rejected = [{"name": rejection.name, "reason": rejection.reason} for rejection in rejections]
        put(json.dumps({**summary, "rejected": rejected, "seconds": round(seconds, 3)}, ensure_ascii=False))
    tell(_summary(counts, len(rejections), seconds))
    return 3 if rejections else 0


def _accepted(found: Iterable[Report | Rejection], rejections: list[Rejection]) -> Iterator[Report]:
    """The reports alone; each rejection is told at once and noted."""
    for report in found:
        if isinstance(report, Rejection):
            rejections.append(report)
            tell(f"rejected: {report.name}: {report.reason}")
        else:
            yield report


def _store(reports: Iterable[Report], settings: Settings, workers: int | None) -> Counter[str]:
    counts: Counter[str] = Counter()
    with create_index(settings) as index:
        with progress("reports") as step:
            for done, (_, outcome) in enumerate(index.add(reports, workers=workers), start=1):
                counts[outcome] += 1
                step(done)
        counts["passages"] = index.coverage().passages
        if index.behind:
            tell(f"briefing: {index.behind}. Every report is stored here; the next ingest sends their vectors.")
    return counts


def _summary(counts: Counter[str], rejected: int, seconds: float) -> str:
    stored = counts["added"] + counts["revised"]
    parts = [f"{stored:,} report{'' if stored == 1 else 's'} added"]
    if counts["revised"]:
        parts.append(f"{counts['revised']:,} of them a new revision")
    if counts["unchanged"]:
        parts.append(f"{counts['unchanged']:,} already there")
    if rejected:
        parts.append(f"{rejected:,} rejected (see above)")
    if counts["passages"]:
        parts.append(f"{counts['passages']:,} passages in the index")
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
