"""Values passed between the packages: immutable, and validated when they are created.

An *entry* is one item of a feed, an *article* is what it links to, a *story* is the articles on one event, a *hub* is
the page of a topic. A *session* is a market day (``date``), an *instant* is an aware UTC ``datetime``.
"""

from groundswell.model.evaluation import (
    Absence,
    Evaluation,
    EventValue,
    Reading,
    SeriesUse,
    Verdict,
    VerdictAt,
    VerdictChange,
)
from groundswell.model.ingest import Ingested, Replayed
from groundswell.model.news import (
    Article,
    Assignment,
    Entry,
    Lineage,
    Member,
    Merge,
    Origin,
    Repair,
    Split,
    Story,
    Tag,
    TitleVersion,
)
from groundswell.model.quality import Action, DataIssue, Impact, IssueKind
from groundswell.model.queries import ArchiveBlock, ArticleResults, Cursor, StoryFilter, StoryResults
from groundswell.model.series import Frequency, Measure, Observation, Series, SeriesRef, Superseded
from groundswell.model.stories import Facets, JudgedPair, Mention, Sentence, Status
from groundswell.model.upstreams import AddedFeeds, FeedSpec, Outcome, UpstreamKind, UpstreamState

__all__ = [
    "Absence",
    "Action",
    "AddedFeeds",
    "ArchiveBlock",
    "Article",
    "ArticleResults",
    "Assignment",
    "Cursor",
    "DataIssue",
    "Entry",
    "Evaluation",
    "EventValue",
    "Facets",
    "FeedSpec",
    "Frequency",
    "Impact",
    "Ingested",
    "IssueKind",
    "JudgedPair",
    "Lineage",
    "Measure",
    "Member",
    "Mention",
    "Merge",
    "Observation",
    "Origin",
    "Outcome",
    "Reading",
    "Repair",
    "Replayed",
    "Sentence",
    "Series",
    "SeriesRef",
    "SeriesUse",
    "Split",
    "Status",
    "Story",
    "StoryFilter",
    "StoryResults",
    "Superseded",
    "Tag",
    "TitleVersion",
    "UpstreamKind",
    "UpstreamState",
    "Verdict",
    "VerdictAt",
    "VerdictChange",
]
