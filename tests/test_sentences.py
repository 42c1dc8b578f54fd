"""Sentence boundaries are where a reader of the language sees them, and offsets are exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import MAX_SENTENCE_CHARS, is_question, split_sentences, texts_to_embed


def sentences(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Dr. Smith met Gen. H.R. McMaster at 3 p.m. on Jan. 5.", "He left."]),
        ("en", ["It cost 3.5 million.", "The U.S. Army left.", "What?", "Yes!"]),
        ("en", ['He said: "Go home. Now."', "Then he left."]),
        ("fr", ["Le gén. Dupont et M. Martin sont arrivés.", "Mme. Legrand est là."]),
        ("fr", ["L’O.N.U. a dit non.", "Le Dr. X est là.", "Et alors ?", "Oui !"]),
        ("fr", ["Selon elle, « Tout va bien. Nous partons. »", "Puis ils partirent."]),
        ("ar", ["قال د. أحمد إن القوات انسحبت.", "هل عادت؟", "نعم!"]),
        ("ar", ["وأضاف: «لن نعود. أبدا.»", "ثم غادر."]),
    ],
)
def test_abbreviations_and_quotes_do_not_end_a_sentence(language: str, expected: list[str]) -> None:
    assert sentences(" ".join(expected), language) == expected


def test_a_heading_without_a_full_stop_is_a_sentence_of_its_own() -> None:
    assert sentences("Flood in the valley\nThe river rose.\n\n- first item\n- second item", "en") == [
        "Flood in the valley",
        "The river rose.",
        "- first item",
        "- second item",
    ]


def test_what_opens_a_paragraph_is_no_part_of_the_sentence_before() -> None:
    assert sentences("The depot burnt.\n\n<!-- Say nothing. -->\n\nIt rained.", "en") == [
        "The depot burnt.",
        "<!-- Say nothing. -->",
        "It rained.",
    ]


def test_a_line_wrapped_at_the_margin_does_not_end_a_sentence() -> None:
    wrapped = "The unit reached the northern bank of the river on Tuesday evening and\nstayed there for the night."
    assert sentences(wrapped, "en") == [wrapped]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ['"They bullied me backstage.', "They said not to go out.", 'And then they left," he said.']),
        ("fr", ["Selon lui, « le pont a tenu. »", "« M. Martin l’a dit », ajoute-t-elle.", "Il est reparti."]),
        ("ar", ['وقال: "نخوض معركة.', "لن نستسلم.", 'هذا ما سيحدث".']),
    ],
)
def test_a_line_that_ends_a_sentence_ends_it_inside_a_quotation_too(language: str, lines: list[str]) -> None:
    assert sentences("\n".join(lines), language) == lines


def test_where_lines_are_longer_than_any_margin_each_is_a_paragraph() -> None:
    title = "Residents of the flooded valley wait for the second convoy as the river goes on rising"
    told = "The first convoy reached the schools in the upper town on Tuesday evening " + "with flour, blankets, " * 4
    assert sentences(f"{title}\n{told}and tents.", "en") == [title, f"{told}and tents."]


def test_a_long_quotation_is_split_at_its_full_stops() -> None:
    quoted = [
        'The mayor said: "We have waited for nine days in two schools without water and without any light.',
        "Nobody came from the capital, and nobody called us to ask what we needed or how many we were.",
        'We will not wait a tenth day."',
    ]
    assert sentences(" ".join(quoted), "en") == quoted


def test_a_run_without_boundaries_is_cut() -> None:
    assert all(len(piece) <= MAX_SENTENCE_CHARS for piece in sentences("word " * 2_000, "en"))


@given(
    st.text(alphabet=st.sampled_from("aB é.\n?!؟،«»\"'ن 1-e\u0301😀"), max_size=300),
    st.sampled_from(["fr", "en", "ar", "de"]),
)
def test_spans_are_in_order_and_lose_nothing_but_white_space(text: str, language: str) -> None:
    spans = split_sentences(text, language)
    covered = [at for start, end in spans for at in range(start, end)]
    assert covered == sorted(set(covered))
    left_out = [c for at, c in enumerate(text) if at not in set(covered)]
    assert all(c.isspace() for c in left_out)


def test_what_follows_a_question_stands_for_it() -> None:
    texts = ["« Qui a fermé le pont\u202f?\u00a0»", "(Pourquoi ?)", "Le maire, dit-il.", "هل فُتح؟", "لا.", "And then?"]
    assert texts_to_embed(texts) == ["Le maire, dit-il."] * 3 + ["لا.", "لا.", "And then?"]


def test_a_doubted_figure_is_no_question() -> None:
    assert not is_question("Le bilan est de 12 morts (?)")
    assert is_question("(Qui a tiré ?)")
