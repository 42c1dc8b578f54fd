"""The page in a real browser: from uploaded reports to a question, to the sentence behind [1], to a saved answer."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from page_visits import (
    ASKED,
    DATA,
    IN_BROWSER,
    QUOTE,
    Visit,
    build_index,
    demo_reports,
    opened_browser,
    playwright,
    served,
    wait_until,
)

from index.prepare import Tools
from index.types import Report

pytestmark = IN_BROWSER


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with opened_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def demo_page(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Iterator[tuple[str, Path]]:
    """The address of a page over three stories of the demo reports, and the index's folder."""
    folder = build_index(tmp_path_factory.mktemp("demo") / "index", tools, demo_reports("flood", "convoy", "bridge"))
    with served(folder, tools) as address:
        yield address, folder


# When the real dispatch is at hand it is uploaded; else this one, which says the same of the same village.
DISPATCH = "dispatch_2017-10-22.fr.txt"
STAND_IN = (
    "Ce dimanche 22 octobre, les forces régulières ont repris le village de Khasham, dans la banlieue nord-est de "
    "Deir ez-Zor. Le déminage du village a commencé."
)
ROAD = "DAMASCUS, 20 October 2017 (Wire) - The road from Homs to Palmyra was closed to lorries on Friday."
WELL = "حلب، 21 تشرين الأول 2017 - أعيد السبت افتتاح محطة المياه في حلب بعد إصلاح المضخات."


def test_the_whole_path_from_three_uploaded_reports_to_a_saved_answer(browser: Any, tmp_path: Path, tools: Tools):
    real = DATA / DISPATCH
    dispatch = real.read_text(encoding="utf-8") if real.exists() else STAND_IN
    first = dispatch[: dispatch.index(".") + 1]
    files = {DISPATCH: dispatch, "road.en.txt": ROAD, "water.ar.txt": WELL}
    paths = [tmp_path / name for name in files]
    for path in paths:
        path.write_text(files[path.name], encoding="utf-8")
    with served(build_index(tmp_path / "index", tools, []), tools) as address, Visit(browser, address) as visit:
        page = visit.page
        playwright.expect(page.locator("#coverage")).to_contain_text("No report yet")
        page.get_by_role("tab", name="Reports").click()
        page.click("#add-files > button")
        page.set_input_files("#upload input[type=file]", paths)
        playwright.expect(page.locator("#upload .file-preview tr")).to_have_count(3)
        page.click("#button-add")
        playwright.expect(page.locator("#added .done")).to_contain_text("3 added or revised")
        playwright.expect(page.locator("#coverage")).to_contain_text("3 reports · 2017-10-20 to 2017-10-22")
        page.get_by_role("tab", name="Questions").click()
        visit.ask("Which towns were retaken near Deir ez-Zor this week?")
        page.locator("#talk a.cite", has_text="[1]").click()
        target = page.locator("#sources mark.is-target")
        playwright.expect(target).to_be_in_viewport()
        assert target.text_content() == first
        assert (page.input_value("#since input"), page.input_value("#until input")) == ("2017-10-16", "2017-10-22")
        page.fill("#since input", "2017-10-22")
        page.locator("#since input").press("Enter")
        visit.settle(2)
        assert "22 October 2017" in page.locator("#talk .turn .scope").last.text_content()
        with page.expect_download() as saved:
            page.click("#save-conversation-json")
        answers = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))["answers"]
        assert [answer["claims"][0]["citations"][0]["quote"] for answer in answers] == [first] * len(answers)
        page.locator("#sources .is-cited [data-report]").first.click()
        playwright.expect(page.locator("#whole mark").first).to_have_text(first)
        visit.assert_quiet()


def test_a_click_on_a_mark_shows_the_exact_sentence(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as visit:
        visit.ask(ASKED)
        mark = visit.page.locator("#talk a.cite").first
        mark.hover()
        playwright.expect(visit.page.get_by_role("tooltip")).to_contain_text(QUOTE)
        mark.click()
        target = visit.page.locator("#sources mark.is-target")
        playwright.expect(target).to_have_count(1)
        playwright.expect(target).to_be_in_viewport()
        assert target.text_content() == QUOTE
        assert visit.page.evaluate("document.activeElement.tagName") == "MARK"
        visit.assert_quiet()


def test_a_mark_works_from_the_keyboard(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as visit:
        visit.page.locator("body").press("/")
        visit.page.keyboard.type(ASKED)
        visit.page.keyboard.press("Enter")
        visit.settle(1)
        visit.page.locator("#talk a.cite").first.focus()
        visit.page.keyboard.press("Enter")
        playwright.expect(visit.page.locator("#sources mark.is-target")).to_have_text(QUOTE)


def test_the_focus_is_kept_and_what_came_of_a_question_is_said(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as visit:
        page, question = visit.page, visit.page.locator("#question textarea")
        playwright.expect(page.locator("#button-stop")).to_be_disabled()
        question.fill(ASKED)
        page.locator("#button-ask").focus()
        page.keyboard.press("Enter")
        visit.settle(1)
        playwright.expect(question).to_be_focused()
        playwright.expect(page.locator("#progress")).to_have_text("Answered")


def test_a_statement_leads_to_its_quote_even_when_other_sources_are_shown(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as visit:
        visit.ask(ASKED)
        visit.ask("How many aid trucks reached Djibo?")
        assert QUOTE not in visit.page.locator("#sources").text_content()
        visit.page.locator("#talk .turn .statement").first.click()
        playwright.expect(visit.page.locator("#sources mark.is-target")).to_have_text(QUOTE)
        playwright.expect(visit.page.locator("#sources .about")).to_have_text(ASKED)
        visit.assert_quiet()


def test_an_empty_page_offers_questions_that_can_be_asked(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as visit:
        playwright.expect(visit.page.locator("#afterwards")).to_be_hidden()
        example = visit.page.locator("#talk .example").first
        question = example.text_content()
        example.click()
        visit.settle(1)
        assert visit.page.locator("#talk .asked").text_content() == question
        visit.page.click("#button-clear")
        playwright.expect(visit.page.locator("#talk .example").first).to_have_text(question)


def test_a_scope_set_before_the_question_bounds_it(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as visit:
        visit.page.fill("#question textarea", "How many people died in Al-Mayadin?")
        visit.page.fill("#until input", "2031-03-05")
        visit.page.locator("#until input").press("Enter")
        visit.settle(1)
        asked = visit.page.locator("#talk .asked").text_content()
        assert asked == "How many people died until 2031-03-05 in Al-Mayadin?"
        visit.ask("How many aid trucks reached Djibo?")
        assert visit.page.locator("#talk .asked").last.text_content() == "How many aid trucks reached Djibo?"


def test_an_edited_scope_is_asked_again_and_shown(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as visit:
        visit.ask(ASKED)
        assert visit.page.input_value("#places input") == "Al-Mayadin"
        visit.page.fill("#since input", "2031-03-01")
        visit.page.fill("#until input", "2031-03-31")
        visit.page.click("#button-ask-again")
        visit.settle(2)
        asked = visit.page.locator("#conversation .turn .asked").last
        assert asked.text_content().endswith("from 2031-03-01 to 2031-03-31 in Al-Mayadin?")
        assert "March 2031" in visit.page.locator("#conversation .turn .scope").last.text_content()
        visit.page.fill("#since input", "soon")
        visit.page.click("#button-ask-again")
        playwright.expect(visit.page.locator("#message")).to_contain_text("“soon” is not a day")


def test_dots_and_bars_filter_the_sources(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as visit:
        visit.ask(ASKED)
        visit.page.click("#sources details.more > summary")
        cards = visit.page.locator("#sources article.source:visible")
        everything = cards.count()
        dot = visit.page.locator("#sources [data-place]").first
        dot.focus()
        visit.page.keyboard.press("Enter")
        playwright.expect(visit.page.locator("#sources .filter-bar")).to_contain_text(dot.get_attribute("data-name"))
        assert 0 < cards.count() < everything
        visit.page.click("#sources .filter-bar button")
        assert cards.count() == everything


def test_each_dot_and_bar_brings_out_what_it_stands_for(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as visit:
        visit.ask("What happened in Al-Mayadin?")
        marks = visit.page.locator("#sources [data-name]")
        # Some of them stand only for passages that are found but not cited, and folded away at first.
        for at in range(marks.count()):
            marks.nth(at).press("Enter")
            assert visit.page.locator("#sources article.source:visible").count() > 0
        visit.assert_quiet()


def test_another_day_alone_asks_the_same_words_again(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as visit:
        visit.ask("What happened in Al-Mayadin this week?")
        visit.page.fill("#as_of input", "2031-03-06")
        visit.page.click("#button-ask-again")
        visit.settle(2)
        assert visit.page.locator("#talk .asked").last.text_content() == "What happened in Al-Mayadin this week?"
        scope = visit.page.locator("#talk .scope").last.text_content()
        assert scope.startswith("as of 2031-03-06; 3–6 March 2031"), scope
        visit.page.click("#button-ask")
        playwright.expect(visit.page.locator("#message")).to_contain_text("Type a question.")


def test_an_answer_is_saved_in_three_formats_and_judged(browser: Any, demo_page: tuple[str, Path]):
    address, folder = demo_page
    with Visit(browser, address) as visit:
        visit.ask(ASKED)
        for kind in ("md", "html", "json"):
            with visit.page.expect_download() as saved:
                visit.page.click(f"#save-answer-{kind}")
            text = Path(saved.value.path()).read_text(encoding="utf-8")
            assert saved.value.suggested_filename.endswith(f".{kind}")
            assert "confirmed seven deaths by drowning" in text
        visit.page.fill("#reason input", "clear")
        visit.page.click("#button-useful")
        playwright.expect(visit.page.locator("#message")).to_contain_text("Noted")
        kept = json.loads((folder / "feedback.jsonl").read_text(encoding="utf-8").splitlines()[-1])
        assert (kept["useful"], kept["reason"]) == (True, "clear")
        visit.assert_quiet()


def test_reports_are_added_refused_read_and_withdrawn(browser: Any, demo_page: tuple[str, Path], tmp_path: Path):
    good, bad = tmp_path / "note.txt", tmp_path / "bad<img src=x onerror=ran()>.txt"
    good.write_text("GAO, 12 March 2021 (Wire) - The ferry at Bourem sank on Tuesday with forty sacks of rice aboard.")
    bad.write_text("No date at all in this one.")
    with Visit(browser, demo_page[0]) as visit:
        page = visit.page
        page.get_by_role("tab", name="Reports").click()
        page.click("#add-files > button")
        page.set_input_files("#upload input[type=file]", [good, bad])
        page.wait_for_selector("#upload .file-preview")
        page.click("#button-add")
        playwright.expect(page.locator("#added .done")).to_contain_text("1 added or revised")
        playwright.expect(page.locator("#added")).to_contain_text("1 rejected")
        page.get_by_role("tab", name="Questions").click()
        visit.ask("What happened to the ferry at Bourem?")
        page.locator("#sources .is-cited [data-report]").first.click()
        playwright.expect(page.locator("#whole")).to_contain_text("forty sacks of rice")
        page.click("#button-withdraw")
        playwright.expect(page.locator("#whole .badge")).to_have_text("withdrawn")
        page.get_by_role("tab", name="Questions").click()
        playwright.expect(page.locator("#talk .warning")).to_contain_text("has since been marked: withdrawn")
        visit.ask("What happened to the ferry at Bourem?")
        assert "rice" not in page.locator("#conversation .turn").last.text_content()
        visit.assert_quiet()


def test_the_list_narrows_while_words_are_typed(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as visit:
        page = visit.page
        page.get_by_role("tab", name="Reports").click()
        everything = page.locator("#listed .report-row").count()
        page.locator("#filter_words input").press_sequentially("convoy truck")
        playwright.expect(page.locator("#listed .count")).not_to_contain_text(f"{everything} of {everything} reports")
        assert 0 < page.locator("#listed .report-row").count() < everything
        page.locator("#filter_place input").press_sequentially("Mayadin")
        playwright.expect(page.locator("#listed .count")).to_contain_text("0 of ")
        page.fill("#filter_words input", "")
        playwright.expect(page.locator("#listed .report-row")).not_to_have_count(0)
        visit.assert_quiet()


def test_two_visitors_do_not_see_each_other(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0]) as one, Visit(browser, demo_page[0]) as other:
        one.ask(f"{ASKED} CANARY-ONE")
        other.ask(f"{ASKED} CANARY-TWO")
        one.ask("And in Al-Asharah?")
        assert "CANARY-TWO" not in one.page.content()
        assert "CANARY-ONE" not in other.page.content()
        with Visit(browser, demo_page[0]) as third:
            assert "CANARY" not in third.page.content()


def test_the_page_speaks_the_visitors_language(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0], locale="ar") as visit:
        playwright.expect(visit.page.locator("#as_of label span").first).to_have_text("حتى تاريخ")
        assert visit.page.evaluate("document.documentElement.dir") == "rtl"
        playwright.expect(visit.page.locator("#button-ask")).to_have_text("اسأل")
        assert visit.page.evaluate("getComputedStyle(document.querySelector('#talk')).direction") == "rtl"
        visit.page.click("#language input")
        visit.page.get_by_role("option", name="Français").click()
        playwright.expect(visit.page.locator("#button-ask")).to_have_text("Demander")
        assert visit.page.evaluate("document.documentElement.dir") == "ltr"
        assert visit.page.evaluate("document.documentElement.lang") == "fr"


@pytest.mark.parametrize(
    "visitor",
    [{}, {"locale": "ar", "color_scheme": "dark"}, {"locale": "fr", "viewport": {"width": 390, "height": 844}}],
)
def test_nothing_bars_those_who_read_by_keyboard_or_by_ear(
    visitor: dict[str, Any], browser: Any, demo_page: tuple[str, Path]
):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    # The checker is a script that the page's own policy would rightly refuse.
    with Visit(browser, demo_page[0], bypass_csp=True, **visitor) as visit:
        visit.ask(ASKED)
        for tab in visit.page.get_by_role("tab").all():
            tab.click()
            found = axe.Axe().run(visit.page).response["violations"]
            assert [(each["impact"], each["id"]) for each in found if each["impact"] in ("serious", "critical")] == []


def test_a_narrow_screen_is_not_scrolled_sideways(browser: Any, demo_page: tuple[str, Path]):
    with Visit(browser, demo_page[0], viewport={"width": 390, "height": 844}) as visit:
        visit.ask(ASKED)
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
        visit.page.locator("#talk a.cite").first.click()
        playwright.expect(visit.page.locator("#sources mark.is-target")).to_be_in_viewport()


def test_the_draft_is_streamed_as_unchecked_and_stop_ends_it(browser: Any, tmp_path: Path, tools: Tools):
    folder = build_index(
        tmp_path / "index",
        tools,
        [
            Report(
                id="r1",
                body="Twelve aid trucks reached Djibo on Monday.",
                language="en",
                published_at=datetime(2031, 3, 11, tzinfo=UTC),
            )
        ],
    )
    with served(folder, tools, "--slow") as address, Visit(browser, address) as visit:
        page = visit.page
        page.fill("#question textarea", "How many aid trucks reached Djibo?")
        page.click("#button-ask")
        # Evidence first: it stands while the draft is only beginning.
        playwright.expect(page.locator("#sources .best")).to_have_text("Twelve aid trucks reached Djibo on Monday.")
        playwright.expect(page.locator("#running .draft")).to_contain_text("Trucks")
        playwright.expect(page.locator("#running .state")).to_contain_text("being checked")
        for name in ("ask", "ask-again", "clear"):
            playwright.expect(page.locator(f"#button-{name}")).to_be_disabled()
        page.click("#button-stop")
        playwright.expect(page.locator("#talk .problem")).to_have_text("Stopped.")
        wait_until((folder / "llm.log").exists, 10, lambda: "the model goes on after Stop")
        (folder / "llm.log").unlink()
        page.fill("#question textarea", "How many aid trucks reached Djibo?")
        page.click("#button-ask")
        playwright.expect(page.locator("#running .draft")).to_contain_text("Trucks")
        visit.context.close()
        wait_until((folder / "llm.log").exists, 30, lambda: "the model goes on after the tab is closed")
