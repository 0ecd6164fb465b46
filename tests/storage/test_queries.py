"""Looking for stories: by words in any form, by parts of a filter, page by page, and by arrival."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from groundswell.model import Article, Assignment, Cursor, Member, Merge, Origin, StoryFilter, Tag
from groundswell.storage.engine.store import Store
from groundswell.storage.news import articles, full_text, lineage, queries
from groundswell.storage.schema import articles as table
from groundswell.storage.schema import sightings

NOON = datetime(2024, 9, 18, 12, tzinfo=UTC)
REAL = articles.Visibility(None, demonstration=False)

# id, story, hours, publisher, title, hubs
ROWS = [
    ("a", "a", 0, "Wire One", "Fed cuts interest rates by half a point", ["fomc"]),
    ("b", "a", 1, "Wire Two", "The Fed cut its rate: S&P 500 rises", ["fomc"]),
    ("c", "c", 24, "Wire One", "Russell 2000 climbs; IWM leads", ["small-caps"]),
    ("d", "d", 25, "Wire Two", "Spy agency says iwm is a misspelling", ["small-caps"]),
    ("e", "e", 26, "Société", "Élan in the russell 2000 fades", ["small-caps", "fomc"]),
    ("f", "f", 27, "Wire One", "Ferry strike enters its second week", []),
]


def build_member(row) -> Member:
    name, story, hours, publisher, title, hubs = row
    at = NOON + timedelta(hours=hours)
    article = Article(name, "feed", title, "", publisher, None, at, at, day_only=False, origin=Origin.LIVE)
    return Member(article, Assignment(name, story, name == story, 0.5, ()), tuple(Tag(hub, ("why",)) for hub in hubs))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    opened = Store.open(str(tmp_path_factory.mktemp("finding") / "store.db"))
    with opened.write() as connection:
        articles.add_members(connection, [build_member(row) for row in ROWS])
    yield opened
    opened.close()


def find_stories(store: Store, wanted: StoryFilter, visible: articles.Visibility = REAL) -> list[str]:
    with store.read() as connection:
        ids, more = queries.list_story_ids(connection, wanted, visible, queries.read_list_start(connection), 10)
    assert not more
    return ids


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (StoryFilter(), ["f", "e", "d", "c", "a"]),
        (StoryFilter(words="FED cutting"), ["a"]),
        (StoryFilter(words='"interest rates"'), ["a"]),
        (StoryFilter(words='"rates interest"'), []),
        (StoryFilter(words="rates interest"), ["a"]),
        (StoryFilter(words="s&p"), ["a"]),
        (StoryFilter(words="elan"), ["e"]),
        (StoryFilter(words="russell 2000"), ["e", "c"]),
        (StoryFilter(words="russell", hub="fomc"), ["e"]),
        (StoryFilter(words="fed OR ferry"), []),  # OR is a word like any other
        (StoryFilter(hub="fomc"), ["e", "a"]),
        (StoryFilter(publisher="wire one"), ["f", "c", "a"]),
        (StoryFilter(publisher="Wire One", hub="fomc"), ["a"]),
        (StoryFilter(names=("IWM", "Russell 2000")), ["e", "c"]),
        (StoryFilter(names=("IWM",)), ["c"]),
        (StoryFilter(since=date(2024, 9, 19)), ["f", "e", "d", "c"]),
        (StoryFilter(until=date(2024, 9, 18)), ["a"]),
        (StoryFilter(hub="small-caps", since=date(2024, 9, 19), until=date(2024, 9, 19), words="russell"), ["e", "c"]),
    ],
)
def test_stories_are_found_by_filter(store: Store, wanted: StoryFilter, expected: list[str]) -> None:
    assert find_stories(store, wanted) == expected


def test_a_search_as_of_a_past_day_finds_nothing_later(store: Store) -> None:
    then = articles.Visibility(NOON + timedelta(hours=25.5), demonstration=False)
    assert find_stories(store, StoryFilter(words="russell"), then) == ["c"]
    assert find_stories(store, StoryFilter(), then) == ["d", "c", "a"]


@given(words=st.text(max_size=40) | st.text(alphabet='"*^:()-+{}AND OR NOT NEAR fed', max_size=40))
@settings(max_examples=150, deadline=None)
def test_no_query_is_an_error(store: Store, words: str) -> None:
    for story_id in find_stories(store, StoryFilter(words=words)):
        assert story_id in "acdef"


@given(words=st.text(max_size=60))
def test_phrases_consist_of_letters_digits_and_spaces_only(words: str) -> None:
    wanted = full_text.split_phrases(words)
    assert len(wanted) <= full_text.MAX_PHRASES_PER_QUERY
    assert all(phrase.replace(" ", "").isalnum() for phrase in wanted)


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_pages_of_results_contain_every_story_once_whatever_is_received_meanwhile(tmp_path: Path, limit: int) -> None:
    store = Store.open(str(tmp_path / "store.db"))
    with store.write() as connection:
        articles.add_members(connection, [build_member(row) for row in ROWS])
    seen: list[str] = []
    with store.read() as connection:
        place = queries.read_list_start(connection)
    for turn in range(9):
        with store.write() as connection:
            articles.add_members(
                connection, [build_member((f"n{turn}", f"n{turn}", 48 + turn, "Late", "Fed late", ["fomc"]))]
            )
        with store.read() as connection:
            ids, more = queries.list_story_ids(connection, StoryFilter(), REAL, place, limit)
        seen += ids
        if not more:
            break
        place = replace(place, skip=place.skip + limit)
    store.close()
    assert seen == ["f", "e", "d", "c", "a"]


def test_articles_are_listed_last_received_first(store: Store) -> None:
    with store.read() as connection:
        listed, more = queries.list_articles(connection, REAL, Cursor(5, 1), 2)
    assert ([(article.id, story) for article, story in listed], more) == ([("d", "d"), ("c", "c")], True)


@pytest.mark.parametrize(
    ("hub", "span", "expected"),
    [(None, (1, 99), ["a", "c", "d", "e", "f"]), (None, (2, 4), ["c"]), ("fomc", (1, 99), ["a", "e"])],
)
def test_blocks_contain_the_stories_founded_in_them(store: Store, hub, span, expected) -> None:
    with store.read() as connection:
        assert queries.list_founded_story_ids(connection, hub, REAL, span) == expected


@pytest.mark.parametrize(("hub", "before", "last"), [(None, 4, 3), ("fomc", 5, 2), ("fomc", 1, None)])
def test_the_last_article_before_a_number_is_found(store: Store, hub, before: int, last: int | None) -> None:
    with store.read() as connection:
        assert queries.find_last_article_before(connection, hub, REAL, before) == last


def test_a_merged_story_is_found_as_its_successor(tmp_path: Path) -> None:
    store = Store.open(str(tmp_path / "store.db"))
    with store.write() as connection:
        articles.add_members(connection, [build_member(row) for row in ROWS])
        lineage.apply_repairs(connection, [Merge("e", "c", "one event")], NOON + timedelta(hours=30))
    assert find_stories(store, StoryFilter(words="elan")) == ["c"]
    past = articles.Visibility(NOON + timedelta(hours=29), demonstration=False)
    assert find_stories(store, StoryFilter(words="elan"), past) == ["e"]
    with store.read() as connection:
        assert queries.list_founded_story_ids(connection, None, REAL, (1, 99)) == ["a", "c", "d", "f"]
    store.close()


def test_the_index_follows_the_articles_and_is_rebuilt_for_an_older_store(tmp_path: Path) -> None:
    store = Store.open(str(tmp_path / "store.db"))
    with store.write() as connection:
        articles.add_members(connection, [build_member(row) for row in ROWS])
        connection.execute(table.update().where(table.c.id == "f").values(title="Trams run again"))
    assert find_stories(store, StoryFilter(words="ferry")) == []
    assert find_stories(store, StoryFilter(words="tram")) == ["f"]
    with store.write() as connection:
        connection.execute(sightings.delete())
        connection.execute(table.delete().where(table.c.id == "f"))
        connection.execute(text("INSERT INTO article_words(article_words, rank) VALUES ('integrity-check', 1)"))
        full_text.drop_index(connection)
        full_text.create_index(connection)
    assert find_stories(store, StoryFilter(words="tram")) == []
    assert find_stories(store, StoryFilter(words="elan")) == ["e"]
    store.close()


def test_a_failed_transaction_leaves_nothing_in_the_index(store: Store) -> None:
    def fail() -> None:
        with store.write() as connection:
            articles.add_members(connection, [build_member(("z", "z", 60, "Wire", "Zebra crossing", []))])
            raise RuntimeError("cut off")

    with pytest.raises(RuntimeError):
        fail()
    assert find_stories(store, StoryFilter(words="zebra")) == []


def test_other_databases_compare_headlines_with_the_words(store: Store) -> None:
    """Run on SQLite, since the comparison is plain SQL."""

    def find(words: str, *names: str) -> list[str]:
        with store.read() as connection:
            query = full_text.match_headlines(select(table.c.id), words, names, "postgresql")
            return list(connection.scalars(query))

    assert find('fed "interest rates" 5%') == []
    assert find("FED rate") == ["b", "a"]
    assert find("", "IWM", "s&p 500") == ["d", "c", "b"]
    assert find("cut", "S&P 500") == ["b"]


NAMES = ["IWM", "iwm", "Russell 2000", "S&P", "Fed", "élan", "500", "in the", "%", "A_B", "Spy", "is"]
TITLES = st.lists(
    st.sampled_from([*NAMES, "IWM's", "(IWM)", "S & P", "fed.", "russell", "2000", "Elan", "_IWM", "IWM7", "é", ":"]),
    min_size=1,
    max_size=8,
).map(" ".join)


@given(titles=st.lists(TITLES | st.text(max_size=30), min_size=1, max_size=8), names=st.lists(st.sampled_from(NAMES)))
@settings(max_examples=60, deadline=None)
def test_names_are_found_exactly_where_they_stand(tmp_path_factory, titles: list[str], names: list[str]) -> None:
    titles = [title.replace("\0", " ") for title in titles]
    store = Store.open(str(tmp_path_factory.mktemp("names") / "store.db"))
    rows = [(f"s{place}", f"s{place}", place, "Wire", title, []) for place, title in enumerate(titles)]
    with store.write() as connection:
        articles.add_members(connection, [build_member(row) for row in rows])
    found = find_stories(store, StoryFilter(names=tuple(names)))
    store.close()
    pattern = queries._compile_names([name for name in names if any(map(str.isalnum, name))])
    expected = [f"s{place}" for place, title in enumerate(titles) if (pattern.search(title) if pattern else not names)]
    assert sorted(found) == sorted(expected)


CRITERIA = {
    "words": ["", "fed cuts"],
    "names": [(), ("IWM", "Russell 2000")],
    "hub": [None, "fomc"],
    "publisher": ["", "Wire One"],
    "since": [None, NOON.date()],
    "until": [None, NOON.date()],
}


@pytest.mark.parametrize("as_of", [None, NOON])
@pytest.mark.parametrize("values", list(product(*CRITERIA.values())))
def test_no_search_reads_every_article(store: Store, values, as_of) -> None:
    wanted = StoryFilter(**dict(zip(CRITERIA, values, strict=True)))
    with store.read() as connection:
        query = queries._select_matches(connection, wanted, articles.Visibility(as_of, False), Cursor(9, 0))
        compiled = query.compile(connection, compile_kwargs={"literal_binds": True})
        plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")]
    scans = [step for step in plan if step.startswith("SCAN") and "VIRTUAL TABLE INDEX" not in step]
    # Without any criterion the list is read in its order, until it is long enough.
    unfiltered = not any((*values, as_of))
    assert scans == (["SCAN articles USING INDEX ix_articles_at"] if unfiltered else []), plan
    sorts = [step for step in plan if "TEMP B-TREE" in step and "RIGHT PART" not in step]
    assert sorts == [], "the list is sorted as it is read, but for articles of one instant"


def test_whether_there_is_a_story_since_an_instant(store: Store) -> None:
    with store.read() as connection:
        hours = [h for h in range(40) if queries.has_story_since(connection, REAL, NOON + timedelta(hours=h))]
    assert hours == list(range(28)), "the last story began in hour 27"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("small cap", [("small-caps", "C1")]),
        ("rates", [("small-caps", "C1"), ("fomc", "F1")]),
        ("f1", [("fomc", "F1")]),
        ("gold", []),
        ('"*', []),
    ],
)
def test_claims_are_found_by_words_or_id(words: str, expected) -> None:
    index = full_text.ClaimIndex(
        [("small-caps", "C1", "Small caps lead when rates fall"), ("fomc", "F1", "The Fed's rate moves late")]
    )
    assert list(index.find(words)) == expected
    index.close()
