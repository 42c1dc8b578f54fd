"""A question for the models under test, what a reply must obey, and how they are asked."""

from assistant.embedded import EmbeddedLLM
from assistant.models import Deadlines, Message, OllamaLLM

QUESTION = [Message("system", "Answer briefly."), Message("user", "Who took the village?")]
IDS: dict[str, object] = {
    "type": "object",
    "properties": {"ids": {"type": "array", "items": {"enum": ["s1", "s2", "s3"]}, "minItems": 1, "maxItems": 3}},
    "required": ["ids"],
    "additionalProperties": False,
}
GENEROUS = Deadlines(connect_s=5, first_token_s=10, gap_s=10, total_s=20)


def ask(
    llm: OllamaLLM | EmbeddedLLM,
    *,
    schema: dict[str, object] | None = None,
    deadlines: Deadlines = GENEROUS,
    messages: list[Message] = QUESTION,
    max_tokens: int = 50,
) -> str:
    return "".join(llm.stream(messages, schema=schema, max_tokens=max_tokens, deadlines=deadlines))
