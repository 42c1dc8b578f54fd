"""Addresses are fetched only with leave, and only public ones: `python -m evals faults --only 11`."""

from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from assistant.cli import main
from evals.faults import Bench
from evals.faults_urls import addresses
from evals.loopback import served
from index.errors import BadReport
from index.fetch import fetch
from index.ingest import Rejection, read_reports
from index.prepare import Tools
from index.types import Report


def test_private_slow_and_endless_addresses_are_refused(tmp_path: Path, tools: Tools):
    assert addresses(Bench(tmp_path, tools)).failures == ()


def test_an_address_on_this_machine_is_refused_even_with_leave(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    status = main(["ingest", "--allow-url", "--index", str(tmp_path / "index"), "http://127.0.0.1:9/x"])

    assert status == 3
    assert "127.0.0.1, which is not public; it is not fetched" in capsys.readouterr().err


def test_a_host_that_cannot_be_is_a_rejection_and_the_next_path_is_read(tmp_path: Path):
    report = tmp_path / "a.json"
    report.write_text('{"id": "a", "text": "It rained.", "published": "2017-10-22"}')

    rejected, read = read_reports(["http://a..b/x", report], fetch=fetch)

    assert isinstance(rejected, Rejection)
    assert rejected.reason.startswith("it cannot be fetched (Unicode")
    assert isinstance(read, Report)


class _LeadsNowhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", "http://[")
        self.end_headers()


def test_a_redirect_to_no_address_is_a_rejection():
    with (
        served(_LeadsNowhere) as port,
        pytest.raises(BadReport, match=r"it leads on to 'http://\[', which is no address"),
    ):
        fetch(f"http://127.0.0.1:{port}/", allow=lambda _: True)
