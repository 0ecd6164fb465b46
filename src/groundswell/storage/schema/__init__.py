"""The tables, by what they are about."""

from groundswell.storage.schema.base import changes, metadata
from groundswell.storage.schema.evidence import (
    checks,
    evaluations,
    forecasts,
    links,
    observations,
    registrations,
    series,
    service_observations,
)
from groundswell.storage.schema.news import article_keys, articles, moves, repairs, sightings, taggings, tags
from groundswell.storage.schema.upstreams import contradictions, reloads, service_answers, subscriptions, upstreams

__all__ = [
    "article_keys",
    "articles",
    "changes",
    "checks",
    "contradictions",
    "evaluations",
    "forecasts",
    "links",
    "metadata",
    "moves",
    "observations",
    "registrations",
    "reloads",
    "repairs",
    "series",
    "service_answers",
    "service_observations",
    "sightings",
    "subscriptions",
    "taggings",
    "tags",
    "upstreams",
]
