"""What each figure of a text counts: the few telling words after it, in the three languages mostly its noun."""

from datetime import date
from functools import lru_cache

from assistant.facts.quantities import Located, blanked, located_numbers
from index.dates import find_times

_WORDS = 4
_ENDS_CLAUSE = ',.;:،؛»”"'


def counted(text: str, anchor: date, language: str) -> tuple[tuple[float, str], ...]:
    """Each figure, dates left out, with the words after it up to the next figure or the end of its clause.

    "" after a figure that stands bare: "the toll stands at three". An Arabic dual counts itself: "جثتين" is two bodies.
    """
    return tuple((figure.number.value, things) for figure, things in located_and_counted(text, anchor, language))


# One answer asks the same some hundred sentences several times.
@lru_cache(maxsize=2_000)
def located_and_counted(text: str, anchor: date, language: str) -> tuple[tuple[Located, str], ...]:
    """As `counted`, with where each figure stands."""
    undated = without_dates(text, anchor, language)
    told: list[tuple[Located, str]] = []
    end = len(undated)
    for each in reversed(located_numbers(undated, language)):
        told.append((each, " ".join([*_counts_itself(undated, each), *_following(undated[each.end : end])])))
        end = each.start
    return tuple(told[::-1])


def without_dates(text: str, anchor: date, language: str) -> str:
    """The text with its time expressions blanked out; offsets stay."""
    return blanked(text, find_times(text, anchor, language))


def _counts_itself(text: str, figure: Located) -> list[str]:
    word = text[figure.start : figure.end]
    return [word] if figure.number.value == 2 and word.endswith(("ين", "ان")) and len(word) > 5 else []


def _following(text: str) -> list[str]:
    taken: list[str] = []
    for word in text.split()[:_WORDS] if text[:1].strip(_ENDS_CLAUSE) else []:
        taken.append(word)
        if word[-1:] in _ENDS_CLAUSE:
            break
    return taken
