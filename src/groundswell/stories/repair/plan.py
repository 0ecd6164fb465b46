"""From how articles should be grouped to the recorded repairs that get there: splits first, then merges."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain

from groundswell.model import Merge, Repair, Split
from groundswell.stories.window import Held


def repairs(articles: Sequence[Held], groups: Sequence[int]) -> tuple[Repair, ...]:
    """Return the splits and merges that turn the present stories of ``articles`` into ``groups``.

    ``articles`` are in order of place, and a group is named by any number. The part of a story that holds its
    founding article keeps its id; where that article is not among ``articles``, the largest part does (of equals the
    earliest). Of merged stories the oldest id survives; one whose founder is not among ``articles`` counts as older.
    """
    alone = Counter(groups)
    shared = Counter(held.story_id for held in articles)
    parts: defaultdict[tuple[str, int], list[Held]] = defaultdict(list)
    members_of: defaultdict[int, list[Held]] = defaultdict(list)
    for held, group in zip(articles, groups, strict=True):
        if alone[group] > 1 or shared[held.story_id] > 1:
            parts[held.story_id, group].append(held)
            members_of[group].append(held)
    founders = {held.article.id for members in parts.values() for held in members}
    staying = _staying(parts)
    splits: list[Repair] = []
    united: defaultdict[int, list[tuple[bool, int, str]]] = defaultdict(list)
    for (story, group), members in parts.items():
        name = story
        if staying[story] != group:
            name = members[0].article.id
            splits.append(_split(story, members))
        united[group].append((name in founders, members[0].key, name))
    merges = [merge for group, names in united.items() for merge in _merges(sorted(names), members_of[group])]
    return (*splits, *merges)


def _staying(parts: dict[tuple[str, int], list[Held]]) -> dict[str, int]:
    """The group, for each story, whose part keeps the id."""
    best: dict[str, tuple[bool, int, int]] = {}
    group_of: dict[str, int] = {}
    for (story, group), members in parts.items():
        rank = (any(held.article.id == story for held in members), len(members), -members[0].key)
        if story not in best or rank > best[story]:
            best[story], group_of[story] = rank, group
    return group_of


def _split(story: str, members: Sequence[Held]) -> Split:
    words = _common(members)
    told = f"tells of {words}" if words else "shares too little with the rest"
    return Split(story, members[0].article.id, tuple(held.article.id for held in members), told)


def _merges(names: Sequence[tuple[bool, int, str]], members: Sequence[Held]) -> list[Repair]:
    if len(names) == 1:
        return []
    words = _common(members)
    reason = f"both tell of {words}" if words else "their articles are alike"
    target = names[0][2]
    return [Merge(name, target, reason) for _, _, name in names[1:]]


def _common(members: Sequence[Held], limit: int = 5) -> str:
    """The words most of the titles share, in quotation marks."""
    counts = Counter(chain.from_iterable(held.words for held in members))
    least = min(2, len(members))
    shared = sorted([word for word in counts if counts[word] >= least], key=counts.__getitem__, reverse=True)
    forms = (next(held.words[word] for held in members if word in held.words) for word in shared[:limit])
    return ", ".join([f"‘{form}’" for form in forms])
