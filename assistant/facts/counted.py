"""What each figure of a text counts: the few telling words after it, in the three languages mostly its noun."""

from collections.abc import Iterable
from datetime import date

from assistant.facts.quantities import numbers
from index.dates import TimeMention, find_times

_WORDS = 4


def counted(text: str, anchor: date, language: str) -> list[tuple[float, str]]:
    """Each figure of one word, dates left out, with the words after it up to the next figure or the end of its clause.

    "" after a figure that stands bare: "the toll stands at three". An Arabic dual counts itself: "جثتين" is two bodies.
    """
    words = without_dates(text, anchor, language).split()
    found: list[tuple[float, str]] = []
    for at, word in enumerate(words):
        for number in numbers(word, language)[:1]:
            is_dual = number.value == 2 and word.endswith(("ين", "ان")) and len(word) > 5
            after = [word] if is_dual else []
            if word[-1:] not in ',.;:،؛»”"':
                after += _following(words[at + 1 : at + 1 + _WORDS], language)
            found.append((number.value, " ".join(after)))
    return found


def without_dates(text: str, anchor: date, language: str) -> str:
    """The text with its time expressions blanked out; offsets stay."""
    return blanked(text, find_times(text, anchor, language))


def blanked(text: str, mentions: Iterable[TimeMention]) -> str:
    """The text with these blanked out; offsets stay."""
    for mention in mentions:
        text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    return text


def _following(words: list[str], language: str) -> list[str]:
    taken: list[str] = []
    for word in words:
        if numbers(word, language):
            break
        taken.append(word)
        if word[-1:] in ',.;:،؛»”"':
            break
    return taken
