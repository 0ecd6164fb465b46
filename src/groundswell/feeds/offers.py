"""Make offers of the items of one answer: sightings, and the keys that identify each item within the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from groundswell.feeds.identity import (
    canonicalize_address,
    compute_address_key,
    compute_digest,
    compute_guid_key,
    compute_title_key,
    has_own_address,
)
from groundswell.feeds.standing import NO_STANDING, Standing
from groundswell.model import Article, Entry, Key, KeyKind, Offer, Origin, Rank, Sighting, sight

MIN_TITLES_OF_SHARED_ADDRESS = 3
MIN_TITLES_OF_SHARED_ADDRESS_WITH_GUIDS = 2


def build_offers(
    entries: Sequence[Entry], seen_at: datetime, origin: Origin, standing: Standing = NO_STANDING
) -> tuple[Offer, ...]:
    """Return the offers of one answer of a feed, in its order, each article once; seen at ``seen_at`` (aware UTC).

    Some feeds link every item to one page, or give every item one guid. An address identifies nothing if it has three
    titles, or two guids with two titles or two times; a guid, if it has two titles, or two addresses with two times; a
    text, if it has two addresses and two guids. The first of two entries with a common key counts, and has the keys of
    both, but for an address that the feed does not own.
    """
    uses = [_Use(entry) for entry in entries]
    shared = _find_shared(uses)
    offers: list[Offer] = []
    offer_of: dict[str, int] = {}
    for position, use in enumerate(uses):
        keys = tuple(key for key in use.keys if key.digest not in shared)
        digests = [key.digest for key in list_identifying(keys)]
        same = next((offer_of[digest] for digest in digests if digest in offer_of), None)
        if same is None:
            same = len(offers)
            marks = tuple(key.mark for key in use.keys if key.digest in shared and key.mark)
            sighting = _build_sighting(use.entry, position, seen_at, origin, standing)
            offers.append(Offer(sighting, keys, marks, bool(use.own_guid)))
        else:
            is_believed = standing.rank(use.entry.url) is not Rank.OTHER
            further = tuple(
                key for key in keys if key.digest not in offer_of and (is_believed or key.kind is not KeyKind.ADDRESS)
            )
            offers[same] = replace(offers[same], keys=offers[same].keys + further)
        offer_of.update((key.digest, same) for key in keys if key.digest not in offer_of)
    return tuple(offers)


def list_identifying(keys: Sequence[Key]) -> list[Key]:
    """Return the keys that identify an item, the strongest first: title and day do only where there is nothing else."""
    stronger = [key for key in keys if key.kind in (KeyKind.ADDRESS, KeyKind.GUID)]
    rest = [key for key in keys if key.kind is KeyKind.TEXT]
    return stronger + rest if stronger else [key for key in keys if key.kind is KeyKind.TITLE] + rest


def offer_article(article: Article) -> Offer:
    """Return the offer of an article that is known by its id alone, as in a recorded stream."""
    return Offer(sight(article), (Key(KeyKind.ADDRESS, article.id, ""),))


@dataclass(slots=True)
class _Use:
    """An entry with its keys. ``own_guid`` is empty where the guid is but the address again; ``time`` if unknown."""

    entry: Entry
    canonical: str = field(init=False)
    own_guid: str = field(init=False)
    time: str = field(init=False)
    keys: list[Key] = field(init=False)

    def __post_init__(self) -> None:
        entry = self.entry
        self.canonical = canonicalize_address(entry.url) if entry.url else ""
        self.own_guid = "" if _repeats_address(entry.guid, self.canonical) else entry.guid
        self.time = entry.published_at.isoformat() if entry.published_at else ""
        self.keys = []
        if has_own_address(self.canonical):
            self._add(KeyKind.ADDRESS, compute_address_key(self.canonical))
        if entry.guid:
            self._add(KeyKind.GUID, compute_guid_key(entry.feed, entry.guid))
        self.keys.append(Key(KeyKind.TITLE, compute_title_key(entry.feed, entry.title, entry.published_at), ""))
        if self.time and not entry.day_only:
            text = compute_digest("text", entry.feed, entry.source, entry.title, self.time)
            self.keys.append(Key(KeyKind.TEXT, text, ""))

    def _add(self, kind: KeyKind, digest: str) -> None:
        self.keys.append(Key(kind, digest, compute_digest("shared", self.entry.feed, digest)))


def _repeats_address(guid: str, canonical: str) -> bool:
    """Whether a guid is the address of the item, perhaps with a fragment that counts its edits."""
    try:
        return guid.startswith(("http://", "https://")) and canonicalize_address(guid) == canonical
    except ValueError:
        return False


def _find_shared(uses: Sequence[_Use]) -> set[str]:
    """Return the digests of keys that identify nothing within the answer."""
    users: defaultdict[tuple[KeyKind, str], list[_Use]] = defaultdict(list)
    for use in uses:
        for key in use.keys:
            users[key.kind, key.digest].append(use)
    return {digest for (kind, digest), of_key in users.items() if len(of_key) > 1 and _is_shared(kind, of_key)}


def _is_shared(kind: KeyKind, uses: Sequence[_Use]) -> bool:
    titles = len({use.entry.title for use in uses})
    times = len({use.time for use in uses if use.time})
    addresses = len({use.canonical for use in uses})
    guids = len({use.entry.guid for use in uses})
    if kind is KeyKind.ADDRESS:
        with_guids = guids > 1 and titles >= MIN_TITLES_OF_SHARED_ADDRESS_WITH_GUIDS
        at_times = times > 1 and len({use.own_guid for use in uses}) > 1
        return titles >= MIN_TITLES_OF_SHARED_ADDRESS or with_guids or at_times
    if kind is KeyKind.GUID:
        return titles > 1 or (addresses > 1 and times > 1)
    return kind is KeyKind.TEXT and addresses > 1 and (guids > 1 or not uses[0].entry.guid)


def _build_sighting(entry: Entry, position: int, seen_at: datetime, origin: Origin, standing: Standing) -> Sighting:
    publisher, domain = standing.credit(entry)
    return Sighting(
        feed=entry.feed,
        seen_at=seen_at,
        rank=standing.rank(entry.url),
        title=entry.title,
        text=entry.text,
        listed_by=entry.publisher,
        publisher=publisher,
        source=entry.source,
        url=entry.url,
        domain=domain,
        published_at=entry.published_at,
        day_only=entry.day_only,
        position=position,
        origin=origin,
    )
