"""Days counted from a day told before are resolved against it, and left open when there is none."""

import random
from datetime import UTC, date, datetime

import pytest

from index.annotate import annotate
from index.dates.narrative import _HEARTS, _PATTERNS  # pyright: ignore[reportPrivateUsage]
from index.places.gazetteer import Gazetteer
from index.types import Report


def days(body: str, language: str, gazetteer: Gazetteer) -> list[list[str]]:
    """First days told, a list a sentence; in brackets when assumed. The report is of 22 October 2017."""
    report = Report(id="r", body=body, language=language, published_at=datetime(2017, 10, 22, tzinfo=UTC))
    return [
        [f"({span.start})" if span.assumed else str(span.start) for span in sentence.times]
        for sentence in annotate(report, gazetteer)
    ]


def test_a_sentence_without_a_time_is_of_the_report_s_day_or_of_the_day_told_before(gazetteer: Gazetteer):
    body = "The town fell on Friday. Nine people died. It was first taken on 3 May 2016. The market burned."

    assert days(body, "en", gazetteer) == [
        ["2017-10-20"],
        ["(2017-10-22)", "(2017-10-20)"],
        ["2016-05-03"],
        ["(2017-10-22)"],
    ]


@pytest.mark.parametrize(
    ("language", "body", "expected"),
    [
        ("en", "The town fell on 3 May 2016. The next day the army came back.", "2016-05-04"),
        ("en", "The town fell on 3 May 2016. Shells were fired. Two days later the army came back.", "2016-05-05"),
        ("en", "The bridge was cut on 1 March 2016. The day before, a convoy had crossed it.", "2016-02-29"),
        ("en", "The bridge was cut on 1 March 2016. That same day, two drivers were arrested.", "2016-03-01"),
        ("en", "They met on October 9. Three days earlier a truce had been signed.", "2017-10-06"),
        ("fr", "La ville est tombée le 3 mai 2016. Le lendemain, l’armée est revenue.", "2016-05-04"),
        ("fr", "Le pont a été coupé le 1er mars 2016. La veille, un convoi l’avait franchi.", "2016-02-29"),
        ("fr", "Le pont a été coupé le 1er mars 2016. Le surlendemain, il a été rouvert.", "2016-03-03"),
        ("fr", "Ils se sont vus le 9 octobre. Trois jours plus tard, ils ont signé.", "2017-10-12"),
        ("fr", "Ils se sont vus le 9 octobre. Ce jour-là, il pleuvait.", "2017-10-09"),
        ("ar", "سقطت البلدة في 3 أيار 2016. وفي اليوم التالي عاد الجيش.", "2016-05-04"),
        ("ar", "قطع الجسر في 1 آذار 2016. وبعد ذلك بيومين أعيد فتحه.", "2016-03-03"),
        ("ar", "قطع الجسر في 1 آذار 2016. وفي اليوم نفسه اعتقل سائقان.", "2016-03-01"),
    ],
)
def test_a_step_counts_from_the_day_told_last(language: str, body: str, expected: str, gazetteer: Gazetteer):
    assert days(body, language, gazetteer)[-1] == [expected]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The the a next following previous that same day days morning night hours weeks year two later earlier "
         "before after , ."),
        ("fr", "Le le au la un lendemain surlendemain veille l'avant-veille jour jours trois semaines mois ans l'année "
         "suivant suivante précédente d’avant d'après plus tard tôt auparavant même ce cette jour-là nuit-là , ."),
        ("ar", "و في صباح اليوم التالي السابق نفسه ذاته نفس ذلك تلك الليلة بعد وبعدها قبل قبلها "
         "بيوم بيومين بثلاثة أيام بأسبوع الأسبوع الشهر العام"),
    ],
)  # fmt: skip
def test_every_step_has_the_heart_that_is_looked_for_first(language: str, words: str):
    rng = random.Random(3)
    texts = [" ".join(rng.choices(words.split(), k=6)) for _ in range(8_000)]
    stepping = [text for text in texts if any(pattern.search(text) for _, pattern in _PATTERNS[language])]
    assert len(stepping) > 300
    assert [text for text in stepping if not _HEARTS[language].search(text.casefold())] == []


def test_a_step_counts_from_a_day_in_its_own_sentence(gazetteer: Gazetteer):
    body = "The town fell on 3 May 2016, and the next day the army came back."
    assert days(body, "en", gazetteer) == [["2016-05-03", "2016-05-04"]]


def test_a_sentence_without_a_time_takes_over_every_day_of_the_one_before(gazetteer: Gazetteer):
    body = "They marched on Friday against the verdict of Thursday. Eleven were arrested."

    assert days(body, "en", gazetteer)[1] == ["(2017-10-22)", "(2017-10-20)", "(2017-10-19)"]


def test_where_somebody_holds_office_is_not_where_the_story_is(gazetteer: Gazetteer):
    body = "Shells fell on Palmyra on Friday. The governor of Homs said that every house had been searched."
    report = Report(id="r", body=body, language="en", published_at=datetime(2017, 10, 22, tzinfo=UTC))
    [_, said] = annotate(report, gazetteer)

    assert {place.name for place in said.places} == {"Palmyra", "Homs"}
    assert said.places_assumed


@pytest.mark.parametrize(
    ("language", "body", "names"),
    [
        ("en", "The convoy reached Djibo. Of the 62 trucks that left Kaya, 41 came in.", {"Djibo", "Kaya"}),
        ("en", "The camp at Djibo is full. People displaced from Kaya sleep outside.", {"Djibo", "Kaya"}),
        ("fr", "Le camp de Djibo est plein. Des familles venues de Kaya dorment dehors.", {"Djibo", "Kaya"}),
        ("ar", "وصلت القافلة إلى جيبو. ودخلت 41 شاحنة من أصل 62 انطلقت من كايا.", {"جيبو", "كايا"}),
        ("fr", "Le camp de Djibo est plein. Des gens venus de la ville de Kaya dorment dehors.", {"Djibo", "Kaya"}),
        ("en", "The convoy reached Djibo. Another left Kaya on Sunday.", {"Kaya"}),
        ("en", "The convoy reached Djibo. Two hundred families were evacuated from Kaya on Sunday.", {"Kaya"}),
        ("en", "The convoy reached Djibo. The shelling, which left Kaya without water, lasted an hour.", {"Kaya"}),
        ("fr", "Le convoi a atteint Djibo. Les renforts arrivés près de Kaya ont été bombardés.", {"Kaya"}),
        ("fr", "Le convoi a atteint Djibo. Les blessés ont été évacués de Kaya dimanche.", {"Kaya"}),
        ("fr", "Le convoi a atteint Djibo. Un autre est parti de Kaya dimanche.", {"Kaya"}),
    ],
)
def test_what_somebody_has_left_is_not_where_the_story_is(
    language: str, body: str, names: set[str], gazetteer: Gazetteer
):
    report = Report(id="r", body=body, language=language, published_at=datetime(2017, 10, 22, tzinfo=UTC))
    [_, second] = annotate(report, gazetteer)

    assert {place.name for place in second.places} == names


@pytest.mark.parametrize(
    ("language", "body", "keys"),
    [
        ("en", "Two men died in Kobani. In Iraq meanwhile, 17 people were killed.", {"country:IQ"}),
        ("fr", "Deux hommes sont morts à Kobané. En Irak, dix-sept personnes ont été tuées.", {"country:IQ"}),
        ("ar", "قُتل رجلان في كوباني. وفي العراق قُتل 17 شخصا.", {"country:IQ"}),
        ("en", "Two men died in Kobani. Iraq said it had sent help.", {"country:IQ", "geonames:172256"}),
        ("en", "Two men died in Kobani. In Syria hundreds have died since.", {"country:SY", "geonames:172256"}),
    ],
)
def test_a_sentence_that_opens_in_another_country_leaves_the_town_told_of(
    language: str, body: str, keys: set[str], gazetteer: Gazetteer
):
    report = Report(id="r", body=body, language=language, published_at=datetime(2014, 10, 7, tzinfo=UTC))
    [_, second] = annotate(report, gazetteer)

    assert {place.key for place in second.places} == keys


def test_steps_follow_one_another(gazetteer: Gazetteer):
    body = "The town fell on 3 May 2016. The next day shells were fired. Two days later the army came back."
    assert days(body, "en", gazetteer) == [["2016-05-03"], ["2016-05-04"], ["2016-05-06"]]


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "The next day the army came back."),
        ("en", "The town fell in May 2016. The next day the army came back."),
        ("en", "The town fell on 3 May 2016. A week later the council met, and the next day it was dissolved."),
        ("en", "He spoke on 21 October. Five days later the talks would end."),
        ("fr", "La ville est tombée en mai 2016. Le lendemain, l’armée est revenue."),
        ("ar", "وفي اليوم التالي عاد الجيش."),
    ],
)
def test_without_a_day_to_count_from_the_phrase_is_left_open(language: str, body: str, gazetteer: Gazetteer):
    assert days(body, language, gazetteer)[-1] == ["0001-01-01"]


def test_what_is_left_open_spans_all_time_and_keeps_its_words(gazetteer: Gazetteer):
    report = Report(id="r", body="The next day it rained.", published_at=datetime(2017, 10, 22, tzinfo=UTC))
    [span] = annotate(report, gazetteer)[0].times
    assert (span.start, span.end, span.phrase, span.assumed) == (date.min, date.max, "The next day", False)


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "The town fell on 3 May 2016. The day after the attack was quiet."),
        ("fr", "La ville est tombée le 3 mai 2016. Le lendemain de l’accord fut calme."),
    ],
)
def test_a_day_counted_from_an_event_is_assumed_to_be_that_of_the_report(
    language: str, body: str, gazetteer: Gazetteer
):
    assert days(body, language, gazetteer)[-1] == ["(2017-10-22)"]


def test_a_day_named_beside_the_step_holds(gazetteer: Gazetteer):
    body = "The town fell on 3 May 2016. The next day, 5 May 2016 by their count, the army came back."
    assert days(body, "en", gazetteer)[-1] == ["2016-05-05"]


def test_a_day_told_long_before_is_not_counted_from(gazetteer: Gazetteer):
    between = "Shells were fired. The market was shut. Nobody came. The river rose. "
    body = f"The town fell on 3 May 2016. {between}The next day the army came back."
    assert days(body, "en", gazetteer)[-1] == ["0001-01-01"]
