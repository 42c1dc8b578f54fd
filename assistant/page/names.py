"""What places, countries and languages are called in the page's language.

A town is called as the reports in that language print it: the gazetteer does not tell whose spelling is whose.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from babel import Locale

from assistant.page.evidence import best_sentences
from assistant.page.words import LANGUAGES
from assistant.types import Hit
from index.listing import printed_names
from index.places.gazetteer import Gazetteer
from index.places.names import fold
from index.store import Index
from index.types import Place


def language_name(code: str, language: str) -> str:
    """The language with an ISO 639-1 code, in `language`; the code when it has no name."""
    return _locale(language).languages.get(code, code)


def country_name(code: str, language: str) -> str:
    """The country with an ISO 3166-1 code, in `language`; the code when it has no name."""
    return _locale(language).territories.get(code, code)


@lru_cache(maxsize=len(LANGUAGES))
def _locale(language: str) -> Locale:
    return Locale.parse(language if language in LANGUAGES else "en")


def place_names(index: Index, hits: Sequence[Hit], language: str) -> dict[str, str]:
    """Of the places in the hits' best sentences, by key. One that no report in `language` names is called as it is
    printed; among Latin letters, one printed in Arabic letters as the gazetteer calls it."""
    printed = [(place, hit.report.language) for hit in hits for each in best_sentences(hit) for place in each.places]
    countries = {place.key: country_name(place.country or "", language) for place, _ in printed if _is_country(place)}
    found = countries | {
        place.key: place.name for place, spoken in printed if spoken == language and not _is_country(place)
    }
    others = {place.key: place for place, _ in printed if place.key not in found}
    called = printed_names(index.catalog.connection, others, language)
    return found | {
        key: called.get(key) or _fallback(place, language, index.gazetteer) for key, place in others.items()
    }


def _is_country(place: Place) -> bool:
    return place.kind == "country"


def _fallback(place: Place, language: str, gazetteer: Gazetteer) -> str:
    if language == "ar" or not _ARABIC.search(place.name):
        return place.name
    spelling = fold(place.name)
    known = gazetteer.named([spelling]).get(spelling, ())
    return next((candidate.name for candidate in known if candidate.key == place.key), place.name)


_ARABIC = re.compile("[\u0621-\u06ff]")
