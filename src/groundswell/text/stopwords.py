"""Words that say nothing about the topic of a headline."""

from __future__ import annotations

# fmt: off
STOP_WORDS = frozenset((
    "a", "about", "after", "all", "amid", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can",
    "could", "do", "does", "for", "from", "get", "has", "have", "he", "her", "his", "how", "i", "if", "in", "into",
    "is", "it", "its", "just", "may", "more", "most", "my", "new", "no", "not", "now", "of", "on", "or", "our", "out",
    "over", "say", "says", "she", "so", "some", "such", "than", "that", "the", "their", "them", "they", "this", "to",
    "up", "us", "was", "we", "were", "what", "when", "where", "which", "while", "who", "why", "will", "with", "would",
    "you", "your",
))
"""The stop words that story detection and tagging share."""

STORY_STOP_WORDS = STOP_WORDS | {
    "again", "against", "also", "am", "because", "before", "being", "did", "down", "during", "each", "further", "gets",
    "getting", "had", "here", "live", "me", "might", "nor", "off", "once", "only", "other", "own", "per", "said",
    "same", "saying", "should", "since", "then", "there", "these", "those", "through", "too", "under", "until",
    "update", "updates", "very", "via", "vs", "whom",
}
"""The stop words of story detection, which also ignores the other auxiliary words and the marks of live pages."""

EXAMPLE_STOP_WORDS = STOP_WORDS | {
    "day", "gbp", "s", "see", "seen", "sees", "t", "today", "u", "usd", "week", "year",
}
"""The stop words of the comparison with a hub's examples.

It also ignores words of time and currency, because headlines on any topic share them, and the letters that remain of
"U.S.", "it's" and "don't" after punctuation is removed. Story detection needs the words of time: "this week" and
"this year" are different reports.
"""
# fmt: on
