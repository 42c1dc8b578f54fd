"""A sentence is passed over unread only when no expression of time can be in it."""

import random
from datetime import date
from itertools import product

import pytest

from index.dates import find_times
from index.dates.grammar import _LEADS_TO_TIME, _RULES  # pyright: ignore[reportPrivateUsage]
from index.dates.tokens import TELLING, may_tell_time
from index.dates.words import ABBREVIATIONS, COMPOUNDS, WORDS

KINDS = frozenset("TMWSYZRtjwoyrkXNaqHlncbmeKsJuCfBghd&>iAvzGIFPx,.-/():")


def test_no_rule_reads_time_in_words_of_other_kinds() -> None:
    others = sorted(KINDS - set(TELLING))
    sequences = ["".join(kinds) for length in (1, 2, 3) for kinds in product(others, repeat=length)]
    for pattern, _ in _RULES:
        assert not any(map(pattern.match, sequences)), pattern.pattern


def test_no_rule_reads_time_where_nothing_leads_to_it() -> None:
    rng = random.Random(7)
    sequences = ["".join(rng.choices(sorted(KINDS), k=6)) for _ in range(24_000)]
    passed_over = [kinds for kinds in sequences if not _LEADS_TO_TIME.match(kinds)]
    assert len(passed_over) > 4_000
    for pattern, _ in _RULES:
        assert not any(map(pattern.match, passed_over)), pattern.pattern


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_word_of_time_alone_is_noticed(language: str) -> None:
    telling = [" ".join(phrase) for phrase, meaning in WORDS[language].items() if meaning.kind in TELLING]
    telling += [word for (word,) in ABBREVIATIONS[language]]
    telling += COMPOUNDS[language]
    assert [words for words in telling if not may_tell_time(words, language)] == []


@pytest.mark.parametrize(
    ("text", "language", "phrase"),
    [
        ("It fell on 2017-10-22.", "en", "2017-10-22"),
        ("Jul 172015 saw rain.", "en", "Jul 172015"),
        ("The camp closed in 2014.", "en", "2014"),
        ("Le 12 sept. le pont a fermé.", "fr", "12 sept"),
        ("Il est parti DÈS LE LENDEMAIN de la fête, mardi.", "fr", "mardi"),
        ("وصل الناس بعد يومين وفي الأسبوع الماضي.", "ar", "الأسبوع الماضي"),
    ],
)
def test_what_tells_time_in_figures_glued_or_written_onto_a_word_is_read(text: str, language: str, phrase: str) -> None:
    assert phrase in [mention.span.phrase for mention in find_times(text, date(2017, 10, 22), language)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The bridge at Anah was destroyed and 120 people left.", "en"),
        ("Les habitants ont quitté 12 villages de la rive gauche.", "fr"),
        ("غادر السكان القرى القريبة من النهر.", "ar"),
    ],
)
def test_a_sentence_without_words_of_time_is_not_read(text: str, language: str) -> None:
    assert not may_tell_time(text, language)
    assert find_times(text, date(2017, 10, 22), language) == []
