"""The llama-index edge: reports from its readers, and the index as its retriever, query engine and vector store.

The only file that touches llama-index, and nothing else here imports it: loading it costs 1.7 s of CPU. Its `Settings`
are never read or set, so no default model is looked for. What answers questions is passed in, since the assistant
builds on the index and not the other way round.
"""

import asyncio
import itertools
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.base.response.schema import Response
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import (
    BaseNode,
    MetadataMode,
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)
from llama_index.vector_stores.chroma import ChromaVectorStore

from index.answer_shapes import AnswerLike, CitationLike, FoundPassage, Scored
from index.concepts import concept_terms
from index.embed import Embedder
from index.errors import BadReport, BadSetting, IndexBusy
from index.ingest import Rejection, report_from_text
from index.language import detect_language
from index.lexical import name_keys, question_terms
from index.readers.front_matter import split_front_matter
from index.reading import SearchTerms
from index.search import Question
from index.store import Index
from index.types import Passage, Report
from index.vectors import ChromaVectors

__all__ = [
    "BriefingEmbedding",
    "BriefingQueryEngine",
    "BriefingRetriever",
    "chroma_vector_store",
    "reports_from_documents",
]

# Under which metadata key the readers of llama-index put each field, most telling first. Not among them: the creation
# and modification dates of a file, which say when it was copied and not when the report appeared.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "id": ("report_id", "id", "guid"),
    "title": ("title", "Title", "headline", "subject"),
    "source": ("source", "outlet", "publisher", "site_name", "sitename", "Source"),
    "url": ("url", "URL", "link", "source_url", "Source"),
    "published": (
        "published", "published_at", "publish_date", "publication_date", "date_published", "pubDate", "published_date",
        "date", "Date",
    ),
    "language": ("language", "lang"),
    "fiction": ("fiction",),
}  # fmt: skip
_DEFAULTS = ("title", "source", "url", "published", "language")
_FILE_KEYS = ("file_path", "file_name", "filename", "path")
_URL = re.compile(r"https?://", re.IGNORECASE)
_RANDOM_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)

_CANDIDATES = 100


# Reports in


def reports_from_documents(documents: Iterable[BaseNode], **defaults: str) -> Iterator[Report | Rejection]:
    """Each report in what a llama-index reader gives, or the reason why there is none; lazily, in order.

    Title, source, URL, date, language and id are taken from the metadata under the names that readers use, then from
    a front matter in the text, then from `defaults` (title, source, url, published, language). The random id that
    llama-index gives a document is not kept, so reading the same files twice adds nothing. Pages of one file that come
    one after the other (`page_label`) are one report. Raises `BadSetting` for a default that no report has.
    """
    unknown = [key for key in defaults if key not in _DEFAULTS]
    if unknown:
        raise BadSetting(f"no default {unknown[0]!r} for reports; expected one of: {', '.join(_DEFAULTS)}")
    return _reports(documents, defaults)


def _reports(documents: Iterable[BaseNode], defaults: Mapping[str, str]) -> Iterator[Report | Rejection]:
    numbered = enumerate(documents, start=1)
    for _, group in itertools.groupby(numbered, key=lambda pair: _file_of_page(*pair)):
        pages = list(group)
        yield _report(*pages[0], text="\n\n".join(_text(page) for _, page in pages), defaults=defaults)


def _file_of_page(number: int, document: BaseNode) -> str | int:
    """The file, for one of its pages; else a key of its own."""
    file = _first(document.metadata, _FILE_KEYS)
    return file if file and "page_label" in document.metadata else number


def _report(number: int, document: BaseNode, *, text: str, defaults: Mapping[str, str]) -> Report | Rejection:
    file = _first(document.metadata, _FILE_KEYS)
    name = file or _first(document.metadata, _KEYS["url"]) or f"document {number}"
    try:
        body, in_text = split_front_matter(text)
        declared = {**defaults, **in_text, **_declared(document, keeps_id="page_label" not in document.metadata)}
        return report_from_text(body, name=name, declared=declared, dated_by_name=bool(file))
    except BadReport as error:
        return Rejection(_printable(name), _printable(str(error).removeprefix(f"{name}: ")))


def _declared(document: BaseNode, *, keeps_id: bool) -> dict[str, str]:
    """The fields that the metadata gives; `keeps_id` is False for a page, whose id is not its report's."""
    found = {field: _first(document.metadata, keys) for field, keys in _KEYS.items()}
    if _URL.match(found["source"]):  # web readers call the page's address its source
        found["url"], found["source"] = found["url"] or found["source"], ""
    if found["url"] and not _URL.match(found["url"]):
        found["url"] = ""
    if not found["id"] and keeps_id and not _RANDOM_ID.fullmatch(document.node_id):
        found["id"] = document.node_id
    return {field: value for field, value in found.items() if value}


def _first(metadata: Mapping[str, Any], keys: Sequence[str]) -> str:
    """The first value that is set, as text; moments in ISO form."""
    for key in keys:
        value = metadata.get(key)
        if value is None or value == "":
            continue
        if isinstance(value, date):  # a datetime too
            return value.isoformat()
        return _iso_date(str(value)) if key in _KEYS["published"] else str(value)
    return ""


def _iso_date(written: str) -> str:
    """A date as feeds write it ("Sun, 22 Oct 2017 08:00:00 GMT") in ISO form; any other text as it is."""
    try:
        moment: datetime = parsedate_to_datetime(written)
    except ValueError:
        return written
    return moment.isoformat()


def _text(document: BaseNode) -> str:
    return document.get_content(metadata_mode=MetadataMode.NONE)


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in " ".join(text.split()))


# Passages out


class BriefingRetriever(BaseRetriever):
    """The index as a llama-index retriever: passages as `TextNode`s with their place in the report.

    Each node's id is the passage's; `node.text` is exactly `report.body[node.start_char_idx:node.end_char_idx]`.
    Without `retrieve`, words and meaning are searched over the whole index. Time and place in the question count only
    with a `retrieve` that understands them: see examples/llama_retriever.py.
    """

    def __init__(
        self,
        index: Index,
        *,
        limit: int = 12,
        as_of: date | None = None,
        retrieve: Callable[[str], Sequence[FoundPassage]] | None = None,
    ) -> None:
        """`as_of`: reports published later are invisible. It and `limit` are for the search without `retrieve`."""
        super().__init__()
        self._find = retrieve or partial(search_passages, index, limit=limit, as_of=as_of)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found: Sequence[FoundPassage] = self._find(query_bundle.query_str)
        return [NodeWithScore(node=_passage_node(one.passage, one.report), score=one.score) for one in found]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


def search_passages(index: Index, question: str, *, limit: int = 12, as_of: date | None = None) -> list[Scored]:
    """The passages nearest to `question` in words and meaning, best first; near-copies of a better one left out."""
    if not question.strip():
        return []
    language = detect_language(question)
    terms = SearchTerms(
        words=tuple(question_terms(question, index.coverage().languages)),
        shared=tuple(dict.fromkeys([*name_keys(question), *concept_terms(question, language)])),
    )
    asked = Question(index.embedder.embed([question])[0], terms, language, as_of)
    found = index.search(asked, limit=_CANDIDATES)
    ranked = sorted(found.candidates, key=lambda c: (-(c.lexical / 2 + c.vector), c.passage_id))
    teller: dict[str, str] = {}
    chosen = [c for c in ranked if teller.setdefault(c.cluster, c.report_id) == c.report_id][:limit]
    return [
        Scored(match.passage, match.report, match.candidate.lexical / 2 + match.candidate.vector)
        for match in index.read(found, chosen)
    ]


def _passage_node(passage: Passage, report: Report) -> TextNode:
    metadata = {
        "report_id": report.id,
        "source": report.source,
        "title": report.title,
        "url": report.url,
        "published": report.day.isoformat(),
        "language": report.language,
        "start": passage.start,
        "end": passage.end,
    }
    return _node(passage.id, passage.text, metadata)


def _node(node_id: str, text: str, metadata: dict[str, Any]) -> TextNode:
    """A node whose prompt text shows a model who says it and when, and none of our numbers."""
    bookkeeping = ["report_id", "passage_id", "number", "url", "language", "start", "end"]
    return TextNode(
        id_=node_id,
        text=text,
        metadata=metadata,
        start_char_idx=metadata["start"],
        end_char_idx=metadata["end"],
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=metadata["report_id"])},
        excluded_llm_metadata_keys=bookkeeping,
        excluded_embed_metadata_keys=list(metadata),
    )


# Answers out


class BriefingQueryEngine(BaseQueryEngine):
    """The assistant as a llama-index query engine; like its CitationQueryEngine, but every source is an exact quote.

    `str(response)` is the answer with its [n]; `response.source_nodes[n - 1]` is the quote [n]. `response.metadata`
    holds "status" (answered, partial or no_evidence), "notes" and "model".
    """

    def __init__(self, ask: Callable[[str], AnswerLike]) -> None:
        """`ask`: question → answer, such as `assistant.pipeline.answer` with its index and settings filled in."""
        super().__init__(callback_manager=None)
        self._ask = ask

    def _query(self, query_bundle: QueryBundle) -> Response:
        return _response(self._ask(query_bundle.query_str))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def _response(answer: AnswerLike) -> Response:
    scores = {hit.passage.id: hit.score for hit in answer.hits}
    cited = {citation.number: citation for claim in answer.claims for citation in claim.citations}
    return Response(
        response=answer.text,
        source_nodes=[
            NodeWithScore(node=_quote_node(citation), score=scores.get(citation.passage_id))
            for _, citation in sorted(cited.items())
        ],
        metadata={"status": answer.status, "notes": list(answer.notes), "model": answer.model},
    )


def _quote_node(citation: CitationLike) -> TextNode:
    metadata = {
        "number": citation.number,
        "report_id": citation.report_id,
        "passage_id": citation.passage_id,
        "source": citation.source,
        "title": citation.title,
        "published": citation.published.isoformat(),
        "language": citation.language,
        "start": citation.start,
        "end": citation.end,
    }
    return _node(f"{citation.passage_id}:{citation.start}-{citation.end}", citation.quote, metadata)


# Vectors out


class BriefingEmbedding(BaseEmbedding):
    """Our embedding model as llama-index's: the one that the vectors of an index must be queried with."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(model_name=embedder.name)
        self._embedder = embedder

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embeddings([query])[0]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._embedder.embed(texts).tolist()

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return await asyncio.to_thread(self._get_text_embeddings, texts)


@contextmanager
def chroma_vector_store(index: Index, *, server: str | None = None) -> Generator[ChromaVectorStore]:
    """The index's Chroma collection through llama-index's own adapter; for reading, with `BriefingEmbedding`.

    A node of it is one sentence, with `passage_id` and `report_id` as metadata. `server`: where the vectors are, when
    not in the index's folder. Raises `IndexBusy` while another process has the folder's collection open, for Chroma
    allows one process at a time.
    """
    if server is not None:
        yield _adapter(ChromaVectors(server, index.manifest.index_id))
        return
    with index.open_chroma() as vectors:
        if vectors is None:
            raise IndexBusy(f"the vectors in {index.folder} are open in another process; close it, then try again")
        yield _adapter(vectors)


def _adapter(vectors: ChromaVectors) -> ChromaVectorStore:
    # The adapter wants Chroma's own object, which nothing else outside `index.vectors` should see.
    return ChromaVectorStore(chroma_collection=vectors._collection)  # pyright: ignore[reportPrivateUsage]
