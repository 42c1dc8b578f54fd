"""A model's calls: metered, recorded, and replayed in seconds on machines that have no model.

A recording is a JSON Lines file: a head with the set, the model and the ids of the questions asked, then one line a
reply, found by the SHA-256 of the messages and the schema that led to it. A changed prompt, or other sentences in it,
has another digest: its question is then unscored with the advice to record again, never answered by a stale reply.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import Field, ValidationError

from assistant.deadlines import Deadlines
from assistant.llm import LLM, Message, Schema, tokens_at_most
from index.errors import BriefingError
from index.types import Value

_PATIENCE_S = 1800.0


class BadRecording(BriefingError):
    """A file of recorded replies cannot be read, or belongs to another set."""


class NotRecorded(BriefingError):
    """The recording holds no reply to these messages."""


class _Head(Value):
    set: str
    model: str
    digest: str = ""
    """SHA-256 of the model's weights."""
    cases: tuple[str, ...] = Field(min_length=1)


class _Exchange(Value):
    messages: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """SHA-256 of what was asked."""
    pieces: tuple[str, ...]
    """The reply, as it came."""


class Recording(NamedTuple):
    """What a model replied to the questions of a set."""

    set: str
    model: str
    digest: str
    cases: tuple[str, ...]
    """Ids of the questions asked, in order."""
    replies: dict[str, tuple[str, ...]]
    """Pieces of each reply, by the digest of its messages."""


def read_recording(path: Path) -> Recording:
    """Raises `BadRecording` naming the file."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadRecording(f"{path}: cannot be read ({error}); make it with --record {path}") from error
    try:
        head = _Head.model_validate_json(lines[0])
        exchanges = [_Exchange.model_validate_json(line) for line in lines[1:] if line]
    except ValidationError as error:
        complaint = error.errors()[0]["msg"]
        raise BadRecording(f"{path}: not a recording ({complaint}); make it again with --record {path}") from error
    replies = {one.messages: one.pieces for one in exchanges}
    return Recording(head.set, head.model, head.digest, head.cases, replies)


def write_recording(recording: Recording, path: Path) -> None:
    """The file, replies sorted by digest: recording the same again changes nothing."""
    head = {"set": recording.set, "model": recording.model, "digest": recording.digest, "cases": recording.cases}
    lines = [{"messages": key, "pieces": pieces} for key, pieces in sorted(recording.replies.items())]
    path.parent.mkdir(parents=True, exist_ok=True)
    # Replaced as a whole, as a run may be killed at any moment of its half hour.
    written = path.with_name(f"{path.name}.part")
    written.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in [head, *lines]), encoding="utf-8")
    written.replace(path)


def digest_of(messages: Sequence[Message], schema: Schema | None) -> str:
    """SHA-256 of all that decides a deterministic model's reply, in hexadecimal."""
    asked = json.dumps([[list(message) for message in messages], schema], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()


class Replayed:
    """A recording in the place of its model. Raises `NotRecorded` for messages it does not hold."""

    def __init__(self, recording: Recording, path: Path) -> None:
        self._recording = recording
        self._path = path

    @property
    def name(self) -> str:
        return self._recording.model

    @property
    def digest(self) -> str:
        return self._recording.digest

    def stream(
        self,
        messages: Sequence[Message],
        *,
        schema: Schema | None,
        max_tokens: int,  # noqa: ARG002 - the reply is there
        deadlines: Deadlines,  # noqa: ARG002
    ) -> Iterator[str]:
        pieces = self._recording.replies.get(digest_of(messages, schema))
        if pieces is None:
            raise NotRecorded(f"the prompt changed since it was recorded; re-record with --record {self._path}")
        yield from pieces

    def close(self) -> None:
        """Nothing is held."""


class Recorded:
    """A model whose whole replies are kept in `replies`; what `known` holds is not asked again.

    It may take its time, as nobody waits for it: a reply that a busy machine cut short would be missing from now on.
    """

    def __init__(self, llm: LLM, known: dict[str, tuple[str, ...]]) -> None:
        self._llm = llm
        self._known = known
        self.replies: dict[str, tuple[str, ...]] = {}
        self.on_reply: Callable[[], None] = lambda: None
        """Called after each, so that an interrupted recording of half an hour is not lost."""

    @property
    def held(self) -> dict[str, tuple[str, ...]]:
        """Also what is known and was not needed yet: what to keep until the end, as it may not come."""
        return self._known | self.replies

    @property
    def name(self) -> str:
        return self._llm.name

    @property
    def digest(self) -> str:
        return self._llm.digest

    def stream(
        self, messages: Sequence[Message], *, schema: Schema | None, max_tokens: int, deadlines: Deadlines
    ) -> Iterator[str]:
        key = digest_of(messages, schema)
        pieces: list[str] = []
        patient = Deadlines(
            connect_s=deadlines.connect_s, first_token_s=_PATIENCE_S, gap_s=_PATIENCE_S, total_s=_PATIENCE_S
        )
        source = self._known.get(key) or self._llm.stream(
            messages, schema=schema, max_tokens=max_tokens, deadlines=patient
        )
        for piece in source:
            pieces.append(piece)
            yield piece
        self.replies[key] = tuple(pieces)
        self.on_reply()

    def close(self) -> None:
        self._llm.close()


class Metered:
    """A model, and the tokens that it reads and writes."""

    def __init__(self, llm: LLM) -> None:
        self._llm = llm
        self.tokens: dict[str, int] = {}
        """"read": at most, by a ceiling of characters a token; "written": pieces, which servers send a token each."""

    @property
    def name(self) -> str:
        return self._llm.name

    @property
    def digest(self) -> str:
        return self._llm.digest

    def stream(
        self, messages: Sequence[Message], *, schema: Schema | None, max_tokens: int, deadlines: Deadlines
    ) -> Iterator[str]:
        self.tokens["read"] = self.tokens.get("read", 0) + tokens_at_most(messages)
        for piece in self._llm.stream(messages, schema=schema, max_tokens=max_tokens, deadlines=deadlines):
            self.tokens["written"] = self.tokens.get("written", 0) + 1
            yield piece

    def close(self) -> None:
        self._llm.close()
