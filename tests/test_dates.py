"""Time expressions: what is found, what it means against a day, and what is no time at all."""

import json
from datetime import date
from pathlib import Path

import pytest

from evals.time_expressions import SETS, measure, wilson
from index.dates import (
    PartialDate,
    describe_span,
    find_dateline,
    find_partial_dateline,
    find_times,
    find_window,
)
from index.types import TimeSpan

SUNDAY = date(2017, 10, 22)  # the week runs from Monday 16 to Sunday 22 October
DISPATCH = Path(__file__).parents[2] / "shared" / "data" / "dispatch_2017-10-22.fr.txt"


def found(text: str, language: str, anchor: date = SUNDAY) -> list[tuple[str, str, str]]:
    return [(m.span.phrase, str(m.span.start), str(m.span.end)) for m in find_times(text, anchor, language)]


def window(question: str, language: str = "en") -> tuple[str, str, str]:
    mention = find_window(question, SUNDAY, language)
    assert mention is not None
    return question[mention.start : mention.end], str(mention.span.start), str(mention.span.end)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("It fell on 22 October 2017.", "en", ("22 October 2017", "2017-10-22", "2017-10-23")),
        ("Pris le 3 mai 2016.", "fr", ("3 mai 2016", "2016-05-03", "2016-05-04")),
        ("في ٢٢ تشرين الأول 2017", "ar", ("٢٢ تشرين الأول 2017", "2017-10-22", "2017-10-23")),
        ("في 22 تشرين الأول/أكتوبر", "ar", ("22 تشرين الأول/أكتوبر", "2017-10-22", "2017-10-23")),
        ("On Oct. 8 it rained.", "en", ("Oct. 8", "2017-10-08", "2017-10-09")),
        ("Dated 10/22/2017.", "en", ("10/22/2017", "2017-10-22", "2017-10-23")),
        ("Daté du 03/05/2016.", "fr", ("03/05/2016", "2016-05-03", "2016-05-04")),
        ("It rained on Friday.", "en", ("Friday", "2017-10-20", "2017-10-21")),
        ("It rained on Sunday.", "en", ("Sunday", "2017-10-22", "2017-10-23")),
        ("It rained last Sunday.", "en", ("last Sunday", "2017-10-15", "2017-10-16")),
        ("They will meet on Friday.", "en", ("Friday", "2017-10-27", "2017-10-28")),
        ("La réunion aura lieu lundi.", "fr", ("lundi", "2017-10-23", "2017-10-24")),
        ("وصل ليوم الجمعة", "ar", ("يوم الجمعة", "2017-10-20", "2017-10-21")),
        ("انخفض المنسوب عشرين سنتيمترا يوم الخميس", "ar", ("يوم الخميس", "2017-10-19", "2017-10-20")),
        ("Ces derniers dix jours, rien.", "fr", ("Ces derniers dix jours", "2017-10-13", "2017-10-23")),
        ("Ces derniers mois, rien.", "fr", ("Ces derniers mois", "2017-07-23", "2017-10-23")),
        ("Il y a trois jours, rien.", "fr", ("Il y a trois jours", "2017-10-19", "2017-10-20")),
        ("وصل أمس", "ar", ("أمس", "2017-10-21", "2017-10-22")),
        ("In the last 24 hours, two.", "en", ("last 24 hours", "2017-10-21", "2017-10-23")),
        (
            "Clashes from 28 September to 3 October.",
            "en",
            ("from 28 September to 3 October", "2017-09-28", "2017-10-04"),
        ),
        ("From 28 to 3 October.", "en", ("From 28 to 3 October", "2017-09-28", "2017-10-04")),
        ("In the past fortnight, two.", "en", ("past fortnight", "2017-10-09", "2017-10-23")),
        ("A week ago today it fell.", "en", ("A week ago today", "2017-10-15", "2017-10-16")),
        ("Il y a un an jour pour jour.", "fr", ("Il y a un an jour pour jour", "2016-10-22", "2016-10-23")),
        ("In the first quarter of 2017.", "en", ("first quarter of 2017", "2017-01-01", "2017-04-01")),
        ("Au troisième trimestre, rien.", "fr", ("troisième trimestre", "2017-07-01", "2017-10-01")),
        ("في النصف الثاني من أيلول", "ar", ("النصف الثاني من أيلول", "2017-09-16", "2017-10-01")),
        ("La première quinzaine de mai.", "fr", ("première quinzaine de mai", "2017-05-01", "2017-05-16")),
        ("Les trois derniers mois de 2016.", "fr", ("trois derniers mois de 2016", "2016-10-01", "2017-01-01")),
        ("في الأيام الأولى من أيلول", "ar", ("الأيام الأولى من أيلول", "2017-09-01", "2017-09-08")),
        ("The first Monday of May.", "en", ("first Monday of May", "2017-05-01", "2017-05-02")),
        ("At midnight on Tuesday, 17 October.", "en", ("midnight on Tuesday, 17 October", "2017-10-17", "2017-10-18")),
        ("Freed on Monday the 9th.", "en", ("Monday the 9th", "2017-10-09", "2017-10-10")),
        ("Jeudi 5, rien.", "fr", ("Jeudi 5", "2017-10-05", "2017-10-06")),
        ("The season of 2015-16.", "en", ("2015-16", "2015-01-01", "2017-01-01")),
        ("Dans les années 90.", "fr", ("années 90", "1990-01-01", "2000-01-01")),
        ("في ثمانينيات القرن الماضي", "ar", ("ثمانينيات", "1980-01-01", "1990-01-01")),
        ("Later this month, two.", "en", ("Later this month", "2017-10-23", "2017-11-01")),
        ("The truce was extended until Friday.", "en", ("until Friday", "2017-10-22", "2017-10-28")),
        ("Before the end of the month.", "en", ("Before the end of the month", "2017-10-22", "2017-11-01")),
        ("D'ici trois jours.", "fr", ("D'ici trois jours", "2017-10-22", "2017-10-26")),
        ("Shots were heard after midnight Saturday.", "en", ("midnight Saturday", "2017-10-21", "2017-10-22")),
        ("Three died in three days last week.", "en", ("last week", "2017-10-09", "2017-10-16")),
        ("In week 32 of 2017, two.", "en", ("week 32 of 2017", "2017-08-07", "2017-08-14")),
        ("Au printemps, rien.", "fr", ("printemps", "2017-03-01", "2017-06-01")),
        ("Cela fait deux semaines.", "fr", ("Cela fait deux semaines", "2017-10-08", "2017-10-23")),
        ("Le blé sera vendu à compter du 2 novembre.", "fr", ("à compter du 2 novembre", "2017-11-02", "2017-11-03")),
        ("يوم السبت الموافق 21 أكتوبر", "ar", ("يوم السبت الموافق 21 أكتوبر", "2017-10-21", "2017-10-22")),
        ("They announced a halt starting on Friday.", "en", ("Friday", "2017-10-27", "2017-10-28")),
        ("It fell two days after 7 October.", "en", ("two days after 7 October", "2017-10-09", "2017-10-10")),
        (
            "Dans les trois jours avant le 7 octobre.",
            "fr",
            ("trois jours avant le 7 octobre", "2017-10-04", "2017-10-07"),
        ),
        ("بعد يومين من 7 أيلول", "ar", ("بعد يومين من 7 أيلول", "2017-09-09", "2017-09-10")),
        ("Over the past 48h, two.", "en", ("past 48h", "2017-10-20", "2017-10-23")),
        ("In the summer of 2015 they fled.", "en", ("summer of 2015", "2015-06-01", "2015-09-01")),
        ("It began in mid-March.", "en", ("mid-March", "2017-03-11", "2017-03-21")),
        ("نزحوا منذ الاثنين", "ar", ("منذ الاثنين", "2017-10-16", "2017-10-23")),
        ("The man was seen last February.", "en", ("last February", "2017-02-01", "2017-03-01")),
        ("Le vingt-deux octobre, rien.", "fr", ("vingt-deux octobre", "2017-10-22", "2017-10-23")),
        ("في الحادي والعشرين من أكتوبر", "ar", ("الحادي والعشرين من أكتوبر", "2017-10-21", "2017-10-22")),
        ("Mondays raid on the convoy", "en", ("Mondays", "2017-10-16", "2017-10-17")),
        ("The 2011 uprising was crushed.", "en", ("2011", "2011-01-01", "2012-01-01")),
        ("Publié ce mois-ci.", "fr", ("ce mois", "2017-10-01", "2017-10-23")),
        ("Friday 27 October is a holiday.", "en", ("Friday 27 October", "2017-10-27", "2017-10-28")),
    ],
)
def test_a_phrase_becomes_the_days_it_means(text: str, language: str, expected: tuple[str, str, str]):
    assert found(text, language) == [expected]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("22 people, 1,500 tents and 2014 fighters.", "en"),
        ("You may march in the sun; a second column sat down.", "en"),
        ("Three days of fighting followed a 24-hour lull.", "en"),
        ("Every Friday they gathered, and on Mondays they rested.", "en"),
        ("The Sunday Times on the Arab Spring.", "en"),
        ("La planète Mars a été photographiée.", "fr"),
        ("Il a passé un an en prison, à 31 ans.", "fr"),
        ("Trois jours de combats, sept morts.", "fr"),
        ("لم يصب أحد من الركاب", "ar"),
        ("مارس الفريق ضغوطا", "ar"),
        ("استمر القتال ثلاثة أيام", "ar"),
        ("قالت قناة روسيا اليوم", "ar"),
        ("", "en"),
    ],
)
def test_ordinary_words_numbers_and_durations_are_no_dates(text: str, language: str):
    assert found(text, language) == []


def test_several_times_come_in_order_with_offsets_into_the_text():
    text = "Said Friday: shelled on 3 and 4 October, and since March."
    mentions = find_times(text, SUNDAY, "en")
    assert [text[m.start : m.end] for m in mentions] == ["Friday", "3", "4 October", "since March"]
    assert [str(m.span.start) for m in mentions] == ["2017-10-20", "2017-10-03", "2017-10-04", "2017-03-01"]


def test_tashkeel_does_not_shift_offsets():
    text = "وَصَلَ يَوْمَ الجُمُعَةِ"
    (mention,) = find_times(text, SUNDAY, "ar")
    assert (text[mention.start : mention.end], mention.span.start) == ("يَوْمَ الجُمُعَةِ", date(2017, 10, 20))


def test_speech_verbs_keep_a_weekday_in_the_past_beside_a_future_one():
    text = "The envoy will visit on Tuesday, his office said Thursday."
    assert [day for _, day, _ in found(text, "en")] == ["2017-10-24", "2017-10-19"]


def test_the_dispatch_of_the_mission_is_dated_through_and_through():
    if not DISPATCH.exists():
        pytest.skip("needs shared/data")
    days = [(start, end) for _, start, end in found(DISPATCH.read_text(encoding="utf-8"), "fr")]
    assert days == [
        ("2017-10-22", "2017-10-23"),  # ce dimanche 22 octobre
        ("2017-10-22", "2017-10-23"),  # ce matin
        ("2017-10-13", "2017-10-23"),  # ces derniers dix jours
        ("2017-10-21", "2017-10-22"),  # hier
    ]


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("What happened in Kaya this week?", "en", ("this week", "2017-10-16", "2017-10-23")),
        ("What happened last week?", "en", ("last week", "2017-10-09", "2017-10-16")),
        ("Villages taken in the last ten days?", "en", ("in the last ten days", "2017-10-13", "2017-10-23")),
        ("What changed since Monday?", "en", ("since Monday", "2017-10-16", "2017-10-23")),
        ("What happened before Friday?", "en", ("before Friday", "0001-01-01", "2017-10-20")),
        ("What happened until Friday?", "en", ("until Friday", "0001-01-01", "2017-10-21")),
        ("And after 10 October?", "en", ("after 10 October", "2017-10-11", "2017-10-23")),
        ("Raids on 3 and 4 May?", "en", ("on 3 and 4 May", "2017-05-03", "2017-05-05")),
        ("what happened on 8 march", "en", ("on 8 march", "2017-03-08", "2017-03-09")),
        ("What happened in November?", "en", ("in November", "2016-11-01", "2016-12-01")),
        ("What happened in October?", "en", ("in October", "2017-10-01", "2017-10-23")),
        ("What will happen next week?", "en", ("next week", "2017-10-23", "2017-10-30")),
        ("Que s'est-il passé le 8 octobre à Homs ?", "fr", ("le 8 octobre", "2017-10-08", "2017-10-09")),
        ("Les nouvelles de la semaine ?", "fr", ("de la semaine", "2017-10-16", "2017-10-23")),
        ("Quels raids entre lundi et mercredi ?", "fr", ("entre lundi et mercredi", "2017-10-16", "2017-10-19")),
        ("ماذا حدث في الأسبوع الماضي؟", "ar", ("في الأسبوع الماضي", "2017-10-09", "2017-10-16")),
    ],
)
def test_a_question_sets_its_window(question: str, language: str, expected: tuple[str, str, str]):
    assert window(question, language) == expected


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What has entered since the market closed on 7 October?", "en"),
        ("Combien de morts depuis le début du siège le 7 octobre ?", "fr"),
        ("كم عدد القتلى منذ بدء العملية في 7 أكتوبر؟", "ar"),
    ],
)
def test_a_window_since_an_event_begins_with_its_day(question: str, language: str):
    assert window(question, language)[1:] == ("2017-10-07", "2017-10-23")


def test_a_range_ends_before_it_begins_in_no_year():
    expected = ("between 8 May and the end of 2016", "2016-05-08", "2017-01-01")
    assert window("What happened between 8 May and the end of 2016?") == expected


def test_a_question_without_time_has_no_window():
    assert find_window("Who took the village of Khasham?", SUNDAY, "en") is None
    assert find_window("When was it last attacked?", SUNDAY, "en") is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Sun 10 Jul 2016 Ten killed in Homs.", "en", date(2016, 7, 10)),
        ("DAMASCUS, Oct. 22, 2017 (SANA) - The army", "en", date(2017, 10, 22)),
        ("Publié le 3 mai 2016 à 14h20", "fr", date(2016, 5, 3)),
        ("دمشق - 22 تشرين الأول 2017 - أعلن", "ar", date(2017, 10, 22)),
        ("DAMASCUS, Oct. 22 (SANA) - The army", "en", None),
        ("On September 11, 2001, planes struck", "en", None),
        ("Syria has been at war since 15 March 2011.", "en", None),
    ],
)
def test_only_a_full_date_that_stands_for_the_report_is_its_dateline(text: str, language: str, expected: date | None):
    assert find_dateline(text, language) == expected


def test_a_day_without_a_year_at_the_beginning_is_a_partial_dateline():
    assert find_partial_dateline("Ce dimanche 22 octobre, les unités", "fr") == PartialDate(6, 22, 10)
    assert find_partial_dateline("DAMASCUS, Oct. 22 (SANA) - The army", "en") == PartialDate(None, 22, 10)
    assert find_partial_dateline("On October 8, the army", "en") is None


@pytest.mark.parametrize(
    ("start", "end", "language", "words"),
    [
        (date(2017, 10, 16), date(2017, 10, 23), "en", "16–22 October 2017"),
        (date(2017, 10, 16), date(2017, 10, 23), "fr", "16–22 octobre 2017"),
        (date(2017, 10, 16), date(2017, 10, 23), "ar", "16–22 أكتوبر 2017"),
        (date(2017, 10, 1), date(2017, 10, 2), "fr", "1er octobre 2017"),
        (date(2017, 9, 30), date(2017, 10, 3), "en", "30 September – 2 October 2017"),
        (date(2017, 10, 1), date(2017, 11, 1), "en", "October 2017"),
        (date(2014, 1, 1), date(2015, 1, 1), "en", "2014"),
        (date(2015, 6, 1), date(2015, 9, 1), "en", "June–August 2015"),
        (date(2016, 5, 3), date.max, "en", "since 3 May 2016"),
        (date.min, date(2016, 5, 3), "fr", "avant le 3 mai 2016"),
        (date.min, date.max, "en", "at any time"),
    ],
)
def test_a_span_is_described_in_the_language_of_the_reader(start: date, end: date, language: str, words: str):
    assert describe_span(TimeSpan(start=start, end=end, phrase="", precision="span"), language) == words


def test_a_past_verb_before_a_day_keeps_what_is_to_come_behind_it_away():
    text = "Flights resumed on Tuesday, and a second convoy is expected by Friday."
    assert [start for _, start, _ in found(text, "en")] == ["2017-10-17", "2017-10-22"]


def test_a_verb_is_no_season():
    assert found("The men were to spring up and to fall back.", "en") == []


def test_a_year_or_a_next_behind_a_list_is_said_of_all_of_it():
    assert found("In April and May 2015, two.", "en")[0][1:] == ("2015-04-01", "2015-05-01")
    assert found("يومي الخميس والجمعة المقبلين", "ar")[0][1:] == ("2017-10-26", "2017-10-27")


def test_the_labelled_sets_are_disjoint_and_the_development_set_resolves():
    texts = [
        {json.loads(line)["text"] for line in (SETS / name).read_text(encoding="utf-8").splitlines()}
        for name in ("time_dev.jsonl", "time_test.jsonl", "fresh_dev.jsonl", "fresh_test.jsonl")
    ]
    assert [len(each) for each in texts] == [200, 100, 45, 45]
    assert len(set().union(*texts)) == 390
    assert measure(SETS / "time_dev.jsonl").right >= 196
    assert measure(SETS / "fresh_dev.jsonl").right >= 44


def test_the_wilson_interval_of_nine_in_ten():
    low, high = wilson(9, 10)  # (.9 + .19208) / 1.38416 = .78899, give or take 1.96 * .13640 / 1.38416 = .19314
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("48 stations were open, up from 21 last week.", "last week"),
        ("in the last 21 weeks", "last 21 weeks"),
    ],
)
def test_a_figure_before_last_week_counts_no_weeks(text: str, phrase: str):
    [found] = find_times(text, date(2021, 5, 13), "en")
    assert text[found.start : found.end] == phrase
