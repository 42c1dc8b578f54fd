"""Shared by the tests: one cache of models, and small indices built once."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from index.places.gazetteer import Gazetteer
from index.prepare import Tools
from index.store import Index
from index.types import Report

# The same examples on every run, so that a push fails only for what it changed;
# `pytest --hypothesis-profile=search` looks for new ones.
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.register_profile("search", max_examples=3000, deadline=None)
settings.load_profile("repeatable")

DATA = Path(__file__).parents[2] / "shared" / "data"
"""Real reports, where a checkout has them; tests that need them skip elsewhere."""

MakeReport = Callable[..., Report]


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    """The built-in embedder with a cache that lasts for the whole run."""
    return Tools("builtin", tmp_path_factory.getbasetemp().parent / "briefing-cache")


@pytest.fixture(scope="session")
def gazetteer(tools: Tools) -> Iterator[Gazetteer]:
    with Gazetteer.open(tools.cache, tools.gazetteer) as opened:
        yield opened


@pytest.fixture
def index(tmp_path: Path, tools: Tools) -> Iterator[Index]:
    """An empty index."""
    with Index.create(tmp_path / "index", tools) as made:
        yield made


@pytest.fixture(scope="session")
def make_report() -> MakeReport:
    """A report of 22 October 2017 unless told otherwise."""

    def make(body: str, *, id: str = "r1", day: str = "2017-10-22", **fields: object) -> Report:
        published = datetime.fromisoformat(day).replace(tzinfo=UTC)
        return Report.model_validate({"id": id, "body": body, "published_at": published, "language": "en", **fields})

    return make


@pytest.fixture
def data() -> Path:
    """The folder of real reports; skips the test where there is none."""
    if not DATA.is_dir():
        pytest.skip(f"no real reports at {DATA}")
    return DATA
