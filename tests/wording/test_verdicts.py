"""Votes of readings in words."""

import pytest

from groundswell.model import Votes
from groundswell.wording.verdicts import write_all_votes, write_votes


@pytest.mark.parametrize(
    ("votes", "one", "several"),
    [
        (Votes(0, 0, 0), "", ""),
        (
            Votes(0, 35, 15),
            "0 of 50 readings support it; 35 refute",
            "0 of 50 readings support their claims; 35 refute",
        ),
        (Votes(1, 0, 3), "1 of 4 readings supports it", "1 of 4 readings supports its claim"),
        (Votes(1, 1, 0), "1 of 2 readings supports it; 1 refutes", "1 of 2 readings supports its claim; 1 refutes"),
        (Votes(2, 0, 0), "2 of 2 readings support it", "2 of 2 readings support their claims"),
        (Votes(1, 0, 0), "1 of 1 reading supports it", "1 of 1 reading supports its claim"),
    ],
)
def test_votes_agree_with_their_numbers(votes, one, several):
    assert (write_votes(votes), write_all_votes(votes)) == (one, several)
