"""A score in [0, 1], or the reason why there is none. Nothing here can be NaN."""

from typing import Annotated

from pydantic import Field

from index.types import Value


class Score(Value):
    """How good, 1 being best, and what cost points."""

    value: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    faults: tuple[str, ...] = ()
    """What was wrong, in a few words each; empty for 1.0."""


class Unscored(Value):
    """The measure does not apply to this case or this reply; never counted as good or bad."""

    reason: str


Outcome = Score | Unscored


def share(right: int, total: int, faults: tuple[str, ...] = ()) -> Score:
    """`right` of `total`, which is more than 0."""
    return Score(value=right / total, faults=faults)


def yes_no(is_right: bool, fault: str) -> Score:
    """1 or 0."""
    return Score(value=1.0) if is_right else Score(value=0.0, faults=(fault,))
