"""A question of several parts: "How many were freed, and where are they held?" asks twice. Reads questions only."""

import re
from typing import NamedTuple

from assistant.sought import Slot, find_deed, find_slots
from assistant.typed import bare
from assistant.types import Query
from index.lexical import telling_words

_NEXT_PART = re.compile(
    r"[?؟]\s+|"
    r",?\s+and\s+(?=(?:(?:at|in|on|from|to|for|by|of|with|since|until)\s+)?(?:how|what|which|whom?|whose|where|when|why)\b)|"
    r",?\s+et\s+(?=(?:(?:à|de|dans|en|sur|par|pour|depuis|avec|jusqu['’]à)\s*)?"
    r"(?:d['’]où|combien|qui|quoi|quel(?:le)?s?|où|quand|comment|pourquoi)\b)|"
    r"،?\s+و(?=ب?كم\s|أين\s|متى\s|لماذا\s|كيف\s|أي\s|في أي\s|إلى أين\s|منذ متى\s|ما (?:هو|هي|اسم|أسماء|عدد|سبب)\s)",
    re.I,
)
_POINTS_BACK = re.compile(
    r"\b(?:how|where|when|why|who|combien|où|quand|comment|pourquoi|qui)\b|أين|متى|لماذا|كم", re.I
)


class Part(NamedTuple):
    """What one part of a question asks for."""

    text: str
    """As typed."""
    slots: tuple[Slot, ...]
    deed: str | None


def parts_of(query: Query) -> list[Part]:
    """The parts that ask for something, or the whole question as one."""
    parts = [_part(text, query.language) for text in find_parts(query.asking)]
    asking = [part for part in parts if part.slots or part.deed]
    if len(parts) < 2 or len(asking) < 2:
        return [_part(query.asking, query.language)]
    counted_first = next((slot for part in asking for slot in part.slots if slot.kind == "count" and slot.head), None)
    if counted_first is None:
        return asking
    # "…, and how many of them": of what was counted before.
    return [
        part._replace(slots=tuple(counted_first if slot == Slot("count") else slot for slot in part.slots))
        for part in asking
    ]


def _part(text: str, language: str) -> Part:
    return Part(text, find_slots(text, language), find_deed(text, language))


def find_parts(question: str) -> tuple[str, ...]:
    """What a question asks one after the other: "How many were freed, and where are they held?" asks twice."""
    whole = [part.strip(" ,;:،؛?؟.!") for part in _NEXT_PART.split(bare(question))]
    return tuple(part for part in whole if telling_words(part) or _POINTS_BACK.search(part))
