"""A feed saved to a file goes the way of live news."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundswell import Groundswell
from groundswell.errors import BadInputError, NotFoundError
from groundswell.model import Origin

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour Daily</title>
<entry><id>1</id><title>Fed cuts rates as S&P 500 slips</title><link href="https://harbour.example/1"/>
<updated>2024-09-18T18:00:00Z</updated></entry></feed>"""


def test_a_saved_feed_is_taken_in_once(groundswell: Groundswell, tmp_path: Path) -> None:
    path = tmp_path / "saved.xml"
    path.write_text(ATOM, encoding="utf-8")
    assert groundswell.read_feed(path).new == 1
    assert groundswell.read_feed(path).new == 0
    (story,) = groundswell.stories("fomc")
    article = story.members[0].article
    assert (article.title, article.publisher) == ("Fed cuts rates as S&P 500 slips", "Harbour Daily")
    assert article.origin is Origin.FILE


def test_a_file_that_is_not_a_feed_raises(groundswell: Groundswell, tmp_path: Path) -> None:
    page = tmp_path / "page.xml"
    page.write_text("<!doctype html><html><body>hello</body></html>", encoding="utf-8")
    with pytest.raises(BadInputError, match="is not a feed"):
        groundswell.read_feed(page)
    with pytest.raises(NotFoundError, match="there is no file"):
        groundswell.read_feed(tmp_path / "absent.xml")
