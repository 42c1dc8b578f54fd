"""What an answering system says to a question, in the batch format that the program writes and others can write too.

Parsed once here; measures see only this, so that another system is measured by the same code.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import BriefingError


class BadReply(BriefingError):
    """A system's reply is not the batch format's."""


class _Lenient(BaseModel):
    """Frozen, but open: other systems may add fields of their own."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Cited(_Lenient):
    """One citation, as claimed; whether it is true is for the measures."""

    report_id: str
    start: int
    end: int
    quote: str
    number: int = 0
    source: str = ""
    published: str = ""


class Statement(_Lenient):
    """One claim of an answer."""

    text: str
    verdict: Literal["quoted", "supported", "unsupported", "contradicted"] = "supported"
    """"unsupported" and "contradicted": dropped, and not in the answer's text."""
    citations: tuple[Cited, ...] = ()


class Passing(_Lenient):
    """One hit, best first."""

    report_id: str
    text: str
    passage_id: str = ""
    score: float = 0.0


class Reply(_Lenient):
    """A whole reply."""

    status: Literal["answered", "partial", "no_evidence", "error"]
    text: str = ""
    claims: tuple[Statement, ...] = ()
    hits: tuple[Passing, ...] = ()
    notes: tuple[str, ...] = ()
    model: str = ""
    error: str = ""
    seconds: Annotated[float, Field(ge=0)] = 0.0

    @property
    def is_refusal(self) -> bool:
        return self.status == "no_evidence"

    @property
    def shown(self) -> tuple[Statement, ...]:
        """The statements a reader sees."""
        return tuple(claim for claim in self.claims if claim.verdict in ("quoted", "supported"))

    @property
    def citations(self) -> tuple[Cited, ...]:
        return tuple(cited for claim in self.shown for cited in claim.citations)


def parse_reply(record: Any, name: str) -> Reply:
    """The reply in `record`; raises `BadReply` naming the field and `name` (the case's id)."""
    try:
        return Reply.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "reply"
        raise BadReply(
            f"reply to {name!r}: {where}: {first['msg']}; see the batch format in evals/README.md"
        ) from error
