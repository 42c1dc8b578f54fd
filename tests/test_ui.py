"""The page shows foreign text as text, leads from each [n] to its sentence, and asks an edited scope in words."""

import asyncio
import json
import re
import string
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeReport

from assistant.interpret import interpret
from assistant.page import words as page_words
from assistant.page.access import gate, is_loopback
from assistant.page.asking import drafted
from assistant.page.conversation import conversation_html, running_html
from assistant.page.desk import Added, keep_opinion
from assistant.page.export import export_answer, export_conversation
from assistant.page.headers import SafeHeaders, policy
from assistant.page.map import map_html
from assistant.page.names import place_names
from assistant.page.query import BadChip, Chips, chips_of, read_day, reworded
from assistant.page.refusals import refusal
from assistant.page.reports import added_html, coverage_html, report_html
from assistant.page.session import KEPT_TURNS, Conversation, Exchange
from assistant.page.sources import sources_html
from assistant.page.text import anchor, escape, foreign, prose
from assistant.page.timeline import timeline_html
from assistant.page.words import preferred_language, word
from assistant.types import Answer, Citation, Claim, Hit, Query, Turn
from index.errors import BriefingError
from index.ingest import Rejection, read_reports, report_from_text
from index.places.gazetteer import Gazetteer
from index.prepare import Tools
from index.store import Index
from index.types import Area, Coverage, Passage, Place, Report, Sentence, TimeSpan

GAO = Place(name="Gao", key="geonames:2457161", kind="settlement", lat=16.27, lon=-0.04, country="ML")
ANSONGO = Place(name="Ansongo", key="geonames:2460954", kind="settlement", lat=15.66, lon=0.5, country="ML")
HOSTILE = '<img src=x onerror="ran(1)">'


def a_query(**fields: object) -> Query:
    asked = {"asked": "How many died?", "text": "How many died?", "topic": "How many died", "language": "en"}
    return Query.model_validate({**asked, "as_of": date(2031, 3, 20), **fields})


def a_report(body: str, **fields: object) -> Report:
    published = datetime(2031, 3, 10, tzinfo=UTC)
    given = {"id": "r1", "source": "Radio Gao", "title": "Clash at Gao", "language": "en", "published_at": published}
    return Report.model_validate({**given, "body": body, **fields})


def a_hit(report: Report, sentences: list[str], best: int = 0, places: tuple[Place, ...] = (GAO,)) -> Hit:
    """A hit on one passage, the whole body; each of `sentences` occurs in it once."""
    day = TimeSpan(start=date(2031, 3, 9), end=date(2031, 3, 10), phrase="on Sunday", precision="day")
    found = [
        Sentence(
            ordinal=at,
            start=report.body.index(text),
            end=report.body.index(text) + len(text),
            times=(day,),
            places=places,
        )
        for at, text in enumerate(sentences)
    ]
    passage = Passage(
        id=f"{report.id}#0",
        report_id=report.id,
        ordinal=0,
        start=0,
        end=len(report.body),
        text=report.body,
        sentences=tuple(found),
    )
    return Hit(passage=passage, report=report, sentences=(best,), score=1.0)


def a_citation(hit: Hit, ordinal: int, number: int = 1) -> Citation:
    sentence = hit.passage.sentences[ordinal]
    return Citation(
        number=number,
        report_id=hit.report.id,
        passage_id=hit.passage.id,
        start=sentence.start,
        end=sentence.end,
        quote=hit.report.body[sentence.start : sentence.end],
        source=hit.report.source,
        published=hit.report.day,
        language=hit.report.language,
        title=hit.report.title,
    )


def an_answer(
    hits: tuple[Hit, ...], claims: tuple[Claim, ...], query: Query | None = None, notes: tuple[str, ...] = ()
) -> Answer:
    held = Coverage(reports=2, passages=2, oldest=date(2031, 3, 1), newest=date(2031, 3, 20))
    return Answer(
        query=query or a_query(),
        status="answered" if claims else "no_evidence",
        text="The reports do not say.",
        claims=claims,
        hits=hits,
        coverage=held,
        notes=notes,
    )


def told(answer: Answer, number: int = 1) -> Conversation:
    return Conversation((Exchange(number, answer.query.asked, answer, 0.2),))


TWO = ["Three people died on Sunday.", "The mayor denied it."]


def two_sentence_answer() -> Answer:
    hit = a_hit(a_report("Three people died on Sunday. The mayor denied it."), TWO)
    shown = Claim(text="Radio Gao: three died.", citations=(a_citation(hit, 0),), verdict="quoted")
    dropped = Claim(text="Nine died.", verdict="unsupported", reason="the number 9 is not in the evidence")
    return an_answer((hit,), (shown, dropped))


# Text that is not ours


def test_markup_in_foreign_text_becomes_text():
    assert escape(HOSTILE) == "&lt;img src=x onerror=&quot;ran(1)&quot;&gt;"
    assert foreign("a & b") == '<bdi dir="auto">a &amp; b</bdi>'


def test_characters_that_reorder_or_hide_text_are_shown_by_number():
    assert escape("invoice\u202efdp.exe") == "invoice⟨U+202E⟩fdp.exe"
    assert escape("all\u200bowed\u2066x") == "all⟨U+200B⟩owed⟨U+2066⟩x"
    # Arabic needs its joiners and marks; they stay.
    assert escape("می\u200cخواهم\u200f") == "می\u200cخواهم\u200f"


def test_a_day_keeps_its_order_among_arabic_letters():
    assert prose("حتى 2031-03-15") == 'حتى <bdi dir="ltr">2031-03-15</bdi>'
    assert prose("و2031-03-15.") == 'و<bdi dir="ltr">2031-03-15</bdi>.'


def test_an_element_id_holds_letters_digits_and_hyphens_only():
    assert anchor("t", 3, "c", 1) == "t-3-c-1"
    assert anchor('x" onclick="ran()') == "x-onclick-ran-"


def test_every_phrase_has_three_languages_with_the_same_values():
    phrases: dict[str, tuple[str, str, str]] = page_words._WORDS  # pyright: ignore[reportPrivateUsage]
    for key, worded in phrases.items():
        assert all(text.strip() for text in worded), key
        assert len({frozenset(string.Template(text).get_identifiers()) for text in worded}) == 1, key


def test_the_first_of_our_languages_that_a_browser_names_is_taken():
    assert preferred_language("de-DE,de;q=0.9,ar-SY;q=0.8,en;q=0.7") == "ar"
    assert preferred_language("fr-CA") == "fr"
    assert preferred_language("zz") == "en"
    assert preferred_language("") == "en"


# The conversation and its sources


def test_a_mark_in_the_answer_leads_to_the_sentence_in_the_sources():
    conversation = told(two_sentence_answer(), number=4)
    talk, sources = conversation_html(conversation, "en"), sources_html(conversation, "en")
    assert (
        '<a class="cite" href="#t-4-c-1" data-quote="Three people died on Sunday." data-outlet="Radio Gao" '
        'data-published="2031-03-10">[1]</a>' in talk
    )
    assert '<mark id="t-4-c-1" tabindex="-1">Three people died on Sunday.</mark>' in sources
    assert "</sup> The mayor denied it.</blockquote>" in sources


def test_what_was_dropped_is_folded_and_says_why():
    talk = conversation_html(told(two_sentence_answer()), "en")
    folded = talk[talk.index("<details") : talk.index("</details>")]
    assert "1 dropped: not supported by the reports" in folded
    assert "<s>Nine died.</s>" in folded
    assert "the number 9 is not in the evidence" in folded


def test_an_answer_is_marked_when_its_report_is_withdrawn_later():
    conversation = told(two_sentence_answer())
    warning = "A report this rests on has since been marked: withdrawn."
    assert warning not in conversation_html(conversation, "en")
    assert warning in conversation_html(conversation, "en", marked={"r1": "withdrawn"})
    assert '<span class="badge">withdrawn</span>' in sources_html(conversation, "en", marked={"r1": "withdrawn"})


def test_no_part_of_a_hostile_report_or_question_becomes_markup():
    body = f"Three {HOSTILE} died. <script>ran(2)</script>"
    report = a_report(
        body, title=HOSTILE, source=HOSTILE, url="javascript:ran(3)", copy_of=HOSTILE, id='r" onclick="ran(4)'
    )
    hit = a_hit(report, [f"Three {HOSTILE} died."], places=(GAO.model_copy(update={"name": HOSTILE}),))
    claim = Claim(
        text=HOSTILE, citations=(a_citation(hit, 0),), verdict="quoted", reason=HOSTILE, attributed_to=HOSTILE
    )
    answer = an_answer((hit,), (claim,), a_query(asked=HOSTILE), notes=(HOSTILE,))
    conversation = told(answer)
    whole = "".join(
        [
            conversation_html(conversation, "en"),
            sources_html(conversation, "en"),
            running_html(2, HOSTILE, "en", query=answer.query, found=1, draft=HOSTILE),
            report_html(report, "en"),
            added_html([Added(HOSTILE, HOSTILE, None, HOSTILE)], "en", is_done=True),
            coverage_html(Coverage(reports=1, passages=1, oldest=None, newest=None, sources=(HOSTILE,)), "en"),
            export_answer(conversation.exchanges[0], "html", "en").text,
        ]
    )
    assert "<img" not in whole
    assert "<script" not in whole
    assert '" onclick' not in whole
    assert 'href="javascript' not in whole
    assert "&lt;img src=x onerror=&quot;ran(1)&quot;&gt;" in whole


def test_the_draft_is_labelled_as_not_yet_checked():
    running = running_html(1, "How many?", "en", found=3, draft="Nine died.")
    assert "Draft, being checked. Nothing here is confirmed yet." in running
    assert ">Nine died.</div>" in running


def test_statements_that_are_checked_stand_above_the_rest_of_the_draft():
    checked = two_sentence_answer().claims[:1]

    running = running_html(1, "How many?", "en", found=3, draft="Nine died.", settled=checked)

    assert running.index("Radio Gao: three died.") < running.index("Draft, being checked") < running.index("Nine died.")
    assert 'class="claim quoted"' in running


def test_a_draft_is_read_out_of_an_unfinished_reply():
    assert drafted('{"statements": [{"ids": ["s1"], "text": "Three \\u0064ied.') == "Three died."
    assert drafted('{"statements": [{"ids": ["s1"], "text": "A \\"b\\""}, {"ids": ["s2"], "text": "C') == 'A "b"\nC'
    assert drafted('{"statements": [{"ids"') == ""
    assert drafted('{"statements": [{"ids": ["s1"], "text": "cut within \\u00') == ""


def test_a_conversation_keeps_its_latest_exchanges_and_hands_answered_ones_on_as_turns():
    conversation = Conversation()
    for number in range(1, KEPT_TURNS + 3):
        conversation = conversation.with_exchange(Exchange(number, f"q{number}", None, 0.1, "Stopped."))
    conversation = conversation.with_exchange(Exchange(conversation.next_number, "How many?", two_sentence_answer(), 0))
    assert len(conversation.exchanges) == KEPT_TURNS
    assert conversation.next_number == KEPT_TURNS + 4
    assert conversation.turns == (Turn(question="How many?", answer="The reports do not say."),)


def test_what_lies_outside_the_asked_time_or_place_is_kept_apart():
    inside = a_hit(a_report("Three people died."), ["Three people died."])
    beyond = a_hit(a_report("Nine people died.", id="r2"), ["Nine people died."], places=(ANSONGO,))
    outside = beyond.model_copy(update={"in_area": False})
    claim = Claim(text="Three died.", citations=(a_citation(inside, 0),), verdict="quoted")
    sources = sources_html(told(an_answer((outside, inside), (claim,))), "en")
    folded = sources[sources.index("1 found outside the asked time or place") :]
    assert "Nine people died." in folded
    assert "Nine people died." not in sources[: -len(folded)]
    assert "Ansongo (1)" not in sources
    alone = sources_html(told(an_answer((outside,), ())), "en")
    assert '<h2 class="heading">Nearest, outside the asked time or place</h2>' in alone
    assert "<details" not in alone


# When and where


def test_the_timeline_has_a_bar_for_the_day_told_and_a_date_for_it():
    answer = two_sentence_answer()
    drawn = timeline_html(answer.hits, {"r1#0"}, "en")
    assert drawn.count('data-day="2031-03-09"') == 1
    assert drawn.count('class="bar is-cited"') == 1
    assert ">2031-03-09</text>" in drawn


def test_the_map_shows_each_place_once_and_fetches_nothing():
    first = a_hit(a_report("Three people died."), ["Three people died."])
    second = a_hit(a_report("Two more died.", id="r2"), ["Two more died."], places=(GAO, ANSONGO))
    area = Area(places=(GAO,), relation="near", radius_km=80)
    drawn = map_html((first, second), {"r1#0"}, area, "en", {})
    assert drawn.count('data-place="geonames:2457161"') == 1
    assert 'aria-label="Gao (2)"' in drawn
    assert 'aria-label="Ansongo (1)"' in drawn
    assert drawn.count('class="asked-area"') == 1
    assert "http" not in drawn
    assert "href" not in drawn
    # Mali's borders run through the view: there is something to recognise it by.
    assert drawn.count("M") > 1


def test_places_that_only_reports_put_on_the_map_are_told_apart_by_its_filter():
    """page.js splits `data-places` at spaces, and keeps the cards that hold a dot's `data-place`."""
    khasham, baghuz = (
        GAO.model_copy(update={"name": name, "key": f"text:{name}", "kind": "approximate"})
        for name in ("خشام", "الباغوز")
    )
    hits = tuple(
        a_hit(
            a_report(f"Three died at {place.name}.", id=place.name), [f"Three died at {place.name}."], places=(place,)
        )
        for place in (khasham, baghuz)
    )
    drawn = map_html(hits, (), None, "en", {})
    sources = sources_html(told(an_answer(hits, ())), "en")

    assert sorted(re.findall(r'data-place="([^"]*)"', drawn)) == ["text:الباغوز", "text:خشام"]
    assert re.findall(r'data-places="([^"]*)"', sources) == ["text:خشام", "text:الباغوز"]


def test_the_names_on_the_map_stand_beside_their_dots():
    drawn = map_html((a_hit(a_report("Three people died."), ["Three people died."]),), (), None, "en", {})
    [label] = re.findall(r'<text class="label"[^>]*>Gao</text>', drawn)
    assert re.search(r' text-anchor="(?:start|middle|end)"', label)


def test_a_map_with_nothing_on_it_is_left_out():
    assert map_html((a_hit(a_report("It rained."), ["It rained."], places=()),), (), None, "en", {}) == ""


def test_the_map_says_how_far_things_are():
    town = GAO.model_copy(update={"lat": 0.0})
    drawn = map_html((a_hit(a_report("It rained."), ["It rained."], places=(town,)),), (), None, "ar", {})
    # 1.62 degrees of latitude in 140 pixels: 0.777 pixels a kilometre, and 50 km in 38.9 of them.
    assert '<path d="M8,128V132H46.9V128"></path>' in drawn
    assert ">50 كم</text>" in drawn


def test_places_are_called_what_reports_in_the_pages_language_call_them(index: Index, make_report: MakeReport):
    body = "عبرت عشرون شاحنة الجسر في الميادين يوم السبت. ووصلت ثلاث منها إلى الرقة."
    reports = [
        make_report(body, id="ar", language="ar"),
        make_report("Le marché de Mayadine a rouvert samedi.", id="fr", language="fr"),
    ]
    list(index.add(reports, workers=0))
    (passage,) = index.passages("ar")
    hit = Hit(passage=passage, report=reports[0], sentences=(0, 1), score=1.0)
    assert set(place_names(index, (hit,), "fr").values()) == {"Mayadine", "Ar Raqqah"}
    assert set(place_names(index, (hit,), "ar").values()) == {"الميادين", "الرقة"}
    drawn = sources_html(told(an_answer((hit,), ())), "fr", names=place_names(index, (hit,), "fr"))
    assert ">Mayadine</text>" in drawn
    assert 'arabe · <bdi dir="auto">Mayadine</bdi>, <bdi' in drawn


# The scope fields


@pytest.mark.parametrize(
    ("language", "chips", "asked"),
    [
        (
            "en",
            Chips("", "2031-03-01", "2031-03-10", "Djibo, Kaya", "30"),
            "How many died from 2031-03-01 to 2031-03-10 within 30 km of Djibo and Kaya?",
        ),
        ("en", Chips("", "", "", "", ""), "How many died?"),
        ("en", Chips("", "2031-03-05", "2031-03-05", "Gao", ""), "How many died on 2031-03-05 in Gao?"),
        (
            "fr",
            Chips("", "2031-03-01", "", "Djibo", "30"),
            "How many died depuis le 2031-03-01 à moins de 30 km de Djibo ?",
        ),
        ("ar", Chips("", "", "2031-03-10", "الميادين", ""), "How many died حتى 2031-03-10 في الميادين؟"),
    ],
)
def test_an_edited_scope_is_asked_in_the_words_of_the_question(language: str, chips: Chips, asked: str):
    assert reworded(a_query(language=language), chips, "en") == asked


@pytest.mark.parametrize(
    ("language", "topic"), [("en", "How many people died"), ("fr", "Combien de morts"), ("ar", "كم عدد القتلى")]
)
def test_a_scope_asked_in_words_is_understood_as_it_was_set(language: str, topic: str, tools: Tools):
    place = {"ar": "الميادين"}.get(language, "Al-Mayadin")
    chips = Chips("2031-04-12", "2031-03-01", "2031-03-10", place, "30")
    asked = reworded(a_query(language=language, topic=topic), chips, "en")
    with Gazetteer.open(tools.cache) as gazetteer:
        query = interpret(
            asked, as_of=date(2031, 4, 12), gazetteer=gazetteer, history=(), language=None, countries={}, radius_km=50
        )
    assert chips_of(query) == chips


def test_a_field_that_cannot_be_read_is_named():
    query = a_query()
    with pytest.raises(BadChip, match="“yesterday” is not a day; write it as 2031-03-15"):
        read_day("yesterday", "en")
    with pytest.raises(BadChip, match=r"The first day \(2031-03-09\) is after the last \(2031-03-01\)"):
        reworded(query, Chips("", "2031-03-09", "2031-03-01", "", ""), "en")
    with pytest.raises(BadChip, match="“far” is not a distance"):
        reworded(query, Chips("", "", "", "Gao", "far"), "en")
    with pytest.raises(BadChip, match="“0” is not a distance"):
        reworded(query, Chips("", "", "", "Gao", "0"), "en")


# Taking away and judging


def test_markdown_gives_each_quote_as_a_footnote_and_foreign_marks_as_text():
    hit = a_hit(
        a_report("Three died at [x](http://a.example).", title="# Big"), ["Three died at [x](http://a.example)."]
    )
    claim = Claim(text="1. Three died.", citations=(a_citation(hit, 0),), verdict="quoted")
    text = export_answer(told(an_answer((hit,), (claim,))).exchanges[0], "md", "en").text
    assert "- 1\\. Three died. [^1]" in text
    assert "[^1]: Radio Gao, 2031-03-10, \\# Big (r1 0–36): “Three died at \\[x\\](http://a.example).”" in text


def test_html_stands_alone_with_its_quotes_behind_the_marks():
    saved = export_answer(told(two_sentence_answer()).exchanges[0], "html", "fr")
    assert saved.name == "briefing-2031-03-20-1.html"
    assert '<a href="#n1">[1]</a>' in saved.text
    assert '<li id="n1">' in saved.text
    assert "src=" not in saved.text
    assert "url(" not in saved.text


def test_json_is_the_object_of_the_command_line():
    saved = json.loads(export_answer(told(two_sentence_answer()).exchanges[0], "json", "en").text)
    assert saved["claims"][0]["citations"][0]["quote"] == "Three people died on Sunday."
    assert saved["question"] == "How many died?"


def a_conversation() -> Conversation:
    """Two answers that share a quotation, a question that was stopped, and one without evidence."""
    hit = a_hit(a_report("Three people died on Sunday. The mayor denied it."), TWO)
    three, denial = a_citation(hit, 0), a_citation(hit, 1)
    answers = (
        an_answer((hit,), (Claim(text="Three died.", citations=(three,), verdict="supported", sources=2),)),
        None,
        an_answer(
            (hit,),
            (
                Claim(text="The mayor denies it.", citations=(denial,), verdict="supported"),
                Claim(
                    text="Three died, he denies.",
                    citations=(denial, three.model_copy(update={"number": 2})),
                    verdict="supported",
                ),
            ),
            a_query(asked="Who denies it?"),
        ),
        an_answer((), (), a_query(asked="Who # paid?")),
    )
    return Conversation(tuple(Exchange(at, "asked", answer, 0.2) for at, answer in enumerate(answers, start=1)))


def test_a_saved_conversation_has_each_quotation_once_and_every_answer():
    saved = export_conversation(a_conversation(), "md", "en")
    assert saved.name == "briefing-2031-03-20.md"
    assert saved.text == (
        "# Briefing\n\nThe index holds 2 reports published from 2031-03-01 to 2031-03-20.\n\n"
        "## How many died?\n\nas of 2031-03-20\n\n- Three died. [^1] (2 outlets)\n\n"
        "## Who denies it?\n\nas of 2031-03-20\n\n- The mayor denies it. [^2]\n- Three died, he denies. [^1][^2]\n\n"
        "## Who \\# paid?\n\nas of 2031-03-20\n\nThe reports do not say.\n\n"
        "[^1]: Radio Gao, 2031-03-10, Clash at Gao (r1 0–28): “Three people died on Sunday.”\n"
        "[^2]: Radio Gao, 2031-03-10, Clash at Gao (r1 29–49): “The mayor denied it.”\n"
    )


def test_a_saved_conversation_in_html_and_json_holds_the_same():
    page = export_conversation(a_conversation(), "html", "ar").text
    assert page.count("<h2") == 4  # three answers and the quotations
    assert page.count("<blockquote") == 2
    assert '<html lang="ar" dir="rtl">' in page
    assert "src=" not in page
    answers = json.loads(export_conversation(a_conversation(), "json", "en").text)["answers"]
    assert [answer["status"] for answer in answers] == ["answered", "answered", "no_evidence"]


@pytest.mark.parametrize(
    "line",
    ["- so", "+ so", "1. so", "12) so", "# so", "> so", "    so", "~~~", "===", "| so |", "![so](http://a.example)"],
)
def test_no_text_begins_a_list_a_heading_or_a_picture_in_markdown(line: str):
    markdown = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed").MarkdownIt()
    answer = an_answer((), ()).model_copy(update={"text": line})
    read = markdown.parse(export_answer(told(answer).exchanges[0], "md", "en").text)
    assert [each.tag for each in read if each.type.endswith("_open")] == ["h1", "p", "p"]
    spoken = read[-2].children
    assert {each.type for each in spoken} <= {"text", "text_special"}
    assert "".join(each.content for each in spoken) == line.strip()


def test_an_opinion_is_kept_as_one_line_beside_the_index(tmp_path: Path):
    exchange = told(two_sentence_answer()).exchanges[0]
    keep_opinion(tmp_path, exchange, is_useful=False, reason=" misses\nthe denial ")
    keep_opinion(tmp_path, exchange, is_useful=True, reason="")
    lines = (tmp_path / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["useful"] for line in lines] == [False, True]
    assert json.loads(lines[0])["reason"] == "misses\nthe denial"
    assert json.loads(lines[0])["answer"]["question"] == "How many died?"


# Refused reports


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("a.txt", b"No day is told here.", "undated"),
        ("a.txt", b"", "holds no text"),
        ("a.html", b"<html><p></p></html>", "holds no text"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "unknown format"),
        ("a.xyz", b"\x00\x01\x02 no format", "unknown format"),
        ("a.md", b"---\npublished: 2999-01-01\n---\nIt rained.", "in the future"),
        ("a.txt", b"It rained. " * 200_000, "too large"),
    ],
)
def test_the_commonest_refusals_are_told_in_the_pages_language(name: str, data: bytes, key: str, tmp_path: Path):
    (tmp_path / name).write_bytes(data)
    (refused,) = read_reports([tmp_path / name])
    assert isinstance(refused, Rejection)
    assert refusal(refused.reason, "ar") == word(key, "ar")
    assert refusal(refused.reason, "en") == refused.reason


def test_a_pasted_text_without_a_day_is_sent_to_its_field():
    with pytest.raises(BriefingError) as refused:
        report_from_text("It rained.", name="pasted text", declared={}, dated_by_name=False)
    assert refusal(str(refused.value), "en") == "No date: fill in “Published”."
    assert refusal("the disk is full", "fr") == "the disk is full"


# The server


def test_only_scripts_of_the_page_itself_may_run():
    # printf 'go()' | openssl dgst -sha256 -binary | base64
    digest = "5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw="
    allowed = policy(b'<script>go()</script><script src="a.js"></script>')
    assert f"script-src 'self' 'unsafe-eval' 'sha256-{digest}';" in allowed
    assert "default-src 'self'" in allowed
    assert "unsafe-inline" not in allowed.split("script-src")[1].split(";")[0]


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {"host": "evil.example:7860"}, 421),
        ("POST", {"host": "127.0.0.1:7860", "sec-fetch-site": "cross-site"}, 403),
        ("POST", {"host": "127.0.0.1:7860", "sec-fetch-site": "same-site"}, 403),
        ("POST", {"host": "127.0.0.1:7860", "sec-fetch-site": "same-origin"}, 200),
        ("GET", {"host": "127.0.0.1:7860", "sec-fetch-site": "cross-site"}, 200),
        ("POST", {"host": "localhost:7860"}, 200),
    ],
)
def test_a_foreign_name_that_points_here_and_what_other_sites_send_are_refused(
    method: str, headers: dict[str, str], status: int
):
    sent: list[Any] = []

    async def page(scope: object, receive: object, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: object) -> None:
        sent.append(message)

    async def receive() -> dict[str, object]:
        return {}

    guarded = SafeHeaders(page, frozenset({"127.0.0.1", "localhost"}))
    given = [(name.encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(guarded({"type": "http", "method": method, "headers": given}, receive, send))
    assert sent[0]["status"] == status


def test_ten_wrong_logins_close_the_door_for_a_while():
    is_welcome = gate("ana", "s3cret")
    assert is_welcome("ana", "s3cret")
    assert not is_welcome("bob", "s3cret")
    for _ in range(9):
        assert not is_welcome("ana", "wrong")
    assert not is_welcome("ana", "s3cret")


def test_this_machine_is_told_from_others():
    assert all(map(is_loopback, ("127.0.0.1", "localhost", "::1", "127.8.9.1")))
    assert not any(map(is_loopback, ("0.0.0.0", "192.168.1.4", "example.org", "::")))


def test_the_page_is_not_opened_to_others_without_a_login():
    ui = pytest.importorskip("assistant.ui")
    with pytest.raises(BriefingError, match=r"host '0\.0\.0\.0' is open to others: set BRIEFING_LOGIN=NAME:PASSWORD"):
        ui.serve(None, None, None, host="0.0.0.0")


def test_words_of_the_page_fill_in_their_values():
    assert word("many outlets", "fr", count=3) == "3 sources"
    assert word("many outlets", "de", count=3) == "3 outlets"
