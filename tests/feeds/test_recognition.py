"""Which articles the items of a feed are: within one answer, and from one answer to the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.feeds.identity import compute_article_id
from groundswell.feeds.offers import build_offers
from groundswell.feeds.recognition import list_digests, recognise
from groundswell.model import Entry, Origin, Sighting

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
NOON = datetime(2026, 8, 17, 12, tzinfo=UTC)
PAGE = "https://a.example/x"


def item(
    guid: str, url: str | None, title: str, hour: float | None = 0, *, feed: str = "wire", source: str = ""
) -> Entry:
    at = None if hour is None else NOON + timedelta(hours=hour)
    return Entry(feed, guid, title, "", "Wire", url, at, source=source)


class Memory:
    """Known keys and sightings, as a store has them."""

    def __init__(self) -> None:
        self.known: dict[str, int | None] = {}
        self.sightings: dict[int, list[Sighting]] = {}
        self.ids: dict[int, str] = {}
        self._polls = 0

    def read(self, *entries: Entry) -> list[int]:
        """Read one answer of a feed; return the number of the article of each offer, in the answer's order."""
        offers = build_offers(entries, NOON + timedelta(days=1, minutes=self._polls), Origin.LIVE)
        self._polls += 1
        found = recognise(
            offers, {key: self.known[key] for key in list_digests(offers) & set(self.known)}, self.sightings
        )
        for name, taken in found.new.items():
            seq = len(self.ids) + 1
            self.ids[seq], self.known[name] = name, seq
            found.stored[seq] = taken
            found.learnt[seq] = found.learnt.get(name, [])
        for seq, keys in found.learnt.items():
            if isinstance(seq, int):
                assert not set(keys) & set(self.known), "a key never moves"
                self.known.update((key, seq) for key in keys)
        self.known.update((mark, None) for mark in found.marks)
        number_of = {one.sighting.position: seq for seq, taken in found.stored.items() for one in taken}
        for seq, taken in found.stored.items():
            self.sightings.setdefault(seq, []).extend(offer.sighting for offer in taken)
        return [number_of[offer.sighting.position] for offer in offers]


def count(*entries: Entry) -> int:
    return len(set(Memory().read(*entries)))


def test_an_article_listed_twice_is_one():
    first, edited = item("g", PAGE, "One"), item("g", PAGE, "One, edited")
    (offer,) = build_offers([first, edited], NOON, Origin.LIVE)
    assert offer.sighting.title == "One"
    assert count(item("g", PAGE, "One"), item("h", PAGE + "?utm_source=x", "One")) == 1


@pytest.mark.parametrize("url", ["https://a.example/news", "https://a.example/", None])
def test_one_address_for_all_items_does_not_make_them_one(url):
    assert count(item("g1", url, "One"), item("g2", url, "Two"), item("g3", url, "Three")) == 3
    assert count(item("", url, "One"), item("", url, "Two"), item("", url, "Three")) == 3
    assert count(item("g", url, "One"), item("g", url, "Two"), item("g", url, "Three")) == 3


def test_a_status_feed_with_one_link_and_one_title_keeps_its_items():
    url = "https://status.example/history"
    items = [item(f"g{hour}", url, "Degraded performance", hour) for hour in range(3)]
    memory = Memory()
    numbers = memory.read(*items)
    assert len(set(numbers)) == 3
    assert memory.read(*items[::-1]) == numbers[::-1]


@pytest.mark.parametrize("listed", [1, 2])
def test_a_status_feed_that_lists_only_its_newest_items_keeps_all(listed):
    items = [item(f"g{hour}", "https://status.example/history", f"Outage of service {hour}", hour) for hour in range(6)]
    memory = Memory()
    numbers = [memory.read(*items[start : start + listed]) for start in range(6 - listed + 1)]
    assert len(memory.ids) == 6
    assert len({number for poll in numbers for number in poll}) == 6


def test_one_guid_for_all_items_does_not_make_them_one():
    assert count(item("g", None, "One"), item("g", None, "Two")) == 2
    assert count(item("g", "https://a.example/1", "One"), item("g", "https://a.example/2", "Two")) == 2
    memory = Memory()
    polls = [memory.read(item("1", f"https://a.example/{n}", f"Title {n}", n)) for n in range(3)]
    assert polls == [[1], [2], [3]]


def test_recurring_items_under_one_guid_without_a_link_are_all_kept():
    memory = Memory()
    polls = [memory.read(item("latest", None, f"Status {day}", 24 * day)) for day in range(3)]
    assert polls == [[1], [2], [3]]
    assert memory.read(item("latest", None, "Status 2", 48)) == [3]
    assert memory.read(item("other", None, "Draft", 1)) == memory.read(item("other", None, "Edited", 1)) == [4]


def test_a_guid_that_repeats_a_recurring_title_does_not_join_its_items():
    memory = Memory()
    polls = [
        memory.read(item("Market close", f"https://a.example/{day}", "Market close", 24 * day)) for day in range(3)
    ]
    assert polls == [[1], [2], [3]]
    rotating = [memory.read(item("Open", f"https://a.example/o{n}", "Open", 7)) for n in range(2)]
    assert rotating == [[4], [4]]


def test_new_guids_and_edited_titles_of_a_page_stay_one_article():
    memory = Memory()
    before = memory.read(item("g1", "https://a.example/1", "Fed holds"), item("g2", "https://a.example/2", "Two"))
    after = memory.read(item("x9", "https://a.example/1", "Fed holds rates"), item("x8", "https://a.example/2", "Two"))
    assert before == after == [1, 2]


def test_a_guid_that_counts_the_edits_of_a_page_is_the_page():
    memory = Memory()
    polls = [memory.read(item(f"{PAGE}#{n}", PAGE, f"Title {n}", n)) for n in range(4)]
    assert polls == [[1]] * 4


def test_stable_guids_with_changing_links_bring_no_surplus():
    memory = Memory()
    for poll in range(4):
        for feed in range(10):
            links = [f"https://f{feed}.example/{n}?session={poll}" for n in range(20)]
            memory.read(*(item(f"g{n}", link, f"News {n}", n, feed=f"f{feed}") for n, link in enumerate(links)))
    assert len(memory.ids) == 200


@pytest.mark.parametrize("source", ["", "Harbour Daily"])
def test_rotating_links_and_guids_are_one_article_by_source_title_and_time(source):
    memory = Memory()
    polls = []
    for poll in range(3):
        links = [f"https://n.example/{poll}/{n}" for n in range(9)]
        listed = [item(f"{poll}-{n}", link, f"News {n}", n, source=source) for n, link in enumerate(links)]
        polls.append(memory.read(*listed))
    assert polls == [list(range(1, 10))] * 3


def test_equal_texts_within_one_answer_stay_apart_even_when_they_rotate():
    memory = Memory()
    twins = [item(f"g{n}", f"https://a.example/{n}", "Dividend declared") for n in range(2)]
    assert memory.read(*twins) == [1, 2]
    assert memory.read(*twins, item("g9", "https://a.example/9", "Dividend declared")) == [1, 2, 3]


def test_without_time_a_rotating_item_is_not_recognised():
    memory = Memory()
    assert [memory.read(item(f"g{n}", f"https://a.example/{n}", "News", None)) for n in range(2)] == [[1], [2]]


def test_an_address_that_turns_out_to_be_shared_identifies_nothing_from_then_on():
    memory = Memory()
    page = "https://a.example/page"
    assert memory.read(item("g1", page, "One", 1)) == [1]
    assert memory.read(item("g1", page, "One", 1), item("g2", page, "Two", 2)) == [1, 2]
    assert memory.read(item("g3", page, "Three", 2)) == [3]
    assert memory.read(item("other", page, "One", 1, feed="other")) == [1], "other feeds are not affected"


def test_two_keys_of_two_articles_are_resolved_by_the_stronger():
    memory = Memory()
    first, second = item("g1", "https://a.example/1", "One", 1), item("g2", "https://a.example/2", "Two", 2)
    assert memory.read(first, second) == [1, 2]
    crossed = item("g2", "https://a.example/1", "One", 2)
    assert [memory.read(crossed) for _ in range(2)] == [[1], [1]]
    assert memory.read(second) == [2]


def test_a_new_article_keeps_the_id_that_it_had_before_keys_were_known():
    for entry in (item("g", PAGE, "One"), item("g", None, "One"), item("", None, "One"), item("", PAGE, "One", None)):
        memory = Memory()
        memory.read(entry)
        assert memory.ids == {1: compute_article_id(entry)}


ITEMS = st.lists(
    st.builds(
        item,
        st.sampled_from(["", "a", "b", PAGE + "#1"]),
        st.sampled_from([None, "https://a.example/", "https://a.example/1", PAGE]),
        st.sampled_from(["One", "Two", "Three"]) | TEXT,
        st.sampled_from([None, 0, 1]),
    ),
    max_size=8,
)


@given(ITEMS)
def test_alone_each_entry_keeps_its_title_and_an_id(entries):
    offers = build_offers(entries, NOON, Origin.LIVE)
    assert len(offers) <= len(entries)
    for entry in entries:
        (alone,) = build_offers([entry], NOON, Origin.LIVE)
        assert alone.sighting.title == entry.title
        assert compute_article_id(entry) in {key.digest for key in alone.keys}


@given(ITEMS)
def test_the_same_answer_twice_brings_nothing_new(entries):
    memory = Memory()
    first = memory.read(*entries)
    assert len(set(first)) == len(first)
    known = dict(memory.known)
    assert memory.read(*entries) == first
    assert memory.known == known


@given(st.lists(ITEMS, max_size=4))
def test_no_item_is_lost_and_no_article_stands_for_two_items_of_an_answer(polls):
    memory = Memory()
    for entries in polls:
        offers = build_offers(entries, NOON, Origin.LIVE)
        numbers = memory.read(*entries)
        assert len(numbers) == len(offers)
        titles = [(numbers[place], offer.sighting.title) for place, offer in enumerate(offers)]
        assert len({title for _, title in titles}) <= len(set(titles))


@given(st.permutations(range(4)))
def test_the_order_within_an_answer_does_not_decide_what_is_one(order):
    entries = [
        item("a", PAGE, "One", 0),
        item("b", PAGE, "Two", 1),
        item("c", "https://a.example/3", "Three", 2),
        replace(item("c", "https://a.example/3", "Three", 2), text="again"),
    ]
    assert count(*(entries[place] for place in order)) == 3
