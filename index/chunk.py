"""Sentences to passages: which neighbours are found and read together. Knows nothing of embeddings or storage."""

from collections.abc import Sequence

from index.sentences import is_question
from index.types import Passage, Report, Sentence

MAX_SENTENCES = 3
MAX_CHARS = 900


def chunk(report: Report, sentences: Sequence[Sentence]) -> list[Passage]:
    """Passages that together hold every sentence once, in order; none ends with a question that another follows.

    No overlap: with overlap, the same sentence gets two passage ids and its citation becomes ambiguous.
    """

    def asks(sentence: Sentence) -> bool:
        return is_question(report.body[sentence.start : sentence.end])

    groups: list[list[Sentence]] = []
    for sentence in sentences:
        group = groups[-1] if groups else []
        if not group or len(group) == MAX_SENTENCES or sentence.end - group[0].start > MAX_CHARS:
            # A question goes with what follows it.
            groups.append([group.pop(), sentence] if len(group) > 1 and asks(group[-1]) else [sentence])
        else:
            group.append(sentence)
    return [_passage(report, ordinal, group) for ordinal, group in enumerate(groups)]


def _passage(report: Report, ordinal: int, group: list[Sentence]) -> Passage:
    start, end = group[0].start, group[-1].end
    return Passage(
        id=f"{report.id}#{ordinal}",
        report_id=report.id,
        ordinal=ordinal,
        start=start,
        end=end,
        text=report.body[start:end],
        sentences=tuple(group),
    )
