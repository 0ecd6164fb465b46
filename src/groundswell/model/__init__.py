"""Values passed between the parts: immutable, validated where they are made.

Words: an *entry* is one item of a feed, an *article* is what it links to, a *story* is the articles on one happening,
a *hub* is the page of a topic. A *session* is a market day (``date``), an *instant* an aware UTC ``datetime``.
"""

from groundswell.model.evaluation import Absence, Evaluation, EventValue, Flip, Reading, SeriesUse, Verdict, VerdictAt
from groundswell.model.news import (
    Article,
    Assignment,
    Edition,
    Entry,
    Lineage,
    Member,
    Merge,
    Origin,
    Repair,
    Split,
    Story,
    Tag,
)
from groundswell.model.quality import Care, Defect, DefectKind, Touch
from groundswell.model.queries import Found, Place, StoryFilter
from groundswell.model.series import Arrival, Frequency, Measure, Series, SeriesRef, Superseded
from groundswell.model.stories import Facets, Mention, Sentence, Status
from groundswell.model.upstreams import FeedSpec, Outcome, UpstreamKind, UpstreamState

__all__ = [
    "Absence",
    "Arrival",
    "Article",
    "Assignment",
    "Care",
    "Defect",
    "DefectKind",
    "Edition",
    "Entry",
    "Evaluation",
    "EventValue",
    "Facets",
    "FeedSpec",
    "Flip",
    "Found",
    "Frequency",
    "Lineage",
    "Measure",
    "Member",
    "Mention",
    "Merge",
    "Origin",
    "Outcome",
    "Place",
    "Reading",
    "Repair",
    "Sentence",
    "Series",
    "SeriesRef",
    "SeriesUse",
    "Split",
    "Status",
    "Story",
    "StoryFilter",
    "Superseded",
    "Tag",
    "Touch",
    "UpstreamKind",
    "UpstreamState",
    "Verdict",
    "VerdictAt",
]
