"""Stored articles follow a hub's rules: when they change, when a hub comes, through a stop in between."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from groundswell import Groundswell
from groundswell.app import retag
from groundswell.hubs.file.load import load_catalog
from groundswell.storage.schema import taggings

from .conftest import NOW


def tags_of(groundswell: Groundswell, hub: str) -> dict[str, tuple[str, ...]]:
    stories = groundswell.stories(hub)
    return {
        member.article.title: tag.reasons
        for story in stories
        for member in story.members
        for tag in member.tags
        if tag.hub == hub
    }


def changed(slug: str, **rules: tuple[str, ...]):
    return tuple(
        hub.model_copy(update={"tagging": hub.tagging.model_copy(update=rules)}) if hub.slug == slug else hub
        for hub in load_catalog()
    )


def test_a_changed_rule_retags_what_is_stored(groundswell: Groundswell, stream: Path) -> None:
    groundswell.replay(stream)
    assert groundswell.retag() == 0, "all were tagged by the present rules when received"
    before = {hub.slug: tags_of(groundswell, hub.slug) for hub in load_catalog()}
    assert not any("swimming" in title for title in before["roic"])
    hubs = changed("roic", strong=("swimming pool",), pairs=())
    with Groundswell(groundswell._store, hubs, lambda: NOW) as other:
        assert other.retag() == 8
        assert tags_of(other, "roic") == {"Town council approves a new swimming pool": ("names 'swimming pool'",)}
        for slug in ("small-caps", "fomc", "panic-selling"):
            assert tags_of(other, slug) == before[slug]


def test_retagging_continues_where_it_was_stopped(
    groundswell: Groundswell, stream: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retag, "BATCH_SIZE", 3)
    groundswell.replay(stream)
    with groundswell._store.write() as connection:
        connection.execute(taggings.delete())

    class Countdown(threading.Event):
        asked = 0

        def is_set(self) -> bool:
            self.asked += 1
            return self.asked > 2

    assert groundswell.retag(Countdown()) == 6
    left = 2 + 3 * 8  # the rest of the first hub, and three hubs
    assert groundswell.retag() == left
    assert groundswell.retag() == 0
