"""The exceptions of the program: what a caller can do something about.

Every message is one line that names the cause and the remedy. Expected failures of single feeds, series or events are
not exceptions but stored values (see ``model``). These classes are for requests that cannot be carried out at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class GroundswellError(Exception):
    """A request that cannot be carried out, with a one-line message for the person who made it."""


class UsageError(GroundswellError):
    """The request itself is wrong: an invalid date, an unknown option value, a port in use."""


class NotFoundError(GroundswellError):
    """What was asked for does not exist: an unknown hub, story, claim, file or folder."""


class BadInputError(GroundswellError):
    """A file that exists but cannot be used: malformed, empty or of another kind.

    ``mistakes`` lists every mistake in the file, one line each, if it can have several.
    """

    def __init__(self, message: str, mistakes: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.mistakes = mistakes


class MissingSeriesError(GroundswellError):
    """A data folder contains none of the series that the request needs."""


class StoreError(GroundswellError):
    """The store cannot be opened or written: locked by another process, of another program, or damaged."""


class StoreClosedError(StoreError):
    """The store was closed by another thread, because the program ends."""


class StoreLostError(StoreError):
    """The files of the store were removed or replaced while it was in use, so that writing on would lose everything."""


def suggest(name: str, known: Iterable[str]) -> str:
    """Write what to use in place of an unknown name: the most similar known one, or all of them."""
    by_folded = {option.casefold(): option for option in known}
    close = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    if close:
        return f"did you mean {by_folded[close[0]]}?"
    return f"there are {', '.join(by_folded.values()) or 'none'}"
