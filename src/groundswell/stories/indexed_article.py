"""An article as the window holds it, under a key that orders articles by instant and then by arrival."""

from __future__ import annotations

from datetime import datetime, timedelta

from groundswell.model import Article
from groundswell.model.instants import EPOCH
from groundswell.stories.features import TitleFrame, build_frame

MICROSECOND = timedelta(microseconds=1)
ARRIVAL_BITS = 40


class IndexedArticle:
    """An article in the window, with its present story.

    ``key`` orders articles by instant and then by arrival. ``hours`` counts the hours since 1970, ``day_number`` the
    days. ``words`` maps the normalized words of the title to their written forms. ``term_bag`` caches the term numbers
    of title and text, and is empty until they are needed.
    """

    __slots__ = ("_frame", "article", "at", "day_number", "day_only", "hours", "key", "story_id", "term_bag", "words")

    def __init__(self, article: Article, words: dict[str, str], arrival: int, story_id: str = "") -> None:
        at = article.at
        self.key = find_lowest_key(at) + arrival
        self.article = article
        self.at = at
        self.hours = (self.key >> ARRIVAL_BITS) / 10**6 / 3_600
        self.day_number = at.toordinal()
        self.day_only = article.day_only
        self.story_id = story_id
        self.words = words
        self.term_bag: bytes | None = None
        self._frame: TitleFrame | None = None

    @property
    def frame(self) -> TitleFrame:
        """The frame of the title, built at the first use."""
        if self._frame is None:
            self._frame = build_frame(self.article.title, self.words)
        return self._frame


def find_lowest_key(at: datetime) -> int:
    """Return the lowest key that an article of the instant ``at`` can have."""
    return (at - EPOCH) // MICROSECOND << ARRIVAL_BITS


def find_lowest_key_before(key: int, span: timedelta) -> int:
    """Return the lowest key of an article at most ``span`` older than the article of ``key``."""
    return (key >> ARRIVAL_BITS) - span // MICROSECOND << ARRIVAL_BITS


def count_hours(at: datetime) -> int:
    """Return the number of whole hours from the year 1 to ``at``."""
    return at.toordinal() * 24 + at.hour
