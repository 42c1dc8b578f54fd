"""How long a model may take, and the clock that holds it to that.

Four limits, because they fail for different reasons: a server that is not there, one still reading the prompt, one that
hangs in the middle, and one that is only slow. Enforced here, not by socket timeouts: those start again with every
byte, so a server that sends one byte a second would never be too slow.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Literal, NamedTuple

from assistant.errors import ModelTooSlow
from index.errors import BadSetting

DeadlineName = Literal["connect", "first_token", "gap", "total"]


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds, each > 0 and finite."""

    connect_s: float = 2.0
    """Until the server accepts the connection."""
    first_token_s: float = 20.0
    """From the call to the first piece of the reply: loading the model and reading the prompt included."""
    gap_s: float = 10.0
    """Between two pieces."""
    total_s: float = 60.0
    """From the call to the end of the reply."""

    def __post_init__(self) -> None:
        for field in fields(self):
            seconds = getattr(self, field.name)
            if not (math.isfinite(seconds) and seconds > 0):
                raise BadSetting(f"deadline {field.name} is {seconds!r}, expected a number of seconds above 0")


class Limit(NamedTuple):
    """The deadline that comes next."""

    name: DeadlineName
    seconds_left: float
    """May be negative: then it has passed."""


class Clock:
    """Runs from its making; told of each piece, it knows which deadline comes next."""

    def __init__(self, deadlines: Deadlines, model: str, now: Callable[[], float] = time.monotonic) -> None:
        self._deadlines = deadlines
        self._model = model
        self._now = now
        self._began = now()
        self._last_sign = self._began
        self._has_begun_to_answer = False

    def saw_piece(self) -> None:
        """A piece of the reply came."""
        self._has_begun_to_answer = True
        self._last_sign = self._now()

    def next_limit(self) -> Limit:
        """Whichever of total and gap (or first token, before the first piece) comes first."""
        now = self._now()
        total = Limit("total", self._began + self._deadlines.total_s - now)
        if self._has_begun_to_answer:
            nearer = Limit("gap", self._last_sign + self._deadlines.gap_s - now)
        else:
            nearer = Limit("first_token", self._began + self._deadlines.first_token_s - now)
        return min(total, nearer, key=lambda limit: limit.seconds_left)

    def too_slow(self, name: DeadlineName) -> ModelTooSlow:
        """The error for that deadline, saying which setting to raise."""
        happened = {
            "connect": "the server did not accept the connection",
            "first_token": "no first word",
            "gap": "nothing more came",
            "total": "the reply was not finished",
        }[name]
        seconds = getattr(self._deadlines, f"{name}_s")
        return ModelTooSlow(
            f"{self._model}: {happened} within {seconds:g} s ({name}_s). "
            "Raise that deadline, ask for less, or choose a smaller model."
        )
