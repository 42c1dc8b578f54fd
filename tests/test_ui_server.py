"""The page's server: what it offers other programs, what it keeps to itself, and that visitors stay apart."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from page_visits import ASKED, QUOTE, build_index, demo_reports, served

from index.prepare import Tools

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo_page(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Iterator[tuple[str, Path]]:
    """The address of a page over one story of the demo reports, and the index's folder."""
    folder = build_index(tmp_path_factory.mktemp("demo") / "index", tools, demo_reports("flood"))
    with served(folder, tools) as address:
        yield address, folder


def test_other_programs_are_offered_two_named_calls_and_no_file(demo_page: tuple[str, Path]):
    address, folder = demo_page
    described = json.loads(_get(f"{address}gradio_api/info")[1])
    assert sorted(described["named_endpoints"]) == ["/ask", "/coverage"]
    assert described["unnamed_endpoints"] == {}
    body = json.dumps({"data": [ASKED, ""]}).encode()
    asked = urllib.request.Request(f"{address}gradio_api/call/ask", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=20) as response:
        event = json.load(response)["event_id"]
    told = _get(f"{address}gradio_api/call/ask/{event}")[1]
    assert told.startswith("event: complete")
    assert QUOTE in json.loads(told.partition("data: ")[2])[0]["text"]
    for path in (folder / "catalog.sqlite", Path(__file__), "/etc/passwd"):
        assert _get(f"{address}gradio_api/file={path}")[0] in (403, 404)


def test_with_a_login_nothing_is_told_before_it(tmp_path: Path, tools: Tools):
    folder = build_index(tmp_path / "index", tools, demo_reports("flood")[:1])
    with served(folder, tools, "--login") as address:
        for path in ("config", "gradio_api/info", "gradio_api/openapi.json", "openapi.json", "docs", "monitoring"):
            status, text = _get(address + path)
            assert "filter_words" not in text, path
            assert status in (401, 403, 404) or "coverage" not in text, path
        assert "filter_words" not in _get(address)[1]


def _get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=20) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
