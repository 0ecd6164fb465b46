"""Tagging stored articles again, after a hub came or its rules changed: in batches, to be cut off anywhere."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from groundswell.hubs.spec import HubSpec
from groundswell.hubs.tagging.tagger import Tagger, hash_rules
from groundswell.storage.engine.store import Store
from groundswell.storage.news import tags as stored_tags

BATCH = 2000  # articles a transaction, so that news can come in between


def retag(store: Store, hubs: Iterable[HubSpec], stop: threading.Event) -> int:
    """Bring the tags of stored articles to the hubs' present rules; answers how many articles were looked at.

    Articles that come in meanwhile are tagged by the present rules anyway. What is left when ``stop`` is set is taken
    up at the next call.
    """
    looked_at = 0
    for hub in hubs:
        digest, tagger = hash_rules(hub), Tagger([hub])
        with store.read() as connection:
            upto = stored_tags.read_progress(connection, hub.slug, digest)
        while upto is not None and not stop.is_set():
            with store.write() as connection:
                batch = stored_tags.read_next_articles(connection, upto, BATCH)
                found = {one.seq: tagger.tag(one.title, one.text) for one in batch}
                reasons = {seq: tags[0].reasons for seq, tags in found.items() if tags}
                upto = batch[-1].seq if batch else None
                stored_tags.replace_tags(connection, hub.slug, list(found), reasons)
                stored_tags.save_progress(connection, hub.slug, digest, upto)
            looked_at += len(batch)
    return looked_at
