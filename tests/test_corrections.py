"""What an outlet corrected or took back is not told any more, unless it is told as such."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from answering_parts import SETTINGS
from conftest import MakeReport

from assistant.pipeline import answer
from assistant.types import Answer
from index.errors import BadReport
from index.prepare import Tools
from index.readers.report import report_from_text
from index.store import Index

SEIZED = "The army entered Raqqa this morning, an officer said. Eighteen gunmen died in Raqqa, the officer added."
RETRACTED = (
    "Annulation : Le Lien retire sa dépêche du 10 mai sur Raqqa. L’armée n’est pas entrée à Raqqa, l’information était "
    "inexacte."
)
CRASH = (
    "A train crashed near Homs on Sunday. Thirty-one passengers survived the crash near Homs. The driver was arrested. "
    "The rails are thirty-one metres above the river."
)
CORRECTED = (
    "Correction: in our report of 11 May we said that thirty-one passengers had survived the crash near Homs; they "
    "were thirty-three. The line is open again."
)
ARRIVALS = "Between 1 and 7 May, 900 people arrived in Salamiyah on foot. Water is short in the town."
RECOUNTED = (
    "Correction: in our update of 9 May we gave 900 arrivals in Salamiyah. A recount shows that 700 people arrived. "
    "The school has opened."
)
BRIDGE = "أغلق جسر الميادين يوم الثلاثاء. وقتل خمسة أشخاص على جسر الميادين."
FIXED = "أعلنت البلدية أن الجسر مفتوح. لم يقتل أحد على جسر الميادين."


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory, tools: Tools, make_report: MakeReport) -> Iterator[Index]:
    fixed = make_report(FIXED, id="fixed", source="صوت الفرات", title="جسر", language="ar", day="2017-05-16")
    with Index.create(tmp_path_factory.mktemp("corrections") / "index", tools) as index:
        list(
            index.add(
                [
                    make_report(SEIZED, id="seized", source="Le Lien", title="Army enters Raqqa", day="2017-05-10"),
                    make_report(RETRACTED, id="retracted", source="Le Lien", language="fr", day="2017-05-12"),
                    make_report(CRASH, id="crash", source="Courier", title="Train crash", day="2017-05-11"),
                    make_report(CORRECTED, id="corrected", source="Courier", day="2017-05-14"),
                    make_report(ARRIVALS, id="arrivals", source="Relief", day="2017-05-09"),
                    make_report(RECOUNTED, id="recounted", source="Relief", day="2017-05-20"),
                    make_report(BRIDGE, id="bridge", source="صوت الفرات", language="ar", day="2017-05-15"),
                    fixed.model_copy(update={"corrects": "bridge"}),
                ]
            )
        )
        yield index


def asked(question: str, index: Index, as_of: date | None = None) -> Answer:
    return answer(question, index=index, settings=SETTINGS, as_of=as_of)


def cited(found: Answer) -> set[str]:
    return {citation.report_id for claim in found.claims for citation in claim.citations}


def test_a_report_taken_back_is_answered_by_the_notice(corrected: Index):
    found = asked("How many gunmen died in Raqqa when the army entered?", corrected)

    assert cited(found) == {"retracted"}
    assert "Eighteen" not in found.text
    assert found.notes == ("Report seized was taken back by its outlet on 2017-05-12 (retracted); it is not used.",)


def test_before_the_notice_was_published_the_report_stands(corrected: Index):
    found = asked("How many gunmen died in Raqqa?", corrected, date(2017, 5, 11))

    assert cited(found) == {"seized"}
    assert found.notes == ()


def test_a_corrected_figure_gives_way_to_the_right_one(corrected: Index):
    found = asked("How many passengers survived the train crash near Homs?", corrected)

    assert "they were thirty-three" in found.text
    assert "“Thirty-one passengers survived" not in found.text
    assert "Report crash was corrected by its outlet on 2017-05-14 (corrected)." in found.notes


def test_a_notice_puts_right_what_was_told_of_the_time_asked_about_though_it_came_later(corrected: Index):
    found = asked("How many people arrived in Salamiyah in the first week of May 2017?", corrected)

    assert "A recount shows that 700 people arrived." in found.text
    assert "Between 1 and 7 May, 900 people arrived" not in found.text


def test_what_was_not_corrected_is_still_told(corrected: Index):
    assert "The driver was arrested." in asked("Who was arrested after the train crash near Homs?", corrected).text


def test_a_figure_that_was_wrong_of_one_thing_stands_for_another(corrected: Index):
    found = asked("How high above the river are the rails?", corrected)

    assert "The rails are thirty-one metres above the river." in found.text


def test_a_report_may_name_the_one_it_corrects(corrected: Index):
    found = asked("كم شخصا قتل على جسر الميادين؟", corrected)

    assert "fixed" in cited(found)
    assert "صحّح مصدر التقرير bridge تقريره يوم 2017-05-16 (fixed)." in found.notes


@pytest.mark.parametrize(
    ("report_id", "notices"),
    [("seized", ["retracted"]), ("crash", ["corrected"]), ("bridge", ["fixed"]), ("fixed", [])],
)
def test_a_notice_is_looked_up_from_the_report_that_it_is_about(corrected: Index, report_id: str, notices: list[str]):
    report = corrected.report(report_id)

    assert report is not None
    assert [notice.id for notice, _ in corrected.notices_about([report])] == notices


def test_of_another_outlet_on_the_same_day_there_is_no_notice(corrected: Index):
    report = corrected.report("seized")

    assert report is not None
    assert corrected.notices_about([report.model_copy(update={"id": "other", "source": "Courier"})]) == []


def test_status_and_corrects_are_read_from_a_file():
    declared = {"published": "2017-05-12", "status": "Withdrawn", "corrects": "seized"}
    report = report_from_text("The bridge is open.", name="a.md", declared=declared)

    assert (report.status, report.corrects) == ("withdrawn", "seized")


def test_an_unknown_status_is_refused_by_name():
    declared = {"published": "2017-05-12", "status": "deleted"}
    with pytest.raises(BadReport, match=r"a\.md: status is 'deleted', expected 'usable', 'corrected' or 'withdrawn'"):
        report_from_text("The bridge is open.", name="a.md", declared=declared, now=datetime(2020, 1, 1, tzinfo=UTC))
