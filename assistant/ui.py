"""The web page: Gradio components, and what happens when they are used. The only module that imports Gradio.

What is shown is made as HTML in the modules of `assistant.page`; what is done is done in its `actions`. Nothing is
loaded from elsewhere, and no visitor's conversation leaves that visitor's session.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from itertools import product
from typing import Any

# Read by Gradio and by what it imports, once, when they are imported.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"
# Of so many questions it would remember who asked what when: 10,000.
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"

from starlette.middleware import Middleware

from assistant.llm import LLM
from assistant.page import actions
from assistant.page.access import gate, is_loopback, own_names
from assistant.page.actions import CHIPS, FILTERS, MARKS, MAX_UPLOAD_MB, PASTED, Props, Shown
from assistant.page.asking import MAX_QUESTION_CHARS
from assistant.page.crowding import Crowding
from assistant.page.describing import describe_once
from assistant.page.desk import WORKED_ON, Desk, add_text, open_desk, warm_up, with_index
from assistant.page.headers import SafeHeaders
from assistant.page.importing import without_stubs
from assistant.page.leaving import Leaving, forget
from assistant.page.memory import keep_level, settle
from assistant.page.query import read_day
from assistant.page.session import Conversation
from assistant.page.words import LANGUAGES, preferred_language, word
from assistant.pipeline import answer
from assistant.present import to_json
from assistant.settings import Settings
from assistant.terminal import duration, tell
from index.errors import BriefingError
from index.store import Index

with without_stubs():
    import gradio as gr
    from gradio import events, themes

WAITING = 64
"""Questions that may wait in the queue; more are told to come back."""
SESSIONS = 256
"""Tabs whose conversation is kept; of more, those used longest ago begin anew. Gradio would keep 10,000."""


def serve(
    index: Index,
    settings: Settings,
    llm: LLM | None,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    auth: tuple[str, str] | None = None,
    open_browser: bool = False,
    began: float | None = None,
    waiting: int = WAITING,
) -> None:
    """Serves the page until interrupted. `began`: `time.perf_counter()` at the start, to tell how long that took;
    `waiting`: how many questions may wait.

    Raises `BriefingError` for an address others can reach without a login.
    """
    is_local = is_loopback(host)
    if not is_local and auth is None:
        raise BriefingError(f"host {host!r} is open to others: set BRIEFING_LOGIN=NAME:PASSWORD, or use 127.0.0.1")
    keep_level()
    desk = open_desk(index, settings, llm)
    page = build(desk, waiting)
    page.launch(
        server_name=host,
        server_port=port,
        auth=gate(*auth) if auth is not None else None,
        inbrowser=open_browser,
        # Said below instead, in one line.
        quiet=True,
        prevent_thread_lock=True,
        share=False,
        show_error=False,
        allowed_paths=[],
        max_file_size=f"{MAX_UPLOAD_MB}mb",
        enable_monitoring=False,
        state_session_capacity=SESSIONS,
        mcp_server=False,
        ssr_mode=False,
        pwa=False,
        run_history=False,
        footer_links=[],
        theme=_theme(),
        css=_file("page.css"),
        app_kwargs={
            "middleware": [
                Middleware(SafeHeaders, hosts=own_names(host) if is_local else None),
                Middleware(Leaving, left=_leave(page, desk)),
                Middleware(Crowding, inside=_inside(page), most=waiting + WORKED_ON, crowded=desk.turns.give_way),
            ],
            # Gradio shows these without a login.
            "docs_url": None,
            "redoc_url": None,
            "openapi_url": None,
        },
    )
    took = f" after {duration(time.perf_counter() - began)}" if began is not None else ""
    tell(f"The page is ready{took} at {page.local_url}; the search model goes on loading. Ctrl+C ends it.")
    # Not before: loading would hold up the page by as long as it takes.
    desk.threads.submit(warm_up, desk).add_done_callback(lambda _: settle())
    page.block_thread()


def _inside(page: gr.Blocks) -> Callable[[], int]:
    """How many questions wait or are worked on."""
    queue = page._queue  # pyright: ignore[reportPrivateUsage] - Gradio tells it nowhere else
    return lambda: len(queue) + queue.get_active_worker_count()


def _leave(page: gr.Blocks, desk: Desk) -> Callable[[str], None]:
    """What is done when a session's tab is gone."""

    def leave(session: str) -> None:
        actions.stop(desk, session)
        forget(page._queue, session)  # pyright: ignore[reportPrivateUsage]

    return leave


Parts = dict[str, Any]
"""The components, by name."""
Labels = list[tuple[Any, dict[str, str]]]
"""Components with the words they carry: property → key of `assistant.page.words`."""
_FORMATS = {"md": "Markdown", "html": "HTML", "json": "JSON"}
"""Of what is saved: ending of the file's name → what people call it."""


def build(desk: Desk, waiting: int = WAITING) -> gr.Blocks:
    """The page's components and their handlers, not yet served."""
    # Uploads are read at once; what is left of them is deleted after an hour.
    with gr.Blocks(title="Briefing", analytics_enabled=False, delete_cache=(600, 3600)) as blocks:
        parts, labels = _lay_out()
        _wire_frame(desk, parts, labels, blocks)
        _wire_asking(desk, parts)
        _wire_reports(desk, parts)
        _wire_links(desk, parts)
        _offer_api(desk)
    describe_once(blocks.blocks.values())
    # Never full: those beyond are refused before.
    return blocks.queue(max_size=waiting + WORKED_ON, default_concurrency_limit=WORKED_ON)


def _lay_out() -> tuple[Parts, Labels]:
    parts: Parts = {"conversation": gr.State(Conversation()), "opened": gr.State("")}
    labels: Labels = []
    with gr.Row(elem_id="top"):
        parts["header"] = gr.HTML(actions.header_html("en"), elem_id="brand", js_on_load=_file("page.js"))
        parts["coverage"] = gr.HTML(elem_id="coverage")
        names = [(name, code) for code, name in LANGUAGES.items()]
        parts["language"] = gr.Dropdown(names, value="en", label="Language", container=False, elem_id="language")
        labels.append((parts["language"], {"label": "language"}))
    with gr.Tabs(elem_id="tabs") as parts["tabs"]:
        with gr.Tab(word("tab ask", "en"), id="ask") as asking, gr.Row(elem_id="desk"):
            _lay_out_asking(parts, labels)
        with gr.Tab(word("tab reports", "en"), id="reports") as reports, gr.Row(elem_id="library"):
            _lay_out_reports(parts, labels)
    labels += [(asking, {"label": "tab ask"}), (reports, {"label": "tab reports"})]
    return parts, labels


def _lay_out_asking(parts: Parts, labels: Labels) -> None:
    button, field, html = _makers(parts, labels)

    def savers(key: str) -> None:
        labels.append((html(key.replace(" ", "-"), elem_classes="caption"), {"value": key}))
        for kind, name in _FORMATS.items():
            parts[f"{key} {kind}"] = gr.Button(name, size="sm", elem_id=f"{key.replace(' ', '-')}-{kind}", min_width=0)

    with gr.Column(elem_id="left", scale=11, min_width=340):
        with gr.Column(elem_id="conversation"):
            html("talk")
            html("running")
        with gr.Column(elem_id="composer"):
            html("message")
            with gr.Row(elem_id="asking"):
                limits = {"lines": 2, "max_lines": 6, "max_length": MAX_QUESTION_CHARS}
                field("question", "question", "question hint", show_label=False, container=False, scale=8, **limits)
                with gr.Column(elem_id="asking-buttons", min_width=90, scale=0):
                    button("ask", variant="primary")
                    button("stop")
            with gr.Row(elem_id="chips"):
                field("as_of", "as of", "day hint", min_width=84)
                field("since", "since", "any time", min_width=84)
                field("until", "until", "any time", min_width=84)
                field("places", "places", "places hint", min_width=110, scale=2)
                field("radius", "radius", "radius hint", min_width=70)
                button("ask again", min_width=110, scale=0)
            with gr.Row(elem_id="afterwards", elem_classes="actions"):
                savers("save answer")
                button("useful", min_width=0)
                button("not useful", min_width=0)
                field("reason", "reason", "reason", show_label=False, container=False, min_width=110, max_length=2000)
            with gr.Row(elem_id="keeping", elem_classes="actions"):
                savers("save conversation")
                button("clear", min_width=0)
            # Its value is handed to the browser as a file; hidden, but there.
            parts["saved"] = gr.Textbox(visible="hidden", elem_id="saved")
    with gr.Column(elem_id="right", scale=9, min_width=320):
        html("sources")


def _lay_out_reports(parts: Parts, labels: Labels) -> None:
    button, field, html = _makers(parts, labels)
    with gr.Column(elem_id="shelf", scale=9, min_width=320):
        with gr.Accordion(word("add files", "en"), open=False, elem_id="add-files") as adding:
            # Of any type: Gradio would refuse all files for one that is none of ours, where we name that one and go on.
            parts["upload"] = gr.File(file_count="multiple", height=130, show_label=False, elem_id="upload")
            labels.append((parts["upload"], {"label": "add files"}))
            html("limits", elem_classes="caption")
            button("add", variant="primary")
        with gr.Accordion(word("paste", "en"), open=False, elem_id="paste") as pasting:
            field("paste_text", "text", lines=5, max_lines=12)
            with gr.Row():
                field("paste_title", "report title", min_width=150)
                field("paste_outlet", "outlet", min_width=120)
                field("paste_published", "published", "published hint", min_width=100)
            button("add text", variant="primary")
        html("added")
        with gr.Row(elem_id="filters"):
            field("filter_words", "find", min_width=150, scale=2)
            for name, key in (("filter_outlet", "outlet"), ("filter_language", "report language")):
                parts[name] = gr.Dropdown([("any", "")], value="", label=word(key, "en"), min_width=110, elem_id=name)
                labels.append((parts[name], {"label": key}))
            field("filter_place", "place named", "places hint", min_width=110)
            field("filter_since", "since", "any time", min_width=90)
            field("filter_until", "until", "any time", min_width=90)
        html("listed")
    with gr.Column(elem_id="reading", scale=11, min_width=320):
        with gr.Row(elem_id="marking"):
            for key in MARKS:
                button(key, min_width=0, interactive=False)
        html("whole")
    labels += [(adding, {"label": "add files"}), (pasting, {"label": "paste"})]


def _makers(parts: Parts, labels: Labels) -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    """Makers of buttons, text fields and HTML parts, which note each one's name and words."""

    def button(key: str, **options: Any) -> gr.Button:
        parts[key] = gr.Button(word(key, "en"), size="sm", elem_id=f"button-{key.replace(' ', '-')}", **options)
        labels.append((parts[key], {"value": key}))
        return parts[key]

    def field(name: str, key: str, hint: str = "", **options: Any) -> gr.Textbox:
        options = {"max_lines": 1, "placeholder": word(hint, "en") if hint else None, **options}
        parts[name] = gr.Textbox(label=word(key, "en"), elem_id=name, **options)
        labels.append((parts[name], {"label": key, **({"placeholder": hint} if hint else {})}))
        return parts[name]

    def html(name: str, **options: Any) -> gr.HTML:
        parts[name] = gr.HTML(elem_id=name, js_on_load=None, **options)
        return parts[name]

    return button, field, html


def _wire_frame(desk: Desk, parts: Parts, labels: Labels, blocks: gr.Blocks) -> None:
    def worded(language: str, opened: str, conversation: Conversation, *filters: str) -> dict[Any, Any]:
        known = language if language in LANGUAGES else "en"
        words: dict[Any, dict[str, Any]] = {
            part: {name: word(key, known) for name, key in carried.items()} for part, carried in labels
        }
        shown = actions.worded(desk, known, opened, conversation, filters)
        for name, value in shown.items():
            if parts[name] in words:
                carried = value.values if isinstance(value, Props) else {"value": value}
                shown[name] = Props({**words[parts[name]], **carried})
        return {**{part: gr.update(**carried) for part, carried in words.items()}, **_by_part(parts, shown)}

    def greet(request: gr.Request, *state: Any) -> dict[Any, Any]:
        language = preferred_language(request.headers.get("accept-language", ""))
        told, as_of = worded(language, *state), parts["as_of"]
        return {**told, as_of: {**told[as_of], "value": actions.as_of_newest(desk)["as_of"]}}

    state = _named(parts, ["opened", "conversation", *FILTERS])
    changed = [*"header language limits coverage listed talk sources whole opened".split(), *FILTERS[1:3]]
    outputs = list(dict.fromkeys([*(part for part, _ in labels), *_named(parts, changed)]))
    blocks.load(greet, state, [*outputs, parts["as_of"]], queue=False, **_PRIVATE)
    parts["language"].input(worded, [parts["language"], *state], outputs, queue=False, **_PRIVATE)


def _wire_asking(desk: Desk, parts: Parts) -> None:
    talk = ["conversation", "language"]
    shown = ["talk", "running", "sources", "message", "question", "conversation", *CHIPS]

    def ask(session: str, question: str, conversation: Conversation, language: str, *chips: str) -> Any:
        return actions.ask(desk, session, question, conversation, language, chips)

    def again(session: str, conversation: Conversation, language: str, *chips: str) -> Any:
        return actions.ask_again(desk, session, conversation, language, chips)

    def stop(session: str) -> None:
        actions.stop(desk, session)

    def clear(_: str, language: str) -> Shown:
        return actions.clear(desk, language)

    asks = [parts["ask"].click, *(parts[name].submit for name in ("question", *CHIPS))]
    _on(parts, asks, ask, ["question", *talk, *CHIPS], shown)
    _on(parts, [parts["ask again"].click], again, [*talk, *CHIPS], shown)
    _on(parts, [parts["stop"].click], stop, [], [], queue=False)
    _on(parts, [parts["clear"].click], clear, ["language"], shown, queue=False)
    for key, kind in product(("save answer", "save conversation"), _FORMATS):

        def save(_: str, conversation: Conversation, language: str, key: str = key, kind: Any = kind) -> Shown:
            return actions.save(kind, conversation, language, is_whole=key == "save conversation")

        saved = _on(parts, [parts[f"{key} {kind}"].click], save, talk, ["saved", "message"], queue=False)
        saved.success(None, parts["saved"], None, js=_SAVE, queue=False, **_PRIVATE)
    for key in ("useful", "not useful"):

        def judge(_: str, reason: str, conversation: Conversation, language: str, key: str = key) -> Shown:
            return actions.judge(desk, key == "useful", reason, conversation, language)

        _on(parts, [parts[key].click], judge, ["reason", *talk], ["reason", "message"], queue=False)


def _wire_reports(desk: Desk, parts: Parts) -> None:
    given = ["conversation", "language"]
    reading = ["whole", "opened", *MARKS]
    grown = ["coverage", *FILTERS[1:3], "as_of", "listed", "talk", "sources"]

    def narrow(_: str, language: str, *filters: str) -> Shown:
        return actions.narrow(desk, language, filters)

    def add_uploaded(
        _: str, paths: list[str] | None, conversation: Conversation, language: str, *filters: str
    ) -> Iterator[Shown]:
        return actions.add_uploaded(desk, paths, conversation, language, filters)

    def add_pasted(_: str, *given: Any) -> Iterator[Shown]:
        pasted, (conversation, language, *filters) = given[: len(PASTED)], given[len(PASTED) :]
        return actions.add_pasted(desk, pasted, conversation, language, tuple(filters))

    # While one list is looked for, only the last of the letters typed meanwhile counts.
    narrowing: Any = {"queue": False, "trigger_mode": "always_last"}
    # "change", since "input" is not told of a field that is emptied (Gradio 6.31).
    _on(parts, [parts[name].change for name in FILTERS], narrow, ["language", *FILTERS], ["listed"], **narrowing)
    for key, status in MARKS.items():

        def mark(
            _: str, conversation: Conversation, language: str, opened: str, *filters: str, status: str = status
        ) -> Shown:
            return actions.mark(desk, status, language, opened, conversation, filters)

        _on(parts, [parts[key].click], mark, [*given, "opened", *FILTERS], ["added", *reading, *grown])
    uploaded = ["added", "upload", *grown]
    _on(parts, [parts["add"].click], add_uploaded, ["upload", *given, *FILTERS], uploaded, **_ONE_WRITER)
    _on(
        parts,
        [parts["add text"].click],
        add_pasted,
        [*PASTED, *given, *FILTERS],
        ["added", *PASTED, *grown],
        **_ONE_WRITER,
    )


def _wire_links(desk: Desk, parts: Parts) -> None:
    """What page.js asks for when something within the HTML is pressed."""

    def follow(event: gr.EventData, conversation: Conversation, language: str, *filters: str) -> dict[Any, Any]:
        # Gradio hands over what page.js gave to `trigger` in this attribute only.
        given: Any = event._data  # pyright: ignore[reportPrivateUsage]
        return _by_part(parts, actions.follow_link(desk, given, conversation, language, filters))

    shown = ["whole", "opened", *MARKS, "tabs", "sources", "listed"]
    given = _named(parts, ["conversation", "language", *FILTERS])
    parts["header"].click(follow, given, _named(parts, shown), queue=False, **_PRIVATE)


def _offer_api(desk: Desk) -> None:
    """What other programs may call, through `gradio_client` or plain HTTP; the page's own handlers are not offered."""

    def ask(question: str, as_of: str = "") -> dict[str, Any]:
        """The answer and the evidence it was made from: the object that `briefing ask --json` prints. Nothing asked
        before counts. `as_of`: YYYY-MM-DD, or empty for the newest report's day."""
        start = time.perf_counter()
        if not 0 < len(question.strip()) <= MAX_QUESTION_CHARS:
            raise gr.Error(f"question has {len(question)} characters, expected 1 to {MAX_QUESTION_CHARS}")
        try:
            day = read_day(as_of, "en")
            found = with_index(
                desk, lambda index: answer(question, index=index, settings=desk.settings, llm=desk.llm, as_of=day)
            )
        except BriefingError as error:
            raise gr.Error(str(error)) from None
        return to_json(found, seconds=time.perf_counter() - start)

    def coverage() -> dict[str, Any]:
        """What the index holds: counts, oldest and newest day, outlets, languages."""
        return with_index(desk, lambda index: index.coverage()).model_dump(mode="json")

    def add_report(text: str, title: str = "", source: str = "", published: str = "") -> dict[str, str]:
        """Adds one report: `{"id", "title", "outcome"}`, outcome added, revised or unchanged. `source`: the outlet.
        `published`: YYYY-MM-DD, or empty when the text's own first lines tell. A text that cannot become a report is
        an error that says why."""
        try:
            (added,) = add_text(desk, text, title=title, source=source, published=published)
        except BriefingError as error:
            raise gr.Error(str(error)) from None
        return {"id": added.name, "title": added.title, "outcome": added.outcome or "rejected"}

    events.api(ask, api_name="ask")
    events.api(coverage, api_name="coverage")
    events.api(add_report, api_name="add_report", **_ONE_WRITER)


# The index has one; others wait in the queue.
_ONE_WRITER: Any = {"concurrency_limit": 1, "concurrency_id": "writing"}
_PRIVATE: Any = {"api_visibility": "private", "show_progress": "hidden"}


def _on(
    parts: Parts, triggers: Sequence[Any], work: Callable[..., Any], inputs: list[str], outputs: list[str], **how: Any
) -> Any:
    """Has `work` done at any of the triggers: given the visitor's session and the inputs, it returns or yields what
    is to be shown, by name."""

    def handle(request: gr.Request, *given: Any) -> Iterator[dict[Any, Any]]:
        shown: Shown | Iterator[Shown] | None = work(request.session_hash or "", *given)
        for step in [shown or {}] if shown is None or isinstance(shown, dict) else shown:
            yield _by_part(parts, step)

    return gr.on(triggers, handle, _named(parts, inputs), _named(parts, outputs), **{**_PRIVATE, **how})


def _named(parts: Parts, names: Sequence[str]) -> list[Any]:
    return [parts[name] for name in names]


def _by_part(parts: Parts, shown: Shown) -> dict[Any, Any]:
    return {
        parts[name]: gr.update(**value.values) if isinstance(value, Props) else value for name, value in shown.items()
    }


def _file(name: str) -> str:
    return (files("assistant.page") / name).read_text(encoding="utf-8")


# The file never touches the server's disk, where others could ask for it.
_SAVE = """(saved) => {
  if (!saved) return;
  const { name, media_type, text } = JSON.parse(saved);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: media_type + ";charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}"""


def _theme() -> themes.Base:
    """Plain, with the system's own fonts: Gradio's would be fetched, some of them from elsewhere."""
    return themes.Base(
        primary_hue="slate",
        secondary_hue="slate",
        neutral_hue="slate",
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
        text_size="sm",
        spacing_size="sm",
        radius_size="sm",
    )
