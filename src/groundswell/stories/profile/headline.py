"""Which of a story's titles stands for it: the one that says what most say, and says it calmly."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from math import log, sqrt

from groundswell.stories.profile.words import TITLE, content_words

PENALTY = 0.75  # each mark of sensation takes a quarter
MOST_MARKS = 4

_LOUD = re.compile(
    r"\b(?:shock(?:s|ed|ing)?|stunn(?:ed|ing|er)|stuns|insane|crazy|epic|massive|explosive|bombshell|jaw-?dropping"
    r"|unbelievable|incredible|must[- ](?:see|read|buy)|you need to know|you won['’]t believe|bloodbath|carnage|mayhem"
    r"|apocalypse|doom|meltdown|nightmare|slam(?:s|med)|skyrockets?|skyrocketing|obliterat\w+|terrif\w+|horr\w+)\b",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(
    r"\b(?:worst|best|biggest|largest|greatest|hottest|scariest|craziest|deadliest|ultimate|historic|unprecedented"
    r"|ever|of all time|in history)\b",
    re.IGNORECASE,
)
_RUNNING = re.compile(
    r"\b(?:live (?:updates?|blog|coverage)|as it happened|business live|(?:stock )?markets? (?:news )?live|breaking)\b"
    r"|^live\b|\blive:|\s[-–]\slive$",
    re.IGNORECASE,
)
_SHOUTED = re.compile(r"\b[A-Z]{4,}\b")
_SMALL = re.compile(r"[a-z]")


def headline(titles: Sequence[str]) -> str:
    """Return the most representative of ``titles`` (oldest first, not empty); of equal ones the first.

    A title's support is its cosine similarity to all titles together: plain words, each counted once, so that the
    title that says what most others say wins, not the one with the rarest words (the centroid method of Radev, Jing,
    Styś and Tam, 2004). A title repeated k times weighs 1 + ln k, so that copies do not outvote the rest. The support
    is multiplied by 0.75 for each mark of sensation (see ``marks``). Takes time linear in the number of words.
    """
    words = [content_words(title[:TITLE]) for title in titles]
    copies = Counter(frozenset(own) for own in words)
    total: defaultdict[str, float] = defaultdict(float)
    for own in dict.fromkeys(words):
        # copies in another order of words share one weight
        weight = (1 + log(copies[frozenset(own)])) / sqrt(len(own) or 1)
        for word in own:
            total[word] += weight
    scores = [
        sum(total[word] for word in own) / sqrt(len(own) or 1) * PENALTY ** marks(title)
        for own, title in zip(words, titles, strict=True)
    ]
    best = max(scores)
    return next(title for title, found in zip(titles, scores, strict=True) if found >= best - 1e-9)


def marks(title: str) -> int:
    """Count the marks of sensation of ``title``, 0 to 4.

    One each for: an exclamation mark, a question mark, two shouted words (or all capitals), a superlative, a loud
    word, and being a running report ("live", "as it happened") rather than the news itself.
    """
    title = title[:TITLE]
    shouted = _SHOUTED.findall(title)
    found = (
        "!" in title,
        "?" in title,
        len(shouted) >= 2 or (bool(shouted) and not _SMALL.search(title)),
        bool(_SUPERLATIVE.search(title)),
        bool(_LOUD.search(title)),
        bool(_RUNNING.search(title)),
    )
    return min(sum(found), MOST_MARKS)
