"""Stories composed from their members."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.model import Article, Assignment, Member, Origin, Tag
from groundswell.stories.compose import compose
from groundswell.stories.profile.headline import choose_headline

START = datetime(2026, 8, 17, tzinfo=UTC)


def member(key, title="Fed cuts rates", hours=0, tags=()):
    at = START + timedelta(hours=hours)
    article = Article(str(key), "f", title, "", f"P{key}", None, at, at, False, Origin.FILE)
    return Member(article, Assignment(str(key), "s", key == 0, 0.5, ()), tuple(tags))


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (["Only one"], "Only one"),
        (["", ""], ""),
        (["Fed cuts rates", "Fed cuts rates"], "Fed cuts rates"),
        (["Shock horror!", "Fed cuts rates deeply", "Fed cuts rates", "The Fed cuts rates"], "Fed cuts rates"),
        (["Oil falls", "Gold gains"], "Oil falls"),
        (["", "Oil falls", "Oil falls hard"], "Oil falls"),
    ],
)
def test_the_most_representative_title_stands_for_the_story(titles, expected):
    assert choose_headline(titles) == expected


@given(st.lists(st.text(max_size=30), min_size=1, max_size=8))
def test_the_headline_is_one_of_the_titles_and_they_stay_as_they_were(titles):
    before = list(titles)
    assert choose_headline(titles) in titles
    assert titles == before


def test_members_are_oldest_first_and_ties_keep_their_order():
    story = compose("s", [member(3, hours=2), member(1), member(2)])
    assert [item.article.id for item in story.members] == ["1", "2", "3"]
    assert (story.id, story.headline, story.publishers) == ("s", "Fed cuts rates", ("P1", "P2", "P3"))


@pytest.mark.parametrize(
    ("tagged", "members", "belongs"), [(1, 1, True), (1, 3, True), (1, 4, False), (2, 6, True), (0, 1, False)]
)
def test_a_third_of_the_members_decide(tagged, members, belongs):
    tag = Tag("fomc", ("names the Fed",))
    story = compose("s", [member(n, tags=[tag] if n < tagged else []) for n in range(members)])
    assert [item.hub for item in story.tags] == (["fomc"] if belongs else [])


def test_hubs_come_most_widely_tagged_first_with_the_commonest_reasons():
    story = compose(
        "s",
        [
            member(0, tags=[Tag("roic", ("r",)), Tag("fomc", ("b", "a"))]),
            member(1, tags=[Tag("small-caps", tuple("stuvwx")), Tag("fomc", ("a",))]),
        ],
    )
    assert story.tags == (
        Tag("fomc", ("a", "b")),
        Tag("roic", ("r",)),
        Tag("small-caps", tuple("stuvw")),
    )


def test_a_story_needs_members():
    with pytest.raises(ValueError, match="story s has no members"):
        compose("s", [])
