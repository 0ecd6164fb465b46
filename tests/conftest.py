"""Shared by all tests: no network except loopback, and the measuring data where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings
from pytest_socket import socket_allow_hosts

settings.register_profile("groundswell", deadline=None)  # a busy machine fails no test
settings.load_profile("groundswell")

SHARED = Path(os.environ.get("GROUNDSWELL_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def pytest_runtest_setup() -> None:
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def market_data() -> Path:
    return _shared("data/market")


@pytest.fixture(scope="session")
def news_data() -> Path:
    return _shared("data/news")


def _shared(part: str) -> Path:
    path = SHARED / part
    if not path.is_dir():
        pytest.skip(f"the measuring data are not at hand: {path} does not exist")
    return path
