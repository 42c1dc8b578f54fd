"""Gazetteer files: places that GeoNames lacks, or that someone wants spelled or placed differently.

A CSV file with the header `name,lat,lon,aliases,within`: degrees WGS 84, aliases separated by ";", `within` the areas
it lies in, smallest first, separated by ";". An ISO country code or a GeoNames region code ("SY", "SY.08") among them
is understood as such. Ours is `data/places.csv`; a user's has the same form.
"""

import csv
import re
from pathlib import Path
from typing import Literal, NamedTuple

from index.errors import BadSetting
from index.places.names import fold

COLUMNS = ("name", "lat", "lon", "aliases", "within")


class FiledPlace(NamedTuple):
    key: str
    kind: Literal["settlement", "region"]
    name: str
    lat: float
    lon: float
    aliases: tuple[str, ...]
    within: tuple[str, ...]
    country: str | None
    region: str | None


def read_gazetteer_file(path: Path) -> list[FiledPlace]:
    """All places of a file; the first line that is wrong raises `BadSetting` with its number and what to write."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.reader(lines)
            header = tuple(cell.strip() for cell in next(rows, []))
            if header[:3] != COLUMNS[:3] or set(header) - set(COLUMNS):
                raise BadSetting(f"{path}: line 1 is {','.join(header)!r}, expected {','.join(COLUMNS)!r}.")
            return [
                _place(path, rows.line_num, dict(zip(header, row, strict=False)), row, header) for row in rows if row
            ]
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path}: cannot read the gazetteer file ({error}); give a UTF-8 CSV file.") from error
    except csv.Error as error:
        raise BadSetting(f"{path}: not a CSV file ({error}).") from error


def _place(path: Path, number: int, cells: dict[str, str], row: list[str], header: tuple[str, ...]) -> FiledPlace:
    where = f"{path}: line {number}"
    if len(row) > len(header):
        raise BadSetting(
            f"{where} has {len(row)} cells, expected {len(header)}; put quotes around a text with a comma."
        )
    name = cells.get("name", "").strip()
    if not fold(name):
        raise BadSetting(f"{where} has no name in its first cell.")
    within = _several(cells.get("within", ""))
    region = next((code for code in within if re.fullmatch(r"[A-Z]{2}\.\w+", code)), None)
    country = region[:2] if region else next((code for code in within if re.fullmatch(r"[A-Z]{2}", code)), None)
    return FiledPlace(
        key=f"user:{fold(name)}",
        kind="settlement",
        name=name,
        lat=_degrees(where, "lat", cells.get("lat", ""), 90),
        lon=_degrees(where, "lon", cells.get("lon", ""), 180),
        aliases=_several(cells.get("aliases", "")),
        within=tuple(area for area in within if area not in (region, country)),
        country=country,
        region=region,
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _degrees(where: str, column: str, cell: str, limit: int) -> float:
    try:
        degrees = float(cell)
    except ValueError:
        degrees = float("nan")
    if not -limit <= degrees <= limit:
        raise BadSetting(f"{where}: {column} is {cell!r}, expected degrees between -{limit} and {limit}.")
    return degrees
