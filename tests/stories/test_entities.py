"""Names in a story: organisations, tickers, places."""

import pytest

from groundswell.model import Mention
from groundswell.stories.profile.entities import find_entities, find_names


@pytest.mark.parametrize(
    ("text", "organisations", "tickers", "places"),
    [
        ("Fed holds as U.S. hiring slows", {"Federal Reserve"}, set(), {"United States"}),
        ("Bank of Japan waits while China acts", {"Bank of Japan"}, set(), {"China"}),
        ("shares of Acme Holdings (NYSE: ACM) rose", {"Acme Holdings"}, {"ACM"}, set()),
        ("traders like $TSLA at $20", set(), {"TSLA"}, set()),
        ("inflows into IWM and ABCD", set(), {"IWM"}, set()),
        ("IWM SURGES", set(), set(), set()),
        (
            "Zorg Therapeutics, Inc. of New York will merge",
            {"Zorg Therapeutics"},
            set(),
            {"New York"},
        ),
        ("sales at Boeing Co fell", {"Boeing"}, set(), set()),
        ("Small Banks Fall As Local Bank Holdings Slide", set(), set(), set()),
        ("The Group said so and This Company too", set(), set(), set()),
        ("the minister of Texas's Energy Commission said", {"Energy Commission"}, set(), {"Texas"}),
        ("growth in the euro zone slows and euro falls", set(), set(), {"Euro area"}),
        ("Moody's warns, Fed’s Powell waits for news", {"Moody's", "Federal Reserve"}, set(), set()),
        ("Smith & Sons Holdings was sold for cash", {"Smith & Sons Holdings"}, set(), set()),
        ("", set(), set(), set()),
        ("🚀🚀 מניות עלו 株価", set(), set(), set()),
    ],
)
def test_names(text, organisations, tickers, places):
    names = find_names(text)
    assert (names.organisations, names.tickers, names.places) == (organisations, tickers, places)


def test_names_of_two_articles_or_of_the_headline_are_shown(article):
    articles = [
        article("Fed cuts rates", "Traders in New York cheered. Officials in Ohio did not."),
        article("Federal Reserve acts", "Traders in New York cheered.", "B"),
        article("Bonds rise", "In Texas nobody noticed.", "C"),
    ]
    organisations, tickers, places = find_entities("Fed cuts rates, Germany waits", articles)
    assert organisations == (Mention("Federal Reserve", 2),)
    assert tickers == ()
    assert places == (Mention("New York", 2), Mention("Germany", 1))


def test_at_most_eight_of_a_kind(article):
    text = "France, Spain, Italy, Greece, Poland, Norway, Sweden, Finland, Ireland and Chile agreed."
    _, _, places = find_entities("x", [article("a", text), article("b", text, "B")])
    assert len(places) == 8
    assert places[0] == Mention("Chile", 2)
