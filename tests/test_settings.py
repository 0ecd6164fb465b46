"""Settings of data services: tables, variables, and what earlier versions had in their place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from groundswell.errors import BadInputError
from groundswell.settings import ServiceSettings, describe_exposed_keys, load_settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str) -> None:
    (folder / "groundswell.toml").write_text(text, encoding="utf-8")


def message(error: BadInputError) -> str:
    return "\n".join((str(error), *error.mistakes))


def test_services_are_tables_and_variables_that_join_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, '[services.fred]\nkey = "file"\naddress = "https://m.example"\n[services.yahoo]\nenabled = false\n')
    monkeypatch.setenv("GROUNDSWELL_SERVICES__FRED__KEY", "variable")
    assert load_settings().services == {
        "fred": ServiceSettings(key="variable", address="https://m.example"),
        "yahoo": ServiceSettings(enabled=False),
    }


@pytest.mark.parametrize(
    ("line", "name", "instead"),
    [
        ('fred_key = "s3cret"', "fred_key", '[services.fred] key = "…"'),
        ('tiingo_key = "s3cret"', "tiingo_key", '[services.tiingo] key = "…"'),
        ('sources = ["fred"]', "sources", "[services.NAME] enabled = false for each data service to switch off"),
        ('source_addresses = {fred = "x"}', "source_addresses", '[services.NAME] address = "…"'),
    ],
)
def test_a_setting_of_earlier_versions_says_what_replaces_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, line: str, name: str, instead: str
) -> None:
    write(folder, line)
    with pytest.raises(BadInputError) as from_file:
        load_settings()
    words = f"no longer exists; write {instead} in groundswell.toml instead (docs/settings.md)"
    assert from_file.value.mistakes == (f"setting {name} {words}",)
    write(folder, "")
    monkeypatch.setenv(f"GROUNDSWELL_{name.upper()}", "s3cret")
    with pytest.raises(BadInputError) as from_variable:
        load_settings()
    assert str(from_variable.value) == f"GROUNDSWELL_{name.upper()} {words}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[services.fred]\nkey = 5\n", "setting services.fred.key: input should be a valid string"),
        ('[services.fred]\nkeys = "s3cret"\n', "setting services.fred.keys: extra inputs are not permitted"),
        ('[services]\nfred = "s3cret"\n', "setting services.fred: input should be a valid dictionary"),
        ('[services.yahoo]\nenabled = "perhaps"\n', "setting services.yahoo.enabled: write true or false"),
        ("port = 0\n", "setting port: input should be greater than or equal to 1, not 0"),
        ("port = [", "groundswell.toml: Invalid value"),
    ],
)
def test_a_wrong_setting_is_named_and_no_key_is_shown(folder: Path, text: str, words: str) -> None:
    write(folder, text)
    with pytest.raises(BadInputError) as raised:
        load_settings()
    assert words in message(raised.value)
    assert "s3cret" not in message(raised.value)


def test_a_variable_that_is_no_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDSWELL_SERVICES", "s3cret")
    with pytest.raises(BadInputError, match="services") as raised:
        load_settings()
    assert "s3cret" not in message(raised.value)


@pytest.mark.parametrize(
    ("text", "exposed"),
    [
        ('[services.fred]\nkey = "s3cret"\n', True),
        ('proxy = "http://me:s3cret@proxy.example:3128"\n', True),
        ('db = "postgresql://me:s3cret@db.example/hubs"\n', True),
        ("[services.fred]\nenabled = false\n", False),
        ('proxy = "http://proxy.example:3128"\n', False),
        ("port = 8001\n", False),
    ],
)
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o600, None], ids=["all", "group", "owner", "no file"])
def test_keys_that_others_can_read_are_reported(folder: Path, text: str, exposed: bool, mode: int | None) -> None:
    if mode is not None:
        write(folder, text)
        (folder / "groundswell.toml").chmod(mode)
    described = describe_exposed_keys()
    assert (described is not None) == (exposed and mode in {0o644, 0o640})
    if described:
        assert "run: chmod 600 groundswell.toml" in described
        assert "s3cret" not in described


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("base_url", "https://news.example", True),
        ("base_url", "https://news.example:8443/", True),
        ("base_url", "http://[::1]:8000", True),
        ("base_url", "https://news.example/hubs", True),
        ("base_url", "", True),
        ("base_url", "news.example", False),
        ("base_url", "news.example:8000", False),
        ("base_url", "ftp://news.example", False),
        ("base_url", "https://", False),
        ("base_url", "https://news.example:99999", False),
        ("base_url", "https://me:s3cret@news.example", False),
        ("base_url", "https://news.example/?token=s3cret", False),
        ("cors_origins", ["https://desk.example", "http://desk.lan:8000/"], True),
        ("cors_origins", ["*"], True),
        ("cors_origins", [], True),
        ("cors_origins", ["desk.example"], False),
        ("cors_origins", ["https://desk.example", "*.desk.example"], False),
        ("cors_origins", ["https://desk.example/page"], False),
        ("cors_origins", ["null"], False),
    ],
)
def test_addresses_of_sites_are_checked(folder: Path, name: str, value: str | list[str], accepted: bool) -> None:
    write(folder, f"{name} = {json.dumps(value)}\n")
    if accepted:
        load_settings()
        return
    with pytest.raises(BadInputError) as raised:
        load_settings()
    assert name in message(raised.value)
    assert "such as" in message(raised.value)
    assert "s3cret" not in message(raised.value)
