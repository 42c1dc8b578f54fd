"""What one visitor's conversation holds, as values: kept in that visitor's session and nowhere else."""

from typing import NamedTuple

from assistant.page.query import Chips
from assistant.types import Answer, Turn

KEPT_TURNS = 30
"""Older ones leave the page, so that a long day's session stays light."""


class Exchange(NamedTuple):
    """A question and what came of it."""

    number: int
    """From 1 within the conversation; part of the ids on the page."""
    question: str
    answer: Answer | None
    """None when it was stopped or failed."""
    seconds: float
    problem: str = ""
    """Why there is no answer, for the reader."""


class Conversation(NamedTuple):
    """The exchanges of one visitor, oldest first."""

    exchanges: tuple[Exchange, ...] = ()
    scope: Chips = Chips()
    """What the scope fields were last filled with: a field that differs was edited by the reader."""

    def with_exchange(self, exchange: Exchange) -> "Conversation":
        return self._replace(exchanges=(*self.exchanges, exchange)[-KEPT_TURNS:])

    @property
    def next_number(self) -> int:
        return self.exchanges[-1].number + 1 if self.exchanges else 1

    @property
    def last_answered(self) -> Exchange | None:
        return next((each for each in reversed(self.exchanges) if each.answer is not None), None)

    def answered(self, number: int | None) -> Exchange | None:
        """The exchange of that number; the last with an answer when that one has none."""
        asked = next((each for each in self.exchanges if each.number == number and each.answer is not None), None)
        return asked or self.last_answered

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The history as the pipeline takes it."""
        return tuple(
            Turn(question=each.question, answer=each.answer.text) for each in self.exchanges if each.answer is not None
        )
