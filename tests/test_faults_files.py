"""Malformed and hostile files: the short tier of `python -m evals faults --only 4`, and texts that took too long."""

from pathlib import Path

from evals.faults import Bench
from evals.faults_files import hostile_files, one_bad_in_hundred
from index.prepare import Tools
from index.sentences import MAX_SENTENCE_CHARS, split_sentences


def test_hostile_files_are_read_or_refused_by_name_within_bounds(tmp_path: Path, tools: Tools):
    assert hostile_files(Bench(tmp_path, tools)).failures == ()


def test_a_bad_file_never_keeps_a_good_one_out(tmp_path: Path, tools: Tools):
    assert one_bad_in_hundred(Bench(tmp_path, tools)).failures == ()


def test_no_sentence_is_longer_than_the_bound_whatever_it_is_made_of():
    for run in (". ", "(", "\u0651", "« ", "\U0001f469\u200d", "x"):
        body = "Two people died. " + run * (30_000 // len(run)) + " The road is open."
        spans = split_sentences(body, "en")
        assert max(span.end - span.start for span in spans) <= MAX_SENTENCE_CHARS, run
        assert body[spans[-1].start : spans[-1].end].endswith("The road is open.")
