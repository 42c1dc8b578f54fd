"""Files that were made to break their readers, by a seeded generator: every kind in as many variations as asked for.

The contents are invented here. `CANARY` stands in a file beside the hostile ones: an XML entity or a link that gets at
it has read a file it was not given.
"""

import io
import json
import os
import random
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

CANARY = "canary-7f3a91"
TEXT = "The bridge at Anah was destroyed on 4 May 2020. Two people died. The governor promised repairs."

Make = Callable[[random.Random], bytes]


def write_hostile(folder: Path, count: int, seed: int) -> Iterator[Path]:
    """Writes `count` hostile files into `folder`, kind after kind, and gives the path of each."""
    rng = random.Random(seed)
    (folder / "secret.txt").write_text(f"---\npublished: 2020-05-05\n---\n{CANARY} {TEXT}", encoding="utf-8")
    given = folder / "given"
    given.mkdir()
    kinds = [*KINDS.items()]
    for number in range(count):
        name, make = kinds[number % len(kinds)]
        stem, _, extension = name.rpartition(".")
        path = given / f"{number:03d}-{stem}-2020-05-05.{extension}"
        if stem in _FILE_SYSTEM:
            yield _FILE_SYSTEM[stem](path, folder)
        else:
            path.write_bytes(make(rng))
            yield path


def small_pdf(text: str = TEXT, pages: int = 1) -> bytes:
    """A PDF of one font and a line of text a page."""
    stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode("latin-1", "replace")
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for n in range(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    return pdf_of(objects)


def pdf_of(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF with these objects, numbered from 1; the first is its catalog."""
    out = bytearray(b"%PDF-1.4\n")
    offsets: list[int] = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, start)
    return bytes(out)


def small_docx(body: bytes | None = None, **members: bytes) -> bytes:
    """A Word file whose document.xml is `body`."""
    written = body or _word_xml(f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>")
    parts = {
        "[Content_Types].xml": b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        b'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
        b'+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        b'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": written,
        **members,
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def _word_xml(inside: str, doctype: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{doctype}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/'
        f'2006/main"><w:body>{inside}</w:body></w:document>'
    ).encode()


# PDF


def _mutated(whole: Callable[[], bytes]) -> Make:
    def make(rng: random.Random) -> bytes:
        content = bytearray(whole())
        for _ in range(rng.randint(1, 40)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        return bytes(content[: rng.randrange(len(content) // 2, len(content) + 1)])

    return make


def _pdf_loop(rng: random.Random) -> bytes:
    back = rng.choice(["2 0 R", "1 0 R", "3 0 R"])
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [3 0 R {back}] /Count {rng.choice([1, 10**9])} >>".encode(),
            f"<< /Type /Pages /Parent 2 0 R /Kids [{back} 2 0 R] /Count 5 >>".encode(),
        ]
    )


def _pdf_bomb(rng: random.Random) -> bytes:
    packed = zlib.compress(bytes([rng.choice(b" 0(")]) * (rng.choice([80, 300, 900]) * 1_000_000), 9)
    for _ in range(rng.randint(0, 1)):
        packed = zlib.compress(packed, 9)
    filters = b"/FlateDecode " * rng.randint(1, 2)
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
            b"<< /Length %d /Filter [%s] >>\nstream\n%s\nendstream" % (len(packed), filters, packed),
        ]
    )


def _pdf_nested(rng: random.Random) -> bytes:
    opening, closing = rng.choice([(b"[", b"]"), (b"<</a ", b">>"), (b"(", b")")])
    depth = rng.choice([2_000, 50_000, 400_000])
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R /X " + opening * depth + closing * depth + b" >>", b"<< >>"])


def _pdf_xref(rng: random.Random) -> bytes:
    return small_pdf().replace(b"/Size", b"/Prev %d /Size 9" % rng.randrange(2_000)).replace(b"xref\n0 ", b"xref\n9")


def _pdf_encrypted(rng: random.Random) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(small_pdf())))
    writer.encrypt(str(rng.random()), algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


# Word


def _docx_bomb(rng: random.Random) -> bytes:
    size = rng.choice([150, 400, 1_000]) * 1_000_000
    held = io.BytesIO(small_docx())
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/media.xml", "w") as member:
        for _ in range(size // 1_000_000):
            member.write(b" " * 1_000_000)
    return held.getvalue()


def _docx_lying(rng: random.Random) -> bytes:
    """The sizes in the directory say little; what is packed is much."""
    size = rng.choice([30, 150]) * 1_000_000
    content = bytearray(small_docx(_word_xml("<w:p><w:r><w:t>" + "x" * size + "</w:t></w:r></w:p>")))
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(b"word/document.xml"))
    content[at + 24 : at + 28] = (1_000).to_bytes(4, "little")
    return bytes(content)


def _docx_nested(rng: random.Random) -> bytes:
    depth = rng.choice([500, 20_000, 200_000])
    tag = rng.choice(["w:p", "w:tbl", "w:sdt"])
    return small_docx(_word_xml(f"<{tag}>" * depth + f"</{tag}>" * depth))


def _laughs(name: str, levels: int = 12) -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE {name} [<!ENTITY l0 "haha">{entities}]>'


def _docx_laughs(rng: random.Random) -> bytes:
    inside = f"<w:p><w:r><w:t>&l{rng.randint(3, 11)};</w:t></w:r></w:p>"
    return small_docx(_word_xml(inside, _laughs("w:document")))


def _xxe(name: str, rng: random.Random) -> str:
    target = rng.choice(["../secret.txt", "/etc/hostname", "file:///etc/passwd", "http://127.0.0.1:9/x", "/dev/zero"])
    return f'<!DOCTYPE {name} [<!ENTITY x SYSTEM "{target}">]>'


def _docx_xxe(rng: random.Random) -> bytes:
    return small_docx(_word_xml(f"<w:p><w:r><w:t>&x; {TEXT}</w:t></w:r></w:p>", _xxe("w:document", rng)))


def _docx_paths(rng: random.Random) -> bytes:
    return small_docx(**{rng.choice(["../../evil.txt", "/tmp/evil.txt", "word/../../x", "a\\..\\b"]): TEXT.encode()})


# Pages, feeds, mails


def _html_nested(rng: random.Random) -> bytes:
    tag, depth = rng.choice(["div", "b", "table><tr><td", "ul><li", "svg"]), rng.choice([1_000, 30_000, 300_000])
    return f"<html><body>{f'<{tag}>' * depth}{TEXT}</body></html>".encode()


def _html_charset(rng: random.Random) -> bytes:
    names = (
        "utf-7 idna punycode unicode_escape raw_unicode_escape undefined zlib hex rot13 mbcs utf-16 cp65001 x".split()
    )
    return f'<html><head><meta charset="{rng.choice(names)}"></head><p>{TEXT} é</p></html>'.encode(
        rng.choice(["utf-8", "cp1252", "utf-16"])
    )


def _html_junk(rng: random.Random) -> bytes:
    pieces = ["<", ">", "<!--", "-->", "<![CDATA[", "]]>", "&#x110000;", "&#0;", "<p ", 'x="', "<script>", "\0", TEXT]
    return ("<html>" + "".join(rng.choice(pieces) for _ in range(rng.choice([50, 5_000, 100_000])))).encode()


def _feed(inside: str, doctype: str = "") -> str:
    item = f"<item><title>t</title><description>{inside}</description><pubDate>2020-05-05</pubDate></item>"
    return f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>o</title>{item}</channel></rss>'


def _feed_laughs(rng: random.Random) -> bytes:
    return _feed(f"&l{rng.randint(3, 11)};", _laughs("rss")).encode(rng.choice(["utf-8", "utf-16"]))


def _feed_xxe(rng: random.Random) -> bytes:
    return _feed(f"&x; {TEXT}", _xxe("rss", rng)).encode(rng.choice(["utf-8", "utf-16", "utf-8-sig"]))


def _feed_dates(rng: random.Random) -> bytes:
    dates = ["9" * 400, "0000-00-00", "31 Feb 2020", "2020-02-30T99:99:99Z", "-1", "é" * 99, "1e999", "Tue, 1" * 300]
    return _feed(TEXT).replace("2020-05-05", rng.choice(dates)).encode()


def _feed_nested(rng: random.Random) -> bytes:
    return _feed("<x>" * rng.choice([1_000, 100_000]) + TEXT).encode()


def _mail_nested(rng: random.Random) -> bytes:
    lines = ["From: a@example.org", "Date: Tue, 5 May 2020 10:00:00 +0000", "Subject: s"]
    for depth in range(rng.choice([20, 900, 20_000])):
        lines += [f'Content-Type: multipart/mixed; boundary="b{depth}"', "", f"--b{depth}"]
    return "\n".join([*lines, "Content-Type: text/plain", "", TEXT]).encode()


def _mail_headers(rng: random.Random) -> bytes:
    bad = rng.choice(
        [
            "Subject: " + "=?utf-8?q?" + "=41" * 50_000 + "?=",
            "From: " + "<" * 20_000,
            "Date: " + "(" * 20_000,
            "Content-Type: text/plain; charset=" + rng.choice(["undefined", "idna", "\0", "x" * 9_999]),
            "Content-Type: text/plain; " + "a*0=x; " * 5_000,
            "Content-Transfer-Encoding: base64\nContent-Type: text/plain",
            "Message-ID: " + "[" * 20_000,
            ":\n:\n: :",
        ]
    )
    return f"From: a@b\nDate: Tue, 5 May 2020 10:00:00 +0000\n{bad}\n\n{TEXT} \udce9".encode("utf-8", "surrogateescape")


# JSON, Markdown, text


def _json_nested(rng: random.Random) -> bytes:
    opening = rng.choice(["[", '{"text":', '[{"a":['])
    return (opening * rng.choice([500, 5_000, 1_000_000])).encode()


def _json_odd(rng: random.Random) -> bytes:
    odd = [
        '{"text": "\\ud800 lone", "published": "2020-05-05"}',
        '{"text": 1e999999, "published": NaN}',
        '{"text": "' + "9" * 10_000 + '", "published": ' + "9" * 10_000 + "}",
        '{"text": "a\\u0000b\\u0000 ' + TEXT + '", "published": "2020-05-05", "id": "\\u0000\\ud800"}',
        json.dumps({"text": TEXT, "published": "2020-05-05", "id": "../../../etc/passwd", "title": "\u202e" * 500}),
        '{"text": "' + TEXT + '", "text": null}',
        json.dumps([{"text": TEXT, "published": "2020-05-05", "id": str(n % 3)} for n in range(200)]),
        '{"text": "x", "published": "2020-05-05", "url": "javascript:alert(1)"}',
    ]
    return rng.choice(odd).encode()


def _jsonl_long(rng: random.Random) -> bytes:
    good = json.dumps({"text": TEXT, "published": "2020-05-05"}).encode()
    return b'{"text": "' + b"a" * (rng.choice([20, 60, 120]) * 1_000_000) + b'"}\n' + good + b"\n\0\0\n\xff\xfe\n"


_TRAPS = ("[", "*", "_", "`", "> ", "<!--", "[a](", "![", "~~~\n", "# ", "- ", "\\", "|", "a_", "**a", "[[a]", "<http:")


def _markdown_trap(rng: random.Random) -> bytes:
    return (rng.choice(_TRAPS) * rng.choice([1_000, 100_000, 400_000]) + "\n\n" + TEXT).encode()


def _front_matter(rng: random.Random) -> bytes:
    heads = ["a: &a [*a]", "!!python/object/apply:os.system [x]", "published: " + "2" * 9_999, ": : :", "id: ../../x"]
    return f"---\n{rng.choice(heads)}\n---\n{TEXT}".encode()


def _text_bytes(rng: random.Random) -> bytes:
    return rng.choice(
        [
            b"",
            b"\xef\xbb\xbf",
            b"\0" * 5_000,
            b"\xed\xa0\x80 " + TEXT.encode(),
            TEXT.encode("utf-16")[:-1],
            TEXT.encode() + "é".encode("cp1252") + "é".encode() + "\u0645".encode("cp1256"),
            bytes(rng.randrange(256) for _ in range(4_000)),
            "\u200b\u202e\u2066".encode() * 2_000,
            TEXT.encode() + b"\0",
            b"\xff\xfe\0\0" + b"\xff" * 400,
            b"%PDF-1.4\n" + TEXT.encode(),
            b"PK\x03\x04" + TEXT.encode(),
        ]
    )


_RUNS = (
    "a", "A ", "1", "1 ", "é\u0301", "\u0651", ". ", "« ", "\"", "(", "Ab ", "12/", "of ", "de la ", "\u0627\u0644 ",
    "\u200d\U0001f469", "5 May 2020 ", "Gao, ", "-", "%$", "said ", "\n", "x\n\n", "1,000.", "hier ",
)  # fmt: skip


def _text_run(rng: random.Random) -> bytes:
    """One piece over and over: what takes time in the square of the length shows here."""
    length = rng.choice([20_000, 200_000, 1_000_000])
    run = rng.choice(_RUNS)
    return (TEXT + " " + run * (length // len(run))).encode()


def _never(_: random.Random) -> bytes:
    raise AssertionError("made by the file system")


KINDS: dict[str, Make] = {
    "mutated.pdf": _mutated(small_pdf),
    "loop.pdf": _pdf_loop,
    "bomb.pdf": _pdf_bomb,
    "nested.pdf": _pdf_nested,
    "xref.pdf": _pdf_xref,
    "encrypted.pdf": _pdf_encrypted,
    "mutated.docx": _mutated(small_docx),
    "bomb.docx": _docx_bomb,
    "lying.docx": _docx_lying,
    "nested.docx": _docx_nested,
    "laughs.docx": _docx_laughs,
    "xxe.docx": _docx_xxe,
    "paths.docx": _docx_paths,
    "nested.html": _html_nested,
    "charset.html": _html_charset,
    "junk.html": _html_junk,
    "laughs.xml": _feed_laughs,
    "xxe.xml": _feed_xxe,
    "dates.rss": _feed_dates,
    "nested.rss": _feed_nested,
    "nested.eml": _mail_nested,
    "headers.eml": _mail_headers,
    "nested.json": _json_nested,
    "odd.json": _json_odd,
    "long.jsonl": _jsonl_long,
    "trap.md": _markdown_trap,
    "front.md": _front_matter,
    "bytes.txt": _text_bytes,
    "run.txt": _text_run,
    "wrong.pdf": lambda rng: small_docx() if rng.random() < 0.5 else b64encode(TEXT.encode()),
    "wrong.docx": lambda rng: small_pdf() if rng.random() < 0.5 else b"\x89PNG" + rng.randbytes(99),
    "link.txt": _never,
    "loop.txt": _never,
    "pipe.txt": _never,
    "dir.txt": _never,
    "name.txt": _never,
}


# What the file system itself can do


def _link(path: Path, folder: Path) -> Path:
    """A link out of the folder that is given."""
    place = path.with_suffix("")
    place.mkdir()
    (place / "out.txt").symlink_to(folder / "secret.txt")
    return place


def _loop(path: Path, folder: Path) -> Path:  # noqa: ARG001 - all take both
    path.symlink_to(path)
    return path


def _pipe(path: Path, folder: Path) -> Path:  # noqa: ARG001
    os.mkfifo(path)
    return path


def _dir(path: Path, folder: Path) -> Path:  # noqa: ARG001
    path.mkdir()
    (path / "up.txt").symlink_to(path)
    (path / "empty.txt").touch()
    return path


def _name(path: Path, folder: Path) -> Path:  # noqa: ARG001
    odd = path.parent / os.fsdecode(path.name.encode() + b"\n\x1b[31m\xff.txt")
    odd.write_bytes(TEXT.encode())
    return odd


_FILE_SYSTEM = {"link": _link, "loop": _loop, "pipe": _pipe, "dir": _dir, "name": _name}
