"""Many questions from a JSON Lines file to as many answers in another. Resumable: killed at any point, run it again.

An answer is written as soon as it is there. A run takes over what the output already holds, asks what is missing or
failed, and at its end puts the output into the order of the input.
"""

import json
import os
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import filelock

from assistant.llm import LLM
from assistant.pipeline import ask
from assistant.present import to_json
from assistant.settings import Settings
from assistant.types import Finished, Turn
from index.errors import BriefingError
from index.store import Index


class BadBatch(BriefingError):
    """The input or output of a batch cannot be used: missing, not ours, or in use by another run."""


class Item(NamedTuple):
    """One line of the input, read."""

    line: int
    """From 1."""
    id: str | int
    """As given; "line 7" when the line has none that can be used."""
    question: str = ""
    as_of: date | None = None
    history: tuple[Turn, ...] = ()
    error: str = ""
    """Why it cannot be asked; empty when it can."""


class Tally(NamedTuple):
    """What a run did."""

    statuses: Mapping[str, int]
    """How many of its answers have each status, "error" among them."""
    kept: int
    """Answered by an earlier run."""


class _Stored(NamedTuple):
    """A usable answer in the output file."""

    start: int
    """Byte offset of its line."""
    length: int
    question: str
    as_of: str


Report = Callable[[int], None]
"""Called with the number of questions that are dealt with."""


def run_batch(
    items: Sequence[Item],
    output: Path,
    *,
    index: Index,
    settings: Settings,
    llm: LLM | None = None,
    jobs: int = 1,
    on_progress: Report = lambda _: None,
) -> Tally:
    """Answers `items` into the file `output`, whose answers to the same questions are kept.

    Raises `BadBatch` when the output holds something else than answers, or another run is writing it.
    """
    with _only_run(output):
        stored = _stored_answers(output)
        open_items = [item for item in items if not _is_answered(item, stored)]
        statuses: dict[str, int] = {}
        kept = len(items) - len(open_items)
        with output.open("a", encoding="utf-8", newline="\n") as stream:
            answers = answer_items(open_items, index=index, settings=settings, llm=llm, jobs=jobs)
            with closing(answers):
                for done, (_, answer) in enumerate(answers, start=kept + 1):
                    _write(stream, answer)
                    statuses[answer["status"]] = statuses.get(answer["status"], 0) + 1
                    on_progress(done)
        _put_in_order(output, items)
        return Tally(statuses, kept)


def stream_batch(
    items: Sequence[Item],
    stream: TextIO,
    *,
    index: Index,
    settings: Settings,
    llm: LLM | None = None,
    jobs: int = 1,
    on_progress: Report = lambda _: None,
) -> Tally:
    """Answers `items` into a stream, in their order; nothing is resumed."""
    statuses: dict[str, int] = {}
    waiting: dict[int, dict[str, Any]] = {}
    order = iter([item.line for item in items])
    turn = next(order, None)
    with closing(answer_items(items, index=index, settings=settings, llm=llm, jobs=jobs)) as answers:
        for done, (item, answer) in enumerate(answers, start=1):
            waiting[item.line] = answer
            statuses[answer["status"]] = statuses.get(answer["status"], 0) + 1
            while turn in waiting:
                _write(stream, waiting.pop(turn))
                turn = next(order, None)
            on_progress(done)
    return Tally(statuses, 0)


def read_items(lines: Iterable[bytes]) -> list[Item]:
    """The questions in a JSON Lines file; a line that cannot be used keeps its place, with the reason as its error."""
    items: list[Item] = []
    lines_of: dict[str | int, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        item = _read_item(number, line)
        first = lines_of.setdefault(item.id, number)
        if first != number:
            item = Item(number, f"line {number}", error=f"line {number}: id {item.id!r} is also that of line {first}")
        items.append(item)
    return items


# One question


def answer_items(
    items: Sequence[Item], *, index: Index, settings: Settings, llm: LLM | None, jobs: int
) -> Generator[tuple[Item, dict[str, Any]]]:
    """Each item with its answer as JSON, as they get ready. Closing the generator stops what is under way."""
    stopping = threading.Event()

    def work(item: Item) -> dict[str, Any]:
        return _answer(item, index, settings, llm, stopping)

    if jobs <= 1:
        yield from ((item, work(item)) for item in items)
        return
    pool = ThreadPoolExecutor(jobs, "batch")
    try:
        yield from _as_ready(pool, work, items, ahead=2 * jobs)
    finally:
        stopping.set()
        pool.shutdown(wait=False, cancel_futures=True)


def _as_ready(
    pool: ThreadPoolExecutor, work: Callable[[Item], dict[str, Any]], items: Sequence[Item], ahead: int
) -> Iterator[tuple[Item, dict[str, Any]]]:
    running: dict[Future[dict[str, Any]], Item] = {}
    left = iter(items)
    while True:
        while len(running) < ahead and (item := next(left, None)) is not None:
            running[pool.submit(work, item)] = item
        if not running:
            return
        ready, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in ready:
            yield running.pop(future), future.result()


def _answer(item: Item, index: Index, settings: Settings, llm: LLM | None, stopping: threading.Event) -> dict[str, Any]:
    """The object that is written for an item; one that fails says why, and the others go on."""
    if item.error:
        return _failed(item, item.error)
    began = time.perf_counter()
    events = ask(item.question, index=index, settings=settings, llm=llm, history=item.history, as_of=item.as_of)
    try:
        for event in events:
            if stopping.is_set():
                events.close()  # pyright: ignore[reportAttributeAccessIssue] -- `ask` is a generator
                return _failed(item, "interrupted")
            if isinstance(event, Finished):
                return {"id": item.id, **to_json(event.answer, seconds=time.perf_counter() - began)}
    except BriefingError as error:
        return _failed(item, " ".join(str(error).split()))
    except Exception as error:  # a fault of ours in one question must not cost the answers to the others
        return _failed(item, f"{type(error).__name__}: {' '.join(str(error).split())}; please report this")
    raise AssertionError("ask() always ends with Finished")


def _failed(item: Item, error: str) -> dict[str, Any]:
    return {"id": item.id, "question": item.question, "status": "error", "error": error}


# The input


def _read_item(number: int, line: bytes) -> Item:
    try:
        given: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _unusable(number, None, f"not JSON ({error}); expected {{'id': …, 'question': …}}")
    if not isinstance(given, dict):
        return _unusable(number, None, f"a {type(given).__name__}; expected an object with 'id' and 'question'")
    item_id = given.get("id")
    if not isinstance(item_id, str | int) or isinstance(item_id, bool) or item_id == "":
        return _unusable(number, None, f"'id' is {item_id!r}; expected a name of its own")
    if not _is_text(str(item_id)):
        return _unusable(number, None, "its 'id' holds half a character (a lone surrogate); expected Unicode text")
    question = given.get("question")
    if not isinstance(question, str) or not question.strip():
        return _unusable(number, item_id, f"'question' is {question!r}; expected a question")
    if not _is_text(f"{item_id}{question}"):
        return _unusable(number, None, "it holds half a character (a lone surrogate); expected Unicode text")
    try:
        as_of = date.fromisoformat(given["as_of"]) if given.get("as_of") is not None else None
    except (ValueError, TypeError):
        return _unusable(number, item_id, f"'as_of' is {given['as_of']!r}; expected a day as YYYY-MM-DD")
    try:
        turns = [Turn(question=turn["question"], answer=turn["answer"]) for turn in given.get("history") or ()]
    except (ValueError, TypeError, KeyError):
        return _unusable(number, item_id, "'history' is not a list of {'question': …, 'answer': …}")
    return Item(number, item_id, question, as_of, tuple(turns))


def _is_text(text: str) -> bool:
    """Whether it can be written as UTF-8; JSON can spell strings that cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unusable(number: int, item_id: str | int | None, found: str) -> Item:
    return Item(number, item_id if item_id is not None else f"line {number}", error=f"line {number}: {found}")


# The output


def _write(stream: TextIO, answer: Mapping[str, Any]) -> None:
    stream.write(json.dumps(answer, ensure_ascii=False) + "\n")
    stream.flush()


@contextmanager
def _only_run(output: Path) -> Generator[None]:
    lock_path = output.with_name(f"{output.name}.lock")
    lock = filelock.FileLock(lock_path, timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise BadBatch(f"another run is writing {output}; wait for it, or give another output") from None
    except OSError as error:
        raise BadBatch(f"{output} cannot be written ({error.strerror}); give another output") from error
    try:
        yield
    finally:
        lock.release()
        with suppress(OSError):
            lock_path.unlink(missing_ok=True)


def _stored_answers(output: Path) -> dict[str | int, _Stored]:
    """The usable answers in the output, by id. What a killed run wrote half is cut off the file."""
    if not output.exists():
        return {}
    stored: dict[str | int, _Stored] = {}
    start = 0
    with output.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            is_torn = not line.endswith(b"\n")
            # Only what begins as our lines do is cut off: any other file given by mistake stays as it is.
            if is_torn and not (line.startswith(b'{"id": ') or b'{"id": '.startswith(line)):
                raise _not_ours(output, number)
            if not is_torn and line.strip():
                answer = _parsed(line, output, number)
                stored.pop(answer["id"], None)
                if answer["status"] != "error":
                    as_of = answer["query"]["as_of"]
                    stored[answer["id"]] = _Stored(start, len(line), answer["question"], as_of)
            if not is_torn:
                start += len(line)
    os.truncate(output, start)
    return stored


def _parsed(line: bytes, output: Path, number: int) -> dict[str, Any]:
    try:
        answer = json.loads(line)
        _ = hash(answer["id"]), answer["status"]
        if answer["status"] != "error":
            _ = answer["question"], answer["query"]["as_of"]
    except (ValueError, TypeError, KeyError):
        raise _not_ours(output, number) from None
    return answer


def _not_ours(output: Path, number: int) -> BadBatch:
    return BadBatch(f"{output}, line {number}, is not an answer of an earlier batch; give another output file")


def _is_answered(item: Item, stored: Mapping[str | int, _Stored]) -> bool:
    """Whether the output answers this question, and not an earlier wording of it under the same id."""
    known = stored.get(item.id)
    if known is None or item.error:
        return False
    is_same_day = item.as_of is None or known.as_of == item.as_of.isoformat()
    return known.question == item.question.strip() and is_same_day


def _put_in_order(output: Path, items: Sequence[Item]) -> None:
    """The answers in the order of the input, one for each id; those to other questions follow. Atomic."""
    last: dict[str | int, tuple[int, int]] = {}
    start = 0
    with output.open("rb") as lines:
        for line in lines:
            if line.strip():
                last[json.loads(line)["id"]] = (start, len(line))
            start += len(line)
    asked = [item.id for item in items if item.id in last]
    wanted = [last[item_id] for item_id in dict.fromkeys([*asked, *last])]
    lengths = [length for _, length in wanted]
    if [at for at, _ in wanted] == _running_sum(lengths) and sum(lengths) == start:
        return
    fresh = output.with_name(f"{output.name}.part")
    with output.open("rb") as old, fresh.open("wb") as new:
        for at, length in wanted:
            old.seek(at)
            new.write(old.read(length))
        new.flush()
        os.fsync(new.fileno())
    fresh.replace(output)


def _running_sum(lengths: Sequence[int]) -> list[int]:
    """Where each would start if they stood one behind the other."""
    starts: list[int] = []
    total = 0
    for length in lengths:
        starts.append(total)
        total += length
    return starts
