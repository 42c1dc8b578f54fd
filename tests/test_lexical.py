"""Words meet as stems, names across scripts."""

import pytest

from index.lexical import name_keys, question_terms, telling_words, terms


def test_inflections_of_one_word_become_one_term() -> None:
    assert len({*terms("récupéré", "fr"), *terms("récupérés", "fr"), *terms("récupérées", "fr")}) == 1
    assert terms("towns", "en") == terms("town", "en")
    assert terms("والمدينة", "ar") == terms("المدينة", "ar") == terms("مدينة", "ar")


def test_ligatures_accents_elisions_and_digits_are_folded() -> None:
    assert terms("L’œuvre", "fr") == terms("oeuvre", "fr")
    assert terms("٢٢", "ar") == ["22"]


def test_vowel_signs_do_not_cut_an_arabic_word() -> None:
    assert terms("أسقطت ثلاث مسيّرات", "ar") == terms("أسقطت ثلاث مسيرات", "ar")
    assert telling_words("كم شخصا قُتل؟") == ["شخصا", "قتل"]


def test_question_words_are_not_looked_for() -> None:
    assert question_terms("Which towns were retaken?", ("en",)) == ["town", "retaken"]
    assert question_terms("ما هي المدن؟", ("ar",)) == terms("المدن", "ar")


def test_words_of_asking_say_nothing_in_any_language() -> None:
    assert telling_words("Does anybody know how many trucks are there now, please?") == ["trucks"]
    assert telling_words("Combien de camions sont actuellement arrivés, svp ?") == ["camions", "arrivés"]
    assert telling_words("كم شاحنة وصلت حاليا بالضبط؟") == ["شاحنة", "وصلت"]


def test_an_arabic_question_has_no_terms_for_latin_reports() -> None:
    assert question_terms("المدن", ("en", "fr")) == []


@pytest.mark.parametrize(("latin", "arabic"), [("Khasham", "خشام"), ("Mayadin", "الميادين"), ("Poutine", "بوتين")])
def test_a_name_has_the_same_key_in_both_scripts(latin: str, arabic: str) -> None:
    assert name_keys(latin) == name_keys(arabic) != []


def test_spellings_of_one_name_have_one_key() -> None:
    assert name_keys("Khasham") == name_keys("Khushām") == name_keys("Khasham's")


def test_words_in_lower_case_and_short_keys_are_no_names() -> None:
    assert name_keys("the river rose") == []
    assert name_keys("Bob") == []
