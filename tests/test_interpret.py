"""A question is understood by rules: what it asks about, when and where; a follow-up borrows what it leaves out."""

from datetime import date, timedelta
from typing import Literal

import pytest

from assistant.interpret import interpret, settle_area
from assistant.types import Query, Turn
from index.places.gazetteer import Gazetteer
from index.types import Area, Place

SUNDAY = date(2017, 10, 22)


def read(question: str, gazetteer: Gazetteer, *before: str, as_of: date = SUNDAY) -> Query:
    history = [Turn(question=earlier, answer="") for earlier in before]
    return interpret(question, as_of=as_of, gazetteer=gazetteer, history=history, countries={"SY": 10})


def days(query: Query) -> tuple[date, date] | None:
    return (query.window.start, query.window.end) if query.window else None


def places(query: Query) -> tuple[str, list[str]] | None:
    return (query.area.relation, [place.key for place in query.area.places]) if query.area else None


HAMA = ("in", ["geonames:170017"])
ALEPPO = ("in", ["geonames:170063"])


def test_what_sets_time_and_place_is_cut_from_the_topic(gazetteer: Gazetteer):
    query = read("Which villages were retaken within 20 km of Mayadin since Monday?", gazetteer)

    assert query.topic == "Which villages were retaken?"
    assert days(query) == (date(2017, 10, 16), date(2017, 10, 23))
    assert places(query) == ("near", ["geonames:173480"])
    assert query.area is not None
    assert query.area.radius_km == 20


@pytest.mark.parametrize(
    ("question", "topic", "language"),
    [
        ("What happened in Aleppo yesterday?", "What happened?", "en"),
        ("Que s’est-il passé à Alep hier ?", "Que s’est-il passé?", "fr"),
        ("ماذا حدث في حلب أمس؟", "ماذا حدث؟", "ar"),
    ],
)
def test_yesterday_is_counted_from_as_of_in_three_languages(
    gazetteer: Gazetteer, question: str, topic: str, language: str
):
    query = read(question, gazetteer)

    assert (query.topic, query.language) == (topic, language)
    assert days(query) == (date(2017, 10, 21), date(2017, 10, 22))
    assert places(query) == ALEPPO
    assert days(read(question, gazetteer, as_of=date(2017, 3, 1))) == (date(2017, 2, 28), date(2017, 3, 1))


def test_a_question_without_time_or_place_sets_none(gazetteer: Gazetteer):
    query = read("Who won the chess championship?", gazetteer)

    assert query.topic == "Who won the chess championship?"
    assert (query.window, query.area) == (None, None)


@pytest.mark.parametrize(
    ("typed", "is_bound"),
    [
        ("The army said on Sunday that its troops had entered the town of Khasham in Syria.", False),
        ("L’armée a déclaré dimanche que ses soldats étaient entrés dans la ville de Khasham en Syrie.", False),
        ("أعلن الجيش يوم الأحد أن قواته دخلت بلدة خشام في محافظة دير الزور شرق سوريا.", False),
        ("I would like to know which towns in Syria the army entered on Sunday.", True),
        ("Please list the towns in Syria that the army and its allies entered on Sunday.", True),
        ("The army entered towns in Syria on Sunday.", True),
        ("The army said on Sunday that its troops had entered the town of Khasham in Syria?", True),
    ],
)
def test_a_sentence_copied_from_a_report_sets_no_time_or_place(gazetteer: Gazetteer, typed: str, is_bound: bool):
    query = interpret(typed, as_of=SUNDAY, gazetteer=gazetteer)
    assert (query.window is not None, query.area is not None) == (is_bound, is_bound)


def test_a_place_that_is_not_on_the_map_stays_in_the_topic(gazetteer: Gazetteer):
    query = read("What happened in Zzyqqville?", gazetteer)

    assert query.area is None
    assert "Zzyqqville" in query.topic
    assert any("Zzyqqville" in note for note in query.notes)


@pytest.mark.parametrize(
    "question",
    [
        "How many were killed when the bridge in Raqqa fell?",
        "Combien de morts quand les obus sont tombés à Alep ?",
        "كم قتيلا سقط عندما وصلت القافلة إلى حلب؟",
        "Who mediated so that the aid could be taken to Aleppo?",
        "Qui a négocié pour que le convoi puisse passer à Alep ?",
        "من الذي توسط لكي تصل القافلة إلى حلب؟",
    ],
)
def test_a_subordinate_clause_tells_of_the_event_and_sets_no_area(gazetteer: Gazetteer, question: str):
    query = read(question, gazetteer)

    assert query.area is None
    assert query.topic.split() == question.replace(" ?", "?").split()


def test_the_main_clause_sets_the_area_and_the_subordinate_clause_stays(gazetteer: Gazetteer):
    query = read("How many shells fell near Hama when the convoy reached Aleppo?", gazetteer)

    assert places(query) == ("near", ["geonames:170017"])
    assert query.topic == "How many shells fell when the convoy reached Aleppo?"


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("How many people died?", "number"),
        ("Combien de morts ?", "number"),
        ("كم عدد القتلى؟", "number"),
        ("Who said so?", "source"),
        ("When did the market reopen?", "when"),
        ("Quels villages ont été repris ?", "where"),
        ("ماذا حدث؟", "overview"),
        ("Who leads the council?", "who"),
        ("Was the bridge destroyed?", "facts"),
        ("Who was arrested when the market reopened?", "who"),
        ("Qui a été arrêté quand le marché a rouvert ?", "who"),
        ("What did people do when the bridge fell?", "facts"),
        ("Who did it, and when?", "when"),
        ("Do the reports say when the bridge was cut?", "when"),
    ],
)
def test_the_question_words_tell_what_is_wanted(gazetteer: Gazetteer, question: str, wants: str):
    assert read(question, gazetteer).wants == wants


def test_and_in_hama_asks_the_same_elsewhere(gazetteer: Gazetteer):
    query = read("And in Hama?", gazetteer, "How many people were killed in Idlib this week?")

    assert (query.asked, query.topic, query.wants) == ("And in Hama?", "How many people were killed?", "number")
    assert days(query) == (date(2017, 10, 16), date(2017, 10, 23))
    assert places(query) == HAMA
    assert "How many people were killed" in query.text
    assert "Hama" in query.text
    assert "Idlib" not in query.text


def test_the_arabic_follow_up_asks_the_same_elsewhere(gazetteer: Gazetteer):
    query = read("وفي حماة؟", gazetteer, "كم عدد القتلى في حلب يوم 20 أكتوبر؟")

    assert (query.language, query.topic, query.wants) == ("ar", "كم عدد القتلى؟", "number")
    assert days(query) == (date(2017, 10, 20), date(2017, 10, 21))
    assert places(query) == HAMA


def test_et_la_veille_moves_the_window_one_day_back_and_keeps_the_place(gazetteer: Gazetteer):
    query = read("et la veille ?", gazetteer, "Que s’est-il passé à Alep le 20 octobre ?")

    assert (query.language, query.wants) == ("fr", "overview")
    assert days(query) == (date(2017, 10, 19), date(2017, 10, 20))
    assert places(query) == ALEPPO
    assert query.topic.startswith("Que s’est-il passé")


@pytest.mark.parametrize(
    ("asked", "as_of", "first_day"),
    [
        ("And the next day?", date.max, date(9999, 12, 30)),
        ("And the week after?", date.max, date(9999, 12, 30)),
        ("And the week before?", date.max, date(9999, 12, 24)),
        ("And the day before?", date.min, date.min),
    ],
)
def test_a_window_is_moved_no_further_than_the_calendar_goes(
    gazetteer: Gazetteer, asked: str, as_of: date, first_day: date
):
    turns = [Turn(question="What happened in Aleppo?", answer="")]
    query = interpret(asked, as_of=as_of, gazetteer=gazetteer, history=turns)

    assert days(query) == (first_day, first_day + timedelta(days=1))


# Each follow-up with the question before, and what comes of it: topic, wants, window's first day, place.
ALEPPO_20 = "What happened in Aleppo on 20 October?"
IDLIB = "How many people were killed in Idlib this week?"
ALEP_HIER = "Combien de blessés à Alep hier ?"
HALAB = "كم قتيلا سقط في حلب يوم 20 أكتوبر؟"
ALEP, IDLEB, HOMS, PALMYRA = "geonames:170063", "geonames:169389", "geonames:169577", "geonames:163808"
KILLED = "How many people were killed?"


@pytest.mark.parametrize(
    ("asked", "before", "topic", "wants", "first_day", "place"),
    [
        ("And the day before?", ALEPPO_20, "What happened?", "overview", 19, ALEP),
        ("The day after?", ALEPPO_20, "What happened?", "overview", 21, ALEP),
        ("et le lendemain ?", ALEPPO_20, "What happened?", "overview", 21, ALEP),
        ("واليوم السابق؟", HALAB, "كم قتيلا سقط؟", "number", 19, ALEP),
        ("وفي اليوم التالي؟", HALAB, "كم قتيلا سقط؟", "number", 21, ALEP),
        ("What about last week?", IDLIB, KILLED, "number", 9, IDLEB),
        ("Et la semaine dernière ?", ALEP_HIER, "Combien de blessés?", "number", 9, ALEP),
        ("وماذا عن الأسبوع الماضي؟", HALAB, "كم قتيلا سقط؟", "number", 9, ALEP),
        ("And near Palmyra?", IDLIB, KILLED, "number", 16, PALMYRA),
        ("et à Homs ?", ALEP_HIER, "Combien de blessés?", "number", 21, HOMS),
        ("وفي حمص؟", HALAB, "كم قتيلا سقط؟", "number", 20, HOMS),
        ("who said so?", IDLIB, f"{KILLED} who said so?", "source", 16, IDLEB),
        ("According to whom?", IDLIB, f"{KILLED} According to whom?", "source", 16, IDLEB),
        ("qui l’affirme ?", ALEP_HIER, "Combien de blessés? qui l’affirme?", "source", 21, ALEP),
        ("Selon qui ?", ALEP_HIER, "Combien de blessés? Selon qui?", "source", 21, ALEP),
        ("من قال ذلك؟", HALAB, "كم قتيلا سقط؟ من قال ذلك؟", "source", 20, ALEP),
        ("how many?", ALEPPO_20, "What happened? how many?", "number", 20, ALEP),
        ("Et combien d’enfants ?", ALEP_HIER, "Combien de blessés? combien d’enfants?", "number", 21, ALEP),
        ("كم عددهم؟", HALAB, "كم قتيلا سقط؟ كم عددهم؟", "number", 20, ALEP),
        ("How many of them were children?", IDLIB, f"{KILLED} How many of them were children?", "number", 16, IDLEB),
        ("why?", IDLIB, f"{KILLED} why?", "facts", 16, IDLEB),
        ("Pourquoi ?", ALEP_HIER, "Combien de blessés? Pourquoi?", "facts", 21, ALEP),
        ("ولماذا؟", HALAB, "كم قتيلا سقط؟ لماذا؟", "facts", 20, ALEP),
        ("And when?", IDLIB, f"{KILLED} when?", "when", 16, IDLEB),
        ("Et quand ?", ALEP_HIER, "Combien de blessés? quand?", "when", 21, ALEP),
        ("متى؟", HALAB, "كم قتيلا سقط؟ متى؟", "when", 20, ALEP),
        ("Where?", ALEPPO_20, "What happened? Where?", "where", 20, ALEP),
        ("Was it confirmed?", IDLIB, f"{KILLED} Was it confirmed?", "number", 16, IDLEB),
        ("Cela a-t-il été confirmé ?", ALEP_HIER, "Combien de blessés? Cela a-t-il été confirmé?", "number", 21, ALEP),
        ("وهل تأكد ذلك؟", HALAB, "كم قتيلا سقط؟ هل تأكد ذلك؟", "number", 20, ALEP),
    ],
)
def test_a_follow_up_takes_from_the_question_before_what_it_leaves_out(
    gazetteer: Gazetteer, asked: str, before: str, topic: str, wants: str, first_day: int, place: str
):
    query = read(asked, gazetteer, before)

    assert (query.topic, query.wants) == (topic, wants)
    assert query.window is not None
    assert query.window.start == date(2017, 10, first_day)
    assert query.area is not None
    assert [p.key for p in query.area.places] == [place]


def test_who_said_so_keeps_what_was_asked_and_wants_the_source(gazetteer: Gazetteer):
    query = read("Who said so?", gazetteer, "Was the bridge of Raqqa destroyed?")

    assert query.wants == "source"
    assert "Was the bridge of Raqqa destroyed" in query.text
    assert "Was the bridge of Raqqa destroyed" in query.topic


def test_a_follow_up_of_a_follow_up_borrows_through_both(gazetteer: Gazetteer):
    query = read("And in Hama?", gazetteer, "How many people were killed in Idlib this week?", "And in Aleppo?")

    assert query.topic == "How many people were killed?"
    assert days(query) == (date(2017, 10, 16), date(2017, 10, 23))
    assert places(query) == HAMA


@pytest.mark.parametrize(
    ("asked", "before", "topic", "place"),
    [
        ("Combien de morts ?", ALEPPO_20, "Combien de morts?", ALEP),
        ("How many dead?", ALEPPO_20, "How many dead?", ALEP),
        ("كم قتيلا؟", ALEPPO_20, "كم قتيلا؟", ALEP),
        ("Qui le nie ?", ALEP_HIER, "Combien de blessés? Qui le nie?", ALEP),
    ],
)
def test_a_question_that_says_little_is_of_where_and_when_the_talk_is(
    gazetteer: Gazetteer, asked: str, before: str, topic: str, place: str
):
    query = read(asked, gazetteer, before)

    assert query.topic == topic
    assert query.window == read(before, gazetteer).window
    assert query.area is not None
    assert [p.key for p in query.area.places] == [place]


@pytest.mark.parametrize(
    ("asked", "before", "asking"),
    [
        ("And in Hama?", IDLIB, IDLIB),
        ("And the wounded?", IDLIB, "How many people were wounded in Idlib this week?"),
        ("Et les morts ?", ALEP_HIER, "Combien de morts à Alep hier ?"),
        ("والجرحى؟", HALAB, "كم الجرحى سقط في حلب يوم 20 أكتوبر؟"),
        ("And when?", IDLIB, "And when?"),
        ("How many of them were children?", IDLIB, "How many of them were children?"),
    ],
)
def test_what_a_follow_up_asks_is_told_by_itself_or_by_the_question_before(
    gazetteer: Gazetteer, asked: str, before: str, asking: str
):
    assert read(asked, gazetteer, before).asking == asking


@pytest.mark.parametrize("asked", ["Who is Osman?", "من هي سميرة كبارة؟", "Qui est Rosa Huamán ?"])
def test_one_that_names_somebody_is_of_anywhere(gazetteer: Gazetteer, asked: str):
    assert read(asked, gazetteer, ALEPPO_20) == read(asked, gazetteer)


@pytest.mark.parametrize("asked", ["What happened in Homs?", "Que s'est-il passé à Homs ?", "ماذا حدث في حمص؟"])
def test_what_happened_somewhere_else_is_a_question_of_its_own(gazetteer: Gazetteer, asked: str):
    assert read(asked, gazetteer, IDLIB) == read(asked, gazetteer)


def test_the_word_that_joins_a_follow_up_is_no_part_of_a_name(gazetteer: Gazetteer):
    query = read("Et à Hama ?", gazetteer, "Combien de blessés à Alep hier ?")
    assert query.area is not None
    assert [place.name for place in query.area.places] == ["Hama"]


def test_a_common_noun_typed_small_is_no_place(gazetteer: Gazetteer):
    assert read("Quel est le bilan des combats autour du barrage ?", gazetteer).area is None


def test_a_question_that_stands_alone_borrows_nothing(gazetteer: Gazetteer):
    question = "Which trucks carried flour to the camp of Aleppo?"

    assert read(question, gazetteer, "How many people were killed in Idlib this week?") == read(question, gazetteer)


def test_the_earlier_answer_is_not_read(gazetteer: Gazetteer):
    asked = "How many people were killed in Idlib this week?"
    told, silent = (
        interpret(
            "And in Hama?",
            as_of=SUNDAY,
            gazetteer=gazetteer,
            history=[Turn(question=asked, answer=answer)],
            countries={"SY": 10},
        )
        for answer in ("Ninety, in Damascus, on 3 October.", "")
    )

    assert told == silent


def test_a_town_that_no_report_names_gives_way_to_its_namesake_in_the_reports():
    malian = Place(name="Bourem", key="geonames:1", kind="settlement", lat=16.95, lon=-0.35, country="ML")
    other = malian.model_copy(update={"key": "geonames:2", "country": "BF"})
    query = Query(
        asked="", text="", topic="", language="en", as_of=date(2031, 4, 1), area=Area(places=(other,), relation="in")
    )

    settled = settle_area(query, [malian], is_spelled=lambda _: True)

    assert settled.area is not None
    assert settled.area.places == (malian,)
    assert settle_area(query, [other, malian], lambda _: True) == query, "a town that the reports name stands"


@pytest.mark.parametrize(
    ("relation", "spelled", "has_area"),
    [("in", True, False), ("in", False, True), ("near", True, True)],
    ids=["reports spell it", "no report spells it", "what is near may be told of"],
)
def test_a_town_that_no_report_tells_of_becomes_a_word_where_reports_spell_its_name(
    relation: Literal["in", "near"], spelled: bool, has_area: bool
):
    town = Place(name="Saraqib", key="geonames:1", kind="settlement", lat=35.86, lon=36.8, country="SY")
    elsewhere = Place(name="Hama", key="geonames:2", kind="settlement", lat=35.13, lon=36.75, country="SY")
    area = Area(places=(town,), relation=relation)
    query = Query(asked="", text="", topic="Who fell", language="en", as_of=date(2031, 4, 1), area=area)

    settled = settle_area(query, [elsewhere], lambda _: spelled)

    assert (settled.area == area) is has_area
    assert settled.topic == ("Who fell" if has_area else "Who fell Saraqib")
    assert bool(settled.notes) is not has_area


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("How many trucks got through to the camp?", "How many trucks reached the camp?"),
        ("When did the fire break out?", "When did the fire break out?"),
        ("Who got arrested after the raid?", "Who were arrested after the raid?"),
        ("Which villages ran out of water?", "Which villages lacked water?"),
        ("Qui a servi d'intermédiaire ?", "Qui a intermédiaire?"),
        ("Combien de passagers ont perdu la vie ?", "Combien de passagers ont mort?"),
        ("كم راكبا لقوا حتفهم؟", "كم راكبا قتل؟"),
    ],
)
def test_a_verb_of_several_words_is_looked_for_as_reports_say_it(gazetteer: Gazetteer, question: str, topic: str):
    query = read(question, gazetteer)

    assert (query.asked, query.topic) == (question, topic)
