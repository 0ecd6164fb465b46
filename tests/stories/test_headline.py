"""The headline: representative and calm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.stories.profile.headline import choose_headline, count_sensation_marks


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Fed cuts rates by a quarter point", 0),
        ("Fed cuts rates!", 1),
        ("Will the Fed cut rates?", 1),
        ("FED CUTS RATES", 1),
        ("ECB and FDIC agree", 0),
        ("Biggest cut ever stuns markets", 2),
        ("Stock market live updates: Fed cuts rates", 1),
        ("Fed cuts rates - as it happened", 1),
        ("MUST SEE: worst bloodbath EVER! What now?", 4),
        ("Fed olives", 0),
        ("", 0),
    ],
)
def test_marks_of_sensation(title, expected):
    assert count_sensation_marks(title) == expected


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (["SHOCK as Fed cuts rates!", "Fed cuts rates by half a point"], "Fed cuts rates by half a point"),
        (["Fed cuts rates: live updates", "Fed cuts rates"], "Fed cuts rates"),
        # a sensational press release on many sites does not outvote three that agree
        (
            ["Acme stuns the world!"] * 20
            + ["Acme buys Bolt for a billion", "Acme to buy Bolt for a billion", "Acme buys Bolt in a billion deal"],
            "Acme buys Bolt for a billion",
        ),
        # the only title that says what the story is about wins, sensational or not
        (
            ["Oil plunges in worst day ever", "Oil plunges in worst day ever, again", "Council plants trees"],
            "Oil plunges in worst day ever",
        ),
    ],
)
def test_the_calm_title_wins_where_it_says_as_much(titles, expected):
    assert choose_headline(titles) == expected


@given(st.lists(st.text(max_size=40), min_size=1, max_size=8))
def test_a_calm_copy_of_a_loud_title_is_preferred(titles):
    loud = [f"Acme buys Bolt {title}!?" for title in titles]
    assert choose_headline([*loud, "Acme buys Bolt"]) in [*loud, "Acme buys Bolt"]
    assert choose_headline(["Acme buys Bolt!!", "Acme buys Bolt"]) == "Acme buys Bolt"
