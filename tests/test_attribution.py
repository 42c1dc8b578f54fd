"""Who says so is named as printed, or not at all."""

import pytest

from index.attribution import continues_attribution, find_attribution


@pytest.mark.parametrize(
    ("language", "sentence", "source"),
    [
        ("fr", "Selon l’agence SANA, les unités ont repris le village.", "l’agence SANA"),
        ("fr", "Selon certaines sources, environ 50 hommes ont pris la fuite.", "certaines sources"),
        ("fr", "Hier, des sources militaires ont annoncé la reprise de la ville.", "des sources militaires"),
        ("fr", "« Tout va bien », a déclaré Jean Dupont lundi.", "Jean Dupont"),
        ("fr", "Le porte-parole, le colonel Ba, a assuré que l’école de Déou rouvrirait.", "Le porte-parole"),
        ("fr", "Les unités du génie ont commencé le déminage du village.", None),
        ("en", "According to the Red Crescent, 40 families left.", "the Red Crescent"),
        ("en", "Twelve died the Syrian Observatory for Human Rights said.", "the Syrian Observatory for Human Rights"),
        ("en", "A military source said the road was open.", "A military source"),
        ("en", "The army entered the town on Sunday.", None),
        ("en", "He said that nobody was hurt.", None),
        ("en", "A survivor of the shipwreck off Tripoli said a ship had struck the boat.", None),
        ("ar", "وقال المرصد السوري إن القوات انسحبت.", "المرصد السوري"),
        ("ar", "وصرّح المتحدّث باسم الجيش أنّ القوّات انسحبت.", "المتحدّث باسم الجيش"),
        ("ar", "انسحبت القوات، وفقًا لما ذكرته وكالة سانا.", "وكالة سانا"),
        ("ar", "انسحبت القوات من المدينة صباحا.", None),
        ("ar", "وأكد الشامي وفاة ثلاثة أشخاص غرقا، بينهم طفل.", None),
        ("ar", "أعلن الجيش استعادة البلدة في الشمال.", None),
        ("ar", "أعلن الجيش أنه استعاد البلدة.", "الجيش"),
    ],
)  # fmt: skip
def test_the_source_is_an_exact_slice_or_none(language: str, sentence: str, source: str | None) -> None:
    assert find_attribution(sentence, language) == source


def test_a_pronoun_goes_on_quoting_the_source_before() -> None:
    assert continues_attribution("It said those strikes came at dawn.", "en")
    assert continues_attribution("Il a ajouté que la route était ouverte.", "fr")
    assert not continues_attribution("The road is open.", "en")


@pytest.mark.parametrize(
    ("sentence", "language", "source"),
    [
        ("Police put it at 14.", "en", "Police"),
        ("The governor's office speaks of 2,000.", "en", "The governor's office"),
        ("The farmers' union says 6,400.", "en", "The farmers' union"),
        ("A hospital official counted five bodies.", "en", "A hospital official"),
        ("La préfecture n'en reconnaît que neuf.", "fr", "La préfecture"),
        ("L'armateur, la compagnie Bahr Transport, en compte cinq.", "fr", "L'armateur"),
        ("La police provinciale parle de 11 morts.", "fr", "La police provinciale"),
        ("الأهالي يقولون إنهم ستة عشر.", "ar", "الأهالي"),
        ("أما وزارة الدفاع فما زالت عند تسعة.", "ar", "وزارة الدفاع"),
        ("The convoy counted nine trucks.", "en", None),
        ("Le convoi compte neuf camions.", "fr", None),
        ("أما شهداؤنا فأربعة لا غير.", "ar", None),
        ("وأضاف أن القتلى اثنا عشر، كلهم من المسلحين.", "ar", None),
        ("وقال إن ما جرى انفجار، ولم يزد.", "ar", None),
        ("Fire was put out by ten men.", "en", None),
    ],
)
def test_who_counts_so_is_its_source(sentence: str, language: str, source: str | None):
    assert find_attribution(sentence, language) == source


@pytest.mark.parametrize(
    ("text", "language", "who"),
    [
        ("Neuf morts, selon un bilan encore provisoire communiqué hier soir par le préfet.", "fr", "le préfet"),
        ("Nine died, according to a toll released late on Sunday by the governor.", "en", "the governor"),
        ("قتل تسعة، بحسب حصيلة أولية أعلنتها وزارة الصحة.", "ar", "وزارة الصحة"),
        ("Nine died, according to the governor.", "en", "the governor"),
        ("Trois morts, a annoncé le ministre, selon jeudi la Défense.", "fr", "la Défense"),
    ],
)
def test_a_toll_is_told_by_who_released_it(text: str, language: str, who: str):
    assert find_attribution(text, language) == who
