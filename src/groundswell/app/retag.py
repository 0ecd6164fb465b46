"""Tagging stored articles again after a hub was added or its rules changed, in batches that can be interrupted."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from groundswell.hubs.spec import HubSpec
from groundswell.hubs.tagging.periods import list_tag_periods
from groundswell.hubs.tagging.tagger import Tagger, hash_rules
from groundswell.storage.engine.store import Store
from groundswell.storage.news import tags as stored_tags

BATCH_SIZE = 2000  # articles a transaction, so that news can be stored in between


def retag(store: Store, hubs: Iterable[HubSpec], stop: threading.Event) -> int:
    """Tag stored articles by the hubs' present rules; return how many articles were looked at.

    Articles received meanwhile are tagged by the present rules anyway. The next call continues where ``stop`` ended
    this one.
    """
    looked_at = 0
    for hub in hubs:
        digest, tagger = hash_rules(hub), Tagger([hub])
        with store.read() as connection:
            upto = stored_tags.read_progress(connection, hub.slug, digest)
        while upto is not None and not stop.is_set():
            with store.write() as connection:
                batch = stored_tags.read_next_articles(connection, upto, BATCH_SIZE)
                periods = {one.seq: list_tag_periods(tagger, one.article, one.elections) for one in batch}
                upto = batch[-1].seq if batch else None
                stored_tags.replace_tags(connection, periods, hub.slug)
                stored_tags.save_progress(connection, hub.slug, digest, upto)
            looked_at += len(batch)
    return looked_at
