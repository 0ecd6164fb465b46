"""The tags of an article over time, as what is shown of it changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from groundswell.hubs.tagging.tagger import Tagger
from groundswell.model import Article, Election, Tag, TagPeriod, apply_election


def list_tag_periods(tagger: Tagger, article: Article, elections: Sequence[Election]) -> list[TagPeriod]:
    """Tag an article by all that was shown of it over time, so that a page of a past day has the tags of that day.

    ``elections`` are empty for an article that was always shown as it is.
    """
    if not elections:
        tags = tagger.tag(article.title, article.text)
        return [TagPeriod(tag, article.at, article.first_seen_at, None) for tag in tags]
    ended: list[TagPeriod] = []
    present: dict[tuple[Tag, datetime], datetime] = {}
    for election in elections:
        shown = apply_election(article, election)
        since = max(election.at, article.first_seen_at)
        wanted = dict.fromkeys((tag, shown.at) for tag in tagger.tag(shown.title, shown.text))
        dropped = [
            (tag, at, first) for (tag, at), first in present.items() if (tag, at) not in wanted and first < since
        ]
        ended += [TagPeriod(tag, at, first, since) for tag, at, first in dropped]
        present = {key: present.get(key, since) for key in wanted}
    return ended + [TagPeriod(tag, at, first, None) for (tag, at), first in present.items()]
