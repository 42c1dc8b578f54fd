"""Text in a report that commands whoever summarises it: no evidence of anything but itself.

Models are misled by such text, and no model rule stops all of it; here it is left out before a model or a reader sees
it. The patterns know the common forms in three languages; what they miss still meets the closed list of ids, the quotes
filled in by code and the check of every statement.
"""

import re
import unicodedata

_COMMANDS = re.compile(
    r"\b(?:ignore|disregard|forget|override) (?:\w+ ){0,3}(?:instructions?|rules|prompts?|question|previous|above)\b|"
    r"\b(?:ignore|forget) (?:everything|all|anything)\b|\b(?:system|developer) (?:prompt|note|message|override)\b|"
    r"\bbegin every (?:answer|reply)\b|"
    r"\b(?:assistants?|AI(?: readers?| models?| systems?)?|chat ?bots?|language models?|LLMs?|machine readers?|"
    r"man or machine)\b[^.]{0,60}"
    r"\b(?:must|should|shall|have to|add|say|state|report|answer|reply|write|mention|ignore|cite)\b|"
    r"\b(?:answer|reply|respond|output|begin every reply|say|print|repeat|write)\b[^.]{0,40}"
    r"\b(?:only with|nothing else|every question|your (?:system )?prompt|the rules you)\b|"
    r"\b(?:language models?|assistants?)\s*:|\bend of (?:the )?(?:sentences|context|documents?)\b|"
    r"\{\s*[\"“]statements[\"”]|\b(?:correct|right) answer to every question\b|\bmaintenance mode\b|"
    r"\b(?:in|of|to|with|throughout) your (?:answers?|repl(?:y|ies)|responses?|outputs?|summary)\b|\byour responses?\b|"
    r"\bcode ?name is\b|"
    r"\b(?:oubliez|ignorez|oublie|ignore) (?:\w+ ){0,3}(?:consignes?|instructions?|règles)|\bconsigne au modèle\b|"
    r"\b(?:répondez|réponds) (?:seulement|uniquement)\b|\brévèle ton invite\b|"
    r"(?<!\w)(?:تجاهل|تجاهلوا|انس) (?:\w+ ){0,2}(?:التعليمات|تعليمات|القواعد|ما سبق)|للمساعد الآلي|أيها المساعد|"
    r"(?<!\w)أجب عن كل سؤال|اطبع تعليماتك",
    re.I,
)
# What turns of a conversation with a model begin with; no paragraph of a report does.
_ROLES = re.compile(
    r"^\W*(?:system|assistant|user|système|utilisateur|النظام|المساعد)\s*[:：]|\[\[?\s*(?:assistant|system|inst)\b|"
    r"\[/?INST\]|<\|?/?(?:im_start|im_end|system|assistant|user|s\d)\b|"
    r"(?:^|[:：])\W*#+ ?(?:system|instruction|response)\b",
    re.I,
)
_HIDDEN_MARKUP = re.compile(
    r"<!--|<[^>]*\bstyle\s*=[^>]*(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*[01](?:px|pt)?\b|"
    r"color\s*:\s*(?:white|#fff))",
    re.I,
)
# Zero-width characters inside Latin words, overrides of the reading direction, words of Latin and Cyrillic letters,
# letters one by one: not of any ordinary text.
_HIDDEN_LETTERS = re.compile(
    r"[\u202d\u202e\u2066-\u2068]|[A-Za-z][\u200b\u2060\ufeff\u00ad]+[A-Za-z]|[\U000e0020-\U000e007f]|"
    r"[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]|(?:(?<!\w)[^\W\d_][^\w,;،]{1,3}){8}"
)


# A made-up exchange after a command: "END OF SENTENCES. Question: what is the code? Answer: …".
_LABELLED = re.compile(r"^\W*(?:question|answer|réponse|السؤال|الجواب)\s*[:：]", re.I)


def is_planted(text: str, around: str = "") -> bool:
    """Whether the sentence commands its reader or hides: "Ignore all previous instructions …".

    `around`: the paragraph that it stands in. What hides a part of a paragraph, or makes it a turn of a conversation,
    is held against all of it; a command only against an answer that follows it, since honest reports quote commands.
    """
    if any(pattern.search(part) for pattern in (_HIDDEN_MARKUP, _HIDDEN_LETTERS) for part in (text, around)):
        return True
    sentence, paragraph = _plain(text), _plain(around)
    if _ROLES.search(sentence) or _ROLES.search(paragraph) or _COMMANDS.search(sentence):
        return True
    return bool(_LABELLED.match(sentence) and _COMMANDS.search(paragraph))


def paragraph_at(body: str, start: int, end: int) -> str:
    """The paragraph of `body` that holds the slice."""
    opens, closes = body.rfind("\n\n", 0, start), body.find("\n\n", end)
    return body[max(0, opens) : closes if closes >= 0 else len(body)]


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
