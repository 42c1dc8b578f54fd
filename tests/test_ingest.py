"""Files, folders and standard input to reports: nothing is lost silently, and one bad file never stops the others."""

import io
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.errors import BadReport
from index.ingest import Limits, Rejection, content_hash, read_reports, report_from_text
from index.types import Report

DATA = Path(__file__).parents[2] / "shared" / "data"
TEXT = "L'armée a repris le village de Khasham, selon l'agence."
UNDATED = "no date: give `published` (2017-10-22) in a front matter or as a JSON key, or put it in the file's name"
NOW = datetime(2017, 10, 25, 12, tzinfo=UTC)


def made(text: str = TEXT, *, name: str = "a.txt", **declared: str) -> Report:
    return report_from_text(text, name=name, declared=declared, now=NOW)


def record(**fields: object) -> str:
    return json.dumps({"text": TEXT, "published": "2017-10-22", **fields})


def outcome(found: Iterator[Report | Rejection]) -> list[str]:
    """Ids of reports, names and reasons of rejections."""
    return [entry.id if isinstance(entry, Report) else f"{entry.name}: {entry.reason}" for entry in found]


# Dates


@pytest.mark.parametrize(
    ("published", "at", "precision"),
    [
        ("2017-10-22", datetime(2017, 10, 22, tzinfo=UTC), "day"),
        ("2017-10-22T08:30:00+02:00", datetime(2017, 10, 22, 6, 30, tzinfo=UTC), "minute"),
        ("2017-10-22T08:30Z", datetime(2017, 10, 22, 8, 30, tzinfo=UTC), "minute"),
        ("2017-10-22 08:30", datetime(2017, 10, 22, 8, 30, tzinfo=UTC), "minute"),
        ("2017-10-22T00:30:00.000+02:00", datetime(2017, 10, 21, 22, 30, tzinfo=UTC), "minute"),
    ],
)
def test_a_declared_date_is_taken_in_utc(published: str, at: datetime, precision: str):
    report = made(published=published)
    assert (report.published_at, report.precision, report.dated_by) == (at, precision, "metadata")


@pytest.mark.parametrize("published", ["2014-13-02", "22/10/2017", "20171022", "yesterday", "2017-10-22T99:00"])
def test_a_date_that_is_none_is_refused_with_what_was_found(published: str):
    with pytest.raises(BadReport) as refusal:
        made(published=published, name="news/a7.json")
    assert str(refusal.value) == (
        f"news/a7.json: published is {published!r}, "
        "expected an ISO date (2017-10-22) or time (2017-10-22T08:30:00+02:00)"
    )


def test_dates_before_1900_and_in_the_future_are_refused():
    with pytest.raises(BadReport, match="expected a date from 1900 on"):
        made(published="1017-10-22")
    with pytest.raises(BadReport, match="lies in the future"):
        made(published="2017-10-28")
    assert made(published="2017-10-27").day.isoformat() == "2017-10-27"


def test_a_declared_date_goes_before_the_name_of_the_file():
    assert made(published="2017-10-20", name="a_2017-10-22.txt").day.isoformat() == "2017-10-20"


def test_a_full_dateline_goes_before_the_name_of_the_file():
    report = made(f"Damas, le 21 octobre 2017 - {TEXT}", name="a_2017-10-22.txt", language="fr")
    assert (report.day.isoformat(), report.dated_by) == ("2017-10-21", "dateline")


def test_a_dateline_below_the_title_is_found():
    report = made(f"Khasham repris\n\nDamas, le 21 octobre 2017 - {TEXT}", language="fr")
    assert (report.title, report.day.isoformat()) == ("Khasham repris", "2017-10-21")


def test_a_file_name_may_date_a_text_that_gives_day_and_month():
    report = made(f"Ce dimanche 22 octobre, {TEXT}", name="dispatch_2017-10-22.fr.txt", language="fr")
    assert (report.day.isoformat(), report.dated_by) == ("2017-10-22", "file name")


def test_a_file_name_that_contradicts_the_text_is_refused():
    with pytest.raises(BadReport, match=r"its name says 2017-10-23 \(Monday\), its dateline another day"):
        made(f"Ce dimanche 22 octobre, {TEXT}", name="dispatch_2017-10-23.fr.txt", language="fr")


def test_a_date_in_a_folder_name_or_two_in_a_file_name_are_no_date():
    for name in ("2017-10-22/a.txt", "2017-10-01_2017-10-22.txt", "a_2017-13-22.txt", "12017-10-221.txt"):
        with pytest.raises(BadReport, match="no date: give `published`"):
            made(name=name)


def test_an_undated_file_is_never_dated_by_the_file_system(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    assert outcome(read_reports([path])) == [f"{path}: {UNDATED}"]


# Identity


def test_a_renamed_file_is_the_same_report():
    first, second = made(published="2017-10-22", name="a.txt"), made(published="2017-10-22", name="b.txt")
    assert first.id == second.id
    assert first.id.startswith("r-")
    assert len(first.id) == 14


def test_another_text_date_or_source_is_another_report():
    ids = {
        made(published="2017-10-22").id,
        made(published="2017-10-23").id,
        made(published="2017-10-22", source="Agence").id,
        made(TEXT + " Fin.", published="2017-10-22").id,
    }
    assert len(ids) == 4


def test_the_content_hash_leaves_the_id_aside_and_nothing_else():
    report = made(published="2017-10-22", id="a", url="https://x.org")
    assert len(content_hash(report)) == 64
    assert content_hash(report) == content_hash(report.model_copy(update={"id": "b", "revision": 2}))
    for change in (
        {"source": "x"},
        {"title": "x"},
        {"language": "en"},
        {"body": "x"},
        {"published_at": NOW},
        {"precision": "minute"},
        {"url": ""},
    ):
        assert content_hash(report) != content_hash(report.model_copy(update=change)), change


# Fields


def test_declared_fields_are_cleaned_and_checked():
    report = made(published="2017-10-22", title=" Un\n titre\x00 ", language="FR-fr", source="Agence ")
    assert (report.title, report.language, report.source) == ("Un titre", "fr", "Agence")


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("language", "French", "language is 'French', expected an ISO 639-1 code such as 'fr'"),
        ("id", "x" * 201, "id is 201 characters long, expected at most 200"),
        ("title", "x" * 1_001, "title is 1,001 characters long, expected at most 1,000"),
        ("url", "JavaScript:alert(1)", "url is 'JavaScript:alert(1)', expected an address that begins with https://"),
    ],
)
def test_a_field_out_of_bounds_is_refused_by_name(key: str, value: str, reason: str):
    with pytest.raises(BadReport) as refusal:
        made(**{"published": "2017-10-22", key: value})
    assert str(refusal.value) == f"a.txt: {reason}"


def test_the_language_is_found_when_none_is_declared():
    assert made(published="2017-10-22").language == "fr"
    assert made(published="2017-10-22", language="und").language == "fr"


@pytest.mark.parametrize("text", ["", " \n\t", "\x00\x00", "--- * ---"])
def test_a_text_without_a_letter_or_digit_is_refused(text: str):
    with pytest.raises(BadReport, match=r"a\.txt: it holds no text"):
        made(text, published="2017-10-22")


def test_a_text_over_the_limit_is_refused_not_cut(tmp_path: Path):
    path = tmp_path / "a_2017-10-22.txt"
    path.write_text(TEXT)
    assert outcome(read_reports([path], limits=Limits(max_body_chars=50))) == [
        f"{path}: its text is 55 characters long, expected at most 50; split it into several reports"
    ]


# Files and folders


def test_one_bad_file_in_ten_stops_none_of_the_others(tmp_path: Path):
    for number in range(10):
        (tmp_path / f"{number}.json").write_text(record(id=f"r{number}") if number != 4 else "{")
    found = outcome(read_reports([tmp_path]))
    assert found[:4] == ["r0", "r1", "r2", "r3"]
    assert found[4].startswith(f"{tmp_path / '4.json'}: no valid JSON")
    assert found[5:] == ["r5", "r6", "r7", "r8", "r9"]


def test_a_folder_is_read_in_order_with_its_folders_and_without_hidden_files(tmp_path: Path):
    for name in ("b.json", "a.json", "sub/c.json", ".hidden.json", ".git/d.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(record(id=name))
    assert outcome(read_reports([tmp_path])) == ["a.json", "b.json", "sub/c.json"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_links_out_of_the_folder_are_not_followed(tmp_path: Path):
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    folder.mkdir()
    (outside / "a.json").write_text(record(id="outside"))
    (folder / "b.json").write_text(record(id="inside"))
    (folder / "file.json").symlink_to(outside / "a.json")
    (folder / "folder").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "same.json").symlink_to(folder / "b.json")
    (folder / "self").symlink_to(folder / "self")
    reason = f"it is a link out of {str(folder)!r} and not followed; give its target"
    assert outcome(read_reports([folder])) == [
        "inside",
        f"{folder / 'file.json'}: {reason}",
        f"{folder / 'folder'}: {reason}",
        "inside",
        f"{folder / 'self'}: it cannot be read: Too many levels of symbolic links",
    ]


def test_one_path_alone_is_taken_whole(tmp_path: Path):
    (tmp_path / "a.json").write_text(record(id="a"))
    assert outcome(read_reports(str(tmp_path))) == ["a"]


def test_a_path_that_is_not_there_and_an_address_are_rejections(tmp_path: Path):
    missing = str(tmp_path / "missing.txt")
    assert outcome(read_reports([missing, "https://x.org/a", Path("https://x.org/b"), "a\x00b"])) == [
        f"{missing}: there is no such file or folder; check the path",
        "https://x.org/a: URLs are not fetched unless --allow-url is given; or download the page and give the file",
        "https:/x.org/b: URLs are not fetched unless --allow-url is given; or download the page and give the file",
        "a\ufffdb: there is no such file or folder; check the path",
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a matter of Unix")
def test_a_pipe_is_refused_at_once(tmp_path: Path):
    os.mkfifo(tmp_path / "a.txt")
    assert outcome(read_reports([tmp_path])) == [f"{tmp_path / 'a.txt'}: it is neither a file nor a folder"]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.docx", "a.html", "a.rss", "a.json", "a.jsonl", "a.eml", "a"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str, content: bytes):
    (tmp_path / name).write_bytes(content)
    assert outcome(read_reports([tmp_path])) == [f"{tmp_path / name}: it is empty"]


def test_a_file_over_the_limit_is_refused(tmp_path: Path):
    (tmp_path / "a.txt").write_text("x" * 1_001)
    (found,) = outcome(read_reports([tmp_path], limits=Limits(max_file_bytes=1_000)))
    assert "it is larger than" in found


def test_a_wrong_extension_is_noticed(tmp_path: Path):
    (tmp_path / "a_2017-10-22.pdf").write_text(f"<!doctype html><html><body><p>{TEXT}</p></body></html>")
    (tmp_path / "b.txt").write_bytes(b"%PDF-1.4\ngarbage")
    (tmp_path / "c.pdf").write_text(TEXT)
    (tmp_path / "d.docx").write_text(TEXT)
    (tmp_path / "e.txt").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "f.doc").write_bytes(b"\xd0\xcf\x11\xe0" * 10)
    (tmp_path / "g.xlsx").write_text("a;b")
    (tmp_path / "h_2017-10-22").write_text(TEXT)
    found = list(read_reports([tmp_path]))
    assert [entry.body for entry in found if isinstance(entry, Report)] == [TEXT, TEXT]
    reasons = [entry.reason for entry in found if isinstance(entry, Rejection)]
    for reason, words in zip(
        reasons, ("damaged PDF", "no PDF", "no Word file", "a picture", "old Word", "'.xlsx' files"), strict=True
    ):
        assert words in reason


def test_a_file_name_cannot_forge_terminal_output(tmp_path: Path):
    (tmp_path / "a\x1b[2J\nb.txt").write_text(TEXT)
    (rejection,) = read_reports([tmp_path])
    assert isinstance(rejection, Rejection)
    assert rejection.name == f"{tmp_path}/a\ufffd[2J\ufffdb.txt"


# JSON Lines and standard input


def test_each_line_is_a_report_or_a_rejection_with_its_number(tmp_path: Path):
    path = tmp_path / "news_2017-10-22.jsonl"
    lines = ["\ufeff" + record(id="r1"), "", "{broken", record(id="r4"), json.dumps({"text": TEXT}), "[1]"]
    path.write_text("\r\n".join(lines), encoding="utf-8")
    assert outcome(read_reports([path])) == [
        "r1",
        f"{path}:3: no valid JSON: Expecting property name enclosed in double quotes at column 2",
        "r4",
        # The file's name would date all its lines alike, so it dates none.
        f"{path}:5: {UNDATED}",
        f"{path}:6: the record is a list, expected an object with a `text`",
    ]


def test_lines_are_read_one_at_a_time():
    class Tap(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            read.append(1)
            return super().readline(size)

    read: list[int] = []
    found = read_reports(["-"], stdin=Tap("\n".join(record(id=f"r{n}") for n in range(500)).encode()))
    assert outcome(entry for entry, _ in zip(found, range(3), strict=False)) == ["r0", "r1", "r2"]
    assert len(read) < 6


def test_a_line_over_the_limit_is_skipped_whole(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join([record(id="r1"), record(text="x" * 5_000), record(id="r3")]))
    assert outcome(read_reports([path], limits=Limits(max_file_bytes=1_000))) == [
        "r1",
        f"{path}:2: the line is longer than 1,000 bytes; split the report",
        "r3",
    ]


def test_a_line_that_is_not_utf_8_is_named(tmp_path: Path):
    (tmp_path / "a.jsonl").write_bytes(record(id="r1").encode() + b'\n{"text": "\xe9"}\n')
    assert outcome(read_reports([tmp_path]))[1].endswith(":2: byte 11 of the line is not UTF-8; save the file as UTF-8")


def test_standard_input_is_json_lines_one_object_or_text():
    lines = io.BytesIO(f"{record(id='r1')}\n{record(id='r2')}\n".encode())
    assert outcome(read_reports(["-"], stdin=lines)) == ["r1", "r2"]
    spread = io.BytesIO(json.dumps({"text": TEXT, "published": "2017-10-22", "id": "r3"}, indent=1).encode())
    assert outcome(read_reports(["-"], stdin=spread)) == ["r3"]
    text = io.BytesIO(f"---\npublished: 2017-10-22\nid: r4\n---\n{TEXT}".encode())
    assert outcome(read_reports(["-"], stdin=text)) == ["r4"]
    assert outcome(read_reports(["-"], stdin=io.BytesIO())) == ["standard input: it is empty"]
    assert outcome(read_reports(["-"])) == ["standard input: nothing is connected to it; give paths instead of '-'"]


# The parser process


def test_a_file_that_takes_too_much_memory_stops_none_of_the_others(tmp_path: Path):
    (tmp_path / "a.json").write_text("[" + "[]," * 4_000_000 + "[]]")
    (tmp_path / "b.json").write_text(record(id="b"))
    found = outcome(read_reports([tmp_path], limits=Limits(parse_memory_mb=160)))
    assert "160 MB" in found[0]
    assert found[1:] == ["b"]


def test_a_file_that_takes_too_long_stops_none_of_the_others(tmp_path: Path):
    paragraph = f"<p>{TEXT} <b>{TEXT}</b> <a href='x'>{TEXT}</a></p>"
    (tmp_path / "a.html").write_text(f"<html><body>{paragraph * 60_000}</body></html>")
    (tmp_path / "b.json").write_text(record(id="b"))
    found = outcome(read_reports([tmp_path], limits=Limits(parse_seconds=1)))
    assert found == [f"{tmp_path / 'a.html'}: parsing it takes more than 1 seconds; left alone", "b"]


# Real data


@pytest.mark.skipif(not DATA.is_dir(), reason="the sample data is not here")
def test_five_hundred_articles_are_five_hundred_reports():
    found = list(read_reports([DATA / "syria_reports.en.jsonl"]))
    reports = [entry for entry in found if isinstance(entry, Report)]
    assert len(found) == len(reports) == 491
    assert len({report.id for report in reports}) == 490  # the collection gives one id twice
    assert {report.language for report in reports} == {"en"}


@pytest.mark.skipif(not DATA.is_dir(), reason="the sample data is not here")
def test_the_dispatch_is_dated_by_its_name():
    (report,) = read_reports([DATA / "dispatch_2017-10-22.fr.txt"])
    assert isinstance(report, Report)
    assert (report.day.isoformat(), report.dated_by, report.language) == ("2017-10-22", "file name", "fr")
    assert report.body.startswith("Ce dimanche 22 octobre, les unités")


def test_a_report_from_the_day_after_tomorrow_is_taken_only_just():
    assert made(published=(NOW + timedelta(days=2)).isoformat()).published_at == NOW + timedelta(days=2)
