"""The values of the index: what a report is, and what is known of each of its sentences.

Only values and their invariants; finding dates, places or passages happens in the module of that name.
Offsets are in code points of `Report.body`, half-open, everywhere.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Offset = Annotated[int, Field(ge=0)]


class Value(BaseModel):
    """Base of every value here: immutable, and closed to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TimeSpan(Value):
    """The days that something took, as far as the text tells."""

    start: date
    """First day. `date.min` when the text sets no beginning."""
    end: date
    """The day after the last. `date.max` when the text sets no end."""
    phrase: str
    """The words that say so, as printed; empty when assumed."""
    precision: Literal["day", "week", "month", "season", "year", "span"]
    """Grain of the phrase; "span" for a stretch such as "these ten last days" or "from 3 to 9 May"."""
    assumed: bool = False
    """True when the sentence names no time: the report's own date stands in, or the time of a sentence before."""

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"a time span ends after it starts; got {self.start} to {self.end}")
        return self


class Place(Value):
    """A point on the map, or an area around one, that a text names."""

    name: str
    """As printed in the text."""
    key: str
    """Identity across spellings: "geonames:173480", "region:SY.07", "country:SY", "user:…", or "text:…" for a place
    that only the report itself puts on the map."""
    kind: Literal["settlement", "region", "country", "approximate"]
    """"approximate": not in the gazetteer; the coordinates are those of the place the text puts it by."""
    lat: Latitude
    """Degrees, WGS 84. For a region or country: of its seat or largest town."""
    lon: Longitude
    """Degrees, WGS 84."""
    country: str | None = None
    """ISO 3166-1 alpha-2, upper case."""
    region: str | None = None
    """First-level area in GeoNames' codes, "SY.07"."""
    within: tuple[str, ...] = ()
    """Names of the areas it lies in, smallest first: ("Deir ez-Zor", "Syria")."""
    near: str | None = None
    """For "approximate": the name of the known place the text puts it by."""

    @property
    def geonames_id(self) -> int | None:
        """The GeoNames number, for places that have one."""
        scheme, _, number = self.key.partition(":")
        return int(number) if scheme == "geonames" else None


class Area(Value):
    """Where a question wants its answers from."""

    places: tuple[Place, ...] = Field(min_length=1)
    """Any of these will do."""
    relation: Literal["near", "in", "north_of", "south_of", "east_of", "west_of"]
    """"near": within `radius_km`. "in": the settlement itself, or contained in the region or country. "north_of" and
    so on: in that quarter of the compass, within `radius_km`."""
    radius_km: Annotated[float, Field(gt=0, le=20_038)] = 50.0
    """Great-circle kilometres; not used by "in" for regions and countries."""


class Sentence(Value):
    """One sentence of a report and what it tells of time, place and source."""

    ordinal: Annotated[int, Field(ge=0)]
    """Position in the report, from 0."""
    start: Offset
    end: Offset
    times: tuple[TimeSpan, ...] = ()
    """When what it tells happened; one assumed span when it does not say."""
    places: tuple[Place, ...] = ()
    """Where."""
    places_assumed: bool = False
    """True when it names no place of its own, or none but where somebody speaks from: those of a sentence just before,
    or of the title, are then among `places`."""
    attributed_to: str | None = None
    """The source named in the text ("SANA", "certaines sources"), as printed."""


class Report(Value):
    """One article, dispatch or situation report, as its outlet published it."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    source: str = ""
    """The outlet; empty when unknown."""
    url: str = ""
    title: str = ""
    language: str = "und"
    """ISO 639-1, lower case; "und" when undetermined."""
    body: Annotated[str, Field(min_length=1)]
    """The text, Unicode NFC, "\\n" line ends. What every offset counts in."""
    published_at: AwareDatetime
    """When the outlet says it appeared, UTC. With precision "day", the start of that day."""
    precision: Literal["minute", "day"] = "day"
    dated_by: Literal["metadata", "dateline", "file name"] = "metadata"
    """Where the date comes from; only the first is the outlet's explicit word."""
    retrieved_at: AwareDatetime | None = None
    revision: Annotated[int, Field(ge=1)] = 1
    """Counts up each time another text arrives under the same id."""
    status: Literal["usable", "corrected", "withdrawn"] = "usable"
    """"corrected": another report or revision replaces what it says; "withdrawn": its outlet took it back."""
    corrects: str | None = None
    """Id of the report that this one corrects or takes back, where its outlet says so in a field."""
    copy_of: str | None = None
    """Id of the earlier report it nearly repeats; the two count as one source."""

    @property
    def day(self) -> date:
        """The publication day, UTC: what its relative dates are counted from."""
        return self.published_at.date()


class Passage(Value):
    """A few neighbouring sentences: the unit that is found and read."""

    id: str
    """"<report id>#<ordinal>"."""
    report_id: str
    ordinal: Annotated[int, Field(ge=0)]
    start: Offset
    end: Offset
    text: str
    sentences: tuple[Sentence, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _holds_its_sentences(self) -> Self:
        if self.end - self.start != len(self.text):
            raise ValueError(f"passage {self.id!r} is {self.end - self.start} long, its text {len(self.text)}")
        if self.sentences[0].start < self.start or self.sentences[-1].end > self.end:
            raise ValueError(f"passage {self.id!r} does not hold its sentences")
        return self


class Manifest(Value):
    """What an index was built with; an index and a program that disagree on it do not mix."""

    schema_version: int
    index_id: str
    embedder: str
    fingerprint: str
    """Of the embedder: 16 rounded numbers of its vector for each of some probe sentences, so that another model under
    the same name is noticed."""
    dimension: Annotated[int, Field(gt=0)]


class Coverage(Value):
    """What an index holds; shown when it has no answer."""

    reports: int
    passages: int
    oldest: date | None
    newest: date | None
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
