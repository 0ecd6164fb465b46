"""Choose the title that represents a story: the one that says what most titles say, and says it calmly."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from math import log, sqrt

from groundswell.stories.profile.words import MAX_PROFILE_TITLE_CHARACTERS, extract_content_words

FACTOR_PER_SENSATION_MARK = 0.75
MAX_SENSATION_MARKS_COUNTED = 4

_SENSATIONAL_WORD = re.compile(
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
_LIVE_REPORT = re.compile(
    r"\b(?:live (?:updates?|blog|coverage)|as it happened|business live|(?:stock )?markets? (?:news )?live|breaking)\b"
    r"|^live\b|\blive:|\s[-–]\slive$",
    re.IGNORECASE,
)
_SHOUTED_WORD = re.compile(r"\b[A-Z]{4,}\b")
_LOWER_CASE = re.compile(r"[a-z]")


def choose_headline(titles: Sequence[str]) -> str:
    """Return the most representative of ``titles`` (oldest first, not empty); of equals the first.

    The support of a title is its cosine similarity to all titles together, over distinct unweighted words. The title
    that says what most others say wins, rather than the one with the rarest words (the centroid method of Radev, Jing,
    Styś and Tam, 2004). A title repeated k times weighs 1 + ln k, so that copies do not outvote the rest. The support
    is multiplied by 0.75 for each mark of sensation. The cost is linear in the number of words.
    """
    title_words = [extract_content_words(title[:MAX_PROFILE_TITLE_CHARACTERS]) for title in titles]
    copies = Counter(frozenset(words) for words in title_words)
    totals: defaultdict[str, float] = defaultdict(float)
    for words in dict.fromkeys(title_words):
        # copies with another order of words share one weight
        weight = (1 + log(copies[frozenset(words)])) / sqrt(len(words) or 1)
        for word in words:
            totals[word] += weight
    scores = [
        sum(totals[word] for word in words)
        / sqrt(len(words) or 1)
        * FACTOR_PER_SENSATION_MARK ** count_sensation_marks(title)
        for words, title in zip(title_words, titles, strict=True)
    ]
    best = max(scores)
    return next(title for title, score in zip(titles, scores, strict=True) if score >= best - 1e-9)


def count_sensation_marks(title: str) -> int:
    """Return the number of marks of sensation in ``title``, 0 to 4.

    The marks are an exclamation mark, a question mark, two shouted words (or all capitals), a superlative, a
    sensational word, and a live report ("live", "as it happened") in place of the news itself.
    """
    title = title[:MAX_PROFILE_TITLE_CHARACTERS]
    shouted = _SHOUTED_WORD.findall(title)
    marks = (
        "!" in title,
        "?" in title,
        len(shouted) >= 2 or (bool(shouted) and not _LOWER_CASE.search(title)),
        bool(_SUPERLATIVE.search(title)),
        bool(_SENSATIONAL_WORD.search(title)),
        bool(_LIVE_REPORT.search(title)),
    )
    return min(sum(marks), MAX_SENSATION_MARKS_COUNTED)
