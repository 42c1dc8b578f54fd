"""The scope fields under the question: what was understood is written into them, what is edited is asked again.

An edited scope is put into words and asked like any other question, so that there is one way to understand questions,
and the reader sees what was asked.
"""

from datetime import date, timedelta
from typing import NamedTuple

from assistant.page.words import word
from assistant.types import Query
from index.errors import BriefingError


class Chips(NamedTuple):
    """What the fields hold, as typed."""

    as_of: str = ""
    since: str = ""
    until: str = ""
    """The last day, included."""
    places: str = ""
    """Names, separated by commas."""
    radius: str = ""
    """Kilometres; empty for "in the place itself"."""


class BadChip(BriefingError):
    """A field under the question holds something that cannot be read."""


_DIRECTIONS = {
    "en": "{direction} of {places}",
    "fr": "{direction} de {places}",
    "ar": "{direction} {places}",
}
_SIDES = {
    "north_of": {"en": "north", "fr": "au nord", "ar": "شمال"},
    "south_of": {"en": "south", "fr": "au sud", "ar": "جنوب"},
    "east_of": {"en": "east", "fr": "à l’est", "ar": "شرق"},
    "west_of": {"en": "west", "fr": "à l’ouest", "ar": "غرب"},
}
_PHRASES = {
    "en": {
        "between": "from {since} to {until}",
        "on": "on {since}",
        "since": "since {since}",
        "until": "until {until}",
        "near": "within {km} km of {places}",
        "in": "in {places}",
        "and": " and ",
    },
    "fr": {
        "between": "du {since} au {until}",
        "on": "le {since}",
        "since": "depuis le {since}",
        "until": "jusqu’au {until}",
        "near": "à moins de {km} km de {places}",
        "in": "dans {places}",
        "and": " et ",
    },
    "ar": {
        "between": "من {since} إلى {until}",
        "on": "في {since}",
        "since": "منذ {since}",
        "until": "حتى {until}",
        "near": "على بعد {km} كم من {places}",
        "in": "في {places}",
        "and": " و",
    },
}


def chips_of(query: Query) -> Chips:
    """The fields for a question as it was understood."""
    window, area = query.window, query.area
    return Chips(
        as_of=query.as_of.isoformat(),
        since=window.start.isoformat() if window is not None and window.start > date.min else "",
        until=(window.end - timedelta(days=1)).isoformat() if window is not None and window.end < date.max else "",
        places=", ".join(place.name for place in area.places) if area is not None else "",
        radius=f"{area.radius_km:g}" if area is not None and area.relation != "in" else "",
    )


def edited(chips: Chips, filled: Chips) -> dict[str, str]:
    """The fields that the reader has written into since they were `filled`, by name.

    One that was emptied bounds nothing. Nor is the as-of day among them: every question is given it.
    """
    typed = {name: value.strip() for name, value in chips._asdict().items() if name != "as_of"}
    return {name: value for name, value in typed.items() if value and value != getattr(filled, name)}


def reworded(query: Query, chips: Chips, language: str) -> str:
    """The question with the scope of the fields instead of its own. Raises `BadChip`; `language` is the page's."""
    said = _PHRASES.get(query.language, _PHRASES["en"])
    topic = (query.topic.strip() or query.text.strip()).rstrip(" ?؟.!,")
    parts = [topic, _when(chips, said, language), _where(query, chips, said, language)]
    mark = {"fr": " ?", "ar": "؟"}.get(query.language, "?")
    return " ".join(part for part in parts if part) + mark


def read_day(text: str, language: str) -> date | None:
    """A day as typed, YYYY-MM-DD; None when the field is empty. Raises `BadChip`."""
    typed = text.strip()
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise BadChip(word("bad day", language, text=typed[:40])) from None


def _when(chips: Chips, said: dict[str, str], language: str) -> str:
    since, until = read_day(chips.since, language), read_day(chips.until, language)
    if since is None and until is None:
        return ""
    if since is None:
        return said["until"].format(until=until)
    if until is None:
        return said["since"].format(since=since)
    if since > until:
        raise BadChip(word("bad order", language, since=since, until=until))
    return said["on" if since == until else "between"].format(since=since, until=until)


def _where(query: Query, chips: Chips, said: dict[str, str], language: str) -> str:
    places = said["and"].join(name.strip()[:100] for name in chips.places.replace("،", ",").split(",") if name.strip())
    if not places:
        return ""
    radius = chips.radius.strip()
    if not radius:
        return said["in"].format(places=places)
    try:
        km = float(radius.replace(",", "."))
    except ValueError:
        km = 0.0
    if not 1 <= km <= 2000:
        raise BadChip(word("bad radius", language, text=radius[:40]))
    before = chips_of(query)
    if query.area is not None and query.area.relation in _SIDES and before.radius == radius:
        side = _SIDES[query.area.relation].get(query.language, query.area.relation.removesuffix("_of"))
        return _DIRECTIONS.get(query.language, _DIRECTIONS["en"]).format(direction=side, places=places)
    return said["near"].format(km=f"{km:g}", places=places)
