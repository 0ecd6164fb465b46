"""Protection from hostile text and hostile requests, apart from the headers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient

from groundswell import Groundswell
from groundswell.web.app import create_app
from groundswell.web.html.templating import get_environment
from groundswell.web.middleware.rate_limit import RateLimit

from ..demo_news import add_demo_news

WEB = Path(create_app.__code__.co_filename).parent
# Our own drawings, and JSON in which all markup is escaped.
MAKERS = {
    "charts/drawing.py",
    "charts/evidence.py",
    "charts/sparkline.py",
    "charts/article_counts.py",
    "html/json_ld.py",
}


def test_no_template_turns_off_escaping() -> None:
    assert get_environment().autoescape is True
    for template in sorted((WEB / "templates").iterdir()):
        found = re.findall(r"\|\s*safe\b|autoescape|Markup|\|\s*(?:xmlattr|tojson)\b", template.read_text())
        assert found == [], template.name


def test_only_known_modules_create_markup() -> None:
    makers = {path.relative_to(WEB).as_posix() for path in WEB.rglob("*.py") if "Markup" in path.read_text()}
    assert makers <= MAKERS


def test_external_links_are_marked() -> None:
    for template in sorted((WEB / "templates").iterdir()):
        for link in re.findall(r"<a [^>]*href=\"(?:https?:|\{\{ url)[^>]*>", template.read_text()):
            assert 'rel="external noopener nofollow"' in link, (template.name, link)


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "//evil.example/hubs/small-caps/",
        "/\\evil.example/",
        "/hubs/small-caps/",
        "/%2f%2fevil.example/",
        "/stories//evil.example/",
        "/hubs/https:%2f%2fevil.example/",
    ],
)
def test_no_address_redirects_to_another_site(client: TestClient, path: str) -> None:
    site = str(client.base_url)
    answer = client.get(f"{site}{path}", follow_redirects=False)
    if "location" in answer.headers:
        assert re.match(rf"/(?![/\\])|{re.escape(site)}/", answer.headers["location"]), answer.headers["location"]
    else:
        assert answer.status_code == 404


@pytest.mark.slow
def test_the_api_answers_any_request_as_described(tmp_path: Path) -> None:
    with Groundswell.open(str(tmp_path / "store.db")) as groundswell:
        add_demo_news(groundswell)
        ask_everything(create_app(groundswell, rate_limit=RateLimit(per_minute=0)))


def ask_everything(app: FastAPI) -> None:
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    asked = [operation.ok() for operation in schema.get_all_operations()]
    assert len(asked) >= 7
    for operation in asked:
        bounded = settings(max_examples=10, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
        bounded(given(operation.as_strategy())(_answers))()


def _answers(case: schemathesis.Case) -> None:
    # Future dates are refused, which the description cannot express.
    case.call_and_validate(excluded_checks=[positive_data_acceptance])
