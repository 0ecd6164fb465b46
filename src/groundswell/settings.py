"""One frozen settings object: defaults, then ``groundswell.toml``, then ``GROUNDSWELL_*`` variables, then arguments."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork, ValidationError, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from groundswell.errors import BadInputError

FILE = "groundswell.toml"

ADDRESSES = ("db", "proxy")
"""Settings that may contain a password, as in ``http://name:password@host``."""

REPLACED = {
    "fred_key": '[services.fred] key = "…"',
    "tiingo_key": '[services.tiingo] key = "…"',
    "sources": "[services.NAME] enabled = false for each data service to switch off",
    "source_addresses": '[services.NAME] address = "…"',
}
"""Settings of earlier versions, and what to write in ``groundswell.toml`` instead."""


_SHOWN_IN_MISTAKES = frozenset(
    {"port", "host", "networks", "reverse_proxies", "requests_per_minute", "companies", "cycle_seconds"}
)
"""Settings whose wrong value may be shown. Any other, and any unknown setting, may hold a key or password."""


def _find_cache_folder() -> Path | None:
    """Return the program's folder among the user's caches, by the convention of the desktop; None without a home."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    try:
        caches = Path(given) if Path(given).is_absolute() else Path.home() / ".cache"
    except RuntimeError:  # a user without a home
        return None
    return caches / "groundswell"


class ServiceSettings(BaseModel):
    """What an owner may set for one data service, in a table ``[services.NAME]``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = Field(True, description="whether the service is asked for numbers")
    address: str = Field("", description="another base address, such as that of a mirror of your own")
    key: str = Field("", repr=False, description="your key, for the services that take one")


class Settings(BaseSettings):
    """What an owner may set, in ``groundswell.toml`` or in variables ``GROUNDSWELL_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="GROUNDSWELL_", env_nested_delimiter="__", toml_file=FILE, frozen=True)

    db: str = Field("sqlite:///groundswell.db", description="where the store is: a file path or a database URL")
    data: Path | None = Field(None, description="a folder of CSV, Excel or Parquet files with prices and rates")
    cache: Path | None = Field(
        default_factory=_find_cache_folder,
        description="a folder to keep what reading the data folder gave; empty: nothing is kept",
    )
    hubs: Path | None = Field(None, description="a folder of your own hub files, in addition to the four packaged ones")
    dense: Path | None = Field(None, description="a folder with a sentence-embedding model, for story detection")
    host: str = Field("127.0.0.1", description="the address to serve on")
    port: int = Field(8000, ge=1, le=65535, description="the port to serve on")
    base_url: str = Field("", description="the public address of the site, for links in feeds (default: host and port)")
    websub: str = Field("", description="the address of a WebSub hub, which feeds announce to their subscribers")
    contact: str = Field("", description="an e-mail or web address that is sent with each request")
    networks: tuple[IPvAnyNetwork, ...] = Field((), description="networks of your own that feeds may be fetched from")
    proxy: str = Field("", description="an HTTP proxy for all requests; it must refuse private networks by itself")
    requests_per_minute: int = Field(600, ge=0, description="simple pages a minute for one client; 0: no limit")
    connections_per_client: int = Field(100, ge=0, description="connections that one client may keep open; 0: no limit")
    allowed_hosts: tuple[str, ...] = Field(
        (), description="further host names that the site is reached by; .example.org stands for all below it"
    )
    cors_origins: tuple[str, ...] | None = Field(
        None, description="sites whose scripts may read the API (default: all if base_url is public, else none)"
    )
    reverse_proxies: tuple[IPvAnyNetwork, ...] = Field((), description="networks whose X-Forwarded-For is trusted")
    live: bool = Field(True, description="whether feeds and data services are requested")
    services: dict[str, ServiceSettings] = Field({}, description="settings of single data services, by their names")
    companies: tuple[Annotated[int, Field(gt=0, lt=10**10)], ...] = Field(
        (), description="companies whose annual accounts are requested from the SEC, by their CIK numbers"
    )
    log_json: bool = Field(False, description="whether each line of the log is a JSON object")
    cycle_seconds: int = Field(60, ge=1, le=3600, description="seconds between two cycles")

    @field_validator("cache", mode="before")
    @classmethod
    def _read_cache(cls, cache: object) -> object:
        return None if cache == "" else cache

    @field_validator("proxy")
    @classmethod
    def _check_proxy(cls, proxy: str) -> str:
        try:
            is_usable = not proxy or (urlsplit(proxy).scheme == "http" and urlsplit(proxy).port != 0)
        except ValueError:
            is_usable = False
        if not is_usable or (proxy and not urlsplit(proxy).hostname):
            raise PydanticCustomError("proxy", "write an address such as http://proxy.example:3128")
        return proxy

    @field_validator("base_url")
    @classmethod
    def _check_base_url(cls, base_url: str) -> str:
        if base_url and not _is_site(base_url):
            raise PydanticCustomError("site", "write an address such as https://news.example, without a password")
        return base_url

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, origins: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for origin in origins or ():
            if origin != "*" and not (_is_site(origin) and not urlsplit(origin).path.rstrip("/")):
                raise PydanticCustomError("origin", 'write sites such as "https://desk.example", or "*" for any')
        return origins

    def secrets(self) -> tuple[str, ...]:
        """Return the keys and passwords among the settings, which no message may show."""
        keys = (service.key for service in self.services.values())
        passwords = (_read_password(address) for address in (self.proxy, self.db))
        return tuple(filter(None, (*keys, *passwords)))

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


class _GivenSettings(Settings):
    """Settings without the file and the variables."""

    model_config = SettingsConfigDict(toml_file=None)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def load_settings(**given: Any) -> Settings:
    """Read the settings; arguments that are not None win. Raises ``BadInputError`` naming each wrong setting."""
    variables = {name.upper() for name in os.environ}
    for name in REPLACED:
        if f"GROUNDSWELL_{name.upper()}" in variables:
            raise BadInputError(_describe_replaced(f"GROUNDSWELL_{name.upper()}", name))
    return _load(Settings, given)


def load_given_settings(**given: Any) -> Settings:
    """Return the arguments that are not None, with defaults: where file or variables are wrong.

    Raises ``BadInputError`` for a wrong argument.
    """
    return _load(_GivenSettings, given)


def _load(settings: type[Settings], given: dict[str, Any]) -> Settings:
    try:
        return settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise BadInputError("wrong settings", tuple(map(_describe_mistake, error.errors()))) from error
    except SettingsError as error:  # a variable of the environment that is not JSON where it must be
        raise BadInputError(f"wrong settings: {error}") from error
    except ValueError as error:  # the TOML file itself
        raise BadInputError(f"groundswell.toml: {error}; fix the file or move it away") from error


def describe_exposed_keys() -> str | None:
    """Say that other users of the machine can read keys or passwords in ``groundswell.toml``, and the fix; else None.

    Call it after ``load_settings``, which explains a file that cannot be read.
    """
    path = Path(FILE)
    if not path.exists() or not path.stat().st_mode & 0o044:
        return None
    written = TomlConfigSettingsSource(Settings, path)()
    services = written.get("services", {}).values()
    secret = any(service.get("key") for service in services) or any("@" in written.get(name, "") for name in ADDRESSES)
    return f"other users can read the keys in {path}; to prevent it, run: chmod 600 {path}" if secret else None


def _is_site(address: str) -> bool:
    """Whether an address can be that of a site, which everybody may see: a host, and nothing secret."""
    try:
        parts = urlsplit(address)
        has_port = parts.port != 0
    except ValueError:
        return False
    is_plain = "@" not in parts.netloc and not parts.query and not parts.fragment
    return parts.scheme in ("http", "https") and bool(parts.hostname) and has_port and is_plain


def _read_password(address: str) -> str:
    user = address.partition("://")[2].rpartition("@")[0]
    return unquote(user.partition(":")[2])


def _describe_mistake(mistake: ErrorDetails) -> str:
    path = ".".join(map(str, mistake["loc"]))
    if path in REPLACED:
        return _describe_replaced(f"setting {path}", path)
    if mistake["type"] in ("bool_type", "bool_parsing"):
        return f"setting {path}: write true or false, not {mistake['input']}"
    is_public = str(mistake["loc"][0]) in _SHOWN_IN_MISTAKES if mistake["loc"] else False
    shown = f", not {mistake['input']}" if is_public else ""
    return f"setting {path}: {mistake['msg'].lower()}{shown}"


def _describe_replaced(written: str, name: str) -> str:
    return f"{written} no longer exists; write {REPLACED[name]} in groundswell.toml instead (docs/settings.md)"
