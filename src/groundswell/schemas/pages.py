"""From a hub's page to its JSON, and a hub's answers as plain text."""

from __future__ import annotations

from collections.abc import Mapping

from groundswell.hubs.answers import FilledFigure, fill_figures
from groundswell.hubs.charts import Chart
from groundswell.model import Evaluation
from groundswell.pages.hub import HubPage, Neighbour
from groundswell.schemas.addresses import Site, path_of_hub
from groundswell.schemas.base import fill_schema
from groundswell.schemas.claims import build_claim
from groundswell.schemas.hubs import AnswerOut, ChartOut, HubOut, MissingChartOut, NeighbourOut
from groundswell.schemas.state import build_hub_state
from groundswell.schemas.stories import build_story_summary


def build_hub(page: HubPage, site: Site, hub_titles: Mapping[str, str]) -> HubOut:
    """Return a hub's page without the values of its charts. ``hub_titles`` holds the title of each hub by its slug."""
    by_id = {evaluation.id: evaluation for evaluation in page.evaluations}
    return fill_schema(
        HubOut,
        page,
        page.hub,
        url=site.url(path_of_hub(page.hub.slug)),
        state=None if page.state is None else build_hub_state(page.state),
        stories=[build_story_summary(story, site, hub_titles) for story in page.stories],
        claims=[build_claim(evaluation) for evaluation in page.evaluations],
        questions=[
            AnswerOut(question=question.question, answer=write_plain_answer(question.answer, by_id))
            for question in page.hub.questions
        ],
        charts=[_build_chart(chart) for chart in page.charts],
        missing_charts=[fill_schema(MissingChartOut, missing, missing.spec) for missing in page.missing_charts],
        neighbours=[_build_neighbour(neighbour, site, hub_titles) for neighbour in page.neighbours],
    )


def write_plain_answer(answer: str, by_id: Mapping[str, Evaluation]) -> str:
    """Return an answer as one line of text, its figures filled in."""
    parts = fill_figures(answer, by_id)
    return " ".join("".join(part.text if isinstance(part, FilledFigure) else part for part in parts).split())


def _build_chart(chart: Chart) -> ChartOut:
    return fill_schema(ChartOut, chart, chart.spec)


def _build_neighbour(neighbour: Neighbour, site: Site, hub_titles: Mapping[str, str]) -> NeighbourOut:
    return fill_schema(
        NeighbourOut,
        neighbour,
        url=site.url(path_of_hub(neighbour.slug)),
        shared=[build_story_summary(story, site, hub_titles) for story in neighbour.shared],
    )
