"""Whether what an answer says follows from what it quotes: citation recall and precision, and the facts one by one.

Definitions are ALCE's (Gao et al., "Enabling Large Language Models to Generate Text with Citations", EMNLP 2023); its
entailment model is replaced by a rule without a model: a statement follows from quotes if it is one of them word for
word in a frame that names only their source, or if it has no number, date or name that they lack, denies nothing that
they affirm, tells no plan of theirs as a deed, and is close to them in words or meaning. It is meant to err on the
strict side.
"""

# Every measure takes the same three, whether it needs them or not.
# ruff: noqa: ARG001

import re
from collections.abc import Callable, Sequence
from functools import partial

from evals.archive import Archive
from evals.cases import Case
from evals.printed import dates_in, numbers_in, plain
from evals.replies import Cited, Reply, Statement
from evals.scores import Outcome, Unscored, share
from evals.spelling import arabic_sounds, sounds_like_one
from index.lexical import name_keys, terms
from index.places import find_places

_CLOSE_FROM = 0.4
"""Cosine: of the labelled pairs, .95 of the supported statements reach it, and .01 of them beside another's quotes."""
_WORDS_FROM = 0.6
_DENIES = re.compile(
    r"\b(?:not|no(?!\.)|never|none|denie[sd]|deny|without|ne|aucune?|jamais|dementi\w*|nie|sans)\b|\bn['’]|n['’]t\b|"
    r"(?:^|\s)[وف]?(?:لا|لم|لن|ليس|ليست|نفى|نفت|ينفي|تنفي|دون|بدون|عدم)(?=\s)"
)
_PLANS = re.compile(
    r"\b(?:plan(?:s|ned)? to|will|would|is to|are to|about to|expected|scheduled|promised|"
    r"s['’]appret\w+|prevoi\w*|prevu\w*|v(?:a|ont) \w+(?:er|ir|re)|devrai\w*|doit|doivent|attendue?s?|projett\w+|"
    r"compte(?:nt)?|\w+(?:era|eront|ira|iront|rait|raient))\b|"
    r"(?:^|\s)(?:سوف|مقرر|المقرر|تعتزم|يعتزم|وعد|ينوي|المنتظر|المتوقع)"
)
_DOUBLED = re.compile(r"(\w)\1")
# Capitalised in English or French, translated rather than spelt alike: cannot be looked for in another script.
_NOT_SPELT_ALIKE = (
    "according selon monday tuesday wednesday thursday friday saturday sunday january february march april may june "
    "july august september october november december american americans british french english german russian "
    "russians turkish turks syrian syrians iraqi iraqis iranian kurdish arab arabs lebanese malian israeli european "
    "united nations kingdom states army government ministry president minister governor general colonel francais "
    "francaise anglais allemand russe russes turc turque syrien syrienne syriens irakien irakienne libanais libanaise "
    "the new north south east west"
)
_TRANSLATED = frozenset(_DOUBLED.sub(r"\1", _NOT_SPELT_ALIKE).split())
_NAME = re.compile(r"(?<![\w'’-])[A-ZÀ-ÖØ-Þ][\w’'-]{2,}")
_OPENS = re.compile(r"(?:^|[.!?:«“\"(\n]\s*)$")
_CODE_MARK = re.compile(r"\[\d+\]")

_Lacking = Callable[[str, Sequence[Cited], Archive], list[str]]
_BearsOut = Callable[[str, Sequence[Cited]], bool]


def citation_recall(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Share of the statements shown that follow from all that they cite, taken together. ALCE, citation recall."""
    return _recall(reply, partial(follows, archive=archive))


def citation_precision(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Share of citations that are of use: their statement follows from them alone, or no longer without them.

    A citation of a statement that does not follow from all its citations counts 0. ALCE, citation precision.
    """
    return _precision(reply, partial(follows, archive=archive))


def judged_recall(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """`citation_recall` with a model as the judge, which `--judge` names. Held against no run below a kappa of .70."""
    return _recall(reply, partial(_judged, archive.judge)) if archive.judge else Unscored(reason="no model judges")


def judged_precision(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """`citation_precision` with a model as the judge, which `--judge` names. Held against no run below .70 either."""
    return _precision(reply, partial(_judged, archive.judge)) if archive.judge else Unscored(reason="no model judges")


def supported_statements(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Share of everything the answer's text says that follows from its citations: 1 minus the unsupported rate.

    Beside the statements shown, text that belongs to none of them counts as a statement without a citation.
    """
    if reply.is_refusal or reply.status == "error":
        return Unscored(reason="no statements")
    extra = text_without_claim(reply)
    total = len(reply.shown) + len(extra)
    if not total:
        return Unscored(reason="no statements")
    faults = [f"not borne out: {s.text[:100]!r}" for s in reply.shown if not follows(s.text, s.citations, archive)]
    faults += [f"cites nothing: {piece[:100]!r}" for piece in extra]
    return share(total - len(faults), total, tuple(faults))


def numbers_in_evidence(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Share of the statements shown of which every number stands in the quotes, in digits or in words. A hard gate."""
    return _facts(reply, archive, lacking_numbers, "number")


def dates_in_evidence(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Share of the statements shown of which every calendar date is in the quotes, is a day that a quoted sentence was
    dated to, or is that of the report's publication. A hard gate."""
    return _facts(reply, archive, lacking_dates, "date")


def names_in_evidence(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Share of the statements shown of which every capitalised name is in the quotes, or in their reports' titles or
    outlets. A hard gate; says nothing of statements in Arabic, which has no capitals, but their places."""
    return _facts(reply, archive, lacking_names, "name")


def _judged(judge: Callable[[str, Sequence[str]], bool], text: str, citations: Sequence[Cited]) -> bool:
    return bool(citations) and judge(text, [cited.quote for cited in citations])


def _recall(reply: Reply, bears_out: _BearsOut) -> Outcome:
    if not reply.shown:
        return Unscored(reason="no statements")
    faults = tuple(f"not borne out: {s.text[:100]!r}" for s in reply.shown if not bears_out(s.text, s.citations))
    return share(len(reply.shown) - len(faults), len(reply.shown), faults)


def _precision(reply: Reply, bears_out: _BearsOut) -> Outcome:
    total, faults = 0, list[str]()
    for text, citations in ((statement.text, statement.citations) for statement in reply.shown):
        is_borne_out = bears_out(text, citations)
        for at, cited in enumerate(citations):
            total += 1
            others = (*citations[:at], *citations[at + 1 :])
            if not is_borne_out or not (bears_out(text, (cited,)) or not bears_out(text, others)):
                faults.append(f"[{cited.number}] does not bear out {text[:80]!r}")
    if not total:
        return Unscored(reason="no citations")
    return share(total - len(faults), total, tuple(faults))


def follows(text: str, citations: Sequence[Cited], archive: Archive) -> bool:
    """Whether the statement follows from the quotes; see the module's first lines for the rule."""
    if not citations:
        return False
    said, quotes = plain(text), [plain(cited.quote) for cited in citations]
    facts_hold = not (
        lacking_numbers(text, citations, archive)
        or lacking_dates(text, citations, archive)
        or lacking_names(text, citations, archive)
    )
    if any(quote and quote in said for quote in quotes):
        return facts_hold and len(frame_of(text, citations).split()) <= 12
    if not facts_hold or bool(_DENIES.search(said)) != any(_DENIES.search(quote) for quote in quotes):
        return False
    if any(_PLANS.search(quote) for quote in quotes) and not _PLANS.search(said):
        return False
    own = text.split(": ", 1)[1] if ": " in text[:80] else text
    joined = " ".join(cited.quote for cited in citations)
    return _shared_words(own, joined) >= _WORDS_FROM or archive.similarity(own, joined) >= _CLOSE_FROM


def frame_of(text: str, citations: Sequence[Cited]) -> str:
    """What a statement says around the quotes it repeats."""
    frame = " ".join(text.split())
    for cited in citations:
        frame = frame.replace(" ".join(cited.quote.split()), " ")
    return frame


def lacking_numbers(text: str, citations: Sequence[Cited], archive: Archive) -> list[str]:
    """Numbers of the statement that its evidence does not have."""
    quotes = " \n ".join(cited.quote for cited in citations)
    held = numbers_in(quotes)
    outlets = plain(" ".join(cited.source for cited in citations))
    frame = frame_of(text, citations)
    for cited in citations:
        frame = frame.replace(cited.source, " ") if cited.source else frame
    return [f"{value:g}" for value in sorted(numbers_in(frame) - held) if f"{value:g}" not in outlets]


def lacking_dates(text: str, citations: Sequence[Cited], archive: Archive) -> list[str]:
    """Calendar dates of the statement that its evidence does not have, as day/month."""
    quotes = " \n ".join(cited.quote for cited in citations)
    held = {(found.day, found.month) for found in dates_in(quotes)}
    reports = [report for cited in citations if (report := archive.report(cited.report_id))]
    held |= {(report.day.day, report.day.month) for report in reports}
    spans = [
        span
        for cited in citations
        for sentence in archive.sentences(cited.report_id)
        if sentence.start < cited.end and cited.start < sentence.end
        for span in sentence.times
    ]

    def is_told(day: int, month: int) -> bool:
        return (day, month) in held or any(
            (span.start.day, span.start.month) == (day, month) and span.precision in ("day", "span") for span in spans
        )

    return [f"{found.day}/{found.month}" for found in dates_in(frame_of(text, citations)) if not is_told(*found[:2])]


def lacking_names(text: str, citations: Sequence[Cited], archive: Archive) -> list[str]:
    """Names of the statement that its evidence does not have."""
    frame = frame_of(text, citations)
    reports = [report for cited in citations if (report := archive.report(cited.report_id))]
    sentences = [
        s for c in citations for s in archive.sentences(c.report_id) if s.start < c.end and c.start < s.end
    ]  # fmt: skip
    around = " \n ".join(
        [cited.quote for cited in citations]
        + [cited.source for cited in citations]
        + [f"{report.title} {report.source}" for report in reports]
        + [sentence.attributed_to or "" for sentence in sentences]
    )
    told = plain(around).replace("’", "'").replace("-", " ").split()
    # "L'Écho" as it stands, and without its article.
    words = {_DOUBLED.sub(r"\1", part) for word in told for part in (word, *word.split("'"))}
    sounds, in_arabic = set(name_keys(around)), arabic_sounds(around)
    places = {place.key for sentence in sentences for place in sentence.places}
    mentions = find_places(frame, "en", archive.gazetteer)
    located = [m for m in mentions if m.place.key in places]
    lacking = [
        match.group()
        for match in _NAME.finditer(frame)
        if not _OPENS.search(frame[: match.start()])
        and not any(m.start <= match.start() < m.end for m in located)
        and not _has_name(match.group(), words, sounds, in_arabic)
    ]
    arabic = [
        m.place.name
        for m in mentions
        if "\u0600" <= m.place.name[:1] <= "\u06ff"
        and m not in located
        and not _has_name(m.place.name, words, sounds, in_arabic)
    ]
    return lacking + arabic


def _has_name(name: str, words: set[str], sounds: set[str], in_arabic: frozenset[str]) -> bool:
    # Doubled letters are a matter of transliteration: Haddad, Hadad.
    parts = [_DOUBLED.sub(r"\1", part) for part in re.split(r"[-'\s]", plain(name).replace("’", "'")) if len(part) > 2]
    if all(
        part in _TRANSLATED or any(_alike(part, word) for word in words) or sounds_like_one(part, in_arabic)
        for part in parts
    ):
        return True
    keys = set(name_keys(name, every_word=True))
    return bool(keys) and keys <= sounds


_PARTICLE = re.compile(r"^و?[بلكف](?=[\u0621-\u064a]{3})")


def _alike(part: str, word: str) -> bool:
    """The same but for an ending, Houthi and Houthis, or an Arabic particle written with it: "بقفصة", in Gafsa."""
    bare = word.strip(".,;:!?()[]«»“”\"'…،؛؟")
    stem = part[: max(4, len(part) - 2)]
    if part in (bare, _PARTICLE.sub("", bare)):
        return True
    return len(part) > 3 and bare.startswith(stem) and len(bare) - len(part) <= 3


def text_without_claim(reply: Reply) -> list[str]:
    """Pieces of the answer's text, of four words or more, that belong to no claim shown; not its first line in ()."""
    rest = plain(_CODE_MARK.sub(" ", reply.text), keep_lines=True)
    for statement in sorted(reply.shown, key=lambda s: -len(s.text)):
        for line in plain(_CODE_MARK.sub(" ", statement.text), keep_lines=True).split("\n"):
            rest = rest.replace(line, "\n")
    pieces = [piece.strip(" -•*–—") for piece in re.split(r"[\n]|(?<=[.!?؟])\s", rest)]
    return [
        piece
        for piece in pieces
        if len(re.findall(r"[^\W\d_]+", piece)) >= 4 and not (piece.startswith("(") and piece.endswith(")"))
    ]


def _shared_words(text: str, quotes: str) -> float:
    """Share of the statement's stems that the quotes have, in whichever of the three languages is most alike."""
    best = 0.0
    for language in ("en", "fr", "ar"):
        own = set(terms(text, language))
        held = set(terms(quotes, language))
        best = max(best, len(own & held) / len(own) if own else 0.0)
    return best


def _facts(reply: Reply, archive: Archive, lacking: _Lacking, what: str) -> Outcome:
    if not reply.shown:
        return Unscored(reason="no statements")
    missing = [(s, found) for s in reply.shown if (found := lacking(s.text, s.citations, archive))]
    faults = tuple(f"{what} {found[0]} is not in the evidence of {_short(s)}" for s, found in missing)
    return share(len(reply.shown) - len(missing), len(reply.shown), faults)


def _short(statement: Statement) -> str:
    return repr(statement.text[:80])
