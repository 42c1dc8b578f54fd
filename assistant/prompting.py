"""Prompt files: loads one, checks its inputs, fills it in, and fingerprints it. The words are in `prompts/`."""

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from string import Template
from typing import NamedTuple

from assistant.llm import Message
from index.errors import BriefingError


class BadPrompt(BriefingError):
    """A prompt file lacks its header, declares inputs it does not use, or was not given one of them."""


class Prompt(NamedTuple):
    """One prompt file, read."""

    name: str
    version: int
    inputs: frozenset[str]
    sections: tuple[tuple[str, str], ...]
    """(role, text with placeholders), in order."""
    fingerprint: str
    """First 12 hexadecimal digits of the file's SHA-256; in every trace."""


@cache
def load_prompt(name: str) -> Prompt:
    """The prompt `prompts/<name>.md`: a TOML header between `+++` lines, then one `# role` section per message."""
    text = files("prompts").joinpath(f"{name}.md").read_text(encoding="utf-8")
    _, header, body = text.split("+++\n", 2)
    declared = tomllib.loads(header)
    sections: list[tuple[str, str]] = []
    for block in ("\n" + body).split("\n# ")[1:]:
        role, _, words = block.partition("\n")
        sections.append((role.strip(), words.strip()))
    prompt = Prompt(
        name=declared["name"],
        version=declared["version"],
        inputs=frozenset(declared["inputs"]),
        sections=tuple(sections),
        fingerprint=hashlib.sha256(text.encode()).hexdigest()[:12],
    )
    used = {found for _, words in sections for found in Template(words).get_identifiers()}
    if frozenset(used) != prompt.inputs:
        raise BadPrompt(f"prompts/{name}.md declares {sorted(prompt.inputs)} but uses {sorted(used)}; make them agree")
    return prompt


def fill(prompt: Prompt, **values: str) -> list[Message]:
    """The messages with every placeholder replaced.

    Sections were split before, so a value that holds "# system" opens no new one; placeholders inside values stay as
    they are.
    """
    if frozenset(values) != prompt.inputs:
        raise BadPrompt(f"prompt {prompt.name!r} takes {sorted(prompt.inputs)}, got {sorted(values)}")
    messages: list[Message] = []
    for role, words in prompt.sections:
        if role not in ("system", "user", "assistant"):
            raise BadPrompt(f"prompts/{prompt.name}.md has a section {role!r}; expected system, user or assistant")
        messages.append(Message(role, Template(words).substitute(values)))
    return messages
