"""Plan the repairs that turn the present stories into the wanted groups: splits first, then merges."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain

from groundswell.model import Merge, Repair, Split
from groundswell.stories.indexed_article import IndexedArticle

MAX_WORDS_PER_REPAIR_REASON = 5


def plan_repairs(articles: Sequence[IndexedArticle], groups: Sequence[int]) -> tuple[Repair, ...]:
    """Return the splits and merges that turn the present stories of ``articles`` into ``groups``.

    ``articles`` are sorted by key, and any number names a group. The part of a story that contains its founding article
    keeps the id; if that article is not among ``articles``, the largest part does (the earliest of equals). The oldest
    id of merged stories survives; a story whose founder is not among ``articles`` counts as older.
    """
    group_sizes = Counter(groups)
    story_sizes = Counter(article.story_id for article in articles)
    parts: defaultdict[tuple[str, int], list[IndexedArticle]] = defaultdict(list)
    members_of: defaultdict[int, list[IndexedArticle]] = defaultdict(list)
    for article, group in zip(articles, groups, strict=True):
        if group_sizes[group] > 1 or story_sizes[article.story_id] > 1:
            parts[article.story_id, group].append(article)
            members_of[group].append(article)
    founders = {article.article.id for members in parts.values() for article in members}
    group_of_story = _choose_remaining_groups(parts)
    splits: list[Repair] = []
    united: defaultdict[int, list[tuple[bool, int, str]]] = defaultdict(list)
    for (story, group), members in parts.items():
        name = story
        if group_of_story[story] != group:
            name = members[0].article.id
            splits.append(_build_split(story, members))
        united[group].append((name in founders, members[0].key, name))
    merges = [merge for group, names in united.items() for merge in _build_merges(sorted(names), members_of[group])]
    return (*splits, *merges)


def _choose_remaining_groups(parts: dict[tuple[str, int], list[IndexedArticle]]) -> dict[str, int]:
    """Return for each story the group whose part keeps the story's id."""
    best: dict[str, tuple[bool, int, int]] = {}
    group_of_story: dict[str, int] = {}
    for (story, group), members in parts.items():
        rank = (any(member.article.id == story for member in members), len(members), -members[0].key)
        if story not in best or rank > best[story]:
            best[story], group_of_story[story] = rank, group
    return group_of_story


def _build_split(story: str, members: Sequence[IndexedArticle]) -> Split:
    words = _quote_common_words(members)
    reason = f"is about {words}" if words else "shares too little with the rest"
    return Split(story, members[0].article.id, tuple(member.article.id for member in members), reason)


def _build_merges(names: Sequence[tuple[bool, int, str]], members: Sequence[IndexedArticle]) -> list[Repair]:
    if len(names) == 1:
        return []
    words = _quote_common_words(members)
    reason = f"both are about {words}" if words else "their articles are similar"
    target = names[0][2]
    return [Merge(name, target, reason) for _, _, name in names[1:]]


def _quote_common_words(members: Sequence[IndexedArticle]) -> str:
    """Return the words that most of the titles share, in quotation marks."""
    counts = Counter(chain.from_iterable(member.words for member in members))
    min_count = min(2, len(members))
    common = sorted([word for word in counts if counts[word] >= min_count], key=counts.__getitem__, reverse=True)
    forms = (
        next(member.words[word] for member in members if word in member.words)
        for word in common[:MAX_WORDS_PER_REPAIR_REASON]
    )
    return ", ".join([f"‘{form}’" for form in forms])
