"""The bar chart of a story: bars, finding and days."""

from __future__ import annotations

import datetime as dt

import pytest

from groundswell.model import Article, Assignment, Member, Origin, Story
from groundswell.web.charts.article_counts import (
    MIN_ARTICLES,
    count_articles_by_step,
    describe_counts,
    describe_step,
    draw_counts,
    group_by_day,
)

START = dt.datetime(2024, 9, 18, 14, 20, tzinfo=dt.UTC)


def story(*hours: float, day_only: bool = False) -> Story:
    members = []
    for number, hour in enumerate(hours):
        at = START + dt.timedelta(hours=hour)
        article = Article(str(number), "f", f"Title {number}", "", "Paper", None, at, at, day_only, Origin.LIVE)
        members.append(Member(article, Assignment(str(number), "0", number == 0, 1.0, ()), ()))
    return Story("0", "Title 0", tuple(members), ())


@pytest.mark.parametrize(
    ("hours", "day_only", "counts", "words", "finding"),
    [
        (
            (0, 0.1, 2),
            False,
            (2, 0, 1),
            "an hour",
            "3 articles in one day, with a peak of 2 between 14:00 and 15:00 UTC on 18 September 2024.",
        ),
        (
            (0, 24, 25, 48),
            True,
            (1, 2, 1),
            "a day",
            "4 articles over 3 days, with a peak of 2 on 19 September 2024.",
        ),
        (
            (0, 0.5, 100),
            False,
            (2, *[0] * 33, 1),
            "3 hours",
            "3 articles over 5 days, with a peak of 2 between 12:00 and 15:00 UTC on 18 September 2024.",
        ),
        (
            (0, 1, 2000),
            False,
            (2, *[0] * 10, 1),
            "7 days",
            "3 articles over 84 days, with a peak of 2 in the 7 days from 18 September 2024.",
        ),
    ],
)
def test_bars_and_what_they_show(hours, day_only, counts, words, finding):
    article_counts = count_articles_by_step(story(*hours, day_only=day_only))
    assert article_counts is not None
    assert article_counts.counts == counts
    assert describe_step(article_counts) == words
    assert describe_counts(article_counts, story(*hours, day_only=day_only)) == finding


@pytest.mark.parametrize(
    ("hours", "day_only"),
    [((0, 50), False), ((0, 0.1, 0.2), False), ((0, 1, 2), True), ((0,) * (MIN_ARTICLES - 1), False)],
)
def test_too_few_or_too_close_articles_have_no_bars(hours, day_only):
    assert count_articles_by_step(story(*hours, day_only=day_only)) is None


def test_a_long_story_has_few_bars():
    article_counts = count_articles_by_step(story(*range(0, 24 * 365 * 12, 997)))
    assert article_counts is not None
    assert (len(article_counts.counts), sum(article_counts.counts)) == (12, len(range(0, 24 * 365 * 12, 997)))


def test_the_chart_is_named_and_labels_the_highest_bar():
    article_counts = count_articles_by_step(story(0, 0.1, 2))
    assert article_counts is not None
    chart = draw_counts(article_counts, "<Most> came early")
    assert 'aria-label="&lt;Most&gt; came early"' in chart
    assert chart.count("<rect") == 2
    assert [part.split("<")[0] for part in chart.split(">") if part.endswith("</text")] == [
        "2",
        "14:00, 18 September",
        "15:00, 18 September",
        "16:00, 18 September",
    ]
    assert "style=" not in chart
    long = count_articles_by_step(story(0, 1, 100))
    assert long is not None
    assert draw_counts(long, "x").count("<text") == 3  # the highest, the first and the last


def test_the_timeline_goes_by_days():
    days = group_by_day(story(0, 1, 30))
    assert [(day.day.day, len(day.members)) for day in days] == [(18, 2), (19, 1)]
