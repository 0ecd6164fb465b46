"""Law: no value of any parameter of any route is an error of the server. It is answered, or refused by its name."""

from __future__ import annotations

import importlib
import json
import pkgutil
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from groundswell import Groundswell
from groundswell.web import routes
from groundswell.web.app import create_app
from groundswell.web.middleware.rate_limit import RateLimit

NOW = datetime(2024, 10, 1, 9, tzinfo=UTC)


def write_cursor(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def split(text: str) -> list[str]:
    return text.split()


DATES = split("""0000-00-00 0001-01-01 0001-01-02 1677-09-21 1677-09-22 1799-12-31 1800-01-01 1969-12-31 1970-01-01
1970-01-02 2024-02-30 2024-10-01 2024-10-02 2199-12-31 2262-04-11 2262-04-12 9999-12-30 9999-12-31 10000-01-01
-001-01-01 2024-1-1 2024-W01-1 20240918 ٢٠٢٤-٠٩-١٨ ２０２４-09-18 2024-09-18T00:00:00Z""")
NUMBERS = split("""0 -0 +0 1 -1 +1 1.0 1.5 1e3 1e400 -1e400 0x10 0b1 1_000 ٣ ５ ² 2147483648 9223372036854775807
9223372036854775808 -9223372036854775809 nan NaN inf -inf Infinity true null None [] {}""")
NUMBERS += [" 1", "1 ", "9" * 30, "9" * 400, "9" * 3500]
TEXTS = split("""* ' " \\ / .. ../.. // ? # & ; : | - . @ ~ _ =cmd İstanbul ß é {{7*7}} ${x} <script>""")
TEXTS += ["", " ", "\t", "\0", "a\0b", "a" * 3500, "é" * 500, "(" * 300, "\ufeff", "\u202e", "\U0001f600", "e\u0301"]
TEXTS += ["' OR 1=1 --", '"" AND NEAR(', "\r\nX-Injected: 1"]
RAW = ["%", "%zz", "%ff", "%ED%A0%80", "%C0%AF", "%F4%90%80%80", "%00", "%0d%0a", "+", "%2B", "%u0041", "%80" * 100]
"""Values as they stand in an address: bytes that are no UTF-8, lone surrogates, half an escape."""
CURSORS = split("""0.0 -1.0 0.-1 9223372036854775807.0 9223372036854775808.0 1.100000 1.100001 1.9223372036854775807
1e3.0 nan.0 1 1.2.3 ٣.٣""")
CURSORS += ["", " 1.0", f"{'9' * 400}.0"]
FEW = ["9999-12-31", "0001-01-01", "9" * 400, "-1", "1e400", "NaN", "", "\0", "٣"]
"""Some of each kind, which every parameter gets, whatever it is for."""
VALUES = {
    "as_of": [*DATES, *FEW],
    "from": [*DATES, *FEW],
    "to": [*DATES, *FEW],
    "limit": [*NUMBERS, *FEW],
    "before": [*NUMBERS, *FEW],
    "number": [*NUMBERS, *FEW],
    "cursor": [*map(write_cursor, CURSORS), *NUMBERS, *FEW],
    "unknown": FEW[:2],
}
KNOWN = {"slug": "small-caps", "hub": "small-caps", "claim_id": "C1", "name": "first_cuts", "number": "1"}
"""Values of the other parameters of a path, so that what is tried is reached."""


def list_routes() -> dict[str, APIRoute]:
    """Every route of the site by its path, the hidden ones too."""
    modules = (
        importlib.import_module(f"{routes.__name__}.{info.name}") for info in pkgutil.iter_modules(routes.__path__)
    )
    found = [route for module in modules for route in module.router.routes]
    return {route.path: route for route in found if isinstance(route, APIRoute)}


def list_names(dependant: Dependant) -> Iterator[str]:
    """The names of the parameters in the query, those of dependencies too."""
    yield from (field.alias for field in dependant.query_params)
    for dependency in dependant.dependencies:
        yield from list_names(dependency)


ROUTES = list_routes()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, made_market: Path) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("extremes")
    rows = [
        {
            "id": f"d{number}",
            "published": (NOW - timedelta(hours=5 * number)).isoformat(),
            "source": f"Wire {number % 3}",
            "title": f"Fed cuts interest rates {number}; SPY and small caps rise",
        }
        for number in range(30)
    ]
    (folder / "stream.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with Groundswell.open(str(folder / "store.db"), clock=lambda: NOW) as opened:
        opened.replay(folder / "stream.jsonl", made_market)
        KNOWN["story_id"] = opened.recent_stories()[0].id
        KNOWN["chart"] = opened.hub_charts("small-caps")[0].spec.id
        KNOWN["ident"] = next(series.ref.id for series in opened.series() if series.ref.measure == "total return")
        app = create_app(opened, rate_limit=RateLimit(per_minute=0))
        yield TestClient(app, raise_server_exceptions=False)


def list_extremes(name: str) -> list[str]:
    """What a parameter is tried with, as it stands in an address."""
    return [quote(value, safe="") for value in VALUES.get(name, [*TEXTS, *FEW])] + RAW


def fill(path: str, **replaced: str) -> str:
    """Write a path with known values for its parameters."""
    for name, value in {**KNOWN, **replaced}.items():
        path = path.replace(f"{{{name}}}", value).replace(f"{{{name}:int}}", value)
    assert "{" not in path, path
    return path


def check(site: TestClient, address: str) -> None:
    answer = site.get(address, follow_redirects=False)
    assert answer.status_code < 500, (address[:300], answer.status_code, answer.text[-300:])
    assert "X-Injected" not in answer.headers
    if answer.status_code == 400 and address.startswith("/api/"):
        assert answer.json()["error"]["message"]


def test_the_table_covers_the_site() -> None:
    assert len(ROUTES) > 50
    named = {name for route in ROUTES.values() for name in list_names(route.dependant)}
    assert {"before", "limit", "cursor", "as_of", "from", "to", "instrument"} <= named


@pytest.mark.parametrize("path", ROUTES)
def test_what_is_tried_is_reached(site: TestClient, path: str) -> None:
    required = "?hub=fomc" if path.endswith("/verdict-history") else ""
    assert site.get(fill(path) + required, follow_redirects=False).status_code in (200, 307)


@pytest.mark.slow
@pytest.mark.parametrize("path", ROUTES)
def test_no_value_in_a_query_is_an_error(site: TestClient, path: str) -> None:
    for name in dict.fromkeys((*list_names(ROUTES[path].dependant), "as_of", "unknown")):
        for value in list_extremes(name):
            check(site, f"{fill(path)}?{name}={value}")
        for query in (name, f"{name}=1&{name}=2024-09-18&{name}=", f"{name}[]=1&{name}[a]=2"):
            check(site, f"{fill(path)}?{query}")


@pytest.mark.slow
@pytest.mark.parametrize("path", [path for path in ROUTES if "{" in path])
def test_no_value_in_a_path_is_an_error(site: TestClient, path: str) -> None:
    for name in ROUTES[path].param_convertors:
        for value in list_extremes(name):
            check(site, fill(path, **{name: value}))
