"""Takes the pictures of the page for the README, over the demo reports: python tests/pictures.py [CACHE]."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from page_visits import Visit, build_index, demo_reports, opened_browser, served

from assistant.settings import load_settings
from index.prepare import Tools

DOCS = Path(__file__).parents[1] / "docs"
FAMILIES = "How many families were moved into schools in Al-Mayadin?"
PHONE = {"width": 390, "height": 844}


def main() -> None:
    cache = Path(sys.argv[1]) if len(sys.argv) > 1 else load_settings().index.cache
    tools = Tools("builtin", cache)
    with TemporaryDirectory() as folder:
        index = build_index(Path(folder) / "index", tools, demo_reports(""))
        with served(index, tools) as address, opened_browser() as browser:
            _answered(browser, address, "page", FAMILIES)
            _answered(browser, address, "page-arabic", "كم عائلة أُجليت إلى المدارس في الميادين؟", locale="ar")
            _answered(browser, address, "page-phone", FAMILIES, viewport=PHONE)
            _report(browser, address, "page-reports")


def _answered(browser: Any, address: str, name: str, question: str, **options: Any) -> None:
    with Visit(browser, address, **options) as visit:
        visit.ask(question)
        if options.get("viewport") == PHONE:  # the sources are further down
            visit.page.evaluate("scrollTo(0, 0)")
        else:
            visit.page.locator("#talk a.cite").first.click()
            visit.page.locator("#sources mark.is-target").wait_for()
        visit.page.wait_for_timeout(1000)
        visit.page.screenshot(path=DOCS / f"{name}.png")


def _report(browser: Any, address: str, name: str) -> None:
    with Visit(browser, address, locale="fr") as visit:
        visit.page.get_by_role("tab", name="Rapports").click()
        visit.page.fill("#filter_place input", "Djibo")
        visit.page.wait_for_timeout(1000)
        visit.page.locator("#listed .report-row").first.click()
        visit.page.locator("#whole h2").wait_for()
        visit.page.wait_for_timeout(1000)
        visit.page.screenshot(path=DOCS / f"{name}.png")


if __name__ == "__main__":
    main()
