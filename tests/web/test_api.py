"""The JSON routes: their fields, their one error shape and their documented schema."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient


def test_hubs_are_listed_inside_an_object(client: TestClient) -> None:
    answer = client.get("/api/v1/hubs").json()
    assert [hub["slug"] for hub in answer["hubs"]] == ["small-caps", "fomc"]
    assert answer["hubs"][0]["verdicts"]["refuted"] == 1
    assert answer["hubs"][0]["latest"]["article_count"] == 3
    assert answer["hubs"][1]["latest"] is None
    assert [(hub["story_count"], hub["claim_count"]) for hub in answer["hubs"]] == [(215, 4), (0, 0)]
    assert answer["coverage"]["feeds_failed"] == 1


def test_a_hub_holds_what_its_page_shows(client: TestClient) -> None:
    hub = client.get("/api/v1/hubs/small-caps?as_of=2024-09-18&limit=2").json()
    assert hub["as_of"] == "2024-09-18"
    assert hub["day"] == "2024-09-30"
    assert [story["id"] for story in hub["stories"]] == ["s-rally", "s-hostile"]
    assert [claim["id"] for claim in hub["claims"]] == ["C1", "C2", "C10", "C4"]
    assert hub["questions"][0]["answer"].startswith("After first cuts small caps moved −2.1 % against")
    assert hub["charts"][0]["marks"][0] == "2001-01-03"
    assert hub["missing_charts"][0]["reason"] == "there are no data for KRE (total return)"
    assert hub["neighbours"][0]["shared"][0]["id"] == "s-rally"


def test_a_story_holds_its_articles_and_why_they_joined(client: TestClient) -> None:
    story = client.get("/api/v1/stories/s-rally").json()
    assert story["url"] == "https://hubs.example/stories/s-rally"
    assert story["publishers"] == ["Harbor Wire", "Market Ledger", "The Daily Tape"]
    assert story["articles"][0]["joined_because"] == []
    assert story["articles"][1]["joined_because"][0] == "shares the names Russell 2000 and Powell"
    assert story["tags"][0] == {
        "hub": "small-caps",
        "title": "Small-Caps Revival",
        "reasons": ["the headline holds “small caps”"],
    }
    assert [tag["title"] for tag in story["tags"]] == ["Small-Caps Revival", "FOMC"]


def test_a_story_holds_its_facets(client: TestClient) -> None:
    story = client.get("/api/v1/stories/s-rally").json()
    assert story["summary"][1] == {
        "text": "Traders put the odds of another half point at six in ten",
        "article_id": "a3",
        "publisher": "The Daily Tape",
        "url": None,
    }
    assert story["organisations"][0] == {"name": "Federal Reserve", "articles": 3}
    assert story["tickers"] == [{"name": "IWM", "articles": 2}]
    assert story["places"][1]["name"] == "New York"
    assert (story["independent_publishers"], story["momentum"], story["status"]) == (2, 0.827, "emerging")


def test_a_claim_keeps_the_contract(client: TestClient) -> None:
    claim = client.get("/api/v1/claims/small-caps/C1").json()
    assert claim["verdict"] == "refuted"
    assert claim["unit"] == "return"
    assert claim["estimate"] == -0.0207
    assert claim["events"][0]["date"] == "1989-06-06"
    assert claim["readings"][2]["estimate"] is None
    assert claim["sources"][0] == {"series": "IWM (total return)", "source": "price folder", "last": "2024-09-30"}
    assert claim["history"][-1] == {"as_of": "2024-09-30", "verdict": "refuted"}
    assert claim.pop("verdict_changes")[0]["after"] == "refuted"
    assert client.get("/api/v1/claims/small-caps").json()["claims"][0] == claim


def test_a_claim_lists_the_data_issues_in_its_windows(client: TestClient) -> None:
    stale, ends = client.get("/api/v1/claims/small-caps/C1").json()["data_issues"]
    assert (stale["kind"], stale["main"], stale["readings"]) == ("stale value", True, 2)
    assert (stale["days"], stale["size"], stale["unit"]) == (["2019-08-01", "2019-08-02"], -0.0123, "return")
    assert (stale["action"], stale["remedy"]) == (
        "kept and marked",
        "load the source again, or take the days from another source",
    )
    assert (ends["first"], ends["last"], ends["days"], ends["main"]) == ("2024-08-31", "2024-09-30", [], False)


def test_changed_verdicts_are_listed(client: TestClient) -> None:
    (verdict_change,) = client.get("/api/v1/verdict-changes").json()["verdict_changes"]
    assert (verdict_change["hub"], verdict_change["claim"], verdict_change["before"], verdict_change["after"]) == (
        "small-caps", "C1", "inconclusive", "refuted",
    )  # fmt: skip
    assert (verdict_change["since"], verdict_change["as_of"]) == ("2024-08-30", "2024-09-30")
    assert verdict_change["why"].startswith("1 new event: 18 March 2024")
    assert client.get("/api/v1/verdict-changes?hub=fomc").json() == {"verdict_changes": []}


def test_recorded_verdicts_are_listed_between_two_days(client: TestClient) -> None:
    history = client.get("/api/v1/verdict-history?hub=small-caps&from=2024-09-01").json()
    assert (history["hub"], history["first"], history["last"]) == ("small-caps", "2024-09-01", None)
    (claim,) = (claim for claim in history["claims"] if claim["id"] == "C1")
    assert claim["history"] == [{"as_of": "2024-09-30", "verdict": "refuted"}]
    assert [change["as_of"] for change in claim["verdict_changes"]] == ["2024-09-30"]
    assert client.get("/api/v1/verdict-history").status_code == 400


def test_estimands_are_listed_with_their_arguments(client: TestClient) -> None:
    estimands = {estimand["name"]: estimand for estimand in client.get("/api/v1/estimands").json()["estimands"]}
    assert estimands["event-study"]["arguments"][:2] == ["events", "long"]


def test_feeds_and_stored_series_have_lists_of_their_own(client: TestClient) -> None:
    status = client.get("/api/v1/status").json()
    assert client.get("/api/v1/feeds").json() == {"feeds": status["feeds"]}
    data = client.get("/api/v1/data").json()
    assert data["data_services"] == status["data_services"]
    assert [(series["id"], series["measure"], series["stale"]) for series in data["series"]] == [
        ("IWM", "total return", False),
        ("KRE", "total return", True),
    ]
    assert [issue["kind"] for issue in data["series"][1]["data_issues"]] == ["ends early"]


def test_what_is_not_measured_is_null(client: TestClient) -> None:
    claim = client.get("/api/v1/claims/small-caps/C4").json()
    assert claim["verdict"] == "not measured"
    assert claim["estimate"] is None
    assert claim["events"] == []


def test_status_lists_every_feed_and_data_service(client: TestClient) -> None:
    status = client.get("/api/v1/status").json()
    assert [feed["outcome"] for feed in status["feeds"]] == ["ok", "unreachable", "not tried yet"]
    assert status["feeds"][1]["failures"] == 4
    assert [feed["slug"] for feed in status["feeds"]] == ["harbor", "ledger", "tape"]
    assert (status["feeds"][0]["publisher"], status["feeds"][0]["interval_minutes"]) == ("Harbor Wire: markets", 15)
    assert status["data_services"][0]["name"] == "prices"
    assert [issue["kind"] for issue in status["data_issues"]] == ["stale value", "ends early"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/hubs/unknown", 404, "not_found"),
        ("/api/v1/claims/small-caps/C99", 404, "not_found"),
        ("/api/v1/verdict-changes?hub=unknown", 404, "not_found"),
        ("/api/v1/nothing", 404, "not_found"),
        ("/api/v1/hubs/small-caps?as_of=yesterday", 400, "bad_request"),
        ("/api/v1/hubs/small-caps?limit=many", 400, "bad_request"),
    ],
)
def test_errors_have_one_shape(client: TestClient, path: str, status: int, code: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert set(answer.json()) == {"error"}
    assert error["code"] == code
    assert error["message"].strip()
    assert "\n" not in error["message"]


def test_the_schema_documents_every_answer(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    assert set(schema["paths"]) == {
        "/api/v1/verdict-changes",
        "/api/v1/verdict-history",
        "/api/v1/estimands",
        "/api/v1/feeds",
        "/api/v1/data",
        "/api/v1/forecasts",
        "/api/v1/hubs",
        "/api/v1/hubs/{slug}",
        "/api/v1/stories",
        "/api/v1/stories/{story_id}",
        "/api/v1/articles",
        "/api/v1/search",
        "/api/v1/series",
        "/api/v1/series/{ident}/observations",
        "/api/v1/events",
        "/api/v1/events/{name}",
        "/api/v1/claims/{hub}",
        "/api/v1/claims/{hub}/{claim_id}",
        "/api/v1/status",
        "/api/v1/methodology",
    }
    for path in schema["paths"].values():
        responses = path["get"]["responses"]
        assert set(responses) == {"200", "4XX"}
        assert responses["200"]["content"]["application/json"]["schema"]["$ref"]
        assert responses["4XX"]["content"]["application/json"]["schema"]["$ref"].endswith("ErrorAnswer")
