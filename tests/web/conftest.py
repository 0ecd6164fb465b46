"""A fake backend without a store, and sample pages that fill every part of every template."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from starlette.testclient import TestClient

from groundswell.claims.evaluate import list_inputs
from groundswell.errors import NotFoundError, UsageError
from groundswell.hubs.charts import Chart, MissingChart
from groundswell.hubs.gauges.state import build_state, read_gauges
from groundswell.hubs.price_reaction import measure_price_reaction
from groundswell.hubs.spec import HubSpec
from groundswell.markets.quality.finding import Finding
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.calendar import sessions_between
from groundswell.model import (
    Absence,
    ArchiveBlock,
    Article,
    Assignment,
    Evaluation,
    EventValue,
    Facets,
    FeedSpec,
    Forecast,
    Frequency,
    Impact,
    IssueKind,
    Measure,
    Member,
    Mention,
    Origin,
    Outcome,
    Reading,
    Sentence,
    Series,
    SeriesRef,
    SeriesUse,
    Status,
    Story,
    StoryResults,
    Tag,
    UpstreamKind,
    UpstreamState,
    Verdict,
    VerdictAt,
    VerdictChange,
)
from groundswell.model.changes import EVERYTHING, ChangeMark, Changes
from groundswell.model.cycle_progress import CycleProgress
from groundswell.model.evaluation import add_votes
from groundswell.pages.hub import Coverage, HubPage, Neighbour
from groundswell.pages.models import ClaimBundle, ClaimPage, HubCard, IndexPage, MentionedClaim, StatusPage, StoryPage
from groundswell.pages.onboarding import Onboarding, OnboardingStep
from groundswell.pages.status import CycleStatus, SeriesStatus
from groundswell.web.app import create_app

HOSTILE = '<script>alert("x")</script> & "S&P 500" \x07'
NOW = dt.datetime(2024, 10, 1, 12, 30, tzinfo=dt.UTC)
TODAY = NOW.date()
FIRST_CUTS = tuple(dt.date(*day) for day in [(2001, 1, 3), (2007, 9, 18), (2019, 7, 31), (2020, 3, 3), (2024, 9, 18)])
RUSSELL = SeriesUse("IWM (total return)", "price folder", dt.date(2024, 9, 30))
SPY = SeriesUse("SPY (total return)", "price folder", dt.date(2024, 9, 30))

HUB = HubSpec.model_validate(
    {
        "slug": "small-caps",
        "title": "Small-Caps Revival",
        "summary": "Whether small American companies lead when the Federal Reserve turns to cutting rates.",
        "thesis": [
            "Small companies borrow more at floating rates than large ones do, so a lower policy rate reaches their "
            "interest bill sooner. The thesis says that their shares lead when the first cut of an easing cycle comes.",
            "Against it stands the reason for which rates are cut: a weak economy hurts small companies first.",
        ],
        "instruments": [
            {"symbol": "IWM", "name": "iShares Russell 2000 ETF", "role": "The trade itself"},
            {"symbol": "SPY", "name": "SPDR S&P 500 ETF", "role": "What it is measured against"},
            {"symbol": "KRE", "name": "SPDR S&P Regional Banking ETF", "role": "Lenders to small companies"},
        ],
        "claims": [
            {
                "id": "C1",
                "side": "bull",
                "text": "After the first cut of an easing cycle small caps beat the S&P 500 by 5 to 15 points "
                "within three months.",
                "explanation": "Returns include dividends. The window opens at the close of the day before the cut.",
                "measure": {
                    "estimand": "event-study",
                    "arguments": {"long": "IWM", "short": "SPY"},
                    "range": [0.05, 0.15],
                },
                "readings": [{"name": "monthly", "arguments": {"horizon": 3, "unit": "months"}}],
            },
            {
                "id": "C2",
                "side": "bull",
                "text": "The same, from the day on which the market starts to price the pivot.",
                "measure": {
                    "estimand": "event-study",
                    "arguments": {"long": "IWM", "short": "SPY"},
                    "range": [0.05, 0.15],
                },
            },
            {
                "id": "C10",
                "side": "bear",
                "text": "Small-cap leadership ends when the Fed signals that it is done cutting.",
                "measure": {
                    "estimand": "event-study",
                    "arguments": {"long": "IWM", "short": "SPY"},
                    "range": [-0.10, -0.01],
                },
            },
            {
                "id": "C4",
                "side": "context",
                "text": "Small companies carry more floating-rate debt than large ones.",
                "unmeasured": "No fundamentals are loaded.",
            },
        ],
        "questions": [
            {
                "question": "Does history back the trade?",
                "answer": "After first cuts small caps moved {C1.estimate} against the S&P 500 on average "
                "({C1.n} events), with a 95 % interval from {C1.ci}.",
            },
            {"question": "What would end it?", "answer": "A Fed that is done cutting, by the bear case."},
        ],
        "charts": [
            {"id": "small-against-large", "title": "Small caps relative to the S&P 500", "long": "IWM", "short": "SPY"},
            {"id": "banks", "title": "Regional banks relative to the S&P 500", "long": "KRE", "short": "SPY"},
        ],
        "gauges": [
            {"id": "policy", "title": "Federal Reserve", "kind": "policy"},
            {"id": "small", "title": "Small <against> large", "kind": "relative", "long": "IWM", "short": "SPY"},
            {"id": "banks", "title": "Regional banks", "kind": "relative", "long": "KRE", "short": "SPY", "note": "n"},
            {"id": "spread", "title": "Credit spread", "kind": "level", "long": "SPREAD", "measure": "rate"},
        ],
        "related": ["fomc"],
        "tagging": {"strong": ["small caps"]},
    }
)
FOMC = HubSpec.model_validate(
    {
        "slug": "fomc",
        "title": "FOMC",
        "summary": "What the Federal Reserve does with its policy rate, and what it says.",
        "thesis": ["The committee moves slowly and tells in advance."],
        "tagging": {"strong": ["federal reserve"]},
    }
)


def article(number: int, title: str, publisher: str, hours: float, **changes: object) -> Article:
    """Create an article that was received ``hours`` ago."""
    at = NOW - dt.timedelta(hours=hours)
    made = Article(
        id=f"a{number}",
        feed="wire",
        title=title,
        text="",
        publisher=publisher,
        url=f"https://news.example/{number}?a=1&b=2",
        published_at=at,
        first_seen_at=at + dt.timedelta(minutes=3),
        day_only=False,
        origin=Origin.LIVE,
    )
    return replace(made, **changes)


def story(ident: str, *articles: Article, hubs: tuple[str, ...] = ("small-caps",)) -> Story:
    """Create a story of the articles, oldest first, tagged with the hubs; the first article founded it."""
    articles = (replace(articles[0], id=f"s-{ident}"), *articles[1:])
    reasons = ("shares the names Russell 2000 and Powell", "within two hours of the last article")
    members = tuple(
        Member(one, Assignment(one.id, f"s-{ident}", place == 0, 0.8, () if place == 0 else reasons), ())
        for place, one in enumerate(articles)
    )
    tags = tuple(Tag(hub, ("the headline holds “small caps”",)) for hub in hubs)
    return Story(f"s-{ident}", articles[0].title, members, tags)


STORIES = (
    story(
        "rally",
        article(1, "Small caps jump as traders bet on a second half-point cut", "Harbor Wire", 5),
        article(2, "Russell 2000 leads as rate-cut bets grow", "Market Ledger", 4),
        article(3, "Small-cap shares rally on hopes for faster easing", "The Daily Tape", 2.5),
        hubs=("small-caps", "fomc"),
    ),
    story("hostile", article(4, HOSTILE, "Bad <b>Press</b>", 20, url="javascript:alert(1)")),
    story("fund", article(5, "A small-cap fund files its yearly report", "Filings", 30, day_only=True)),
)
DEMO_STORY = story(
    "demo", article(9, "Small caps rise in a made-up market", "Groundswell Example", 1, origin=Origin.DEMO)
)

MORNING_AFTER = story("prices", article(8, "Small caps open higher", "Harbor Wire", 24 * 12))

EVENTS = tuple(
    EventValue(date, value, date, date + dt.timedelta(days=91))
    for date, value in zip(
        [dt.date(1989, 6, 6), dt.date(1995, 7, 6), dt.date(1998, 9, 29), *FIRST_CUTS[:4]],
        [-0.046, 0.031, -0.052, 0.061, -0.027, -0.018, -0.094],
        strict=True,
    )
)


def reading(name: str, verdict: Verdict, estimate: float | None, n: int) -> Reading:
    """Create a reading with an interval of five points on either side."""
    low, high = (None, None) if estimate is None else (estimate - 0.05, estimate + 0.05)
    events = EVENTS[:n] if estimate is not None else ()
    reason = "fewer events than the claim asks for" if estimate is None else "the interval holds zero"
    return Reading(name, verdict, reason, estimate, low, high, n, "63 sessions", events, (), (RUSSELL, SPY))


STALE = Finding(
    IssueKind.STALE, (dt.date(2019, 8, 1), dt.date(2019, 8, 2)), "the value stands still", -0.0123, "return"
).to_issue("IWM (total return)", "prices.csv")
ENDS = Finding(
    IssueKind.ENDS_EARLY, (), "it ends on 2024-08-30", 21.0, "sessions", (dt.date(2024, 8, 31), dt.date(2024, 9, 30))
).to_issue("KRE (total return)", "<b>prices</b>.csv")

C1 = Evaluation(
    id="C1",
    hub="small-caps",
    text=HUB.claims[0].text,
    verdict=Verdict.REFUTED,
    reason="the whole 95 % interval lies short of the claimed 5 %",
    as_of=dt.date(2024, 9, 30),
    estimand="event_study",
    unit="return",
    estimate=-0.0207,
    median=-0.027,
    ci_low=-0.0561,
    ci_high=0.0192,
    n=7,
    wins=2,
    placebo_p=0.412,
    sign_p=0.453,
    window="63 sessions from the close before the cut",
    events=EVENTS,
    absent=(Absence(FIRST_CUTS[-1], "the window of 63 sessions is not over"),),
    readings=(
        reading("monthly factors since 1926", Verdict.REFUTED, -0.011, 7),
        reading("=cmd|' /C calc'!A0", Verdict.INCONCLUSIVE, 0.014, 6),
        reading("insurance cuts only", Verdict.INSUFFICIENT, None, 3),
    ),
    sources=(RUSSELL, SPY),
    history=(
        VerdictAt(dt.date(2024, 6, 28), Verdict.INCONCLUSIVE),
        VerdictAt(dt.date(2024, 8, 30), Verdict.INCONCLUSIVE),
        VerdictAt(dt.date(2024, 9, 30), Verdict.REFUTED),
    ),
    notes=("the first cut of 2024 is left out until its window is over",),
    impacts=(Impact(STALE, main=True, readings=2), Impact(ENDS, main=False, readings=1)),
)
C2 = replace(
    C1, id="C2", text=HUB.claims[1].text, verdict=Verdict.SUPPORTED, estimate=0.074, ci_low=0.021, ci_high=0.127
)
C2 = replace(
    C2, history=(), readings=(), notes=(), impacts=(), absent=(), reason="the estimate lies in the claimed range"
)
MODELLED = replace(
    reading("market model", Verdict.INCONCLUSIVE, 0.012, 1),
    events=(EventValue(dt.date(2019, 7, 31), 0.012, dt.date(2019, 7, 31), dt.date(2019, 10, 29), 0.04, 1.13),),
)
C10 = replace(C2, id="C10", text=HUB.claims[2].text, verdict=Verdict.INCONCLUSIVE, estimate=-0.004, ci_low=-0.031)
C2 = replace(C2, readings=(MODELLED,))
C4 = Evaluation(
    "C4", "small-caps", HUB.claims[3].text, Verdict.NOT_MEASURED, "no fundamentals are loaded", dt.date(2024, 9, 30)
)
EVALUATIONS = (C1, C2, C10, C4)
FLIP = VerdictChange(
    hub="small-caps",
    claim="C1",
    text=C1.text,
    as_of=dt.date(2024, 9, 30),
    since=dt.date(2024, 8, 30),
    before=Verdict.INCONCLUSIVE,
    after=Verdict.REFUTED,
    why="1 new event: 18 March 2024 (−9.4 %); the estimate went from −0.8 % to −2.1 %",
    readings_judged=C1.readings_judged,
)

CYCLE = CycleStatus(
    CycleProgress(
        started_at=NOW - dt.timedelta(days=1),
        cycle_seconds=60,
        last_cycle_at=NOW - dt.timedelta(minutes=1),
        last_evaluation_at=NOW - dt.timedelta(hours=7),
        cycle_failures=2,
    ).record_failure("evaluation", "KeyError", NOW - dt.timedelta(minutes=3))
)
COVERAGE = Coverage(6, 4, 1, 1, 0, NOW - dt.timedelta(minutes=9), 1204, NOW - dt.timedelta(hours=2))
NO_COVERAGE = Coverage(6, 0, 6, 0, 0, NOW - dt.timedelta(minutes=9), 0, None)


def feed(spec: FeedSpec, **changes: object) -> UpstreamState:
    state = UpstreamState(spec.slug, UpstreamKind.FEED, spec.publisher, spec.url, spec.topic, spec.enabled)
    return replace(state, **changes)


FEEDS = (
    FeedSpec("harbor", "Harbor Wire: markets", "https://harbor.example/feed.xml", "markets", True, 15, ""),
    FeedSpec("ledger", "Market Ledger", "https://ledger.example/rss", "economy", True, 30, ""),
    FeedSpec("tape", "The Daily Tape", "https://tape.example/rss", "markets", False, 30, ""),
)
HARBOR = feed(
    FEEDS[0],
    outcome=Outcome.OK,
    detail="25 items",
    items=3021,
    last_tried_at=NOW,
    last_ok_at=NOW,
    next_due_at=NOW + dt.timedelta(minutes=15),
)
LEDGER = feed(
    FEEDS[1],
    outcome=Outcome.UNREACHABLE,
    detail="no answer within 10 seconds",
    failures=4,
    last_tried_at=NOW,
)
OFF = feed(FEEDS[2])
PRICES = UpstreamState(
    "prices", UpstreamKind.DATA, "Prices in a folder", "prices", "", True, Outcome.OK, "12 series", 12
)

WEEKS = np.arange("2000-06-02", "2024-10-01", 7, dtype="datetime64[D]")
LINE = Chart(
    spec=HUB.charts[0],
    dates=WEEKS,
    values=100 + 14 * np.sin(np.arange(len(WEEKS)) / 90) - np.arange(len(WEEKS)) / 60,
    marks=FIRST_CUTS,
    sources=(RUSSELL, SPY),
    finding="Small caps lagged the S&P 500 by 21.4 % from 2 June 2000 to 27 September 2024.",
)
SESSIONS = sessions_between(dt.date(2019, 1, 2), dt.date(2024, 9, 30))


def prices(symbol: str, seed: int, drop: int = 0) -> Series:
    """Create a series of total returns without its newest ``drop`` sessions."""
    days = SESSIONS[: len(SESSIONS) - drop]
    values = 100 * np.cumprod(1 + np.random.default_rng(seed).normal(0, 0.01, len(days)))
    known = days.astype("datetime64[s]") + np.timedelta64(21, "h")
    ref = SeriesRef(symbol, Measure.TOTAL_RETURN)
    return Series(ref, Frequency.DAILY, "price folder", days, values, known)


BOOK = SeriesBook.of([prices("IWM", 1), prices("SPY", 2), prices("KRE", 3, drop=20)])
STATE = build_state(
    read_gauges(HUB, BOOK, dt.date(2024, 9, 30), {"KRE (total return)": [ENDS]}), EVALUATIONS, dt.date(2024, 9, 30)
)
EMPTY_PAGE = HubPage(FOMC, None, TODAY, NOW, (), 0, (), (), (), NO_COVERAGE, (LEDGER,), ())


QUIET = Facets((), (), (), (), 1, 0.08, Status.CLOSED)
FACETS = {
    "s-rally": Facets(
        summary=(
            Sentence(
                "The Russell 2000 closed 2.4 % higher while the S&P 500 barely moved.",
                "a2",
                "Market Ledger",
                "https://news.example/2",
            ),
            Sentence("Traders put the odds of another half point at six in ten", "a3", "The Daily Tape", None),
        ),
        organisations=(Mention("Federal Reserve", 3), Mention("Harbor & Sons Holdings", 2)),
        tickers=(Mention("IWM", 2),),
        places=(Mention("United States", 3), Mention("New York", 1)),
        independent_publishers=2,
        momentum=0.827,
        status=Status.EMERGING,
    ),
    "s-hostile": replace(
        QUIET,
        summary=(Sentence(HOSTILE, "a4", "Bad <b>Press</b>", "javascript:alert(1)"),),
        organisations=(Mention("<i>Acme</i> Corp", 1),),
        momentum=0.0,
    ),
}

HUB_PAGE = HubPage(
    hub=HUB,
    as_of=None,
    day=dt.date(2024, 9, 30),
    made_at=NOW,
    stories=STORIES,
    story_count=215,
    evaluations=EVALUATIONS,
    charts=(LINE,),
    missing_charts=(MissingChart(HUB.charts[1], "there are no data for KRE (total return)"),),
    coverage=COVERAGE,
    failing=(LEDGER,),
    neighbours=(Neighbour("fomc", FOMC.title, FOMC.summary, STORIES[:1]),),
    state=STATE,
    facets=FACETS,
)
EMPTY_PAGE = HubPage(FOMC, None, TODAY, NOW, (), 0, (), (), (), NO_COVERAGE, (LEDGER,), ())


_MADE = {"hub": "small-caps", "claim": "C1", "n": 8, "hits": 2, "probability": 0.3, "low": -0.05, "high": 0.07}
_ON_RECORD = {"version": 1, "ends": dt.date(2024, 12, 18), "opened": dt.date(2024, 9, 19), "after_registration": True}
FORECASTS = (
    Forecast(**_MADE, day=dt.date(2024, 9, 18), usual=0.25, **_ON_RECORD),
    Forecast(**_MADE, day=dt.date(2019, 7, 31), usual=0.2, value=-0.01, hit=False),
    Forecast(**_MADE, day=dt.date(2007, 9, 18), usual=None, void="SPY has <no> value on 2007-12-17"),
    Forecast(**{**_MADE, "claim": "C2"}, day=dt.date(2020, 3, 3), usual=0.2, value=0.09, hit=True),
)
"""One on record that is open, and one replayed of each other kind."""


class FakeHubs:
    """A backend with the sample pages; ``broken`` and ``sick`` simulate failures."""

    sick = False
    broken = False
    is_invented = False

    def hubs(self) -> tuple[HubSpec, ...]:
        return HUB, FOMC

    def onboarding(self, hub: str | None = None) -> Onboarding:
        step = OnboardingStep("A key of Tiingo", '[services.tiingo] key = "…"', ("small-caps/C1", "small-caps/C3"))
        return Onboarding(31, ("fomc/F1",), ("small-caps/C2",), ("H.15",), (step,), ("waits for contact: SEC",))

    def demonstration(self) -> tuple[Story, ...]:
        return (DEMO_STORY,)

    def read_changes(self, since: ChangeMark | None = None) -> Changes:
        """Everything has changed at every look: each test sees what it set up, and nothing that was kept."""
        return Changes(ChangeMark("", 0), frozenset({EVERYTHING}))

    def index_page(self, as_of: dt.date | None = None) -> IndexPage:
        if self.broken:
            raise RuntimeError("password=hunter2")
        verdicts = (("refuted", 1), ("supported", 1), ("inconclusive", 1), ("not measured", 1))
        return IndexPage(
            (HubCard(HUB, 215, STORIES[0], verdicts, 0, TODAY, add_votes(EVALUATIONS)), HubCard(FOMC, 0, None, ())),
            COVERAGE,
            NOW,
            as_of,
        )

    def hub_page(self, slug: str, as_of: dt.date | None = None, limit: int = 50) -> HubPage:
        if as_of is not None and as_of > TODAY:
            raise UsageError(f"as_of is {as_of}, which is not a past day.")
        pages = {"small-caps": HUB_PAGE, "fomc": EMPTY_PAGE}
        if slug not in pages:
            raise NotFoundError(f"There is no hub {slug!r}; there are small-caps and fomc.")
        page = replace(pages[slug], as_of=as_of, stories=pages[slug].stories[:limit])
        return replace(page, stories=(DEMO_STORY,)) if self.is_invented else page

    def hub_charts(self, slug: str) -> tuple[Chart, ...]:
        return self.hub_page(slug).charts

    def find_present_story(self, story_id: str, as_of: dt.date | None = None) -> str:
        return story_id

    def story_page(self, story_id: str, as_of: dt.date | None = None) -> StoryPage:
        found = next((one for one in (*STORIES, DEMO_STORY) if one.id == story_id), None)
        if found is None:
            raise NotFoundError(f"There is no story {story_id!r}.")
        titles = {"small-caps": HUB.title, "fomc": FOMC.title}
        facets = FACETS.get(story_id, QUIET)
        if story_id != "s-rally":
            return StoryPage(found, facets, titles, as_of, NOW)
        mentioned_claims = (MentionedClaim(C1, "'small caps' beside 'rate cut' <b>"),)
        return StoryPage(
            found,
            facets,
            titles,
            as_of,
            NOW,
            mentioned_claims=mentioned_claims,
            prices=measure_price_reaction(MORNING_AFTER, [HUB], BOOK),
        )

    def claim_bundle(self, hub: str, claim_id: str, as_of: dt.date | None = None) -> ClaimBundle:
        self.claim_page(hub, claim_id, as_of)
        return ClaimBundle(f"{hub}-{claim_id}-{as_of}.zip", b"an archive")

    def claim_page(self, hub: str, claim_id: str, as_of: dt.date | None = None) -> ClaimPage:
        claims = {claim.id: claim for claim in HUB.claims if hub == HUB.slug}
        if claim_id not in claims:
            raise NotFoundError(f"The hub {hub!r} has no claim {claim_id!r}.")
        found = next(one for one in EVALUATIONS if one.id == claim_id)
        measured = claims[claim_id].measure is not None
        title = "Relative return after policy events" if measured else ""
        text = "The return of IWM minus that of SPY over 63 sessions from each first cut." if measured else ""
        verdict_changes = (FLIP,) if claim_id == "C1" else ()
        inputs = list_inputs(found, BOOK)
        return ClaimPage(
            HUB, claims[claim_id], found, title, text, as_of, NOW, verdict_changes=verdict_changes, inputs=inputs
        )

    def verdict_changes(
        self, hub: str | None = None, claim: str | None = None, as_of: dt.date | None = None
    ) -> tuple[VerdictChange, ...]:
        if hub not in (None, "small-caps", "fomc"):
            raise NotFoundError(f"There is no hub {hub!r}; there are small-caps and fomc.")
        return () if hub == "fomc" or claim not in (None, "C1") else (FLIP,)

    def forecasts(self, hub: str | None = None, as_of: dt.date | None = None) -> tuple[Forecast, ...]:
        return tuple(each for each in FORECASTS if hub in (None, each.hub))

    def status_page(self) -> StatusPage:
        return StatusPage(
            (HARBOR, LEDGER, OFF),
            (PRICES,),
            COVERAGE,
            "SQLite, groundswell.db",
            "0.1.0",
            NOW,
            (STALE, ENDS),
            cycle=CYCLE,
        )

    def feeds(self) -> tuple[FeedSpec, ...]:
        return FEEDS

    def series_status(self) -> tuple[SeriesStatus, ...]:
        day = dt.date(2024, 9, 30)
        fresh = SeriesStatus(
            "IWM",
            "a fund",
            "",
            Measure.TOTAL_RETURN,
            "price folder",
            "daily",
            day,
            day,
            1,
            "at the close",
            False,
            False,
            (),
        )
        return fresh, replace(fresh, id="KRE", stale=True, data_issues=(ENDS,))

    def is_healthy(self) -> bool:
        return not self.sick

    def cycle_status(self) -> CycleStatus:
        return CYCLE

    def search(self, wanted, as_of=None, cursor=None, limit=20) -> StoryResults:
        return StoryResults(() if "absent" in wanted.words else STORIES[:limit], None)

    def search_claims(self, words: str, limit: int | None = None) -> tuple[Evaluation, ...]:
        return () if "absent" in words or not words else (C1, C4)

    def instrument_names(self, hub: str, symbol: str) -> tuple[str, ...]:
        return (symbol,)

    def recent_stories(self) -> tuple[Story, ...]:
        return STORIES

    def has_recent_stories(self) -> bool:
        return True

    def founded_story_ids(self, first: int, before: int) -> list[str]:
        return [one.id for one in STORIES]

    def last_article_number(self) -> int:
        return 9

    def archive_block(self, hub: str | None, first: int, before: int, size: int) -> ArchiveBlock:
        return ArchiveBlock((), None)


@pytest.fixture
def hubs() -> FakeHubs:
    return FakeHubs()


@pytest.fixture
def client(hubs: FakeHubs) -> Iterator[TestClient]:
    app = create_app(hubs, base_url="https://hubs.example/")
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def chart_line() -> Chart:
    return LINE


@pytest.fixture
def evaluation() -> Evaluation:
    return C1


@pytest.fixture
def hub_page() -> HubPage:
    return HUB_PAGE
