"""One frozen settings object: defaults, then ``groundswell.toml``, then ``GROUNDSWELL_*`` variables, then arguments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, IPvAnyNetwork, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from groundswell.errors import BadInputError

SOURCES = ("treasury", "newyorkfed", "fomc", "fred", "tiingo", "yahoo", "ishares", "sec")


class Settings(BaseSettings):
    """What an owner may set. Each field can stand in ``groundswell.toml`` or as ``GROUNDSWELL_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="GROUNDSWELL_", toml_file="groundswell.toml", frozen=True)

    db: str = Field("sqlite:///groundswell.db", description="where the store is: a file path or a database URL")
    data: Path | None = Field(None, description="a folder of CSV or Parquet files with prices and rates")
    hubs: Path | None = Field(None, description="a folder of your own hub files, beside the four that come along")
    dense: Path | None = Field(None, description="a folder with a model of sentence vectors, for story detection")
    host: str = Field("127.0.0.1", description="the address to serve on")
    port: int = Field(8000, ge=1, le=65535, description="the port to serve on")
    base_url: str = Field("", description="the public address of the site, for links in feeds; default: host and port")
    websub: str = Field("", description="the address of a WebSub hub that feeds name to their subscribers")
    contact: str = Field("", description="an e-mail or address sent to publishers with each request")
    networks: tuple[IPvAnyNetwork, ...] = Field((), description="networks of your own that may be asked for feeds")
    proxy: str = Field("", description="an HTTP proxy for all requests; it must keep to your networks by itself")
    requests_per_minute: int = Field(600, ge=0, description="how many requests one client may make; 0 for any number")
    reverse_proxies: tuple[IPvAnyNetwork, ...] = Field((), description="networks whose X-Forwarded-For is believed")
    live: bool = Field(True, description="whether feeds and data services are asked")
    sources: tuple[str, ...] = Field(SOURCES, description="the data services that are asked for numbers")
    source_addresses: dict[str, str] = Field({}, description="other base addresses of data services, by their names")
    companies: tuple[Annotated[int, Field(gt=0, lt=10**10)], ...] = Field(
        (), description="companies whose annual accounts are asked of the SEC, by their numbers there"
    )
    fred_key: str = Field("", repr=False, description="your key of the FRED API; without it FRED's files are read")
    tiingo_key: str = Field("", repr=False, description="your key of Tiingo; without it Tiingo is not asked")
    log_json: bool = Field(False, description="whether the log is a JSON object a line")
    cycle_seconds: int = Field(60, ge=1, le=3600, description="how often due feeds are looked for")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**given: Any) -> Settings:
    """Read the settings; arguments that are not None win. Raises ``BadInputError`` naming each wrong setting."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        mistakes = tuple(
            f"setting {mistake['loc'][0]}: {mistake['msg'].lower()}, not {mistake['input']}"
            for mistake in error.errors()
        )
        raise BadInputError("wrong settings", mistakes) from error
    except ValueError as error:  # the TOML file itself
        raise BadInputError(f"groundswell.toml: {error}; mend the file or move it away") from error
