"""What the hostile and the careless send: stuffed headlines, floods of copies, titles and dates gone wrong."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.model import Assignment, Member, Status
from groundswell.stories.batch import Ledger, cluster
from groundswell.stories.compose import compose
from groundswell.stories.detector import OnlineStoryDetector, Tuning
from groundswell.stories.features import extract_title_words
from groundswell.stories.profile.facets import build_facets
from groundswell.stories.profile.publishers import count_independent_publishers, find_similar_pairs
from groundswell.stories.repair.multi_topic import find_multi_topic_headlines
from groundswell.stories.window import ArticleWindow
from groundswell.text.tfidf import hash_words

from .conftest import step

HAPPENINGS = {
    "bank": (
        "Oakmere bank fails as deposits flee",
        "Deposits flee Oakmere, regulator closes the bank",
        "Regulator seizes failed Oakmere bank after deposits flee",
        "Oakmere depositors queue after bank fails",
    ),
    "hail": (
        "Hail ruins harvest in Moravia",
        "Moravia farmers count losses after hail ruins harvest",
        "Harvest ruined by hail, Moravia growers say",
        "Hailstorm hits Moravia, harvest ruined",
    ),
    "cut": (
        "Fed cuts rates by a quarter point",
        "Federal Reserve trims rates a quarter point as jobs cool",
        "Fed lowers rates quarter point, signals pause",
        "Quarter-point cut: Fed lowers rates again",
    ),
    "deal": (
        "Bolt to buy rival Nutley for $4 billion",
        "Nutley agrees $4 billion takeover by Bolt",
        "Bolt and Nutley in $4 billion deal",
        "Nutley shares soar on $4 billion Bolt takeover",
    ),
}
BODIES = {
    "bank": "Depositors emptied Oakmere overnight and officials took the lender over. Queues formed at its branches. ",
    "hail": "Stones fell on Moravia for an hour and hundreds of growers lost their crop. Insurers sent adjusters. ",
    "cut": "The central bank lowered its target by a quarter point. The chair said that the job market had cooled. ",
    "deal": "Bolt pays four billion dollars for Nutley in cash and shares. Both boards approved the merger. ",
}
PAIRS = tuple(combinations(HAPPENINGS, 2))


def honest(article, texts):
    """The four happenings, told in turn."""
    return [
        (name, article(titles[place], BODIES[name] * 3 if texts else "", id=f"{name}{place}"))
        for place in range(4)
        for name, titles in HAPPENINGS.items()
    ]


def bait(article, count, texts):
    """For each two happenings ``count`` articles that tell both; and as many that tell all four."""
    told = [(pair, place) for pair in (*PAIRS, tuple(HAPPENINGS)) for place in range(count)]
    return [
        (
            None,
            article(
                "; ".join(HAPPENINGS[name][place % 4] for name in names),
                "".join(BODIES[name] * 3 for name in names) if texts else "",
                id=f"bait-{'-'.join(names)}-{place}",
            ),
        )
        for names, place in told
    ]


def in_time(rows, article):
    """The articles, ten minutes apart in the order given."""
    return [(name, article(one.title, one.text, hours=place / 6, id=one.id)) for place, (name, one) in enumerate(rows)]


def welded(stories, rows):
    """The happenings, two by two, whose articles stand in one story."""
    of = {name: {stories[one.id] for kind, one in rows if kind == name} for name in HAPPENINGS}
    return [pair for pair in PAIRS if of[pair[0]] & of[pair[1]]]


@pytest.mark.parametrize("texts", [False, True])
@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("place", [0, 6, 16])
def test_stuffed_articles_weld_no_stories(article, texts, count, place):
    first = honest(article, texts)
    rows = in_time([*first[:place], *bait(article, count, texts), *first[place:]], article)
    stories = cluster(one for _, one in rows)
    assert welded(stories, rows) == []
    assert all(len({stories[f"{name}{place}"] for place in range(4)}) == 1 for name in HAPPENINGS)


def test_stuffed_articles_weld_nothing_after_any_mend(article):
    rows = in_time(
        [*honest(article, False), *bait(article, 3, False), *later(honest(article, False), article)], article
    )
    detector, ledger, mends = OnlineStoryDetector(tuning=Tuning(busy_repair_articles=3)), Ledger(), 0
    for place, (_, one) in enumerate(rows, 1):
        _, repairs = step(detector, ledger, one)
        if repairs:
            mends += 1
            assert welded(ledger.stories(), rows[:place]) == []
    assert mends > 3


def later(rows, article):
    """The same told again by others."""
    return [(name, article(f"{one.title} again", one.text, id=f"{one.id}-later")) for name, one in rows]


FAILS, HAIL = "Oakmere bank fails on Friday", "Hail ruins harvest in Moravia"
STUFFED = [
    ([FAILS, HAIL, f"{FAILS}; {HAIL}"], [2]),
    # what it tells has much in common: it is one happening
    ([FAILS, "Oakmere bank closed on Friday", "Oakmere bank fails and is closed on Friday"], []),
    # it leaves out half of one
    ([FAILS, HAIL, f"{FAILS}; hail in Moravia"], []),
    # three words stand in many others by chance
    (["Oakmere bank fails", "Harvest in Moravia", "Oakmere bank fails; harvest in Moravia"], []),
    ([], []),
    ([""], []),
]


@pytest.mark.parametrize(("titles", "expected"), STUFFED)
def test_a_headline_is_stuffed_that_tells_two_unrelated_ones_whole(titles, expected):
    assert find_multi_topic_headlines([hash_words(extract_title_words(title)) for title in titles]) == expected


@given(st.lists(st.frozensets(st.sampled_from("abcdefghijklmnop"), max_size=10).map(hash_words), max_size=20))
def test_copies_do_not_change_which_headlines_are_stuffed(headlines):
    found = {headlines[place] for place in find_multi_topic_headlines(headlines)}
    twice = [*headlines, *headlines]
    assert {twice[place] for place in find_multi_topic_headlines(twice)} == found
    assert len(find_multi_topic_headlines(twice)) == 2 * len(find_multi_topic_headlines(headlines))


def story_of(articles):
    return compose("s", [Member(one, Assignment(one.id, "s", False, 0.0, ()), ()) for one in articles])


def test_a_burst_of_copies_is_no_burst_of_reporting(article, start):
    """Fifty sites carry one release, with their own names behind it and a word changed here and there."""
    release = "Acme Holdings announces record quarterly results and a share buyback of ten million dollars today"
    body = "Acme Holdings today announced record results for the quarter and that its board approved a buyback. " * 4
    own = [
        article("Acme profit beats forecasts", publisher="Morning Post", hours=-20),
        article("Analysts doubt the outlook of Acme", publisher="Harbour Daily", hours=-12),
    ]
    copies = [
        article(
            f"{release} | Site {n}", f"{body} Site {n}.", f"Site {n}", f"https://site{n}.example/acme", -1 + n / 100
        )
        for n in range(50)
    ]
    alone, flooded = build_facets(story_of([*own, copies[0]]), start), build_facets(story_of([*own, *copies]), start)
    assert alone.independent_publishers == flooded.independent_publishers == 3
    assert (alone.momentum, alone.status) == (flooded.momentum, flooded.status)
    reported = [
        article(f"Acme: view number {n} of {n * n}", publisher=f"Site {n}", hours=-1 + n / 100) for n in range(50)
    ]
    assert build_facets(story_of([*own, *reported]), start).momentum > flooded.momentum


def test_copies_do_not_keep_a_story_alive(article, start):
    release = "Acme Holdings announces record quarterly results"
    copies = [article(release, publisher=f"Site {n}", hours=-100 + 10 * n) for n in range(11)]
    assert build_facets(story_of(copies), start).status is Status.CLOSED


def comparing(window_method, counted):
    """The method, which notes how many articles it answered."""

    def noting(self, *arguments):
        near, squares = window_method(self, *arguments)
        counted.append(len(near))
        return near, squares

    return noting


@pytest.mark.parametrize(
    "title",
    [
        lambda n: f"Oakmere bank fails as deposits flee number {n}",
        lambda n: f"Oakmere bank fails as deposits flee {n % 7} times {n % 40} over",
        lambda n: "Oakmere bank fails as deposits flee",
    ],
)
def test_a_flood_from_one_host_is_no_more_work_an_article(article, monkeypatch, title):
    """Counted, not timed: articles proposed by the window, and those compared."""
    compared, proposed = [], []
    squares = ArticleWindow.compute_squared_length
    monkeypatch.setattr(ArticleWindow, "find_candidates", comparing(ArticleWindow.find_candidates, proposed))
    monkeypatch.setattr(
        ArticleWindow, "compute_squared_length", lambda self, words: compared.append(1) or squares(self, words)
    )
    detector = OnlineStoryDetector()
    search = detector.tuning.search
    for n in range(2_000):
        detector.assign(
            article(title(n), publisher="Flood", url=f"https://flood.example/{n}", hours=n / 600, id=str(n))
        )
    assert max(proposed) <= search.max_candidates
    assert len(compared) <= 2_000 * search.max_candidates


def test_a_flood_of_near_copies_is_no_more_work_a_text():
    """The same for telling copies from texts, which the page of a story asks for."""
    looked = []

    class Counting(frozenset):
        def __and__(self, other):
            looked.append(1)
            return frozenset(self) & frozenset(other)

        __hash__ = frozenset.__hash__

    flood = [Counting({f"word{w}" for w in range(60)} | {f"own{n % 50}", f"own{n % 33}"}) for n in range(1_500)]
    pairs = find_similar_pairs(flood, 0.5)
    assert len({place for pair in pairs for place in pair}) == 1_500
    assert len(looked) < 200 * 1_500


ODD_TITLES = [
    "lorry " * 25_000,
    "x" * 100_000,
    "",
    "   ",
    "🚀🚀🚀",
    "👩‍👩‍👧‍👦 🇺🇸",
    "السوق يصعد اليوم بقوة بعد خفض الفائدة",
    "מניות הבנקים עולות לאחר הורדת הריבית",
    "日本銀行が金利を据え置き",
    "Fed снижает ставку на четверть пункта 降息",
    "F\u200be\u200bd c\u200bu\u200bt\u200bs",
    "F\u0301e\u0301d" + "\u0301" * 5_000,
    "\u202egnikaerb\u202c",
    "\ud800 broken",
    "\x00\x01",
]
WILD_DATES = [
    None,
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 8, 24, 12, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
]


def plain_stream(article):
    return in_time([*honest(article, False), *later(honest(article, False), article)], article)


@pytest.mark.parametrize("when", WILD_DATES)
@pytest.mark.parametrize("day_only", [False, True])
def test_a_wrong_date_moves_no_other_article(article, start, when, day_only):
    """Between honest articles one with a wrong date arrives, as live feeds bring it: the others keep their places."""
    rows = [one for _, one in plain_stream(article)]
    seen = start + timedelta(hours=2)
    odd = article("Zebra wanders through Quito", id="odd")
    changes = {"published_at": when, "first_seen_at": seen, "day_only": day_only}
    odd = type(odd)(**{name: changes.get(name, getattr(odd, name)) for name in odd.__dataclass_fields__})
    stories = cluster([*rows[:12], odd, *rows[12:]], OnlineStoryDetector(tuning=Tuning(min_remembered=0)))
    assert stories.pop("odd") == "odd"
    assert stories == cluster(rows, OnlineStoryDetector(tuning=Tuning(min_remembered=0)))


@pytest.mark.parametrize("title", ODD_TITLES, ids=range(len(ODD_TITLES)))
def test_odd_titles_harm_nobody(article, start, title):
    rows = [one for _, one in plain_stream(article)]
    odd = [article(title, title, f"Host {n}", hours=n, id=f"odd{n}") for n in range(3)]
    stories = cluster(sorted([*rows, *odd], key=lambda one: one.at))
    assert {"odd0", "odd1", "odd2"} <= set(stories)
    assert not {stories[f"odd{n}"] for n in range(3)} & {stories[one.id] for one in rows}
    found = build_facets(story_of(odd), start)
    assert found.independent_publishers == 1
    assert count_independent_publishers(odd) == 1
