"""Text to sentence boundaries. Finds where sentences begin and end; knows nothing of what they say.

`sentencex` does the splitting (rules and abbreviation lists per language, quotes kept whole). Measured on French and
Arabic newswire it still splits after "gén.", "M.", "Mme.", "O.N.U." and "د.", so boundaries after those are taken
back here, and lines that a layout ends without a full stop (headings, list items) are made sentences of their own.
It also keeps a quotation whole however long it is, and where a closing mark is missing, or straight quotes pair up
wrongly, half a report; a long run is therefore split at the full stops inside it.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

import sentencex


class Span(NamedTuple):
    """Half-open code-point offsets."""

    start: int
    end: int


MAX_SENTENCE_CHARS = 1_000
"""Longer runs without a boundary (tables, lists of names) are cut at a space."""

_ABBREVIATIONS = {
    "fr": "M MM Mme Mmes Mlle Mlles Me Dr Drs Pr Prof St Ste gén Gén col Col lt Lt cap capt Cap cdt Cdt sgt adj Mgr "
    "env cf av apr éd vol chap art p pp fig hab dép préf min max tél boul bd ex n° no N° janv févr avr juil sept oct "
    "nov déc Ph J.-C",
    "en": "Mr Mrs Ms Dr Prof Gen Lt Col Maj Capt Sgt Cpl Pvt Adm Cmdr Brig Gov Sen Rep Rev Hon St Mt Ft No Nos "
    "vs approx Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun pp vol fig",
    "ar": "د أ م ق هـ ص ج ت ا",
}
_ENDS_IN_ABBREVIATION = {
    language: re.compile(rf"(?:^|[\s(«“\"'’])(?:{'|'.join(re.escape(word) for word in words.split())})\.\s*$")
    for language, words in _ABBREVIATIONS.items()
}
_LONGEST_ABBREVIATION = max(len(word) for words in _ABBREVIATIONS.values() for word in words.split())
# An initial or a dotted acronym: "J. Dupont", "O.N.U. a dit".
_ENDS_IN_INITIAL = re.compile(r"(?:^|[\s(«“\"'’.-])[^\W\d_]\.\s*$")
_IS_NUMBERING = re.compile(r"\s*\d{1,2}[.)]\s*$")
_STARTS_LOWER = re.compile(r"[\s\"'«“(]*[a-zà-öø-ÿœ]")
_ENDS_FIRMLY = re.compile(r"[.!?؟…:;,،؛»”\"')\]-]\s*$")
_BULLET = re.compile(r"\s*(?:[-–—•*▪●]|\d{1,2}[.)])\s+\S")
_LINE = re.compile(r"[^\n]+")

# Hard-wrapped text breaks near the margin; a shorter line without punctuation is a heading or a list item. Where some
# line is longer than any margin, nothing is wrapped and every line is a paragraph.
_SHORT_LINE_CHARS = 60
_LONGEST_MARGIN = 140
_ENDS_SENTENCE = re.compile(r"[.!?؟…]\s?[»”\"')\]]*\s*$")
_GOES_ON = re.compile(r"[,،;؛-]\s*$")

_LONGEST_STRETCH = 20_000
# What the encoder reads well and a citation should show: about two sentences.
_LONG_QUOTATION_CHARS = 200
_INNER_END = re.compile(r"[.!?؟…](?:\s?[»”])?[\"')\]]*\s+(?=[\"'«“(]*\s?[^\W\da-zà-öø-ÿœ_])")


def split_sentences(body: str, language: str) -> list[Span]:
    """Sentences of `body` in order, without the white space around them; every other character is in exactly one.

    `language` is ISO 639-1; an unknown one is split by English rules.
    """
    spans: list[Span] = []
    for block in _blocks(body, language):
        pieces = _unquoted(body, _pieces(body, block, language))
        for piece in _cut_long(body, _merge(body, pieces, language)):
            trimmed = _trim(body, piece)
            if trimmed.end > trimmed.start:
                spans.append(trimmed)
    return _join_orphans(body, spans)


def _blocks(body: str, language: str) -> Iterator[Span]:
    """Paragraphs, list items and headings: stretches that no sentence crosses."""
    is_wrapped = all(line.end() - line.start() <= _LONGEST_MARGIN for line in _LINE.finditer(body))
    start: int | None = None
    previous_end = 0
    for line in _LINE.finditer(body):
        if start is None:
            start = line.start()
        elif body.count("\n", previous_end, line.start()) > 1 or _is_apart(
            body[_line_start(body, previous_end) : previous_end], line.group(), language, is_wrapped=is_wrapped
        ):
            yield Span(start, previous_end)
            start = line.start()
        previous_end = line.end()
    if start is not None:
        yield Span(start, previous_end)


def _is_apart(before: str, line: str, language: str, *, is_wrapped: bool) -> bool:
    """Whether `line` begins something new after the line `before`."""
    if _BULLET.match(line):
        return True
    if _STARTS_LOWER.match(line):
        return False
    if _ENDS_SENTENCE.search(before):
        return not _is_abbreviated(before, language)
    if is_wrapped:
        return len(before) <= _SHORT_LINE_CHARS and not _ENDS_FIRMLY.search(before)
    return not _GOES_ON.search(before)


def _is_abbreviated(text: str, language: str) -> bool:
    """Whether the full stop it ends with belongs to an abbreviation or an initial."""
    bare = text.rstrip()
    if not bare.endswith("."):
        return False
    abbreviation = _ENDS_IN_ABBREVIATION.get(language, _ENDS_IN_ABBREVIATION["en"])
    at = max(0, len(bare) - _LONGEST_ABBREVIATION - 2)  # its full stop, and what it stands behind
    return bool(abbreviation.search(text, at) or (language != "ar" and _ENDS_IN_INITIAL.search(text, at)))


def _line_start(body: str, end: int) -> int:
    return body.rfind("\n", 0, end) + 1


def _pieces(body: str, block: Span, language: str) -> Iterator[Span]:
    at = block.start
    spoken = language if language in _ABBREVIATIONS else "en"
    for stretch in _stretches(body, block):
        # The compiled module has no types.
        for piece in sentencex.segment(spoken, body[stretch.start : stretch.end]):  # pyright: ignore[reportAttributeAccessIssue]
            yield Span(at, at + len(piece))
            at += len(piece)
    if at != block.end:  # sentencex 1.0 keeps every character; if a later version does not, offsets would drift
        raise AssertionError(f"sentence pieces cover {at - block.start} of {block.end - block.start} characters")


def _stretches(body: str, block: Span) -> Iterator[Span]:
    """The block in parts of bounded length, cut at a full stop or a space where there is one.

    sentencex 1.0 takes time in the square of the length over quotation marks that never close.
    """
    start = block.start
    while block.end - start > _LONGEST_STRETCH:
        middle, last = start + _LONGEST_STRETCH // 2, start + _LONGEST_STRETCH
        stop, space = body.rfind(". ", middle, last), body.rfind(" ", middle, last)
        cut = stop + 2 if stop >= 0 else space + 1 if space >= 0 else last
        yield Span(start, cut)
        start = cut
    yield Span(start, block.end)


def _unquoted(body: str, pieces: Iterator[Span]) -> Iterator[Span]:
    """Pieces too long for a sentence split at the full stops inside: long quotations, quotes that do not pair."""
    for piece in pieces:
        start = piece.start
        if piece.end - piece.start > _LONG_QUOTATION_CHARS:
            for inner in _INNER_END.finditer(body, piece.start, piece.end):
                yield Span(start, inner.end())
                start = inner.end()
        if start < piece.end:
            yield Span(start, piece.end)


def _merge(body: str, pieces: Iterator[Span], language: str) -> list[Span]:
    """Pieces with the boundaries after abbreviations, initials and before lower case taken back."""
    merged: list[Span] = []
    for piece in pieces:
        if merged:
            before = body[merged[-1].start : merged[-1].end]
            after = body[piece.start : piece.end]
            ends_by_dot = before.rstrip().endswith(".")
            is_open = (
                not before.strip()
                or bool(_IS_NUMBERING.match(before))
                or _is_abbreviated(before, language)
                or (ends_by_dot and bool(_STARTS_LOWER.match(after)))
            )
            if is_open:
                merged[-1] = Span(merged[-1].start, piece.end)
                continue
        merged.append(piece)
    return merged


def _cut_long(body: str, spans: list[Span]) -> Iterator[Span]:
    for span in spans:
        start = span.start
        while span.end - start > MAX_SENTENCE_CHARS:
            cut = max(
                body.rfind(mark, start + MAX_SENTENCE_CHARS // 2, start + MAX_SENTENCE_CHARS) for mark in ";؛,،\n"
            )
            if cut < 0:
                cut = body.rfind(" ", start + 1, start + MAX_SENTENCE_CHARS)
            cut = start + MAX_SENTENCE_CHARS if cut < 0 else cut + 1
            yield Span(start, cut)
            start = cut
        yield Span(start, span.end)


# Not "12 dead (?)", which doubts.
_ENDS_ASKING = re.compile(r"(?<![(\[])[?؟][\s»”’\"')\]]*\Z")


def is_question(text: str) -> bool:
    """Whether a sentence is a question itself, which answers none."""
    return bool(_ENDS_ASKING.search(text))


def texts_to_embed(texts: Sequence[str]) -> list[str]:
    """What stands for each sentence of a passage in the index of meanings: for a question what comes after it.

    An encoder finds one question like any other. In 120 reports with 90 questions in them the right report was first
    for .22 of 216 questions asked, and for .32 once the answers stood for the questions before them.
    """
    meant = list(texts)
    for at in range(len(meant) - 2, -1, -1):
        if is_question(meant[at]):
            meant[at] = meant[at + 1]
    return meant


def _trim(body: str, span: Span) -> Span:
    text = body[span.start : span.end]
    lead = len(text) - len(text.lstrip())
    return Span(span.start + lead, span.start + max(lead, len(text.rstrip())))


def _join_orphans(body: str, spans: list[Span]) -> list[Span]:
    """A piece without a letter or digit (a closing quote, a dash) belongs to the sentence before it, if it is short.

    Not where it opens a paragraph that goes on: what hides there ("<!" of a comment) is none of the sentence before.
    """
    joined: list[Span] = []
    opening: int | None = None
    for span, after in zip_longest(spans, spans[1:]):
        start = span.start if opening is None else opening
        opening = None
        if any(character.isalnum() for character in body[start : span.end]) or not joined:
            joined.append(Span(start, span.end))
        elif _is_parted(body, joined[-1], span) and after is not None and not _is_parted(body, span, after):
            opening = start
        elif span.end - joined[-1].start <= MAX_SENTENCE_CHARS:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(Span(start, span.end))
    return joined


def _is_parted(body: str, span: Span, after: Span) -> bool:
    """Whether an empty line lies between them."""
    return body.count("\n", span.end, after.start) > 1
