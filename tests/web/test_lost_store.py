"""Pages of a store that was taken away: 503 with a sentence, never a cached page, never the store's path."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from groundswell import Groundswell
from groundswell.web import health
from groundswell.web.app import create_app

from ..demo_news import add_demo_news

PATHS = ["/", "/hubs/fomc", "/status", "/search?q=rates", "/sitemap.xml", "/api/v1/hubs", "/api/v1/status"]


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_shown_from_a_store_that_was_removed(
    tmp_path: Path, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with Groundswell.open(str(tmp_path / "hidden.db")) as groundswell:
        add_demo_news(groundswell)
        with TestClient(create_app(groundswell)) as client:
            assert client.get(path).status_code == 200
            (tmp_path / "hidden.db").unlink()
            answer = client.get(path)
            assert answer.status_code == 503
            assert "hidden" not in answer.text
            assert "The store cannot be read now. The cause is in the server log." in answer.text
            assert "hidden.db was removed while it was in use" in caplog.text
            if path.startswith("/api/"):
                assert set(answer.json()) == {"error"}


def test_health_fails_within_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "SECONDS_BETWEEN_CHECKS", 0.01)
    with Groundswell.open(str(tmp_path / "hidden.db")) as groundswell, TestClient(create_app(groundswell)) as client:
        assert client.get("/healthz").status_code == 200
        (tmp_path / "hidden.db").unlink()
        end = time.monotonic() + 5
        while (answer := client.get("/healthz")).status_code == 200 and time.monotonic() < end:
            time.sleep(0.01)
        assert (answer.status_code, answer.text) == (503, "not healthy\n")
