"""The exception tree: what a caller can do something about.

Every message is one line that names the thing and the mend. Expected failures of single feeds, series or events are
not exceptions but stored values (see ``types``); these classes are for requests that cannot be carried out at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class GroundswellError(Exception):
    """A request that cannot be carried out, with a one-line message for the person who made it."""


class UsageError(GroundswellError):
    """The request itself is wrong: a bad date, an unknown option value, an occupied port."""


class NotFoundError(GroundswellError):
    """The thing asked for does not exist: an unknown hub, story, claim, file or folder."""


class BadInputError(GroundswellError):
    """A file that exists but cannot be used: malformed, empty or of another kind.

    ``mistakes`` holds every mistake found, one line each, where a file can have several.
    """

    def __init__(self, message: str, mistakes: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.mistakes = mistakes


class MissingSeriesError(GroundswellError):
    """A data folder lacks series without which nothing that was asked can be measured."""


class StoreError(GroundswellError):
    """The store cannot be opened or written: in use by another process, not ours, or damaged."""


def instead(name: str, known: Iterable[str]) -> str:
    """What to write in place of a name that is not known: the one most like it, or all there are."""
    names = {one.casefold(): one for one in known}
    near = get_close_matches(name.casefold(), names, n=1, cutoff=0.6)
    return f"did you mean {names[near[0]]}?" if near else f"there are {', '.join(names.values()) or 'none'}"
