"""The gazetteer: which places a name can mean, from GeoNames, our supplement and the user's own file.

Compiled once into a SQLite file (`compile.py`), then only read. Knows nothing of texts: which of the candidates a
report means is decided in `choice.py` and `finding.py`.
"""

import sqlite3
import threading
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple, Self
from zlib import crc32

from index.places.compile import SIEVE_BITS, compiled, sieve_of
from index.places.file import read_gazetteer_file
from index.places.names import SOUNDED_COUNTRIES, fold, skeleton, without_articles

CACHED_NAMES = 50_000  # about 15 MB; a few hundred reports fill a third of it
_CACHED_SOUNDS = 5_000

Form = Literal[0, 1, 2, 3]
"""How a spelling relates to the name: 0 the main name, 1 another name, 2 a name that lost its leading article, 3 the
same once vowels are levelled (`names.level`)."""


class Candidate(NamedTuple):
    """A place that a spelling can mean."""

    key: str
    kind: Literal["settlement", "region", "country"]
    name: str
    lat: float
    lon: float
    country: str | None
    """ISO 3166-1 alpha-2."""
    region: str | None
    """GeoNames' first-level code, "SY.07"."""
    population: int
    form: Form = 0
    within: tuple[str, ...] | None = None
    """Names of the areas it lies in, when its gazetteer says so; else they follow from `region` and `country`."""


_COLUMNS = "p.key, p.kind, p.name, p.lat, p.lon, p.country, p.region, p.population"


class Gazetteer:
    """Read-only and safe to use from several threads; close it, or use it as a context manager."""

    def __init__(self, database: sqlite3.Connection, own: dict[str, tuple[Candidate, ...]], ours: set[str]) -> None:
        self._database = database
        self._own = own
        self._own_wins = ours
        self._lock = threading.Lock()
        self._by_name: dict[str, tuple[Candidate, ...]] = {}
        self._by_sound: dict[tuple[str, str], tuple[tuple[Candidate, str], ...]] = {}
        self._own_sounds: dict[tuple[str, str], list[tuple[Candidate, str]]] | None = None
        self._areas: dict[str, Candidate] = {}
        self._seats: dict[str, str] = {}
        [[bits]] = database.execute("SELECT bits FROM sieve")
        self._sieve = sieve_of(own, bits)
        self._load_areas()

    @classmethod
    def open(cls, cache: Path, extra: Path | None = None) -> Self:
        """Open the compiled gazetteer in folder `cache`, compiling it first when it is not there: some 20 seconds, told
        of in one line on standard error.

        `extra` is a user's CSV file (see `file.py`) whose places win over all others of the same name; a bad
        line raises `BadSetting` naming file and line.
        """
        supplement = _by_spelling(Path(str(files("index.places") / "data" / "places.csv")))
        users = {} if extra is None else _by_spelling(extra)
        path = compiled(cache)
        # immutable: the file is never changed once renamed into place, so readers need no locks on it.
        database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        return cls(database, {**supplement, **users}, set(users))

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def may_name(self, spelling: str) -> bool:
        """False only for a folded spelling that no place has; of those it lets one in sixteen pass.

        Twenty times as fast as asking the file, and most of what a text could name is no name.
        """
        bit = crc32(spelling.encode()) % SIEVE_BITS
        return self._sieve[bit >> 3] >> (bit & 7) & 1 == 1

    def named(self, spellings: Iterable[str]) -> dict[str, tuple[Candidate, ...]]:
        """The candidates of each folded spelling (`names.fold`), those with most people first; none: left out."""
        wanted = set(spellings)
        known = self._by_name  # held here: when it is full, another takes its place
        unseen = [spelling for spelling in wanted if spelling not in known and self.may_name(spelling)]
        fresh = self._look_up(unseen) if unseen else {}
        return {spelling: found for spelling in wanted if (found := known.get(spelling) or fresh.get(spelling))}

    def sounding_like(self, skeleton: str, country: str) -> tuple[tuple[Candidate, str], ...]:
        """Towns of a country whose consonants are these (`names.skeleton`), most people first.

        Only for `names.SOUNDED_COUNTRIES`. Each with one folded spelling that sounds so; a town may come several
        times.
        """
        asked = skeleton, country
        known = self._by_sound.get(asked)
        if known is not None:
            return known
        with self._lock:
            rows = self._database.execute(
                f"SELECT {_COLUMNS}, s.spelling FROM sound s JOIN place p ON p.id = s.place"
                " WHERE s.skeleton = ? AND p.country = ? ORDER BY p.population DESC",
                asked,
            ).fetchall()
            if len(self._by_sound) > _CACHED_SOUNDS:
                self._by_sound = {}
            compiled_ones = ((Candidate(*row[:-1], form=1), row[-1]) for row in rows)
            found = self._by_sound[asked] = (*self._own_by_sound().get(asked, ()), *compiled_ones)
        return found

    def _own_by_sound(self) -> dict[tuple[str, str], list[tuple[Candidate, str]]]:
        """The places of the files by skeleton and country; made when first asked for."""
        if self._own_sounds is None:
            self._own_sounds = {}
            for spelling, candidates in self._own.items():
                for candidate in candidates:
                    if candidate.country in SOUNDED_COUNTRIES and candidate.kind == "settlement":
                        asked = skeleton(spelling, candidate.country), candidate.country
                        self._own_sounds.setdefault(asked, []).append((candidate._replace(form=1), spelling))
        return self._own_sounds

    def region(self, code: str | None) -> Candidate | None:
        """The first-level region with GeoNames code "SY.07"."""
        return self._areas.get(f"region:{code}")

    def seat_of(self, region: str) -> str | None:
        """Key of the town that a region is named after or, failing that, of its largest."""
        return self._seats.get(region)

    def neighbours(self, country: str) -> frozenset[str]:
        """Countries that share a border."""
        return self._neighbours.get(country, frozenset())

    def _look_up(self, spellings: list[str]) -> dict[str, tuple[Candidate, ...]]:
        found: dict[str, list[Candidate]] = {spelling: [] for spelling in spellings}
        for first in range(0, len(spellings), 500):
            part = spellings[first : first + 500]
            marks = ",".join("?" * len(part))
            with self._lock:
                rows = self._database.execute(
                    f"SELECT n.folded, {_COLUMNS}, n.form FROM name n JOIN place p ON p.id = n.place"
                    f" WHERE n.folded IN ({marks}) ORDER BY p.population DESC",
                    part,
                ).fetchall()
            for row in rows:
                found[row[0]].append(Candidate(*row[1:]))
        fresh = {spelling: self._with_own(spelling, candidates) for spelling, candidates in found.items()}
        with self._lock:
            if len(self._by_name) > CACHED_NAMES:
                self._by_name = {}
            self._by_name.update(fresh)
        return fresh

    def _with_own(self, spelling: str, compiled_ones: list[Candidate]) -> tuple[Candidate, ...]:
        own = self._own.get(spelling, ())
        return own if own and spelling in self._own_wins else (*own, *compiled_ones)

    def _load_areas(self) -> None:
        # Regions and countries are numbered below zero: to look for their kind would take a walk past all the towns.
        rows = self._database.execute(f"SELECT {_COLUMNS}, 0 FROM place p WHERE p.id < 0")
        self._areas = {row[0]: Candidate(*row) for row in rows}
        self._seats = dict(self._database.execute("SELECT region, seat FROM seat"))
        borders = self._database.execute("SELECT country, neighbours FROM border")
        self._neighbours = {country: frozenset(codes.split(",")) for country, codes in borders}


def _by_spelling(path: Path) -> dict[str, tuple[Candidate, ...]]:
    """The places of a gazetteer file under each of their folded spellings."""
    found: dict[str, tuple[Candidate, ...]] = {}
    for place in read_gazetteer_file(path):
        candidate = Candidate(
            place.key,
            place.kind,
            place.name,
            place.lat,
            place.lon,
            place.country,
            place.region,
            50_000,
            0,
            place.within,
        )
        for name in (place.name, *place.aliases):
            for spelling in {fold(name), without_articles(name)[0]}:
                found[spelling] = (*(other for other in found.get(spelling, ()) if other.key != place.key), candidate)
    return found
