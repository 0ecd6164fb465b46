"""Hand-written fakes of the ports: they answer from what they are given and use no network or clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from groundswell.model import Article, Assignment, Belonging, Merge, Outcome, Repair
from groundswell.ports import Retrieved
from groundswell.stories.features import extract_title_words


@dataclass
class FakeRetriever:
    """Implements ``ports.Retriever`` from a mapping of address to answer; any other address is unreachable.

    Like a server it answers "not modified" to the validators of a known answer. ``asked`` lists the addresses in order.
    """

    answers: Mapping[str, Retrieved]
    asked: list[str] = field(default_factory=list)

    def retrieve(
        self, url: str, etag: str | None, last_modified: str | None, max_bytes: int | None = None
    ) -> Retrieved:
        self.asked.append(url)
        answer = self.answers.get(url)
        if answer is None:
            return Retrieved(Outcome.UNREACHABLE, "DNS failure: the host name is not known")
        same_tag = etag is not None and etag == answer.etag
        same_date = last_modified is not None and last_modified == answer.last_modified
        if answer.outcome is Outcome.OK and (same_tag or same_date):
            return replace(answer, outcome=Outcome.NOT_MODIFIED, detail="HTTP 304", body=b"", content_type="")
        return answer


@dataclass
class FixedClock:
    """A ``ports.Clock`` that moves only when ``advance`` is called."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


@dataclass
class _Remembered:
    """An article that a fake detector remembers: its words and its present story."""

    article: Article
    words: tuple[str, ...]
    story_id: str


@dataclass
class FakeStoryDetector:
    """Implements ``ports.StoryDetector`` plainly: articles with the same words in their titles are one story.

    ``repairs`` are the merges and splits that ``repair`` returns after the article with a given id.
    """

    repairs: Mapping[str, tuple[Repair, ...]] = field(default_factory=dict)
    window: timedelta = timedelta(days=3_650)
    capacity: int = 100_000
    _remembered: list[_Remembered] = field(init=False, default_factory=list)
    _due: tuple[Repair, ...] = field(init=False, default=())

    def assign(self, article: Article) -> Assignment:
        words = tuple(extract_title_words(article.title))
        match = next((other for other in self._remembered if words and other.words == words), None)
        story_id = match.story_id if match else article.id
        self._remember(_Remembered(article, words, story_id))
        self._due += self.repairs.get(article.id, ())
        if match:
            return Assignment(article.id, story_id, False, 1.0, ("has the same title",))
        return Assignment(article.id, story_id, True, 0.0, ("founded",))

    def revise(self, former: Article, article: Article) -> Belonging | None:
        place = next((at for at, one in enumerate(self._remembered) if one.article.id == former.id), None)
        if place is None or former.at != article.at:
            return None
        words, story_id = tuple(extract_title_words(article.title)), self._remembered[place].story_id
        self._remembered[place] = _Remembered(article, words, story_id)
        others = [other for other in self._remembered if other.words == words and other.article.id != article.id]
        joins = next((other.story_id for other in others), None)
        return Belonging(joins == story_id or article.title == former.title, joins)

    def repair(self) -> tuple[Repair, ...]:
        due, self._due = self._due, ()
        self.adopt(due)
        return due

    def adopt(self, repairs: Iterable[Repair]) -> None:
        for repair in repairs:
            for remembered in self._remembered:
                is_whole_story = isinstance(repair, Merge) and remembered.story_id == repair.source
                if is_whole_story or (not isinstance(repair, Merge) and remembered.article.id in repair.articles):
                    remembered.story_id = repair.target

    def flush(self, limit: int | None = None) -> tuple[Repair, ...]:
        return self.repair()

    def restore(self, assigned: Iterable[tuple[Article, str]]) -> None:
        for article, story_id in assigned:
            self._remember(_Remembered(article, tuple(extract_title_words(article.title)), story_id))

    def _remember(self, new: _Remembered) -> None:
        self._remembered = sorted([*self._remembered, new], key=lambda remembered: remembered.article.at)
        newest = self._remembered[-1].article.at
        recent = [remembered for remembered in self._remembered if newest - remembered.article.at <= self.window]
        self._remembered = recent[-self.capacity :]
