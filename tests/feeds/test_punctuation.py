"""Spaced-out punctuation is closed up, everything else stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.feeds.parsing.punctuation import close_up_punctuation

MENDED = [
    ("U . S . stocks fall 0 . 8 % , led by tech", "U.S. stocks fall 0.8%, led by tech"),
    ("Chair : 'No rush , ' she says", "Chair: 'No rush,' she says"),
    ("It cost USD 1 , 250 or 8 % more ?", "It cost USD 1,250 or 8% more?"),
    ("U . S . -Canada talks", "U.S.-Canada talks"),
    ("Bookshop . com rises", "Bookshop.com rises"),
    ("Wall St . ends flat ; banks rise !", "Wall St. ends flat; banks rise!"),
    ("In 2019 , 500 firms closed", "In 2019, 500 firms closed"),
]
LEFT = [
    "",
    "U.S. stocks fall 0.8%, led by tech",
    "S & P 500 - a new high",
    "The .NET story",
    "Rates – what next",
    "Profit up 3.5x",
]


@pytest.mark.parametrize(("title", "expected"), MENDED)
def test_spaced_out_punctuation_is_closed_up(title, expected):
    assert close_up_punctuation(title) == expected


@pytest.mark.parametrize("title", LEFT)
def test_other_titles_stay(title):
    assert close_up_punctuation(title) == title


@given(st.text(alphabet="AbU .,:?!%'-&0123", max_size=40))
def test_only_spaces_are_ever_taken(title):
    assert close_up_punctuation(title).replace(" ", "") == title.replace(" ", "")
