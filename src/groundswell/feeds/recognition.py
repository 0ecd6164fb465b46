"""Recognise articles: which stored article each offered item is, by any of its keys, and which items are new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from groundswell.feeds.identity import canonicalize_address, compute_guid_key
from groundswell.feeds.offers import list_identifying
from groundswell.model import Key, KeyKind, Offer, Rank, Sighting

_STRENGTHS = ((KeyKind.ADDRESS, KeyKind.TITLE), (KeyKind.GUID,), (KeyKind.TEXT,))


@dataclass(slots=True)
class Recognised:
    """Offered items by the article that they are: by its number if it is stored, by its id if it is new.

    ``learnt`` are the keys of each that were not known, ``marks`` those of keys that identify nothing in their feed.
    """

    stored: dict[int, list[Offer]] = field(default_factory=dict)
    new: dict[str, list[Offer]] = field(default_factory=dict)
    learnt: dict[int | str, list[str]] = field(default_factory=dict)
    marks: dict[str, None] = field(default_factory=dict)


def list_digests(offers: Iterable[Offer]) -> set[str]:
    """Return all keys and marks that must be looked up for ``recognise``."""
    digests = {digest for offer in offers for key in offer.keys for digest in (key.digest, key.mark) if digest}
    return digests.union(*(offer.shared for offer in offers))


def recognise(
    offers: Sequence[Offer], known: Mapping[str, int | None], sightings: Mapping[int, Sequence[Sighting]]
) -> Recognised:
    """Return which article each of ``offers`` is. ``known`` has the numbers of articles by key, and None for a mark.

    ``sightings`` are those of the known articles. A stronger key goes before a weaker one: the address, which all feeds
    share, before the guid, and the guid before source, title and time. By guid or text, no two items of a feed are one
    article.

    An address stands for another item if guid, title and time differ from all that the feed said of it before; a guid,
    if address, title and time do, where two absent addresses and a title that is the guid again prove nothing. Either
    is then marked. A further address of an article is learnt only of the feed that owns it and of aggregators, because
    from then on it means that article in all feeds.
    """
    recogniser = _Recogniser(known, sightings)
    found: dict[int, int] = {}
    for kinds in _STRENGTHS:
        for place, offer in enumerate(offers):
            if place not in found and (seq := recogniser.find(offer, kinds)) is not None:
                found[place] = seq
    for place, offer in enumerate(offers):
        recogniser.take(offer, found.get(place))
    answer = recogniser.answer
    answer.marks = {mark: None for mark in answer.marks if mark not in known}
    return answer


class _Recogniser:
    def __init__(self, known: Mapping[str, int | None], sightings: Mapping[int, Sequence[Sighting]]) -> None:
        self.answer = Recognised()
        self._known = known
        self._sightings = sightings
        self._taken: set[tuple[str, int]] = set()  # articles that an item of the feed was found to be
        self._owners: dict[str, int | str] = {}  # the articles that keys of this answer were learnt for

    def find(self, offer: Offer, kinds: Sequence[KeyKind]) -> int | None:
        """Return the stored article that a key of one of ``kinds`` leads to; mark keys that contradict all else."""
        feed = offer.sighting.feed
        for key in list_identifying(self._list_usable(offer)):
            seq = self._known.get(key.digest) if key.kind in kinds else None
            if seq is None or (key.kind in (KeyKind.GUID, KeyKind.TEXT) and (feed, seq) in self._taken):
                continue
            if key.mark and self._is_another(key, offer, seq):
                self.answer.marks[key.mark] = None
                continue
            self._taken.add((feed, seq))
            return seq
        return None

    def take(self, offer: Offer, found: int | None) -> None:
        """Note the article that an offered item is, a new one if none was found, and the keys to learn."""
        keys = self._list_usable(offer)
        article = self._name_new(offer, keys) if found is None else found
        if isinstance(article, int):
            offer = replace(offer, sighting=self._bound_rank(offer.sighting, keys, article))
        if isinstance(article, str):
            self.answer.new.setdefault(article, []).append(offer)
            self._owners[article] = article
        else:
            self.answer.stored.setdefault(article, []).append(offer)
        has_guid = any(key.kind is KeyKind.GUID for key in keys)  # then title and day need not be known
        for key in keys:
            is_needed = key.kind is not KeyKind.TITLE or not has_guid
            if key.kind is KeyKind.ADDRESS and key.digest != article:  # learnt by a key that the feed itself chose
                is_needed = offer.sighting.rank is not Rank.OTHER  # or one feed could take articles of another
            if is_needed and key.digest not in self._known and key.digest not in self._owners:
                self._owners[key.digest] = article
                self.answer.learnt.setdefault(article, []).append(key.digest)
        self.answer.marks.update((mark, None) for mark in offer.shared)

    def _bound_rank(self, sighting: Sighting, keys: Sequence[Key], seq: int) -> Sighting:
        """Let a feed that names a stored article by keys of its own choice count for no more there than before.

        Else it could list an article of another site, move its own item to its own site, and count as the owner.
        """
        if any(key.kind is KeyKind.ADDRESS and self._known.get(key.digest) == seq for key in keys):
            return sighting
        before = [one.rank for one in self._sightings.get(seq, ()) if one.feed == sighting.feed]
        return replace(sighting, rank=max(sighting.rank, min(before, default=Rank.OTHER)))

    def _list_usable(self, offer: Offer) -> list[Key]:
        return [key for key in offer.keys if key.mark not in self._known and key.mark not in self.answer.marks]

    def _is_another(self, key: Key, offer: Offer, seq: int) -> bool:
        """Whether all else that the feed said of the stored article differs from what it says of the offered item."""
        sighting = offer.sighting
        before = [one for one in self._sightings.get(seq, ()) if one.feed == sighting.feed]
        is_title = key.digest == compute_guid_key(sighting.feed, sighting.title)  # an equal title proves no more then
        if not before or any(_has_equal_title_or_time(one, sighting, ignore_title=is_title) for one in before):
            return False
        is_dated = sighting.published_at is not None and all(one.published_at for one in before)
        if key.kind is KeyKind.GUID:
            canonical = _canonicalize(sighting.url)
            differs = all(_canonicalize(one.url) != canonical for one in before)
            return (differs and (is_dated or not is_title)) or (is_dated and not canonical)
        is_known = any(one.kind is KeyKind.GUID and one.digest in self._known for one in offer.keys)
        return is_dated and offer.has_own_guid and not is_known

    def _name_new(self, offer: Offer, keys: Sequence[Key]) -> int | str:
        """Return the id of an article that was not found: that of an offer before with a common key, or a free key.

        If the last resort, title and day, is the key of a stored article, return the number of that.
        """
        identifying = list_identifying(keys)
        for key in identifying:
            if key.digest in self._owners:
                return self._owners[key.digest]
        for key in identifying:
            if key.kind is not KeyKind.TEXT and key.digest not in self._known:
                return key.digest
        last_resort = next(key.digest for key in offer.keys if key.kind is KeyKind.TITLE)
        stored = self._known.get(last_resort)
        return self._owners.get(last_resort, last_resort) if stored is None else stored


def _has_equal_title_or_time(one: Sighting, other: Sighting, *, ignore_title: bool) -> bool:
    is_same_title = one.title == other.title and not ignore_title
    return is_same_title or (one.published_at is not None and one.published_at == other.published_at)


def _canonicalize(url: str | None) -> str:
    return canonicalize_address(url) if url else ""
