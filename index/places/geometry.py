"""Points, distances and areas: what "near", "in" and "north of" mean on the globe, and how an area is said in words."""

import math

import numpy as np
from numpy.typing import NDArray

from index.places.areas import country_name
from index.types import Area, Place

EARTH_RADIUS_KM = 6371.0088
_ROUNDING_DEG = 1e-9
_QUARTERS = {"north_of": 0.0, "east_of": 90.0, "south_of": 180.0, "west_of": 270.0}

_WORDING: dict[str, dict[str, str]] = {
    "en": {
        "near": "within {km} km of {place}",
        "in": "in {place}",
        "north_of": "north of {place}, within {km} km",
        "south_of": "south of {place}, within {km} km",
        "east_of": "east of {place}, within {km} km",
        "west_of": "west of {place}, within {km} km",
        "or": " or ",
    },
    "fr": {
        "near": "à moins de {km} km de {place}",
        "in": "dans {place}",
        "north_of": "au nord de {place}, à moins de {km} km",
        "south_of": "au sud de {place}, à moins de {km} km",
        "east_of": "à l’est de {place}, à moins de {km} km",
        "west_of": "à l’ouest de {place}, à moins de {km} km",
        "or": " ou ",
    },
    "ar": {
        "near": "في نطاق {km} كم من {place}",
        "in": "في {place}",
        "north_of": "شمال {place} في نطاق {km} كم",
        "south_of": "جنوب {place} في نطاق {km} كم",
        "east_of": "شرق {place} في نطاق {km} كم",
        "west_of": "غرب {place} في نطاق {km} كم",
        "or": " أو ",
    },
}
_REGION = {"en": "{name} region", "fr": "la région de {name}", "ar": "محافظة {name}"}


def distance_km(a_lat: float, a_lon: float, b_lat: float, b_lon: float) -> float:
    """Great-circle kilometres between two points in degrees (haversine)."""
    north = math.radians(b_lat - a_lat)
    east = math.radians(b_lon - a_lon)
    chord = (
        math.sin(north / 2) ** 2
        + math.cos(math.radians(a_lat)) * math.cos(math.radians(b_lat)) * math.sin(east / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def bearing_deg(a_lat: float, a_lon: float, b_lat: float, b_lon: float) -> float:
    """Compass direction in which b lies from a: 0 north, 90 east, in [0, 360)."""
    east = math.radians(b_lon - a_lon)
    a, b = math.radians(a_lat), math.radians(b_lat)
    across = math.sin(east) * math.cos(b)
    up = math.cos(a) * math.sin(b) - math.sin(a) * math.cos(b) * math.cos(east)
    return math.degrees(math.atan2(across, up)) % 360


def moved(lat: float, lon: float, km: float, bearing: float) -> tuple[float, float]:
    """The point `km` kilometres away in a compass direction."""
    arc, course, start = km / EARTH_RADIUS_KM, math.radians(bearing), math.radians(lat)
    there = math.asin(math.sin(start) * math.cos(arc) + math.cos(start) * math.sin(arc) * math.cos(course))
    east = math.atan2(
        math.sin(course) * math.sin(arc) * math.cos(start), math.cos(arc) - math.sin(start) * math.sin(there)
    )
    return math.degrees(there), (lon + math.degrees(east) + 540) % 360 - 180


def contains(area: Area, place: Place) -> bool:
    """Whether a place lies in an area.

    A country or region is never near a town, since its point is only its seat; it is in itself, and a region is in
    its country.
    """
    return any(_holds(area, centre, place) for centre in area.places)


def may_contain(area: Area, latitudes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """A sieve before `contains`, by latitude (degrees) alone: of 20,000 places it leaves a few hundred to look at.

    Of a place with the key of one of the area's own it says nothing: that one is held wherever it lies.
    """
    found = np.zeros(len(latitudes), dtype=bool)
    for centre in area.places:
        if centre.kind == "country" or (centre.kind == "region" and area.relation == "in"):
            return np.ones(len(latitudes), dtype=bool)
        reach_km = 0.0 if area.relation == "in" else area.radius_km
        found |= np.abs(latitudes - centre.lat) <= math.degrees(reach_km / EARTH_RADIUS_KM) + _ROUNDING_DEG
    return found


def _holds(area: Area, centre: Place, place: Place) -> bool:
    if place.key == centre.key:
        return area.relation in ("in", "near")
    if centre.kind == "country" and area.relation in ("in", "near"):
        return place.country == centre.country
    if centre.kind == "region" and area.relation == "in":
        return place.kind != "country" and place.region is not None and place.region == centre.region
    if place.kind in ("country", "region"):
        return False
    if area.relation == "in":
        # A place the text puts by the town, without saying how far, may lie in it.
        return (
            place.kind == "approximate"
            and place.near is not None
            and (place.lat, place.lon) == (centre.lat, centre.lon)
        )
    if distance_km(centre.lat, centre.lon, place.lat, place.lon) > area.radius_km:
        return False
    if area.relation == "near":
        return True
    turn = abs(bearing_deg(centre.lat, centre.lon, place.lat, place.lon) - _QUARTERS[area.relation])
    return (place.lat, place.lon) != (centre.lat, centre.lon) and min(turn, 360 - turn) <= 45


def describe_area(area: Area, language: str) -> str:
    """An area in words: "within 50 km of Deir ez-Zor". English when the language is not one of ours."""
    wording = _WORDING.get(language, _WORDING["en"])
    names = [_name(place, language, area.relation) for place in area.places]
    km = f"{area.radius_km:g}"
    return wording[area.relation].format(km=km, place=wording["or"].join(names))


def _name(place: Place, language: str, relation: str) -> str:
    if place.kind == "country" and place.country is not None:
        return country_name(place.country, language)
    if place.kind == "region" and relation == "in":
        return _REGION.get(language, _REGION["en"]).format(name=place.name)
    return place.name
