"""The values of an answer, from the question understood to the sentence cited.

Three invariants are checked here, where values are made: a quote is a slice of its report, a claim that is shown has
evidence, and an answer cites only the passages it was given.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from index.types import Area, Coverage, Passage, Report, TimeSpan, Value


class Turn(Value):
    """One earlier question and its answer: used to understand the next question, never as evidence."""

    question: str
    answer: str


class Query(Value):
    """A question, understood."""

    asked: str
    """As typed."""
    asking: str = ""
    """The question that says what is asked: `asked`, or, for "And in Hama?", that of the turn before."""
    text: str
    """Made to stand alone: what a follow-up leaves out is filled in from the turn before."""
    topic: str
    """`text` without the words that set time and place, which are matched as such."""
    language: str
    """Of the question, and so of the answer: ISO 639-1."""
    as_of: date
    """"Today" for the question. Reports published later are invisible."""
    window: TimeSpan | None = None
    area: Area | None = None
    wants: Literal["facts", "who", "when", "where", "number", "source", "overview"] = "facts"
    """The kind of answer asked for."""
    notes: tuple[str, ...] = ()
    """What the reader should know of how the question was understood."""


class Hit(Value):
    """A passage found, with its report and the reasons."""

    passage: Passage
    report: Report
    sentences: tuple[int, ...]
    """Ordinals of the sentences that match best, best first."""
    sentence_scores: tuple[float, ...] = ()
    """Cosine of each sentence of the passage to the question, in order, [-1, 1]."""
    score: float
    """Higher is better; comparable within one question only."""
    lexical_score: float = 0.0
    vector_score: float = 0.0
    in_window: bool = True
    in_area: bool = True
    why: str = ""


class Citation(Value):
    """An exact slice of a report."""

    number: Annotated[int, Field(ge=1)]
    """As shown: [1]."""
    report_id: str
    passage_id: str
    start: int
    end: int
    quote: str
    source: str = ""
    published: date
    language: str = "und"
    title: str = ""


class Claim(Value):
    """One statement of an answer, with its verdict."""

    text: str
    citations: tuple[Citation, ...] = ()
    verdict: Literal["quoted", "supported", "unsupported", "contradicted"]
    reason: str = ""
    """Why the verdict, in a few words."""
    attributed_to: str | None = None
    """Who says so, as the report names them."""
    sources: Annotated[int, Field(ge=0)] = 1
    """Independent outlets that say it; copies count once."""

    @model_validator(mode="after")
    def _shown_claims_have_evidence(self) -> Self:
        if self.verdict in ("quoted", "supported") and not self.citations:
            raise ValueError(f"a claim that is {self.verdict} needs a citation: {self.text!r}")
        return self


class Answer(Value):
    """What the reader gets."""

    query: Query
    status: Literal["answered", "partial", "no_evidence"]
    text: str
    """Plain text with [n] markers, in the language of the question; quotes stay in theirs."""
    claims: tuple[Claim, ...] = ()
    """Shown claims first; those that were dropped follow, with their verdict and reason."""
    hits: tuple[Hit, ...] = ()
    coverage: Coverage
    notes: tuple[str, ...] = ()
    model: str = "none"
    """Who worded it: "none" for the extractive composer."""

    @model_validator(mode="after")
    def _cites_what_it_was_given(self) -> Self:
        given = {hit.passage.id: hit for hit in self.hits}
        for claim in self.claims:
            for citation in claim.citations:
                hit = given.get(citation.passage_id)
                if hit is None:
                    raise ValueError(f"citation [{citation.number}] names a passage the answer was not given")
                if hit.report.body[citation.start : citation.end] != citation.quote:
                    raise ValueError(f"citation [{citation.number}] is not a slice of report {citation.report_id!r}")
        return self


class Interpreted(Value):
    """Event: the question is understood."""

    query: Query


class Retrieved(Value):
    """Event: the evidence is there, before any prose."""

    query: Query
    hits: tuple[Hit, ...]


class Token(Value):
    """Event: a piece of the model's draft, not yet checked."""

    text: str


class Settled(Value):
    """Event: the statements of the draft that are finished, checked, while the model writes on."""

    claims: tuple[Claim, ...]
    """Those to show; what comes next only adds to them."""


class Finished(Value):
    """Event: the checked answer; the last."""

    answer: Answer


Event = Interpreted | Retrieved | Token | Settled | Finished
