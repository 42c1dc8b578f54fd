"""Addresses are fetched only with leave, and only public ones: `python -m evals faults --only 11`."""

from pathlib import Path

import pytest

from assistant.cli import main
from evals.faults import Bench
from evals.faults_urls import addresses
from index.prepare import Tools


def test_private_slow_and_endless_addresses_are_refused(tmp_path: Path, tools: Tools):
    assert addresses(Bench(tmp_path, tools)).failures == ()


def test_an_address_on_this_machine_is_refused_even_with_leave(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    status = main(["ingest", "--allow-url", "--index", str(tmp_path / "index"), "http://127.0.0.1:9/x"])

    assert status == 3
    assert "127.0.0.1, which is not public; it is not fetched" in capsys.readouterr().err
