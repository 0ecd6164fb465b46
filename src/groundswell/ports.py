"""The interfaces through which the outside world enters the domain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from groundswell.model import Article, Assignment, Belonging, Outcome, Repair

if TYPE_CHECKING:  # numpy loads slowly, and most commands never need it
    import numpy as np
    from numpy.typing import NDArray

Clock = Callable[[], datetime]
"""Returns the current instant, aware and in UTC."""

Progress = Callable[[int], None]
"""Is called with the number of units that a long task completed since the last call."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The result of one request: a body to parse, or an outcome that says why there is none.

    ``moved_to`` is the final address if all redirects on the way were permanent. ``retry_after`` and ``cache_control``
    are the values of those headers. ``status`` is the HTTP status, None where there was no answer. ``answered_at`` is
    the address that answered, after all redirects; relative links in the body start from it.
    """

    outcome: Outcome
    detail: str
    body: bytes = b""
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    retry_after: str = ""
    cache_control: str = ""
    status: int | None = None
    answered_at: str = field(default="", compare=False)


class Retriever(Protocol):
    """Fetches one address with a conditional request. Never raises because of the network or the server.

    An answer of more than ``max_bytes`` (None: the usual limit) is not read to its end.
    """

    def retrieve(
        self, url: str, etag: str | None, last_modified: str | None, max_bytes: int | None = None
    ) -> Retrieved: ...


class Vectors(Protocol):
    """Embeds texts, so that similar meanings have similar vectors. A vector depends only on its text."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a row of length 1 for each text (at least one); a text without meaning has a row of zeros."""
        ...


class StoryDetector(Protocol):
    """Puts each article into a story as it arrives, and repairs stories at fixed points of the stream.

    The state is a function of the articles that the detector still remembers and of their present stories. A detector
    that is restored after a restart therefore gives the same answers as one that never stopped.
    """

    @property
    def window(self) -> timedelta:
        """How far behind the newest article an article may lie for the detector to remember it."""
        ...

    @property
    def capacity(self) -> int:
        """The largest number of articles that the detector remembers."""
        ...

    def assign(self, article: Article) -> Assignment:
        """Return the story that ``article`` joins, or the one that it founds, whose id is the article's own."""
        ...

    def revise(self, former: Article, article: Article) -> Belonging | None:
        """Adopt another title or time of an article, and return where it belongs by it, without moving it.

        Returns None if the detector must be restored. An article that is no longer remembered stays.
        """
        ...

    def adopt(self, repairs: Iterable[Repair]) -> None:
        """Move the articles that ``repairs`` name."""
        ...

    def repair(self) -> tuple[Repair, ...]:
        """Return the merges and splits that are due, usually none, and adopt them.

        Call it after each ``assign``; the stream alone determines when repairs are due.
        """
        ...

    def flush(self, limit: int | None = None) -> tuple[Repair, ...]:
        """Return the final merges and splits around the newest articles, and adopt them.

        At most ``limit`` headlines and as many full texts are compared, or what the detector is set to: memory grows
        with their square.
        A second call returns nothing unless an article was assigned in between.
        """
        ...

    def restore(self, assigned: Iterable[tuple[Article, str]]) -> None:
        """Adopt articles with the stories they already belong to, in order of ``(at, arrival)``.

        Only articles within ``window``, and of these the newest ``capacity``, are needed.
        """
        ...


DetectorFactory = Callable[[], StoryDetector]
"""Creates a detector that remembers nothing yet."""
