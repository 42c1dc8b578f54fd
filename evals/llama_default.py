"""The peer in every table: llama-index as its own starter example sets it up, over the same reports and embedder.

`VectorStoreIndex.from_documents` with the default splitter and the default two nodes for an answer. Without a language
model it answers with the nodes it would have shown one, verbatim, with the offsets that it records for them; it has no
way to refuse. As it knows no `as_of`, later reports are filtered from what it finds, which is a favour to it.
"""

import time

from llama_index.core import Document, VectorStoreIndex  # noqa: TID251 - what is measured here is llama-index itself
from llama_index.core.schema import TextNode  # noqa: TID251

from evals.cases import Case
from evals.run import Answerer, Asked
from index.llama import BriefingEmbedding
from index.store import Index
from index.types import Report

_ANSWER_NODES = 2
"""`similarity_top_k` of llama-index's query engine when nothing is said."""
_SHOWN_HITS = 12


def llama_default(index: Index) -> Answerer:
    """llama-index over the reports of `index`."""
    reports = {report.id: report for report in index.reports()}
    documents = [
        Document(text=report.body, id_=report.id, metadata={"title": report.title, "source": report.source})
        for report in reports.values()
    ]
    store = VectorStoreIndex.from_documents(documents, embed_model=BriefingEmbedding(index.embedder))
    retriever = store.as_retriever(similarity_top_k=4 * _SHOWN_HITS)
    newest = max(report.day for report in reports.values())

    def answer(case: Case) -> Asked:
        started = time.perf_counter()
        found = retriever.retrieve(case.question)
        nodes = [
            (node.node, node.score or 0.0)
            for node in found
            if isinstance(node.node, TextNode) and reports[node.node.ref_doc_id or ""].day <= (case.as_of or newest)
        ]
        elapsed = time.perf_counter() - started
        reply = {
            "id": case.id,
            "question": case.question,
            "status": "answered" if nodes else "no_evidence",
            "text": "\n\n".join(node.text for node, _ in nodes[:_ANSWER_NODES]),
            "claims": [
                {"text": node.text, "verdict": "quoted", "citations": [_citation(node, number, reports)]}
                for number, (node, _) in enumerate(nodes[:_ANSWER_NODES], start=1)
            ],
            "hits": [
                {
                    "passage_id": f"{node.ref_doc_id}@{node.start_char_idx}",
                    "report_id": node.ref_doc_id,
                    "text": node.text,
                    "score": round(score, 4),
                }
                for node, score in nodes[:_SHOWN_HITS]
            ],
            "notes": [],
            "model": "none",
        }
        return Asked(reply, {}, {"evidence": elapsed, "end": elapsed})

    return answer


def _citation(node: TextNode, number: int, reports: dict[str, Report]) -> dict[str, object]:
    report = reports[node.ref_doc_id or ""]
    return {
        "number": number,
        "report_id": report.id,
        "start": node.start_char_idx or 0,
        "end": node.end_char_idx or 0,
        "quote": node.text,
        "source": report.source,
        "published": report.day.isoformat(),
    }
