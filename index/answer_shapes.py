"""What the llama-index edge needs of a found passage and of an answer.

The assistant's values have these shapes; the index, which the assistant builds on, does not import them.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, Protocol

from index.types import Passage, Report


class Scored(NamedTuple):
    """A passage with its report; higher scores are better, within one question."""

    passage: Passage
    report: Report
    score: float


class FoundPassage(Protocol):
    """What a `retrieve` function gives: `Scored`, or a hit of the assistant."""

    @property
    def passage(self) -> Passage: ...
    @property
    def report(self) -> Report: ...
    @property
    def score(self) -> float: ...


class CitationLike(Protocol):
    """An exact slice of a report."""

    @property
    def number(self) -> int: ...
    @property
    def report_id(self) -> str: ...
    @property
    def passage_id(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def quote(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def published(self) -> date: ...


class ClaimLike(Protocol):
    """One statement of an answer."""

    @property
    def citations(self) -> Sequence[CitationLike]: ...


class AnswerLike(Protocol):
    """What an `ask` function gives: an answer of the assistant."""

    @property
    def status(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def claims(self) -> Sequence[ClaimLike]: ...
    @property
    def hits(self) -> Sequence[FoundPassage]: ...
    @property
    def notes(self) -> Sequence[str]: ...
    @property
    def model(self) -> str: ...
