"""From the options of a command to what it works with: the settings, the open index, the model."""

from argparse import Namespace
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from assistant.errors import ModelMissing, ModelTooSlow, ModelUnavailable
from assistant.llm import LLM
from assistant.models import Choice, EmbeddedLLM, choose
from assistant.settings import Settings, load_settings
from assistant.terminal import Step, progress, tell
from index.prepare import Tools
from index.store import Index


def settings_from(options: Namespace) -> Settings:
    """The settings in force for a command. Raises `BadSetting`."""
    given: dict[str, Any] = {"index": {"folder": options.index}} if options.index else {}
    if getattr(options, "store", None):
        given["store"] = {"url": options.store}
    if getattr(options, "cluster", None):
        given["cluster"] = {"address": options.cluster}
    model = "none" if getattr(options, "no_model", False) else getattr(options, "model", None)
    if model:
        given["llm"] = {"model": model}
    if getattr(options, "lang", None):
        given["language"] = options.lang
    return load_settings(options.config, **given)


def tools_from(settings: Settings) -> Tools:
    """What an index is built and searched with."""
    first = next(iter(settings.llm.servers), None)
    return Tools(settings.index.embedder, settings.index.cache, settings.index.gazetteer, first)


def open_index(settings: Settings) -> Index:
    """The index that is there; close it. Raises `NoIndex` or `StaleIndex`."""
    return Index.open(settings.index.folder, tools_from(settings), store_url=settings.store.url)


def create_index(settings: Settings) -> Index:
    """The index, made if there is none; close it."""
    if not any(settings.index.cache.glob("gazetteer-*.sqlite")):
        tell("First use: the gazetteer is compiled and the embedding model unpacked, which takes a while.")
    return Index.create(settings.index.folder, tools_from(settings), store_url=settings.store.url)


def chosen_model(settings: Settings) -> Choice:
    """The model that the settings name, and why. The embedded one's file is put together at its first use."""
    with ExitStack() as shown:
        steps: list[Step] = []

        def unpacked(done: int, total: int) -> None:
            if not steps:  # nearly always the file is there, and there is nothing to show
                steps.append(shown.enter_context(progress("MB of the embedded model unpacked", total // 1_000_000)))
            steps[0](done // 1_000_000)

        return choose(settings.llm.model, cache=settings.index.cache, host=settings.llm.servers, progress=unpacked)


@contextmanager
def open_model(settings: Settings, verbosity: int = 0, *, must_be_there: bool = False) -> Generator[LLM | None]:
    """The chosen model, already loading; None when answers are to be the reports' own sentences.

    A model that is asked for and cannot be had is told, and done without; with `must_be_there` its error is raised.
    """
    try:
        choice = chosen_model(settings)
    except (ModelUnavailable, ModelMissing, ModelTooSlow) as error:
        if must_be_there:
            raise
        tell(f"briefing: {error} Answering without a model.")
        choice = Choice(None, "no model: the one asked for cannot be had")
    if verbosity:
        tell(f"model: {choice.reason}")
        for passed_over in choice.tried:
            tell(f"  not: {passed_over}")
    if isinstance(choice.llm, EmbeddedLLM):
        with suppress(ModelUnavailable):  # the first question meets it again, and is answered without
            choice.llm.start()  # it loads while the evidence is looked for
    try:
        yield choice.llm
    finally:
        if choice.llm is not None:
            choice.llm.close()
