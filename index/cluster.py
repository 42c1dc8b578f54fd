"""Bulk ingest on a Ray cluster: files are read and reports prepared on all of its machines, one writer stores them.

    with connected("10.0.0.5:6379"):
        for one in prepared_from(files, tools, fingerprint=…, known=known_digests(connection)): ...

What is done to a file is `read_reports`, and to a report `index.prepare.prepare`, as in one process. Every machine
needs the same version of this program, and the files under the same paths. The extra `cluster` installs Ray.
"""

import itertools
import logging
import os
import pickle
import socket
import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.catalog import Prepared
from index.embed import Embedder, check_fingerprint, fingerprint, open_embedder
from index.errors import BadSetting, BriefingError
from index.ingest import Rejection, content_hash, read_reports
from index.places.gazetteer import Gazetteer
from index.prepare import Tools, prepare
from index.types import Report

Digests = NDArray[np.uint64]
"""Of the reports that need no more work, ascending; see `known_digests`."""

_FILES_A_WAVE = 20_000  # a list of ten million files would fill the driver's memory
_FILES_A_TASK = 32
_REPORTS_A_TASK = 64  # about 8 s of embedding: enough to hide what a task costs, few enough to share out
_REPORTS_A_BATCH = 16
_CONNECT_S = 5.0


class ClusterFailed(BriefingError):
    """The Ray cluster cannot be reached, or a worker on it failed."""


class Unchanged(NamedTuple):
    """A report that the index has already."""

    report_id: str


@contextmanager
def connected(address: str) -> Generator[None]:
    """Uses the cluster at `address`, "HOST:PORT" or "auto"; "local" makes one of this machine's cores.

    Raises `BadSetting` without Ray, `ClusterFailed` when nobody answers at the address.
    """
    # Read when Ray is imported: without it, a local cluster reports its use to the makers of Ray.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        ray = _ray()
    except ImportError as error:
        raise BadSetting(
            f"cluster.address is {address!r}, but Ray is not installed ({error}). Install the extra `cluster`, or "
            "leave --cluster out"
        ) from error
    _check_someone_listens(address)
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", ignore_reinit_error=True)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise ClusterFailed(f"no Ray cluster at {address!r}: {' '.join(str(error).split())[:200]}") from error
    try:
        yield
    finally:
        ray.shutdown()


def _ray() -> Any:
    # Imported by name, because Ray is there with the extra only; Any, because its types do not fit its own examples.
    import_module("ray.data")
    return import_module("ray")


def _check_someone_listens(address: str) -> None:
    # Ray itself tries for a minute, and then ends the process.
    host, has_port, port = address.removeprefix("ray://").rpartition(":")
    if address in ("local", "auto"):
        return
    if not (host and has_port and port.isdecimal()):
        raise BadSetting(f"cluster.address is {address!r}, expected HOST:PORT, auto or local, as in 10.0.0.5:6379")
    try:
        socket.create_connection((host, int(port)), timeout=_CONNECT_S).close()
    except (OSError, OverflowError) as error:
        raise ClusterFailed(
            f"no Ray cluster at {address!r} ({error}); start one with: ray start --head, or use --cluster local"
        ) from error


def prepared_from(
    files: Iterable[str], tools: Tools, *, fingerprint: str, known: Digests
) -> Iterator[Prepared | Rejection | Unchanged]:
    """Every report in `files`, prepared, and every rejection, in the order in which one process would find them.

    `fingerprint`: of the embedder that the index was built with; a machine with another model is refused. Needs
    `connected`. Raises `ClusterFailed` when a worker fails for good; Ray has then tried its work several times.
    """
    ray = _ray()
    held = ray.put(known)
    iterator = iter(files)
    try:
        while wave := list(itertools.islice(iterator, _FILES_A_WAVE)):
            for row in _dataset(wave, tools, fingerprint, held).iter_rows():
                yield pickle.loads(row["value"])  # noqa: S301 -- our own workers' reply
    except ray.exceptions.RayError as error:
        raise ClusterFailed(f"a worker of the cluster failed: {_innermost(error)}") from error


def known_digests(connection: sqlite3.Connection) -> Digests:
    """Of every report that the catalog holds or held: eight bytes each, to be sent to every worker."""
    rows = connection.execute("SELECT id, content_hash FROM reports UNION SELECT id, content_hash FROM superseded")
    return np.sort(np.fromiter((_digest(*row) for row in rows), dtype=np.uint64))


def _digest(report_id: str, content: str) -> int:
    return int.from_bytes(blake2b(f"{report_id}\n{content}".encode(), digest_size=8).digest())


def _dataset(files: list[str], tools: Tools, fingerprint: str, held: Any) -> Any:
    ray = _ray()
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = True
    listed = [{"name": name} for name in files]
    # Functions, not actors: Ray keeps a worker for the next task, so a model is loaded once in each, and nothing waits
    # for an actor to give up its core.
    return (
        ray.data.from_items(listed, override_num_blocks=-(-len(listed) // _FILES_A_TASK))
        .map_batches(_read_files, batch_size=None, fn_kwargs={"folder": str(Path.cwd()), "held": held})
        .repartition(target_num_rows_per_block=_REPORTS_A_TASK)
        .map_batches(_prepare_reports, batch_size=None, fn_kwargs={"tools": tools, "expected": fingerprint})
    )


# In the workers

_Batch = dict[str, Any]
_Kind = Literal["report", "done"]


def _read_files(batch: _Batch, folder: str, held: Any) -> Iterator[_Batch]:
    """Files, named as seen from `folder`, to rows: a report to be prepared, or what is settled already."""
    known: Digests = _ray().get(held)
    for found in read_reports([Path(folder, str(name)) for name in batch["name"]]):
        if isinstance(found, Rejection):
            yield _row("done", found._replace(name=found.name.removeprefix(f"{folder}/")))
        elif _is_known(found, known):
            yield _row("done", Unchanged(found.id))
        else:
            yield _row("report", found)


def _is_known(report: Report, known: Digests) -> bool:
    digest = np.uint64(_digest(report.id, content_hash(report)))
    at = int(np.searchsorted(known, digest))
    return at < len(known) and known[at] == digest


def _prepare_reports(batch: _Batch, tools: Tools, expected: str) -> Iterator[_Batch]:
    """Each report replaced by what the catalog keeps of it; the rest as it is."""
    rows = list(zip(batch["kind"], batch["value"], strict=True))
    for at in range(0, len(rows), _REPORTS_A_BATCH):
        some = rows[at : at + _REPORTS_A_BATCH]
        reports: list[Report] = [pickle.loads(value) for kind, value in some if kind == "report"]  # noqa: S301
        ready = iter(prepare(reports, *_opened(tools, expected)) if reports else [])
        values = [pickle.dumps(next(ready)) if kind == "report" else value for kind, value in some]
        yield {"value": np.array(values, dtype=object)}


@cache
def _opened(tools: Tools, expected: str) -> tuple[Embedder, Gazetteer]:
    embedder = open_embedder(tools.embedder, cache=tools.cache, host=tools.host)
    check_fingerprint(expected, fingerprint(embedder))
    return embedder, Gazetteer.open(tools.cache, tools.gazetteer)


def _row(kind: _Kind, value: Report | Rejection | Unchanged) -> _Batch:
    return {"kind": np.array([kind]), "value": np.array([pickle.dumps(value)], dtype=object)}


def _innermost(error: BaseException) -> str:
    """The words of the error that began it: Ray wraps it several times, with the whole traceback as its message."""
    while (cause := getattr(error, "cause", None) or error.__cause__) is not None and cause is not error:
        error = cause
    return f"{type(error).__name__}: {' '.join(str(error).split())[-200:]}"
