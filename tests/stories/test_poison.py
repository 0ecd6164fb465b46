"""Hostile and careless input: multi-topic headlines, floods of copies, broken titles and dates."""

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

EVENTS = {
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
PAIRS = tuple(combinations(EVENTS, 2))


def build_honest(article, texts):
    """Reports of the four events in turn."""
    return [
        (name, article(titles[place], BODIES[name] * 3 if texts else "", id=f"{name}{place}"))
        for place in range(4)
        for name, titles in EVENTS.items()
    ]


def build_multi_topic(article, count, texts):
    """Return ``count`` articles for each two events that report both, and as many that report all four."""
    combinations_of_events = [(pair, place) for pair in (*PAIRS, tuple(EVENTS)) for place in range(count)]
    return [
        (
            None,
            article(
                "; ".join(EVENTS[name][place % 4] for name in names),
                "".join(BODIES[name] * 3 for name in names) if texts else "",
                id=f"multi-{'-'.join(names)}-{place}",
            ),
        )
        for names, place in combinations_of_events
    ]


def space_in_time(rows, article):
    """Return the articles ten minutes apart, in the given order."""
    return [
        (name, article(report.title, report.text, hours=place / 6, id=report.id))
        for place, (name, report) in enumerate(rows)
    ]


def find_joined_events(stories, rows):
    """Return the pairs of events with articles in one story."""
    stories_of = {name: {stories[report.id] for kind, report in rows if kind == name} for name in EVENTS}
    return [pair for pair in PAIRS if stories_of[pair[0]] & stories_of[pair[1]]]


@pytest.mark.parametrize("texts", [False, True])
@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("place", [0, 6, 16])
def test_multi_topic_articles_join_no_stories(article, texts, count, place):
    first = build_honest(article, texts)
    rows = space_in_time([*first[:place], *build_multi_topic(article, count, texts), *first[place:]], article)
    stories = cluster(report for _, report in rows)
    assert find_joined_events(stories, rows) == []
    assert all(len({stories[f"{name}{place}"] for place in range(4)}) == 1 for name in EVENTS)


def test_multi_topic_articles_join_nothing_after_any_repair(article):
    rows = space_in_time(
        [
            *build_honest(article, False),
            *build_multi_topic(article, 3, False),
            *repeat_later(build_honest(article, False), article),
        ],
        article,
    )
    detector, ledger, repair_count = OnlineStoryDetector(tuning=Tuning(busy_repair_articles=3)), Ledger(), 0
    for place, (_, report) in enumerate(rows, 1):
        _, repairs = step(detector, ledger, report)
        if repairs:
            repair_count += 1
            assert find_joined_events(ledger.stories(), rows[:place]) == []
    assert repair_count > 3


def repeat_later(rows, article):
    """Return later reports of the same events by others."""
    return [(name, article(f"{report.title} again", report.text, id=f"{report.id}-later")) for name, report in rows]


FAILS, HAIL = "Oakmere bank fails on Friday", "Hail ruins harvest in Moravia"
MULTI_TOPIC = [
    ([FAILS, HAIL, f"{FAILS}; {HAIL}"], [2]),
    # the headlines it contains have much in common: they report one event
    ([FAILS, "Oakmere bank closed on Friday", "Oakmere bank fails and is closed on Friday"], []),
    # it contains only half of one headline
    ([FAILS, HAIL, f"{FAILS}; hail in Moravia"], []),
    # three words are in many headlines by chance
    (["Oakmere bank fails", "Harvest in Moravia", "Oakmere bank fails; harvest in Moravia"], []),
    ([], []),
    ([""], []),
]


@pytest.mark.parametrize(("titles", "expected"), MULTI_TOPIC)
def test_a_headline_that_contains_two_unrelated_ones_is_multi_topic(titles, expected):
    assert find_multi_topic_headlines([hash_words(extract_title_words(title)) for title in titles]) == expected


@given(st.lists(st.frozensets(st.sampled_from("abcdefghijklmnop"), max_size=10).map(hash_words), max_size=20))
def test_copies_do_not_change_which_headlines_are_multi_topic(headlines):
    found = {headlines[place] for place in find_multi_topic_headlines(headlines)}
    twice = [*headlines, *headlines]
    assert {twice[place] for place in find_multi_topic_headlines(twice)} == found
    assert len(find_multi_topic_headlines(twice)) == 2 * len(find_multi_topic_headlines(headlines))


def story_of(articles):
    return compose("s", [Member(report, Assignment(report.id, "s", False, 0.0, ()), ()) for report in articles])


def test_a_burst_of_copies_is_no_burst_of_reporting(article, start):
    """Fifty sites carry one release, with their names added and single words changed."""
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


def count_candidates(window_method, counts):
    """Wrap the method to record how many candidates it returns."""

    def recording(self, *arguments):
        candidates, squares = window_method(self, *arguments)
        counts.append(len(candidates))
        return candidates, squares

    return recording


@pytest.mark.parametrize(
    "title",
    [
        lambda n: f"Oakmere bank fails as deposits flee number {n}",
        lambda n: f"Oakmere bank fails as deposits flee {n % 7} times {n % 40} over",
        lambda n: "Oakmere bank fails as deposits flee",
    ],
)
def test_a_flood_from_one_host_takes_no_more_work_per_article(article, monkeypatch, title):
    """Count, rather than time, the candidates of the window and those compared."""
    compared, proposed = [], []
    squares = ArticleWindow.compute_squared_length
    monkeypatch.setattr(ArticleWindow, "find_candidates", count_candidates(ArticleWindow.find_candidates, proposed))
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


def test_a_flood_of_near_copies_takes_no_more_work_per_text():
    """The same for finding copies, which each story page requires."""
    comparisons = []

    class Counting(frozenset):
        def __and__(self, other):
            comparisons.append(1)
            return frozenset(self) & frozenset(other)

        __hash__ = frozenset.__hash__

    flood = [Counting({f"word{w}" for w in range(60)} | {f"own{n % 50}", f"own{n % 33}"}) for n in range(1_500)]
    pairs = find_similar_pairs(flood, 0.5)
    assert len({place for pair in pairs for place in pair}) == 1_500
    assert len(comparisons) < 200 * 1_500


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


def build_honest_stream(article):
    return space_in_time([*build_honest(article, False), *repeat_later(build_honest(article, False), article)], article)


@pytest.mark.parametrize("when", WILD_DATES)
@pytest.mark.parametrize("day_only", [False, True])
def test_a_wrong_date_moves_no_other_article(article, start, when, day_only):
    """An article with a wrong date arrives between honest ones, which keep their stories."""
    rows = [report for _, report in build_honest_stream(article)]
    seen = start + timedelta(hours=2)
    odd = article("Zebra wanders through Quito", id="odd")
    changes = {"published_at": when, "first_seen_at": seen, "day_only": day_only}
    odd = type(odd)(**{name: changes.get(name, getattr(odd, name)) for name in odd.__dataclass_fields__})
    stories = cluster([*rows[:12], odd, *rows[12:]], OnlineStoryDetector(tuning=Tuning(min_remembered=0)))
    assert stories.pop("odd") == "odd"
    assert stories == cluster(rows, OnlineStoryDetector(tuning=Tuning(min_remembered=0)))


@pytest.mark.parametrize("title", ODD_TITLES, ids=range(len(ODD_TITLES)))
def test_odd_titles_harm_nobody(article, start, title):
    rows = [report for _, report in build_honest_stream(article)]
    odd = [article(title, title, f"Host {n}", hours=n, id=f"odd{n}") for n in range(3)]
    stories = cluster(sorted([*rows, *odd], key=lambda report: report.at))
    assert {"odd0", "odd1", "odd2"} <= set(stories)
    assert not {stories[f"odd{n}"] for n in range(3)} & {stories[report.id] for report in rows}
    found = build_facets(story_of(odd), start)
    assert found.independent_publishers == 1
    assert count_independent_publishers(odd) == 1
