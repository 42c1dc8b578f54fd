"""Which of many places lie in an area: the sieve by latitude loses none that the exact test keeps."""

from typing import Literal, get_args

import numpy as np
import pytest

from index.places import contains
from index.places.geometry import may_contain
from index.types import Area, Place

Relation = Literal["near", "in", "north_of", "south_of", "east_of", "west_of"]


def _place(
    number: int, lat: float, lon: float, kind: Literal["settlement", "region", "country"] = "settlement"
) -> Place:
    return Place(name=f"Town {number}", key=f"test:{number}", kind=kind, lat=lat, lon=lon, country="SY", region="SY.01")


@pytest.mark.parametrize("relation", get_args(Relation))
@pytest.mark.parametrize("kind", ["settlement", "region", "country"])
@pytest.mark.parametrize("centre", [(35.3, 40.1), (-0.1, 179.99), (89.5, 10.0)])
def test_the_sieve_keeps_every_place_that_an_area_holds(
    relation: Relation, kind: Literal["settlement", "region", "country"], centre: tuple[float, float]
):
    rng = np.random.default_rng(1)
    around = rng.normal(scale=2.0, size=(1_000, 2)) + centre
    lons = (around[:, 1] + 180) % 360 - 180
    lats = np.clip(around[:, 0], -90, 90)
    places = [_place(at, lat, lon) for at, (lat, lon) in enumerate(zip(lats.tolist(), lons.tolist(), strict=True))]
    asked = _place(-1, *centre, kind=kind)
    area = Area(places=(asked,), relation=relation, radius_km=120.0)
    kept = may_contain(area, np.array([place.lat for place in places]))
    assert [p.key for p, is_kept in zip(places, kept, strict=True) if contains(area, p) and not is_kept] == []
    if relation == "near" and kind != "country" and centre[0] < 80:
        assert 0 < sum(contains(area, place) for place in places) <= kept.sum() < 700
