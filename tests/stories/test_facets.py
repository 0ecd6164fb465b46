"""All facets together, on arbitrary input."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.model import Assignment, Facets, Member, Status
from groundswell.stories.compose import compose
from groundswell.stories.profile.facets import build_facets

TITLES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["", "word", "🚀" * 30, "שלום עולם מניות", "مرحبا", "A" * 100_000, "x y " * 25_000, "…", "(NYSE: A)"]
    ),
)


def story(article, rows):
    members = []
    for place, (title, text) in enumerate(rows):
        report = article(title, text, f"P{place}", hours=place)
        members.append(Member(report, Assignment(report.id, "s", place == 0, 0.0, ()), ()))
    return compose("s", members)


@settings(deadline=None)  # the longest titles take long to draw
@given(st.lists(st.tuples(TITLES, TITLES), min_size=1, max_size=5), st.floats(0, 1000))
def test_any_input_gives_the_same_facets_twice(article, start, rows, hours):
    made, now = story(article, rows), start + timedelta(hours=hours)
    facets = build_facets(made, now)
    assert facets == build_facets(story(article, rows), now)
    assert 1 <= facets.independent_publishers <= len(rows)
    assert len(facets.summary) <= 3
    whole = {member.article.id: f"{member.article.title}\n{member.article.text}" for member in made.members}
    for item in facets.summary:
        assert item.text in " ".join(whole[item.article_id].split()) or item.text in whole[item.article_id]
    for kind in (facets.organisations, facets.tickers, facets.places):
        assert len(kind) <= 8
        assert all(1 <= mention.articles <= len(rows) for mention in kind)


def test_facets_of_a_small_story(article, start):
    facets = build_facets(story(article, [("Fed cuts rates", ""), ("Federal Reserve cuts interest rates", "")]), start)
    assert [item.name for item in facets.organisations] == ["Federal Reserve"]
    assert (facets.independent_publishers, facets.status, facets.momentum) == (2, Status.EMERGING, 0.889)


@pytest.mark.parametrize(("count", "momentum", "message"), [(0, 0.5, "independent_publishers"), (1, 1.5, "momentum")])
def test_impossible_figures_are_refused(count, momentum, message):
    with pytest.raises(ValueError, match=message):
        Facets((), (), (), (), count, momentum, Status.ACTIVE)
