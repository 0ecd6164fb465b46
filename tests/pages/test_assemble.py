"""The page is put together from its parts."""

import datetime as dt

import numpy as np

from groundswell.hubs.file.load import load_catalog
from groundswell.markets.series.book import SeriesBook
from groundswell.model import (
    Article,
    Assignment,
    Evaluation,
    Frequency,
    Measure,
    Member,
    Origin,
    Series,
    SeriesRef,
    Story,
    Tag,
    Verdict,
)
from groundswell.pages.assemble import assemble_hub_page, build_charts, find_neighbours
from groundswell.pages.hub import Coverage

NOON = dt.datetime(2024, 9, 18, 12, tzinfo=dt.UTC)
FLAGSHIP = load_catalog()[0]


def story(number, *slugs):
    article = Article(str(number), "feed", "Title", "", "Paper", None, None, NOON, False, Origin.DEMO)
    tags = tuple(Tag(slug, ("why",)) for slug in slugs)
    member = Member(article, Assignment(article.id, f"s{number}", True, 1.0, ()), tags)
    return Story(f"s{number}", "Title", (member,), tags)


def fund(symbol, growth):
    days = np.array(["2024-09-16", "2024-09-17", "2024-09-18"], dtype="datetime64[D]")
    ref = SeriesRef(symbol, Measure.TOTAL_RETURN)
    return Series(ref, Frequency.DAILY, "a file", days, growth ** np.arange(3.0), days.astype("datetime64[s]"))


def test_page():
    stories = (story(1, "small-caps", "fomc"), story(2, "small-caps"))
    evaluations = (Evaluation("C1", "small-caps", "x", Verdict.INSUFFICIENT, "few", NOON.date()),)
    coverage = Coverage(3, 2, 1, 0, 0, NOON, 10, NOON)
    page = assemble_hub_page(
        FLAGSHIP,
        load_catalog(),
        stories=stories,
        story_count=9,
        evaluations=evaluations,
        charts=build_charts(FLAGSHIP, SeriesBook.of((fund("IWM", 1.1), fund("SPY", 1.0))), NOON.date()),
        coverage=coverage,
        failing=(),
        as_of=None,
        day=NOON.date(),
        made_at=NOON,
    )
    assert (page.hub, page.story_count, page.coverage) == (FLAGSHIP, 9, coverage)
    assert page.evaluation("C1") is evaluations[0]
    assert [line.spec.id for line in page.charts] == ["iwm-spy"]
    assert page.charts[0].marks == (dt.date(2024, 9, 18),)
    assert page.charts[0].finding.startswith("Russell 2000 fund (IWM) led S&P 500 fund (SPY) by 21.0 %")
    assert [missing.spec.id for missing in page.missing_charts] == [chart.id for chart in FLAGSHIP.charts[1:]]
    assert [(one.slug, one.shared) for one in page.neighbours] == [
        ("fomc", stories[:1]),
        ("panic-selling", ()),
        ("roic", ()),
    ]


def test_a_related_hub_that_is_not_installed_is_left_out():
    assert [one.slug for one in find_neighbours(FLAGSHIP, load_catalog()[:2], ())] == ["fomc"]
