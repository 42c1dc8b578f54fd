"""Which language a question or a report is in."""

import pytest

from index.language import detect_language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Et à Hama ?", "fr"),
        ("Qui l'a dit ?", "fr"),
        ("Combien de morts ?", "fr"),
        ("who said so?", "en"),
        ("And near Raqqa?", "en"),
        ("Where?", "en"),
        ("أين؟", "ar"),
        ("ماذا حدث في حماة؟", "ar"),
    ],
)
def test_short_questions_are_told_apart(question: str, language: str):
    assert detect_language(question) == language


def test_an_arabic_question_with_latin_names_is_arabic():
    assert detect_language("من هاجم Deir ez-Zor؟") == "ar"


@pytest.mark.parametrize("text", ["", "  \n", "12 345", "?!", "🙂"])
def test_without_letters_nothing_can_be_told(text: str):
    assert detect_language(text) == "und"


def test_the_answer_is_one_of_the_languages_asked_for():
    assert detect_language("Der Präsident sagte gestern, die Lage sei ruhig.", among=("fr", "en")) in ("fr", "en")


def test_any_language_may_be_found_when_none_is_asked_for():
    assert detect_language("Der Präsident sagte gestern, die Lage sei ruhig.", among=None) == "de"
    assert detect_language("چه اتفاقی افتاد در تهران؟ هیچ کس نمی‌داند", among=None) == "fa"


def test_a_name_alone_is_no_sure_guess():
    assert detect_language("Deir ez-Zor", among=None) == "und"


def test_latin_letters_are_never_called_arabic():
    assert detect_language("latest") != "ar"


def test_text_with_line_ends_and_capitals_is_read():
    assert detect_language("LE VILLAGE A ÉTÉ REPRIS\nPAR L'ARMÉE HIER MATIN", among=None) == "fr"
