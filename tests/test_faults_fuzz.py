"""Reading takes any text there is, and what it finds lies inside. More with `--hypothesis-profile=search`."""

from datetime import UTC, date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.facts import is_name_in, names, numbers
from index.annotate import annotate
from index.attribution import continues_attribution, find_attribution
from index.chunk import chunk
from index.concepts import concept_terms
from index.copies import pack, sketch, unpack
from index.dates import find_dateline, find_partial_dateline, find_times, find_window
from index.language import detect_language
from index.lexical import name_keys, question_terms, telling_words, terms
from index.places import find_places
from index.places.gazetteer import Gazetteer
from index.places.questions import find_area
from index.readers.clean import clean_line, clean_text
from index.types import Report

# Pieces that the rules look for, cut and glued in ways that nobody writes.
_PIECES = (
    "Deir ez-Zor",
    "Gao",
    "دير الزور",
    "الـ",
    "hier",
    "last",
    "31",
    "February",
    "février",
    "شباط",
    "2017-02-30",
    "29/02",
    "1er",
    "1,000.5",
    "٣٬٤٥٦",
    "½",
    "1e9",
    "²",
    "quatre-vingt",
    "dozen",
    "مئة",
    "selon",
    "according to",
    "قال",
    "M.",
    "Dr.",
    "«",
    "»",
    '"',
    "’",
    "\u0301",
    "\u0651",
    "\u200d",
    "\u200f",
    "\u202e",
    "\ufeff",
    "\u2028",
    "\n",
    "\n\n",
    "\t",
    "—",
    "...",
    "?",
    "؟",
    "km",
    "%",
    "$",
    "of",
    "de",
    "ال",
    "ابن",
    "St.",
    "İ",
    "ß",
    "ﬁ",
    "ǅ",
    "\U0001f1f8\U0001f1fe",
    "century",
    "siècle",
    "0000",
    "99999999999999999999",
    "May",
    "mars",
    "Sunday",
    "north of",
    "near",
    "since",
    "depuis",
    "between",
    "and",
)
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=3)), max_size=25).map(" ".join),
    st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=2)), max_size=25).map("".join),
)
LANGUAGES = st.sampled_from(["fr", "en", "ar", "und", "de"])
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1))
MANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@MANY
@given(text=TEXTS, language=LANGUAGES, day=DAYS)
def test_times_of_any_text_are_slices_of_it(text: str, language: str, day: date):
    for mention in find_times(text, day, language):
        assert text[mention.start : mention.end] == mention.span.phrase
    find_window(text, day, language)
    find_dateline(text, language)
    find_partial_dateline(text, language)


@MANY
@given(text=TEXTS, language=LANGUAGES)
def test_places_of_any_text_are_slices_of_it(gazetteer: Gazetteer, text: str, language: str):
    for mention in find_places(text, language, gazetteer):
        assert text[mention.start : mention.end] == mention.place.name
    find_area(text, language, gazetteer)


@MANY
@given(text=TEXTS, language=LANGUAGES, other=TEXTS)
def test_words_names_and_numbers_of_any_text_can_be_read(text: str, language: str, other: str):
    terms(text, language)
    question_terms(text, (language, "en"))
    telling_words(text)
    name_keys(text, every_word=True)
    concept_terms(text, language)
    detect_language(text)
    continues_attribution(text, language)
    source = find_attribution(text, language)
    assert source is None or source in text
    for name in names(text, language):
        is_name_in(name, other)
    numbers(text, language)
    assert unpack(pack(sketch(text))).shingles == sketch(text).shingles


@MANY
@given(text=st.one_of(TEXTS, st.text(st.characters(), max_size=60)))
def test_cleaning_any_text_twice_is_cleaning_it_once(text: str):
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@MANY
@given(text=TEXTS, language=LANGUAGES, day=DAYS)
def test_any_report_becomes_passages_that_are_slices_of_it(gazetteer: Gazetteer, text: str, language: str, day: date):
    body = clean_text(text)
    if not any(character.isalnum() for character in body):
        return
    published = datetime(day.year, day.month, day.day, tzinfo=UTC)
    report = Report(id="r", body=body, language=language, published_at=published)
    passages = chunk(report, annotate(report, gazetteer))

    assert all(body[passage.start : passage.end] == passage.text for passage in passages)
    covered = "".join(body[s.start : s.end] for passage in passages for s in passage.sentences)
    assert "".join(covered.split()) == "".join(body.split())
