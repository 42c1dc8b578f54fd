"""`briefing doctor`: what works on this machine, what does not, and what to do about it."""

import json
import os
import platform
import shutil
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Literal, NamedTuple

import numpy as np

from assistant.models import DEFAULT_HOST, PREFERRED, choose, installed_models
from assistant.opening import open_index, settings_from, tools_from
from assistant.settings import Settings
from assistant.terminal import put
from assistant.weights import QWEN, missing_packages
from index.embed import fingerprint, open_embedder
from index.errors import BriefingError, NoIndex
from index.places.gazetteer import Gazetteer
from index.store import Index

_PACKAGES = ("briefing-assistant", "pydantic", "numpy", "chromadb", "llama-index-core", "gradio", "ollama", "xllamacpp")
_LITTLE_SPACE_GB = 2.0


class Check(NamedTuple):
    """One finding."""

    name: str
    state: Literal["ok", "note", "broken"]
    """"note": it works without; "broken": it does not."""
    found: str


def doctor(options: Namespace) -> int:
    """Prints every finding; exit status 1 if something essential is broken."""
    checks: list[Check] = []
    for check in _findings(settings_from(options)):
        checks.append(check)
        if not options.json:
            put(f"{_MARKS[check.state]} {check.name:<12} {check.found}")
    if options.json:
        put(json.dumps([check._asdict() for check in checks], ensure_ascii=False, indent=2))
    return 1 if any(check.state == "broken" for check in checks) else 0


_MARKS = {"ok": "ok    ", "note": "note  ", "broken": "BROKEN"}


def _findings(settings: Settings) -> Iterator[Check]:
    yield Check("python", "ok", f"{platform.python_version()} at {sys.executable}")
    yield Check("packages", "ok", ", ".join(_versions()))
    yield _tried("embedder", lambda: _embedder(settings))
    yield _tried("gazetteer", lambda: _gazetteer(settings))
    yield from _index(settings)
    for host in settings.llm.servers or (os.environ.get("OLLAMA_HOST") or DEFAULT_HOST,):
        yield _ollama(host)
    yield _tried("model", lambda: _model(settings))
    yield _space(settings)


def _tried(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, "ok", look())
    except BriefingError as error:
        return Check(name, "broken", str(error))
    except Exception as error:  # whatever it is, the other findings are still wanted
        return Check(name, "broken", f"{type(error).__name__}: {error}")


def _versions() -> Iterator[str]:
    for name in _PACKAGES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} not installed"


def _embedder(settings: Settings) -> str:
    embedder = open_embedder(settings.index.embedder, cache=settings.index.cache, host=tools_from(settings).host)
    fingerprint(embedder)
    return f"{embedder.name}, {embedder.dimension} dimensions, loads"


def _gazetteer(settings: Settings) -> str:
    with Gazetteer.open(settings.index.cache, settings.index.gazetteer) as gazetteer:
        known = len(gazetteer.named(["damascus", "paris", "gao"]))
    own = f", with {settings.index.gazetteer}" if settings.index.gazetteer else ""
    if known < 3:
        raise BriefingError(f"it lacks large towns; delete gazetteer-* in {settings.index.cache} and try again")
    return f"compiled in {settings.index.cache}{own}"


def _index(settings: Settings) -> Iterator[Check]:
    try:
        index = open_index(settings)
    except NoIndex as error:
        yield Check("index", "note", str(error))
        return
    except Exception as error:  # as in _tried
        yield Check("index", "broken", str(error))
        return
    with index:
        yield _tried("index", lambda: _catalog(index))
        yield _derived(index)


def _catalog(index: Index) -> str:
    verdict = index.catalog.connection.execute("PRAGMA quick_check").fetchone()[0]
    if verdict != "ok":
        raise BriefingError(f"{index.folder / 'catalog.sqlite'} is damaged ({verdict}); ingest into a new index")
    coverage, manifest = index.coverage(), index.manifest
    if coverage.newest is None:
        return f"{index.folder}: no report yet. Run: briefing ingest PATH…"
    return (
        f"{index.folder}: {coverage.reports:,} reports from {coverage.oldest} to {coverage.newest}, "
        f"{coverage.passages:,} passages, {len(coverage.sources)} outlets, {', '.join(coverage.languages)}; "
        f"schema {manifest.schema_version}, {manifest.embedder}"
    )


def _derived(index: Index) -> Check:
    """Whether the matrix and Chroma are in step with the catalog."""
    if index.store_url is not None:
        return _tried("store", lambda: _server(index))
    # Rows of removed reports may stay in the matrix for a while; search passes them over.
    if len(np.setdiff1d(index.snapshot().passages.rows, index.snapshot().row_passages)):
        return Check("derived", "broken", "the vector matrix lacks passages of the catalog. Run: briefing repair")
    if not index.is_chroma_synced():
        return Check("derived", "ok", "matrix in step with the catalog; Chroma follows when a program opens it")
    return Check("derived", "ok", "matrix and Chroma in step with the catalog")


def _server(index: Index) -> str:
    with index.open_chroma() as chroma:
        assert chroma is not None  # a server is open to all
        held, wanted = chroma.count(), len(index.snapshot().row_sentences)
    if held != wanted:
        raise BriefingError(f"{index.store_url} holds {held:,} of {wanted:,} vectors. Run: briefing repair")
    kind = "; this is a copy that reads them there" if index.is_copy else ""
    return f"{index.store_url} holds all {held:,} vectors{kind}"


def _ollama(host: str) -> Check:
    try:
        models = installed_models(host)
    except BriefingError as error:
        return Check("ollama", "note", str(error))
    held = ", ".join(sorted(models)) or f"no model. Run: ollama pull {PREFERRED[0]}"
    return Check("ollama", "ok", f"{host} answers; it has: {held}")


def _model(settings: Settings) -> str:
    # Told without making its file, which takes a gigabyte and some seconds.
    if settings.llm.model == "embedded" and not missing_packages() and not _has_weights(settings):
        return "embedded, as asked; its file is put together at the first question"
    choice = choose(settings.llm.model, cache=settings.index.cache, host=settings.llm.servers)
    passed_over = "".join(f"; not: {reason}" for reason in choice.tried)
    if choice.llm is not None:
        choice.llm.close()
    return f"{choice.reason}{passed_over}"


def _has_weights(settings: Settings) -> bool:
    return (settings.index.cache / QWEN.file_name).exists()


def _space(settings: Settings) -> Check:
    folder = next(path for path in (settings.index.folder, *settings.index.folder.parents) if path.exists())
    free_gb = shutil.disk_usage(folder).free / 1e9
    state: Literal["ok", "note"] = "ok" if free_gb >= _LITTLE_SPACE_GB else "note"
    return Check("disk", state, f"{free_gb:,.1f} GB free at {folder}")
