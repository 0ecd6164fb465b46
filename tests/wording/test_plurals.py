from __future__ import annotations

import pytest

from groundswell.wording.plurals import choose_verb, pluralise, write_count, write_first_names, write_list


def test_a_verb_agrees_with_its_number():
    assert [choose_verb(n) for n in (0, 1, 2)] == ["are", "is", "are"]
    assert choose_verb(1, "has", "have") == "has"


@pytest.mark.parametrize(
    ("n", "noun", "text"),
    [
        (0, "story", "0 stories"),
        (1, "story", "1 story"),
        (1204, "story", "1,204 stories"),
        (2, "day", "2 days"),
        (3, "new event", "3 new events"),
    ],
)
def test_a_noun_agrees_with_its_number(n, noun, text):
    assert write_count(n, noun) == text


def test_an_irregular_plural_is_given():
    assert write_count(2, "series", "series") == "2 series"


@pytest.mark.parametrize(("noun", "plural"), [("company", "companies"), ("survey", "surveys"), ("week", "weeks")])
def test_plurals(noun, plural):
    assert pluralise(noun) == plural


def test_names_are_listed_once():
    assert write_list(["IWM"]) == "IWM"
    assert write_list(["IWM", "SPY", "IWM", "QQQ"]) == "IWM, SPY and QQQ"


def test_names_beyond_the_limit_are_counted():
    assert write_first_names(["a", "b"], 2) == "a, b"
    assert write_first_names(["a", "b", "c", "d"], 2) == "a, b and 2 more"
