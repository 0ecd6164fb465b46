"""Pages of a store that was taken away: 503 with a sentence, never a cached page, never the store's path."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from groundswell import Groundswell
from groundswell.web.app import create_app

PATHS = ["/", "/hubs/fomc", "/status", "/search?q=rates", "/sitemap.xml", "/api/v1/hubs", "/api/v1/status", "/healthz"]


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_shown_from_a_store_that_was_removed(
    tmp_path: Path, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with Groundswell.open(str(tmp_path / "hidden.db")) as groundswell:
        groundswell.add_demonstration()
        with TestClient(create_app(groundswell)) as client:
            assert client.get(path).status_code == 200
            (tmp_path / "hidden.db").unlink()
            answer = client.get(path)
            assert answer.status_code == 503
            assert "hidden" not in answer.text
            if path != "/healthz":
                assert "The store cannot be read now. The cause is in the server log." in answer.text
                assert "hidden.db was removed while it was in use" in caplog.text
            if path.startswith("/api/"):
                assert set(answer.json()) == {"error"}
