"""What can be set, with its default and range. Read once, at the door, and passed on as values.

Later sources win: defaults, `briefing.toml`, environment (`BRIEFING_LLM__MODEL=…`, and `BRIEFING_INDEX` for the index's
folder), command-line option.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import platformdirs
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from index.errors import BadSetting

Seconds = Annotated[float, Field(gt=0)]


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class IndexSettings(_Group):
    """Where the index is and what it is built with."""

    folder: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("briefing")) / "index")
    cache: Path = Field(default_factory=lambda: Path(platformdirs.user_cache_dir("briefing")))
    """For files that can be made again: unpacked models, the compiled gazetteer."""
    embedder: str = "builtin"
    """"builtin", or "ollama:MODEL"."""
    gazetteer: Path | None = None
    """A CSV file of your own places: name, lat, lon, aliases, within."""


class StoreSettings(_Group):
    """Where the vectors lie besides the index's own folder (docs/scale.md)."""

    url: str | None = None
    """"http://host:port" of a Chroma server, which other machines can ask too; none for the embedded store."""


class ClusterSettings(_Group):
    """Who prepares reports in bulk (docs/scale.md)."""

    address: str | None = None
    """"HOST:PORT" of a Ray cluster, "auto" for the one that this machine is part of, "local" for one of its own cores;
    none: processes of this machine."""


class RetrieveSettings(_Group):
    """How passages are found. The weights were learned on development questions (evals/README.md)."""

    hits: Annotated[int, Field(ge=1, le=100)] = 12
    lexical_weight: Annotated[float, Field(ge=0)] = 0.75
    """What having every telling word counts beside a cosine of 1."""
    foreign_lexical_weight: Annotated[float, Field(ge=0)] = 0.5
    """The same for a passage in another language than the question, which can share names, numbers and concepts."""
    foreign_weight: Annotated[float, Field(ge=1)] = 1.4
    """What a cosine counts more for such a passage."""
    name_weight: Annotated[float, Field(ge=0)] = 0.5
    """BM25 weight of names and places beside words."""
    concept_weight: Annotated[float, Field(ge=0)] = 0.75
    """The same of concepts."""
    title_weight: Annotated[float, Field(ge=0)] = 0.5
    radius_km: Annotated[float, Field(gt=0, le=2000)] = 50.0
    """What "near" means."""


def _listed(given: object) -> object:
    """A text with commas as a list of its parts: what an environment variable can hold."""
    return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given


class LlmSettings(_Group):
    """The language model and how long it may take."""

    model: str = "auto"
    """"auto", "none", "embedded" or "ollama:NAME"."""
    host: str | None = None
    """Of the Ollama server; default: OLLAMA_HOST, else this machine."""
    hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = ()
    """Of several Ollama servers with the same model, instead of `host`: a list, or one text with commas. They share the
    work; one that does not answer is passed over."""
    connect_s: Seconds = 2.0
    first_token_s: Seconds = 45.0
    gap_s: Seconds = 15.0
    total_s: Seconds = 120.0
    max_tokens: Annotated[int, Field(ge=16, le=8192)] = 400

    @property
    def servers(self) -> tuple[str, ...]:
        """The Ollama servers that are named, whichever way; none for the usual one."""
        return self.hosts or ((self.host,) if self.host else ())

    @model_validator(mode="after")
    def _one_way_only(self) -> Self:
        if self.host and self.hosts:
            raise ValueError("give llm.host or llm.hosts, not both")
        return self


class Settings(BaseSettings):
    """Every setting, frozen."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="BRIEFING_", env_nested_delimiter="__", case_sensitive=False
    )

    index: IndexSettings = IndexSettings()
    store: StoreSettings = StoreSettings()
    cluster: ClusterSettings = ClusterSettings()
    retrieve: RetrieveSettings = RetrieveSettings()
    llm: LlmSettings = LlmSettings()
    language: Literal["fr", "en", "ar"] | None = None
    """Of answers; none: that of the question."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options over environment over file; the file's values arrive as `_file` among the options."""
        assert isinstance(init_settings, InitSettingsSource)
        assert isinstance(env_settings, EnvSettingsSource)
        from_file = init_settings.init_kwargs.pop("_file", {})
        # BRIEFING_INDEX is the short name of the folder; it would be taken for all of the group `index`, in JSON.
        folder = env_settings.env_vars.get("briefing_index")
        env_settings.env_vars = {name: v for name, v in env_settings.env_vars.items() if name != "briefing_index"}
        short = InitSettingsSource(settings_cls, init_kwargs={"index": {"folder": folder}} if folder else {})
        return init_settings, short, env_settings, InitSettingsSource(settings_cls, init_kwargs=from_file)


def load_settings(config: Path | None = None, **options: Any) -> Settings:
    """The settings in force. `options`: nested values from the command line, which win.

    `config` must exist; without it, `briefing.toml` in the working folder is read if there is one. Raises
    `BadSetting` naming the file or the setting.
    """
    path = config or Path("briefing.toml")
    if config is not None and not config.is_file():
        raise BadSetting(f"no configuration file at {config}; leave --config out, or give an existing file")
    try:
        from_file = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path}: not TOML ({error})") from error
    try:
        return Settings(_file=from_file, **options)  # pyright: ignore[reportCallIssue]
    except SettingsError as error:
        raise BadSetting(f"{error}; expected JSON, or one setting as BRIEFING_GROUP__NAME") from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise BadSetting(f"setting {name!r} is {first['input']!r}: {first['msg']}") from error
