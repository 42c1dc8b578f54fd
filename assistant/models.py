"""Which language model words the answers: an Ollama server, the embedded one, or none; and the client of the first.

Nothing is downloaded, and nothing leaves the machine but to the host that the user names. What all models share is in
`llm.py`, the embedded one in `embedded.py`; both are offered from here too.
"""

import json
import os
from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn
from urllib.parse import urlsplit

from assistant.background import Hand, in_background
from assistant.deadlines import Clock, Deadlines
from assistant.embedded import EmbeddedLLM
from assistant.errors import ModelMissing, ModelReplyInvalid, ModelUnavailable
from assistant.llm import LIKELIEST, LLM, Message, Schema, asked_odds, checked, tokens_at_least, tokens_at_most
from assistant.ollama_hosts import OllamaHosts
from assistant.weights import INSTALL, QWEN, Progress, Weights, ensure_weights, missing_packages
from index.errors import BadSetting, BriefingError

if TYPE_CHECKING:
    import httpx
    import ollama

__all__ = ["LLM", "Choice", "Deadlines", "EmbeddedLLM", "Message", "OllamaLLM", "Schema", "choose", "installed_models"]

DEFAULT_HOST = "http://127.0.0.1:11434"
PREFERRED = ("qwen2.5:7b", "gemma3:4b", "qwen2.5:3b", "llama3.1:8b", "mistral:7b", "qwen2.5:1.5b", "llama3.2:3b")
"""Looked for in this order when no model is named: multilingual, and small enough for one desk machine."""

CONTEXT_TOKENS = 8192
PROMPT_MARGIN_TOKENS = 4
KEEP_ALIVE = "10m"
SEED = 1


class Choice(NamedTuple):
    """The model to use, and why."""

    llm: LLM | None
    """None: answers are put together from the reports' own sentences."""
    reason: str
    """One line for the user."""
    tried: tuple[str, ...] = ()
    """What was passed over, and why, one line each."""


def choose(
    wanted: str = "auto",
    *,
    cache: Path,
    host: str | Sequence[str] | None = None,
    ollama_model: str = "",
    num_ctx: int = CONTEXT_TOKENS,
    threads: int | None = None,
    patience_s: float = 0.5,
    weights: Weights = QWEN,
    progress: Progress | None = None,
) -> Choice:
    """The model for `wanted`: "auto", "none", "embedded" or "ollama:NAME".

    "auto" takes an Ollama server (at `host`, else OLLAMA_HOST, else this machine) that answers within `patience_s` and
    has `ollama_model`, or without a name the first of `PREFERRED`; else the embedded model if it is installed; else
    none. Any other wish that cannot be met raises ModelUnavailable, ModelMissing or ModelTooSlow: nobody gets another
    model than the one they asked for. The first use of the embedded model joins its file in `cache` (about 10 s).
    Of several hosts, all that have the same model share the work; `tried` names the others.
    """
    if wanted == "none":
        return Choice(None, "no model, as asked: answers are made of the reports' own sentences")
    if wanted == "embedded":
        llm = _embedded(cache, threads, weights, progress)
        return Choice(llm, f"{llm.name}, as asked")
    if wanted.startswith("ollama:") and wanted != "ollama:":
        patience_s = max(patience_s, Deadlines().connect_s)
        found, passed_over = _on_ollama(wanted.removeprefix("ollama:"), host, num_ctx, patience_s)
        return Choice(found, f"{found.name} at {found.host}, as asked", passed_over)
    if wanted != "auto":
        raise BadSetting(f"model is {wanted!r}, expected auto, none, embedded or ollama:NAME (as in ollama:qwen2.5:7b)")

    tried: list[str] = []
    try:
        found, passed_over = _on_ollama(ollama_model, host, num_ctx, patience_s)
        return Choice(found, f"{found.name}: the Ollama server at {found.host} has it", passed_over)
    except BriefingError as error:
        tried.append(str(error))
    try:
        llm = _embedded(cache, threads, weights, progress)
        return Choice(llm, f"{llm.name}: installed here, and no Ollama model was found", tuple(tried))
    except BriefingError as error:
        tried.append(str(error))
    reason = "no model: neither an Ollama server nor the embedded model was found; answers are the reports' sentences"
    return Choice(None, reason, tuple(tried))


def _embedded(cache: Path, threads: int | None, weights: Weights, progress: Progress | None) -> EmbeddedLLM:
    missing = missing_packages(weights)
    if missing:
        raise ModelUnavailable(f"the embedded model is not installed ({missing[0]} is missing). {INSTALL}")
    path = ensure_weights(cache, weights=weights, progress=progress)
    return EmbeddedLLM(path, digest=weights.sha256, threads=threads)


class _OnOllama(NamedTuple):
    llm: "OllamaLLM | OllamaHosts"
    passed_over: tuple[str, ...]
    """Servers that are not used, and why, one line each."""


def _on_ollama(name: str, host: str | Sequence[str] | None, num_ctx: int, patience_s: float) -> _OnOllama:
    hosts = [host] if host is None or isinstance(host, str) else host or [None]
    addresses = list(dict.fromkeys(_address(each) for each in hosts))
    if name and _is_remote(name):
        raise BadSetting(f"model {name!r} runs on Ollama's servers; only models on your own machines are used")
    installed, failed = _installed_on(addresses, patience_s)
    if not installed:
        raise failed[addresses[0]]
    names = [_full_name(name)] if name else [_full_name(model) for model in PREFERRED]
    for candidate in names:
        digest = next((held[candidate] for held in installed.values() if candidate in held), None)
        if digest is None:
            continue
        alike = [address for address, held in installed.items() if held.get(candidate) == digest]
        others = [f"Ollama at {a}: it has no {candidate} of the same digest" for a in installed if a not in alike]
        llms = [OllamaLLM(name or candidate, host=a, digest=digest, num_ctx=num_ctx) for a in alike]
        passed_over = (*(str(error) for error in failed.values()), *others)
        return _OnOllama(llms[0] if len(llms) == 1 else OllamaHosts(llms), passed_over)
    held = ", ".join(sorted({model for models in installed.values() for model in models})[:5]) or "none"
    raise ModelMissing(
        f"the Ollama server at {', '.join(installed)} does not have {name or 'any of the usual models'} (it has: "
        f"{held}). Run: ollama pull {name or PREFERRED[0]}, or name one with --model ollama:NAME"
    )


def _installed_on(
    addresses: Sequence[str], patience_s: float
) -> tuple[dict[str, dict[str, str]], dict[str, BriefingError]]:
    """The models on each server that answers, and the errors of the others; all are asked at once."""

    def look(address: str) -> dict[str, str] | BriefingError:
        try:
            return installed_models(address, patience_s=patience_s)
        except BriefingError as error:
            return error

    with ThreadPoolExecutor(len(addresses)) as pool:
        found = dict(zip(addresses, pool.map(look, addresses), strict=True))
    installed = {address: held for address, held in found.items() if not isinstance(held, BriefingError)}
    failed = {address: held for address, held in found.items() if isinstance(held, BriefingError)}
    return installed, failed


def installed_models(host: str, *, patience_s: float = 0.5) -> dict[str, str]:
    """Digests of the models that lie on the server itself, by full name ("qwen2.5:7b").

    Raises ModelUnavailable when nothing answers, ModelTooSlow after `patience_s` seconds.
    """
    patience = Deadlines(connect_s=patience_s, first_token_s=patience_s, total_s=patience_s)
    clock = Clock(patience, f"Ollama at {host}")

    async def ask(hand: Hand[dict[str, str]]) -> None:
        import asyncio

        client = _client(host, patience.connect_s)
        try:
            async with asyncio.timeout(patience_s):
                listed = await client.list()
        except TimeoutError:
            raise clock.too_slow("total") from None
        except Exception as error:
            _raise_narrow(error, f"Ollama at {host}", clock)
        finally:
            await client.close()
        hand({_full_name(held.model): held.digest or "" for held in listed.models if held.model and _lies_here(held)})

    with closing(in_background(ask)) as answer:
        return next(answer)


class OllamaLLM:
    """A model on an Ollama server. Holds no connection between two answers."""

    def __init__(
        self,
        model: str,
        *,
        host: str = DEFAULT_HOST,
        digest: str = "",
        num_ctx: int = CONTEXT_TOKENS,
        keep_alive: str = KEEP_ALIVE,
    ) -> None:
        self.name = f"ollama:{model}"
        self.digest = digest
        self.model = model
        self.host = _address(host)
        self.context_tokens = num_ctx
        self._keep_alive = keep_alive

    def stream(
        self, messages: Sequence[Message], *, schema: Schema | None, max_tokens: int, deadlines: Deadlines
    ) -> Iterator[str]:
        """See `assistant.llm.LLM`. Several may run at once; the server queues them."""
        room = self.context_tokens - max_tokens
        if tokens_at_least(messages) > room:
            raise self._does_not_fit(f"at least {tokens_at_least(messages)} tokens, and {max_tokens} for the reply")
        yield from checked(self._pieces(messages, schema, max_tokens, deadlines), schema, self.name)

    def close(self) -> None:
        """Nothing to release; the server unloads the model by itself."""

    def _pieces(
        self, messages: Sequence[Message], schema: Schema | None, max_tokens: int, deadlines: Deadlines
    ) -> Generator[str]:
        clock = Clock(deadlines, self.name)
        odds = asked_odds(schema)

        async def converse(hand: Hand[str]) -> None:
            client = _client(self.host, deadlines.connect_s)
            try:
                replies: Any = await client.chat(
                    self.model,
                    [message._asdict() for message in messages],
                    stream=True,
                    think=False,
                    format=None if odds else schema,
                    logprobs=True if odds else None,
                    top_logprobs=LIKELIEST if odds else None,
                    options={
                        "num_ctx": self.context_tokens,
                        "num_predict": 1 if odds else max_tokens,
                        "temperature": 0,
                        "seed": SEED,
                    },
                    keep_alive=self._keep_alive,
                )
                # Left to the garbage collector, a stream cut short would keep the server busy for a while.
                async with aclosing(replies):
                    await self._read(replies, hand, clock, messages, schema)
            except BriefingError:
                raise
            except Exception as error:
                _raise_narrow(error, self.name, clock, self.model)
            finally:
                await client.close()

        return in_background(converse)

    async def _read(
        self,
        replies: "AsyncGenerator[ollama.ChatResponse, None]",
        hand: Hand[str],
        clock: Clock,
        messages: Sequence[Message],
        schema: Schema | None,
    ) -> None:
        import asyncio

        odds = asked_odds(schema)
        likeliest: list[tuple[str, float]] = []
        while True:
            limit = clock.next_limit()
            try:
                async with asyncio.timeout(limit.seconds_left):
                    part = await anext(replies, None)
            except TimeoutError:
                raise clock.too_slow(limit.name) from None
            if part is None:
                raise ModelUnavailable(f"{self.name}: the server stopped in the middle of its reply. Ask again.")
            if part.message.content:
                clock.saw_piece()
                if odds is None:
                    hand(part.message.content)
                elif not likeliest:
                    likeliest = _likeliest(part)
            if part.done:
                self._inspect(part, messages, has_schema=schema is not None and odds is None)
                if odds is not None:
                    hand(json.dumps(odds.of(likeliest)))
                return

    def _inspect(self, last: "ollama.ChatResponse", messages: Sequence[Message], *, has_schema: bool) -> None:
        """Raise ModelReplyInvalid if the last part tells that the prompt or the reply was cut."""
        count = last.prompt_eval_count
        # Servers that do not know `truncate` cut the prompt and say nothing. What is left of it then fills the
        # context, or, when whole messages were dropped, is much less than was sent. A low count alone says nothing:
        # some versions leave out what they had cached (https://github.com/ollama/ollama/pull/16428), so it counts only
        # when the prompt may really have been too long.
        if count is not None and count + PROMPT_MARGIN_TOKENS >= self.context_tokens:
            raise self._does_not_fit(f"the server read {count} tokens of it")
        may_overflow = tokens_at_most(messages) > self.context_tokens
        if count and may_overflow and count < tokens_at_least(messages):
            raise self._does_not_fit(f"the server read only {count} tokens of it")
        if has_schema and last.done_reason == "length":
            raise ModelReplyInvalid(
                f"{self.name}: the reply was cut before its end, at {last.eval_count} tokens. "
                "Allow more tokens, or ask for less."
            )

    def _does_not_fit(self, found: str) -> ModelReplyInvalid:
        return ModelReplyInvalid(
            f"{self.name}: the prompt does not fit its context of {self.context_tokens} tokens ({found}). "
            "Give it fewer passages, or raise num_ctx."
        )


def _likeliest(part: "ollama.ChatResponse") -> list[tuple[str, float]]:
    """First tokens with their log probabilities; from a server that tells none, the one that it chose."""
    told = part.logprobs[0].top_logprobs if part.logprobs else None
    return [(each.token, each.logprob or 0.0) for each in told or ()] or [(part.message.content or "", 0.0)]


def _client(host: str, connect_s: float) -> "ollama.AsyncClient":
    """A client that reaches only `host`: no proxy from the environment, no redirects.

    Its socket timeouts are off but for connecting; the caller's clock does the rest.
    """
    import httpx
    import ollama

    return ollama.AsyncClient(
        host,
        timeout=httpx.Timeout(None, connect=connect_s),
        trust_env=False,
        follow_redirects=False,
        # Reading the system's certificates takes 30 ms that plain HTTP has no use for.
        verify=host.startswith("https:"),
        event_hooks={"request": [_forbid_cutting]},
    )


async def _forbid_cutting(request: "httpx.Request") -> None:
    """Have the server refuse a prompt that does not fit, instead of cutting its front and answering what is left.

    The server's API has `truncate` and `shift` for that, the client's `chat()` (0.6.3) has not.
    """
    import httpx

    if request.url.path.endswith("/api/chat"):
        body = json.dumps({**json.loads(request.content), "truncate": False, "shift": False}).encode()
        request.headers["Content-Length"] = str(len(body))
        request.stream = httpx.ByteStream(body)


def _raise_narrow(error: Exception, who: str, clock: Clock, model: str = "") -> NoReturn:
    """Raise our error for what the client raised; that one itself when it does not come from the server."""
    narrow = _explain(error, who, clock, model)
    if narrow is None:
        raise error
    raise narrow from error


def _explain(error: Exception, who: str, clock: Clock, model: str) -> BriefingError | None:
    import httpx
    import ollama

    if isinstance(error, httpx.ConnectTimeout):
        return clock.too_slow("connect")
    if isinstance(error, ollama.ResponseError):
        return _explain_status(error.status_code, _one_line(error.error), who, model)
    if isinstance(error, ConnectionError | httpx.ConnectError):
        return ModelUnavailable(f"{who}: nothing answers there. Start it with: ollama serve, or set OLLAMA_HOST")
    if isinstance(error, httpx.HTTPError | OSError):
        return ModelUnavailable(f"{who}: the connection broke ({_one_line(error) or type(error).__name__}). Ask again.")
    # The client parses each line without a guard: what is not a JSON object of the right keys ends here.
    if isinstance(error, ValueError | TypeError | AttributeError):
        return ModelReplyInvalid(f"{who}: the server sent something else than Ollama's replies. Is OLLAMA_HOST right?")
    return None


def _explain_status(status: int, said: str, who: str, model: str) -> BriefingError:
    if status == 404 and model:
        return ModelMissing(f"{who}: the server does not have it. Run: ollama pull {model}")
    if "context length" in said:
        return ModelReplyInvalid(
            f"{who}: the prompt does not fit its context. Give it fewer passages, or raise num_ctx."
        )
    if status == 400:
        return ModelReplyInvalid(f"{who}: the server refused the request: {said}")
    if status == 503:
        return ModelUnavailable(f"{who}: the server is busy. Ask again in a moment.")
    where = "in the middle of its reply" if status == -1 else f"with status {status}"
    return ModelUnavailable(f"{who}: the server failed {where}: {said}. Ask again, or look at its log.")


def _address(host: str | None) -> str:
    """The URL of `host`, else of OLLAMA_HOST, else of this machine; read as Ollama reads it. Raises BadSetting."""
    named = host or os.environ.get("OLLAMA_HOST") or DEFAULT_HOST
    scheme, has_scheme, rest = named.partition("://") if "://" in named else ("http", "", named)
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        port = parts.port or ({"http": 80, "https": 443}.get(scheme, 0) if has_scheme else 11434)
    except ValueError:
        port = 0
        parts = urlsplit("")
    if scheme not in ("http", "https") or not port:
        raise BadSetting(f"Ollama's address is {named!r}, expected HOST:PORT or a URL, as in 127.0.0.1:11434")
    name = parts.hostname or "127.0.0.1"
    if name == "ollama.com" or name.endswith(".ollama.com"):
        raise BadSetting(f"Ollama's address is {named!r}; only models on your own machines are used, never hosted ones")
    # What a server is told in order to listen everywhere; a client finds it on this machine.
    if name in ("0.0.0.0", "::"):  # noqa: S104
        name = "127.0.0.1"
    return f"{scheme}://{f'[{name}]' if ':' in name else name}:{port}{parts.path.rstrip('/')}"


def _full_name(model: str) -> str:
    """With its tag: the server lists "mistral" as "mistral:latest"."""
    return model if ":" in model.rpartition("/")[2] else f"{model}:latest"


def _is_remote(model: str) -> bool:
    """Whether the name is one of Ollama's hosted models: "gpt-oss:120b-cloud"."""
    return _full_name(model).rpartition(":")[2].endswith("cloud")


def _lies_here(held: "ollama.ListResponse.Model") -> bool:
    """Whether a listed model has its weights on the server: a hosted one is an entry of a few hundred bytes."""
    return not _is_remote(held.model or "") and (held.size is None or held.size > 1_000_000)


def _one_line(text: object) -> str:
    return " ".join(str(text).split())[:200]
