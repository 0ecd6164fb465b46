"""Independent publishers: one press release counts once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.stories.profile.publishers import (
    count_independent_publishers,
    count_largest_matching,
    find_registered_domain,
    find_similar_pairs,
    strip_publisher,
)

RELEASE = "Acme completes purchase of Bolt Systems for one billion dollars"
BODY = " ".join(f"word{place}" for place in range(60))


def test_fifty_sites_with_one_release_count_once(article):
    copies = [article(RELEASE, publisher=f"Site {place}", hours=place) for place in range(50)]
    assert count_independent_publishers(copies) == 1
    assert count_independent_publishers([*copies, article("Rivals question the Bolt deal", publisher="Own Desk")]) == 2


def test_one_publisher_with_many_texts_count_once(article):
    assert (
        count_independent_publishers([article(f"Chapter {word}", publisher="Wire") for word in ("one", "two", "three")])
        == 1
    )
    assert (
        count_independent_publishers([article("One thing", publisher="A News"), article("Other", publisher="a news")])
        == 1
    )


def test_sharing_an_agency_text_does_not_hide_original_work(article):
    shared = [article(RELEASE, publisher=name) for name in "AB"]
    own = [article("Why Bolt sold itself", publisher="A"), article("Workers fear the merger", publisher="B")]
    assert count_independent_publishers(shared) == 1
    assert count_independent_publishers([*shared, own[0]]) == 2
    assert count_independent_publishers(shared + own) == 2


def test_copies_are_recognised_despite_small_changes(article):
    other_title = [article("Deal of the week", BODY, "A"), article("Bolt sold", BODY + " and more", "B")]
    assert count_independent_publishers(other_title) == 1
    assert (
        count_independent_publishers([article(RELEASE, publisher="A"), article(f"{RELEASE} today", publisher="B")]) == 1
    )
    assert (
        count_independent_publishers(
            [article(RELEASE, publisher="A"), article(f"{RELEASE} | B Times", publisher="B Times")]
        )
        == 1
    )
    short = [article("One", "A short text.", "A"), article("Two", "A short text.", "B")]
    assert count_independent_publishers(short) == 2


def test_sites_of_one_domain_are_one_publisher(article):
    urls = [
        "https://www.news.co.uk/1",
        "https://sport.news.co.uk/2",
        "https://ann.substack.com/3",
        "https://bob.substack.com/4",
    ]
    rows = [article(f"Text {place}", publisher=f"P{place}", url=url) for place, url in enumerate(urls)]
    assert count_independent_publishers(rows) == 3


def test_two_authorities_of_one_country_are_two_publishers(article):
    urls = ["https://www.inegi.gob.mx/1", "https://www.shcp.gob.mx/2", "https://blog.shcp.gob.mx/3"]
    articles = [article(f"Text {place}", publisher="", url=url) for place, url in enumerate(urls)]
    assert count_independent_publishers(articles) == 2


def test_no_articles_have_no_publishers():
    assert count_independent_publishers([]) == 0


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.example.com/a", "example.com"),
        ("http://markets.example.co.uk/a", "example.co.uk"),
        ("https://ann.medium.com/x", "ann.medium.com"),
        # Second-level domains of countries
        ("https://www.inegi.gob.mx/a", "inegi.gob.mx"),
        ("https://www.banxico.org.mx/a", "banxico.org.mx"),
        ("https://sport.news.co.uk/a", "news.co.uk"),
        ("https://EXAMPLE.CO.UK/a", "example.co.uk"),
        ("https://a.b.abc.net.au/a", "abc.net.au"),
        ("https://www.news.com.au/a", "news.com.au"),
        ("https://finance.example.gov.br/a", "example.gov.br"),
        ("https://desk.city.kawasaki.jp/a", "city.kawasaki.jp"),
        ("https://www.gov.uk/a", "gov.uk"),
        ("https://www.gob.mx/a", "gob.mx"),
        # Private rules of the list, and platforms that it does not name
        ("https://ann.github.io/a", "ann.github.io"),
        ("https://github.io/a", "github.io"),
        ("https://ann.substack.com/a", "ann.substack.com"),
        ("https://www.ann.wordpress.com/a", "ann.wordpress.com"),
        ("https://substack.com/a", "substack.com"),
        ("https://deep.ann.tumblr.com/a", "ann.tumblr.com"),
        # Internationalised names, in both spellings
        ("https://zeitung.münchen.de/a", "xn--mnchen-3ya.de"),
        ("https://zeitung.xn--mnchen-3ya.de/a", "xn--mnchen-3ya.de"),
        ("https://www.食狮.公司.cn/a", "xn--85x722f.xn--55qx5d.cn"),
        # Odd ends
        ("https://example.com./a", "example.com"),
        ("https://news.example.unknown/a", "example.unknown"),
        ("https://user:secret@example.com:8080/a", "example.com"),
        ("https://a..example.com/a", ""),
        ("https://127.0.0.1/a", ""),
        ("https://127.1/a", ""),
        ("https://[2001:db8::1]/a", ""),
        ("https://[::ffff:192.0.2.1]/a", ""),
        ("https://com/a", ""),
        ("https://" + "x" * 70 + ".com/a", "x" * 70 + ".com"),
        ("http://localhost", ""),
        ("http://[bad", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_registered_domain(url, expected):
    assert find_registered_domain(url) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Oil falls - Example Times", "Oil falls"),
        ("Oil falls - again", "Oil falls - again"),
        ("Oil", "Oil"),
        ("a - !", "a - !"),
    ],
)
def test_the_publishers_name_is_no_part_of_a_title(article, title, expected):
    assert strip_publisher(article(title, publisher="Example Times")) == expected


@given(st.lists(st.frozensets(st.sampled_from("abcdefghij")), max_size=25), st.sampled_from([0.4, 0.5, 0.8, 1.0]))
def test_pairs_link_what_comparing_all_pairs_would_link(sets, threshold):
    def reach(pairs):
        groups = {place: {place} for place in range(len(sets))}
        for one, other in pairs:
            if groups[one] is not groups[other]:
                merged = groups[one] | groups[other]
                for place in merged:
                    groups[place] = merged
        return [sorted(groups[place]) for place in groups]

    every = [
        (one, other)
        for other in range(len(sets))
        for one in range(other)
        if sets[one] and len(sets[one] & sets[other]) >= threshold * len(sets[one] | sets[other])
    ]
    assert reach(find_similar_pairs(sets, threshold)) == reach(every)


@given(st.dictionaries(st.integers(0, 6), st.lists(st.integers(0, 6), unique=True), max_size=6))
def test_matching_is_the_largest_there_is(credits):
    def best(keys, taken):
        if not keys:
            return 0
        first, *rest = keys
        return max(
            [best(rest, taken), *(1 + best(rest, taken | {value}) for value in credits[first] if value not in taken)]
        )

    assert count_largest_matching(credits) == best(list(credits), frozenset())


@given(st.lists(st.tuples(st.text(max_size=12), st.sampled_from(["A", "B", "C", ""])), max_size=8))
def test_never_more_than_articles_and_copies_add_nothing(article, rows):
    articles = [article(title, publisher=name, hours=place) for place, (title, name) in enumerate(rows)]
    count = count_independent_publishers(articles)
    assert count <= len(articles)
    if articles:
        copy = article(articles[0].title, publisher=articles[0].publisher)
        assert count >= 1
        assert count_independent_publishers([*articles, copy]) == count
