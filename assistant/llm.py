"""What every language model here offers, and the check that its reply obeys the schema.

Knows no particular model: those are in `models.py` (Ollama) and `embedded.py` (llama.cpp in a process of its own).
"""

import json
import math
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any, Literal, NamedTuple, Protocol

from assistant.deadlines import Deadlines
from assistant.errors import ModelReplyInvalid

Schema = dict[str, object]
"""A JSON schema, as `json.loads` would give it."""


_ODDS_OF = "x-odds-of"
LIKELIEST = 20
"""How many of the likeliest first tokens a model is asked for; most servers give no more."""
_UNSEEN = 1e-6


class Odds(NamedTuple):
    """A question to which a model replies with one of two words, asked for how sure it is."""

    one: str
    other: str
    probe: str = ""
    """The probe that tells it better, for a model of which one was learned; see `assistant.probe`."""

    @property
    def schema(self) -> Schema:
        """For `LLM.stream`: in the place of the word comes a number, the natural logarithm of the odds of `one`."""
        return {"type": "number", _ODDS_OF: list(self)}

    def of(self, likeliest: Iterable[tuple[str, float]]) -> float:
        """Log odds from the likeliest first tokens and their log probabilities; 0.0 if neither word is among them."""
        shares = dict.fromkeys((self.one.casefold(), self.other.casefold()), _UNSEEN)
        for token, log_share in likeliest:
            word = token.strip().casefold()
            if word in shares:
                shares[word] += math.exp(log_share)
        return math.log(shares[self.one.casefold()] / shares[self.other.casefold()])


def asked_odds(schema: Schema | None) -> Odds | None:
    """The two words, if `schema` is that of `Odds`."""
    words: Any = (schema or {}).get(_ODDS_OF)
    return Odds(*words) if words else None


class Message(NamedTuple):
    """One turn of the conversation with the model."""

    role: Literal["system", "user", "assistant"]
    content: str


class LLM(Protocol):
    """A model that words replies: deterministic (temperature 0, fixed seed), and stoppable at any moment."""

    @property
    def name(self) -> str:
        """Backend and model, "ollama:qwen2.5:7b"."""
        ...

    @property
    def digest(self) -> str:
        """SHA-256 of the weights or of the server's model, hexadecimal, for the trace; empty when unknown."""
        ...

    def stream(
        self, messages: Sequence[Message], *, schema: Schema | None, max_tokens: int, deadlines: Deadlines
    ) -> Iterator[str]:
        """Pieces of the reply as they come; with a schema, the joined pieces are JSON that obeys it; with the one of
        `Odds`, a number.

        Closing the iterator stops the model. Raises ModelUnavailable, ModelMissing, ModelTooSlow or
        ModelReplyInvalid, possibly after some pieces.
        """
        ...

    def close(self) -> None:
        """Release what it holds; it may not be used afterwards."""
        ...


def checked(pieces: Generator[str], schema: Schema | None, model: str) -> Iterator[str]:
    """The same pieces; after the last, ModelReplyInvalid unless they make up JSON that obeys `schema`.

    Grammars make this nearly certain, but a server too old to know `format=` ignores it without a word.
    """
    reply: list[str] = []
    with closing(pieces):
        for piece in pieces:
            reply.append(piece)
            yield piece
    if schema is not None:
        _obey("".join(reply), schema, model)


def _obey(reply: str, schema: Schema, model: str) -> None:
    from jsonschema.validators import validator_for

    try:
        value: Any = json.loads(reply)
    except ValueError as error:
        raise ModelReplyInvalid(
            f"{model}: the reply is not JSON ({error}); it begins {reply[:40]!r}. "
            "Ask again, or choose another model with --model."
        ) from None
    wrong = validator_for(schema)(schema)
    complaint = next(iter(wrong.iter_errors(value)), None)
    if complaint is not None:
        where = "/".join(str(step) for step in complaint.absolute_path) or "the whole"
        what = " ".join(complaint.message.split())[:120]
        raise ModelReplyInvalid(
            f"{model}: the reply does not obey its schema at {where}: {what}. "
            "Ask again, or choose another model with --model."
        )


def tokens_at_least(messages: Sequence[Message]) -> int:
    """A floor for the tokens of a prompt, without the model's tokenizer: more can be sure not to fit.

    Tokenizers average 3 to 5 characters a token in French and English and fewer in Arabic; none reaches 8 over a page.
    """
    return sum(len(message.content) for message in messages) // 8


def tokens_at_most(messages: Sequence[Message]) -> int:
    """A ceiling in practice: 3 characters a token in Latin script, 1.5 elsewhere, 8 for each turn's marks."""
    text = "".join(message.content for message in messages)
    latin = sum(character < "\u0250" for character in text)
    return latin // 3 + (len(text) - latin) * 2 // 3 + 8 * len(messages)
