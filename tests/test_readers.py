"""What each file format gives: its text, its title, its date; and what its reader refuses."""

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader, PdfWriter

from index.errors import BadReport
from index.ingest import Rejection, read_reports
from index.readers.clean import clean_text
from index.readers.decode import decode
from index.readers.markdown import plain_text
from index.readers.markup import markup_text
from index.readers.paragraphs import join_lines, unwrap_text
from index.readers.pdf import _typed
from index.types import Report

FRENCH = "L'armée a repris hier le village de Khasham, à l'est de la ville. Près de 40 blessés ont été évacués."
ARABIC = "قال المرصد السوري إن عشرات القتلى سقطوا أمس في غارات جوية على مدينة الرقة شمال سوريا."


def the_only_one(path: Path) -> Report | Rejection:
    (only,) = read_reports([path])
    return only


def report_in(folder: Path, name: str, content: bytes | str) -> Report:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    report = the_only_one(path)
    assert isinstance(report, Report), report
    return report


def reason_for(folder: Path, name: str, content: bytes | str) -> str:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    rejection = the_only_one(path)
    assert isinstance(rejection, Rejection), rejection
    assert rejection.name == str(path)
    return rejection.reason


def pdf_of(*pages: list[str]) -> bytes:
    """A PDF whose pages show these lines in Helvetica."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    numbers: list[int] = []
    for lines in pages:
        shown = " T* ".join(f"({line}) Tj" for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 50 800 Td {shown} ET" if lines else ""
        objects.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
        resources = "<< /Font << /F1 3 0 R >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources {resources} "
            f"/Contents {len(objects)} 0 R >>"
        )
        numbers.append(len(objects))
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(numbers)} >>"
    data = b"%PDF-1.4\n"
    offsets: list[int] = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + end.encode()


# Plain text and Markdown


def test_plain_text_with_a_front_matter(tmp_path: Path):
    text = '---\ntitle: "Khasham: repris"\nsource: Agence\nurl: https://x.org/1\npublished: 2017-10-22\nid: a7\n---\n'
    report = report_in(tmp_path, "a.txt", text + FRENCH)
    assert report == Report(
        id="a7",
        source="Agence",
        url="https://x.org/1",
        title="Khasham: repris",
        language="fr",
        body=FRENCH,
        published_at=datetime(2017, 10, 22, tzinfo=UTC),
    )


def test_a_front_matter_may_hold_keys_we_do_not_know(tmp_path: Path):
    front = "---\ntags:\n  - war\n- x\nauthor: Me\n# note\npublished: '2017-10-22'\n---\n"
    assert report_in(tmp_path, "a.txt", front + FRENCH).body == FRENCH


def test_text_that_opens_with_a_rule_is_left_whole(tmp_path: Path):
    text = f"---\n{FRENCH}"
    assert report_in(tmp_path, "a_2017-10-22.txt", text).body == text


def test_the_day_may_be_called_date(tmp_path: Path):
    told = [
        report_in(tmp_path, "a.md", "---\ndate: 2017-10-22\n---\nThe road is open.\n"),
        report_in(tmp_path, "b.json", '{"date": "2017-10-22", "text": "The road is open."}'),
    ]
    assert [str(report.day) for report in told] == ["2017-10-22"] * 2


def test_a_front_matter_without_an_end_is_refused(tmp_path: Path):
    reason = reason_for(tmp_path, "a.md", "---\nsource: X\npublished: 2017-10-22\n\nThe road is open.\n")
    assert reason == "its front matter has no end; close it with a line of `---`"


def test_a_front_matter_key_given_twice_is_refused(tmp_path: Path):
    front = "---\npublished: 2017-10-22\npublished: 2017-10-23\n---\n"
    assert reason_for(tmp_path, "a.txt", front + FRENCH) == "its front matter gives 'published' twice; keep one"


def test_a_short_first_line_above_a_blank_one_is_the_title(tmp_path: Path):
    assert report_in(tmp_path, "a_2017-10-22.txt", f"Khasham repris\n\n{FRENCH}").title == "Khasham repris"
    assert report_in(tmp_path, "b_2017-10-22.txt", f"Il pleut.\n\n{FRENCH}").title == ""
    assert report_in(tmp_path, "c_2017-10-22.txt", f"Khasham repris\n{FRENCH}").title == ""


def test_hard_wrapped_text_becomes_paragraphs():
    wrapped = (
        "Government troops took the village of Khasham on Sunday, a monitor\n"
        "said, after a week of fighting along the eastern bank of the river\n"
        "that left dozens dead.\n"
        "\n"
        "The agency gave no figures. Residents spoke of shelling throughout\n"
        "the night.\n"
        "- first point\n"
    )
    assert unwrap_text(wrapped) == (
        "Government troops took the village of Khasham on Sunday, a monitor "
        "said, after a week of fighting along the eastern bank of the river "
        "that left dozens dead.\n"
        "\n"
        "The agency gave no figures. Residents spoke of shelling throughout "
        "the night.\n"
        "- first point\n"
    )


def test_text_with_a_paragraph_a_line_is_left_as_it_is():
    text = f"{FRENCH}\n{FRENCH}\nCourt.\n{FRENCH}"
    assert unwrap_text(text) == text


def test_markdown_keeps_its_words_and_loses_its_marks(tmp_path: Path):
    markdown = (
        '# Khasham *repris*\n\n> L\'**armée** a repris [le village](https://x.org/a_(b) "titre") hier.\n\n'
        "- un `point`\n- nom_de_fichier, 3 * 4 * 5\n\n![carte](x.png)\n\n<!-- note -->Fin\\*.\n\n[1]: https://x.org\n"
    )
    report = report_in(tmp_path, "a_2017-10-22.md", markdown)
    assert report.title == "Khasham repris"
    assert report.body == (
        "Khasham repris\n\nL'armée a repris le village hier.\n\n- un point\n- nom_de_fichier, 3 * 4 * 5\n\n"
        "carte\n\nFin*."
    )


def test_underlined_headings_and_code_fences_are_markdown_too():
    assert plain_text("Titre\n=====\n\n```sh\nls\n```\n") == "Titre\n\n\n\nls\n\n"


def test_prose_passes_through_markdown_unchanged():
    prose = "Il a dit (selon *SANA) que 5 < 6 ; voir [sic] et l’Euphrate_nord… #Alep 100 %"
    assert plain_text(prose) == prose


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1", "mac_roman"])
def test_french_is_read_in_any_usual_encoding(encoding: str):
    assert decode(FRENCH.encode(encoding)).lstrip("\ufeff") == FRENCH


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1256", "iso8859_6"])
def test_arabic_is_read_in_any_usual_encoding(encoding: str):
    assert decode(ARABIC.encode(encoding)) == ARABIC


def test_what_markup_declares_decides_over_looks():
    page = "<html><head><meta charset='koi8-r'></head><body>Вчера в Алеппо</body></html>"
    assert "Вчера" in decode(page.encode("koi8-r"))


def test_one_broken_byte_does_not_turn_utf_8_into_something_else():
    broken = (FRENCH * 20).encode() + b"\xff" + FRENCH.encode()
    assert decode(broken) == FRENCH * 20 + "\ufffd" + FRENCH


def test_binary_data_is_refused():
    with pytest.raises(BadReport, match="binary data"):
        decode(bytes(range(256)) * 20 + b"\x00\x00\x00\x01" * 300)


# Web pages

PAGE = f"""<!DOCTYPE html><html><head><title>Khasham | Le Site</title><link rel="canonical" href="https://x.org/k">
<meta property="og:site_name" content="Le Site">{{date}}</head><body><nav><a href="/">Accueil</a></nav><article>
<h1>Khasham repris</h1><p>{FRENCH}</p><p>Deux soldats sont morts, a déclaré un porte-parole de l'armée.</p></article>
<script>alert(1)</script><footer>Mentions légales</footer></body></html>"""


def test_a_web_page_gives_its_article(tmp_path: Path):
    page = PAGE.format(date='<meta property="article:published_time" content="2017-10-22T08:30:00+02:00">')
    report = report_in(tmp_path, "a.html", page)
    assert (report.title, report.source, report.url) == ("Khasham repris", "Le Site", "https://x.org/k")
    assert report.published_at == datetime(2017, 10, 22, 6, 30, tzinfo=UTC)
    assert (report.precision, report.dated_by) == ("minute", "metadata")
    assert FRENCH in report.body
    assert "Accueil" not in report.body
    assert "Mentions" not in report.body
    assert "alert" not in report.body


@pytest.mark.parametrize(
    "date",
    [
        '<meta name="DC.date.issued" content="2017-10-22">',
        '<script type="application/ld+json">{"@graph": [{"@type": "x", "datePublished": "2017-10-22"}]}</script>',
        '<meta itemprop="datePublished" content="2017-10-22">',
    ],
)
def test_a_web_page_is_dated_by_its_metadata(tmp_path: Path, date: str):
    assert report_in(tmp_path, "a.html", PAGE.replace("{date}", date)).published_at.date().isoformat() == "2017-10-22"


def test_a_web_page_without_a_date_gets_none(tmp_path: Path):
    changed = '<meta property="article:modified_time" content="2019-01-01">'
    assert reason_for(tmp_path, "a.html", PAGE.format(date=changed)).startswith("no date: give `published`")


def test_a_page_of_one_sentence_is_read(tmp_path: Path):
    assert report_in(tmp_path, "a_2017-10-22.htm", "<p>Il pleut <b>à Hama</b>.</p>").body == "Il pleut à Hama."


def test_markup_becomes_paragraphs():
    assert markup_text("<p>Un &amp;\ndeux<br>trois</p><script>x</script><ul><li>a<li>b</ul>") == (
        "Un & deux\ntrois\n\na\nb"
    )


# PDF


def test_a_pdf_gives_running_text(tmp_path: Path):
    first = [
        "Bulletin d'information no 12",
        "L'armée a repris hier le village de Khasham, dans la ban-",
        "lieue nord-est de la ville, et occupe la rive est du fleuve.",
        "Selon l'agence, quarante personnes ont été blessées au nord-",
        "est de la ville.",
        "Le porte-parole n'a pas donné d'autres détails sur cette",
        "1",
    ]
    second = ["Bulletin d'information no 12", "opération.", "2"]
    third = ["Bulletin d'information no 12", "Aucun autre mouvement n'a été signalé dans la région ce soir.", "3"]
    assert report_in(tmp_path, "a_2017-10-22.pdf", pdf_of(first, second, third)).body == (
        "L'armée a repris hier le village de Khasham, dans la banlieue nord-est de la ville, et occupe la rive est du "
        "fleuve. Selon l'agence, quarante personnes ont été blessées au nord-est de la ville.\n\n"
        "Le porte-parole n'a pas donné d'autres détails sur cette opération.\n\n"
        "Aucun autre mouvement n'a été signalé dans la région ce soir."
    )


def test_headings_of_a_pdf_stand_alone(tmp_path: Path):
    page = [
        "HIGHLIGHTS",
        "The strike at the port entered its second week on Sunday and the",
        "stocks of flour in the province are exhausted since Friday.",
        "POPULATION MOVEMENT",
        "An estimated 21,700 people have left the district since the fighting",
        "began, according to the mayor.",
    ]
    (tmp_path / "2017-10-22.pdf").write_bytes(pdf_of(page))
    report = the_only_one(tmp_path / "2017-10-22.pdf")

    assert isinstance(report, Report)
    assert report.body.split("\n\n") == [
        page[0], f"{page[1]} {page[2]}", page[3], f"{page[4]} {page[5]}"
    ]  # fmt: skip


def test_letters_in_their_printed_form_are_read_as_typed():
    assert _typed("o\ufb03ce \ufee3\ufeaa\ufef3\ufee8\ufe94") == "office مدينة"


def test_an_encrypted_pdf_is_refused(tmp_path: Path):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_of(["Secret."]))))
    writer.encrypt("password", algorithm="RC4-128")
    data = io.BytesIO()
    writer.write(data)
    assert reason_for(tmp_path, "a.pdf", data.getvalue()) == "it is an encrypted PDF; save it without a password"


def test_a_scanned_pdf_is_refused(tmp_path: Path):
    assert reason_for(tmp_path, "a.pdf", pdf_of([], [])) == (
        "its 2 PDF pages hold no text (scanned?); run text recognition (OCR) on it first"
    )


def test_a_damaged_pdf_is_refused(tmp_path: Path):
    assert "PDF" in reason_for(tmp_path, "a.pdf", b"%PDF-1.7\n" + b"\x00\xff garbage" * 50)


def test_words_broken_at_a_line_end_are_made_whole():
    assert (
        join_lines(["le gouver-", "nement d'al-", "Assad à Deir ez-", "Zor"])
        == "le gouvernement d'al-Assad à Deir ez-Zor"
    )


# Word


def word_file() -> bytes:
    document = docx.Document()
    document.add_heading("Khasham repris", 1)
    document.add_paragraph(FRENCH)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Morts", "12"
    document.add_paragraph("Fin.")
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def test_a_word_file_gives_paragraphs_and_tables_in_order(tmp_path: Path):
    report = report_in(tmp_path, "a_2017-10-22.docx", word_file())
    assert report.title == "Khasham repris"
    assert report.body == f"Khasham repris\n\n{FRENCH}\n\nMorts | 12\n\nFin."
    assert report.dated_by == "file name"


def test_a_zip_bomb_is_left_alone(tmp_path: Path):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(20_000_000))
    assert "ZIP bomb" in reason_for(tmp_path, "a.docx", data.getvalue())


def test_another_archive_is_no_word_file(tmp_path: Path):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    assert "without a Word document" in reason_for(tmp_path, "a.docx", data.getvalue())


def test_a_truncated_word_file_is_refused(tmp_path: Path):
    assert "damaged Word file" in reason_for(tmp_path, "a.docx", word_file()[:2_000])


# Mail


def test_a_mail_message(tmp_path: Path):
    message = (
        "From: =?utf-8?q?Agence_d=27information?= <desk@x.org>\r\nSubject: =?iso-8859-1?q?Khasham_lib=E9r=E9?=\r\n"
        "Date: Sun, 22 Oct 2017 10:00:00 +0200\r\nMessage-ID: <17@x.org>\r\n"
        "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    report = report_in(tmp_path, "a.eml", message.encode() + FRENCH.encode("latin-1"))
    assert (report.id, report.source, report.title) == ("17@x.org", "Agence d'information", "Khasham libéré")
    assert (report.body, report.published_at) == (FRENCH, datetime(2017, 10, 22, 8, tzinfo=UTC))


def test_a_mail_message_in_html_without_a_date(tmp_path: Path):
    message = f"From: a@x.org\nSubject: x\nContent-Type: text/html; charset=utf-8\n\n<p>{FRENCH}</p>"
    report = report_in(tmp_path, "a_2017-10-22.eml", message)
    assert (report.body, report.source, report.dated_by) == (FRENCH, "a@x.org", "file name")


def test_a_mail_message_with_an_unknown_charset_is_read(tmp_path: Path):
    message = f"From: a@x.org\nDate: 22 Oct 2017 10:00 +0000\nContent-Type: text/plain; charset=x-none\n\n{FRENCH}"
    assert report_in(tmp_path, "a.eml", message).body == FRENCH


def test_a_message_with_attachments_alone_is_refused(tmp_path: Path):
    message = "From: a@x.org\nDate: Sun, 22 Oct 2017 10:00:00 +0200\nContent-Type: image/png\n\nabc"
    assert "only attachments" in reason_for(tmp_path, "a.eml", message)


# Feeds


def test_a_feed_gives_a_report_an_entry(tmp_path: Path):
    (tmp_path / "a.xml").write_text(
        """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Agence</title>
        <item><title>Un &amp; deux</title><guid>g1</guid><link>https://x.org/1</link>
        <pubDate>Sun, 22 Oct 2017 10:00:00 +0200</pubDate><description>&lt;p&gt;Il pleut.&lt;/p&gt;</description></item>
        <item><title>Sans texte</title><guid>g2</guid></item></channel></rss>"""
    )
    report, rejection = read_reports([tmp_path / "a.xml"])
    assert isinstance(report, Report)
    assert (report.id, report.source, report.title, report.url) == ("g1", "Agence", "Un & deux", "https://x.org/1")
    assert (report.body, report.published_at) == ("Il pleut.", datetime(2017, 10, 22, 8, tzinfo=UTC))
    assert rejection == Rejection(
        f"{tmp_path / 'a.xml'} entry 2", "it has a title or a link but no text; links are not followed"
    )


def test_an_atom_feed_in_windows_1256(tmp_path: Path):
    feed = f"""<?xml version="1.0" encoding="windows-1256"?><feed xmlns="http://www.w3.org/2005/Atom"><title>S</title>
    <entry><id>urn:1</id><title>T</title><updated>2017-10-22T08:00:00Z</updated><content>{ARABIC}</content></entry></feed>"""
    report = report_in(tmp_path, "a.atom", feed.encode("cp1256"))
    assert (report.id, report.body, report.language) == ("urn:1", ARABIC, "ar")


def test_a_feed_that_reaches_for_other_files_is_refused(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("password")
    feed = f"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}">]><rss version="2.0"><channel>
    <title>A</title><item><title>A</title><description>&x;</description></item></channel></rss>"""
    assert "declares entities" in reason_for(tmp_path, "a.rss", feed)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_billion_laughs_are_refused(tmp_path: Path, encoding: str):
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    feed = f"<?xml version='1.0'?><!DOCTYPE r [{entities}]><rss version='2.0'><channel><item>&i;</item></channel></rss>"
    assert "declares entities" in reason_for(tmp_path, "a.xml", feed.encode(encoding))


def test_other_xml_is_refused(tmp_path: Path):
    assert "neither RSS nor Atom" in reason_for(tmp_path, "a.xml", "<?xml version='1.0'?><sitemap><url/></sitemap>")


# JSON


def test_a_json_list_gives_a_report_a_record(tmp_path: Path):
    path = tmp_path / "a.json"
    path.write_text(
        json.dumps(
            [
                {"text": FRENCH, "published": "2017-10-22", "id": "r1", "views": 5},
                {"text": FRENCH, "published": 20171022},
                {"title": "no text"},
                "text",
                {"text": FRENCH, "published": "2017-10-22", "title": ["x"]},
            ]
        )
    )
    report, *rejections = read_reports([path])
    assert isinstance(report, Report)
    assert report.id == "r1"
    assert rejections == [
        Rejection(f"{path} entry 2", "published is a number, expected an ISO date in quotes"),
        Rejection(f"{path} entry 3", "it has no `text`; expected the report's text under that key"),
        Rejection(f"{path} entry 4", "the record is a text, expected an object with a `text`"),
        Rejection(f"{path} entry 5", "title is a list, expected text in quotes"),
    ]


def test_a_json_feed(tmp_path: Path):
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Agence",
        "items": [{"id": "1", "content_html": "<p>Il pleut.</p>", "date_published": "2017-10-22T08:00:00Z"}],
    }
    report = report_in(tmp_path, "a.json", json.dumps(feed))
    assert (report.id, report.source, report.body) == ("1", "Agence", "Il pleut.")


def test_json_nested_without_end_is_refused(tmp_path: Path):
    assert "nested too deeply" in reason_for(tmp_path, "a.json", "[" * 100_000)


def test_broken_json_says_where(tmp_path: Path):
    assert reason_for(tmp_path, "a.json", '{"text": "a",}') == (
        "no valid JSON: Expecting property name enclosed in double quotes at line 1, column 14"
    )


def test_half_a_surrogate_pair_shows_as_a_loss(tmp_path: Path):
    assert report_in(tmp_path, "a.json", r'{"text": "a \ud800 b", "published": "2017-10-22"}').body == "a \ufffd b"


# Cleaning


def test_text_is_normalised_and_unseen_characters_go():
    decomposed = "e\u0301te\u0301\r\nfin\x00\u200b \u202edroite\u202c\U000e0041 \r\rbas"
    assert clean_text(decomposed) == "été\nfin droite\n\nbas"


def test_joiners_and_direction_marks_stay():
    assert clean_text("نمی\u200cداند \u200f(1)") == "نمی\u200cداند \u200f(1)"
