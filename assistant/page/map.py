"""The map of the evidence → SVG: its places on coast and border lines that come with the program. Nothing is fetched.

Projection: equirectangular around the middle of what is shown, which is true enough over a few countries.
"""

import json
import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from assistant.page.evidence import best_sentences
from assistant.page.names import country_name
from assistant.page.text import escape, exact
from assistant.page.words import word
from assistant.types import Hit
from index.types import Area, Place

_WIDTH, _HEIGHT = 300, 140
_KM_PER_DEGREE = 111.2
_LEAST_SPAN = 1.2
"""Degrees of latitude shown at least: a town needs a coast or a border near it to be recognised."""
_LABELS = 7

Points = tuple[tuple[float, float], ...]
"""(lon, lat) in degrees."""


class _Line(NamedTuple):
    points: Points
    west: float
    south: float
    east: float
    north: float


class _View(NamedTuple):
    """The part of the world that is shown."""

    lon: float
    lat: float
    scale: float
    """Pixels a degree of latitude."""

    def x(self, lon: float) -> float:
        return _WIDTH / 2 + (lon - self.lon) * math.cos(math.radians(self.lat)) * self.scale

    def y(self, lat: float) -> float:
        return _HEIGHT / 2 - (lat - self.lat) * self.scale


def map_html(
    hits: Sequence[Hit],
    cited: Collection[str],
    area: Area | None,
    language: str,
    names: Mapping[str, str],
) -> str:
    """`cited`: ids of the passages that the answer cites; their places are darker. A place filters the sources.

    `names`: of places by key, instead of those printed in the reports.
    """
    places: dict[str, Place] = {}
    counts: Counter[str] = Counter()
    darker: set[str] = set()
    for hit in hits:
        named = {place.key: place for each in best_sentences(hit) for place in each.places if place.kind != "country"}
        places |= {key: place.model_copy(update={"name": names.get(key, place.name)}) for key, place in named.items()}
        counts.update(named.keys())
        darker |= named.keys() if hit.passage.id in cited else set()
    asked = [place for place in area.places if place.kind != "country"] if area is not None else []
    shown = [*places.values(), *asked]
    if not shown:
        return ""
    # A question's radius is drawn only where it bounds: "in" a place has none.
    radius = area.radius_km / _KM_PER_DEGREE if area is not None and area.relation != "in" else 0.0
    view = _view(shown, radius if asked else 0.0)
    circles = "".join(
        f'<circle class="asked-area" cx="{view.x(place.lon):.1f}" cy="{view.y(place.lat):.1f}" '
        f'r="{radius * view.scale:.1f}"></circle>'
        for place in (asked if radius else [])
    )
    ranked = sorted(places, key=lambda key: (-(key in darker), -counts[key], key))
    # The most telling last, so that it lies on top.
    dots = "".join(_dot(places[key], counts[key], key in darker, view) for key in reversed(ranked))
    title = escape(word("map", language))
    countries = dict.fromkeys(country_name(place.country, language) for place in shown if place.country)
    where = f" · {escape(word('comma', language).join(countries))}" if len(countries) in range(1, 4) else ""
    return (
        f'<figure><figcaption>{title}{where}</figcaption><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="group" '
        f'aria-label="{title}" preserveAspectRatio="xMidYMid slice">'
        f'<rect class="sea" width="{_WIDTH}" height="{_HEIGHT}"></rect>{_outline(view)}{circles}{dots}'
        f"{_labels([places[key] for key in ranked], view)}{_scale_bar(view, language)}</svg></figure>"
    )


def _view(places: Sequence[Place], radius: float) -> _View:
    """Around all of them, with a margin."""
    south, north = min(p.lat for p in places) - radius, max(p.lat for p in places) + radius
    lat = (south + north) / 2
    shrink = max(math.cos(math.radians(lat)), 0.05)
    west, east = min(p.lon for p in places) - radius / shrink, max(p.lon for p in places) + radius / shrink
    tall = max(north - south, _LEAST_SPAN) * 1.35
    wide = max((east - west) * shrink * 1.35, tall * 0.1)
    return _View((west + east) / 2, lat, min(_HEIGHT / tall, _WIDTH / wide))


def _outline(view: _View) -> str:
    half_lat = _HEIGHT / 2 / view.scale
    half_lon = _WIDTH / 2 / view.scale / max(math.cos(math.radians(view.lat)), 0.05)
    paths: list[str] = []
    for kind, lines in _world().items():
        drawn = "".join(
            "M" + "L".join(f"{view.x(lon):.1f},{view.y(lat):.1f}" for lon, lat in piece)
            for line in lines
            if line.east > view.lon - half_lon
            and line.west < view.lon + half_lon
            and line.north > view.lat - half_lat
            and line.south < view.lat + half_lat
            for piece in _pieces(line.points, view, half_lon, half_lat)
        )
        paths.append(f'<path class="land {kind}" d="{drawn}"></path>')
    return "".join(paths)


def _pieces(points: Points, view: _View, half_lon: float, half_lat: float) -> Iterator[list[tuple[float, float]]]:
    """The stretches of a line that come near the view: a long coast is mostly elsewhere."""
    piece: list[tuple[float, float]] = []
    before: tuple[float, float] | None = None
    for point in points:
        is_near = abs(point[0] - view.lon) < 1.5 * half_lon + 1 and abs(point[1] - view.lat) < 1.5 * half_lat + 1
        if is_near:
            if not piece and before is not None:
                piece.append(before)
            piece.append(point)
        elif piece:
            yield [*piece, point]
            piece = []
        before = point
    if len(piece) > 1:
        yield piece


def _dot(place: Place, count: int, is_cited: bool, view: _View) -> str:
    name = escape(place.name)
    around = f" ≈ {escape(place.near)}" if place.near else ""
    return (
        f'<g role="button" tabindex="0" data-place="{exact(place.key)}" data-name="{name}" '
        f'aria-label="{name} ({count})"><title>{name}{around} ({count})</title>'
        f'<circle class="place{" is-cited" if is_cited else ""}" cx="{view.x(place.lon):.1f}" '
        f'cy="{view.y(place.lat):.1f}" r="{3 + 1.2 * math.sqrt(count):.1f}"></circle></g>'
    )


class _Box(NamedTuple):
    """Pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


_BAR = _Box(0, _HEIGHT - 26, _WIDTH * 0.3, _HEIGHT)
"""Kept free for the scale bar."""


def _labels(places: Sequence[Place], view: _View) -> str:
    """Names of the first places, each beside its dot, as many as do not cover each other; nor a dot, if it can be."""
    dots = [(view.x(place.lon), view.y(place.lat)) for place in places]
    covered = [_Box(x - 4, y - 4, x + 4, y + 4) for x, y in dots]
    taken = [_BAR]
    labels: list[str] = []
    for place, (x, y) in zip(places, dots, strict=True):
        width = 6.5 * len(place.name)
        spots = [
            ("start", x + 8, y + 4, _Box(x + 6, y - 6, x + 8 + width, y + 6)),
            ("end", x - 8, y + 4, _Box(x - 8 - width, y - 6, x - 6, y + 6)),
            ("middle", x, y - 9, _Box(x - width / 2, y - 18, x + width / 2, y - 6)),
            ("middle", x, y + 17, _Box(x - width / 2, y + 6, x + width / 2, y + 18)),
        ]
        free = [spot for spot in spots if _is_inside(spot[3]) and not any(map(spot[3].meets, taken))]
        if not free or len(labels) >= _LABELS:
            continue
        side, at_x, at_y, box = min(free, key=lambda spot: sum(map(spot[3].meets, covered)))
        taken.append(box)
        labels.append(
            f'<text class="label" x="{at_x:.1f}" y="{at_y:.1f}" text-anchor="{side}">{escape(place.name)}</text>'
        )
    return "".join(labels)


def _is_inside(box: _Box) -> bool:
    return box.left >= 0 and box.top >= 0 and box.right <= _WIDTH and box.bottom <= _HEIGHT


def _scale_bar(view: _View, language: str) -> str:
    """How long a round number of kilometres is, in the lower left corner; true in the middle of the map."""
    pixels_a_km = view.scale / _KM_PER_DEGREE
    most = _WIDTH * 0.25 / pixels_a_km
    magnitude = 10 ** math.floor(math.log10(most))
    km = max(step * magnitude for step in (1, 2, 5) if step * magnitude <= most)
    said = escape(word("kilometres", language, count=f"{km:g}"))
    x, y = 8, _HEIGHT - 8
    return (
        f'<g class="scale"><path d="M{x},{y - 4}V{y}H{x + km * pixels_a_km:.1f}V{y - 4}"></path>'
        f'<text x="{x}" y="{y - 7}">{said}</text></g>'
    )


@lru_cache(maxsize=1)
def _world() -> dict[str, tuple[_Line, ...]]:
    """Coasts and borders; see OUTLINE.md."""
    stored: dict[str, list[list[int]]] = json.loads((files("assistant.page") / "outline.json").read_bytes())
    return {kind: tuple(_line(steps) for steps in lines) for kind, lines in stored.items()}


def _line(steps: Sequence[int]) -> _Line:
    x, y = 0, 0
    points: list[tuple[float, float]] = []
    for at in range(0, len(steps), 2):
        x, y = x + steps[at], y + steps[at + 1]
        points.append((x / 100, y / 100))
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return _Line(tuple(points), min(lons), min(lats), max(lons), max(lats))
