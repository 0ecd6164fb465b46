"""Batches: answers of one service that give figures only together, and are read once all of them are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from groundswell.model import SeriesRef
from groundswell.ports import Retrieved
from groundswell.sources.services.base import Request

Answered = tuple[Request, Retrieved]


def split_batches(answers: Sequence[Answered]) -> tuple[list[Answered], dict[str, list[Answered]]]:
    """Return the answers that are read one by one, and those of each batch by its name."""
    batches: dict[str, list[Answered]] = {}
    for request, retrieved in answers:
        batches.setdefault(request.batch, []).append((request, retrieved))
    return batches.pop("", []), batches


def keep_whole_batches(due: Sequence[Request], answers: Sequence[Answered]) -> tuple[list[Answered], set[SeriesRef]]:
    """Leave out the answers of batches of which a due request has no answer.

    Return the others, and the series of what was left out, which is still due.
    """
    expected, received = (Counter(request.batch for request in requests) for requests in (due, _list_requests(answers)))
    partial = {name for name in expected if name and received[name] < expected[name]}
    refs = {ref for request in due if request.batch in partial for ref in request.refs}
    return [(request, retrieved) for request, retrieved in answers if request.batch not in partial], refs


def list_rest(due: Sequence[Request], received: Sequence[Request]) -> list[int]:
    """Return the places of the due requests that were not received, of the batches that were begun."""
    begun = {request.batch for request in received} - {""}
    addresses = {request.address for request in received}
    return [place for place, request in enumerate(due) if request.batch in begun and request.address not in addresses]


def _list_requests(answers: Sequence[Answered]) -> list[Request]:
    return [request for request, _ in answers]
