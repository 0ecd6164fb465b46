"""The summary: sentences of the articles, with their sources and without repetition."""

import pytest

from groundswell.stories.profile.summary import summarize
from groundswell.stories.profile.words import compute_overlap, split_sentences

CUT = "The Federal Reserve lowered its policy rate by half a point on Wednesday."
JOBS = "Officials pointed to a weaker labor market and slower hiring in the summer."
STOCKS = "Shares of small companies rose most after the policy rate was lowered, led by regional banks."
HEADLINE = "Fed cuts rates by half a point"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("One thing. Another thing! A third?", ["One thing.", "Another thing!", "A third?"]),
        ("The U.S. Treasury sold notes. Yields fell.", ["The U.S. Treasury sold notes.", "Yields fell."]),
        ("Acme Inc. Bolt Corp. And others rose.", ["Acme Inc. Bolt Corp. And others rose."]),
        ("J. Powell spoke. He said 2.5 % is fine.", ["J. Powell spoke.", "He said 2.5 % is fine."]),
        ("He said “it is over.” Then he left.", ["He said “it is over.", "Then he left."]),
        ("A whole one. A part of …", ["A whole one."]),
        ("First one. " + "X" * 2000, ["First one."]),
        ("no end at all", ["no end at all"]),
        ("مرحبا بالعالم. כותרת", ["مرحبا بالعالم.", "כותרת"]),
    ],
)
def test_sentences(text, expected):
    assert split_sentences(text) == expected


def test_sentences_come_with_their_sources_and_say_different_things(article):
    articles = [
        article(HEADLINE, f"{CUT} {JOBS}", "Wire One", "https://one.example/a"),
        article("Federal Reserve lowers policy rate", f"{CUT} {STOCKS}", "Wire Two", hours=1),
        article("Fed cuts", f"{CUT} {JOBS}", "Wire Three", hours=2),
    ]
    summary = summarize(HEADLINE, articles)
    assert {sentence.text for sentence in summary} >= {JOBS, STOCKS}
    assert len(summary) <= 3
    by_text = {sentence.text: sentence for sentence in summary}
    assert (by_text[JOBS].publisher, by_text[JOBS].url) == ("Wire One", "https://one.example/a")
    assert by_text[STOCKS].article_id == articles[1].id
    assert summarize(HEADLINE, articles) == summary


def test_near_repeats_of_the_headline_and_of_each_other_are_left_out(article):
    articles = [
        article(HEADLINE, "The Fed cuts rates by half a point."),
        article("Fed cuts rates by half a percentage point", publisher="B"),
        article("Traders expect two more moves before the year is out", publisher="C"),
        article("Traders now expect two more moves before year is out", publisher="D"),
    ]
    assert [sentence.text for sentence in summarize(HEADLINE, articles)] == [
        "Traders expect two more moves before the year is out"
    ]


@pytest.mark.parametrize(
    "title",
    [
        HEADLINE,
        "What will traders do when policy rates fall again?",
        "SHOCK: traders stunned by the biggest policy move ever!",
        "Short one",
        "Traders " + "policy rates " * 40,
    ],
)
def test_sentences_that_cannot_stand_alone_are_left_out(article, title):
    assert summarize(HEADLINE, [article(HEADLINE), article(title, publisher="B")]) == ()


def test_a_sentence_about_something_else_is_left_out(article):
    text = "Policy rates fell as traders cheered the Fed and bond yields slid"
    many = [article(f"Fed move {place}", f"{text} {place}.", f"P{place}") for place in range(30)]
    stray = article("x", "Gardeners plant tulips below old castle walls.", "Stray")
    assert all(sentence.publisher != "Stray" for sentence in summarize("Fed", [*many, stray]))


def test_shares_of_words():
    assert compute_overlap(frozenset("ab"), frozenset("abc")) == 1
    assert compute_overlap(frozenset(), frozenset("a")) == 0
