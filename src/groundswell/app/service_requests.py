"""The requests of one cycle to data services: their further addresses, and the requests to which answers lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from groundswell.log import log_program_error
from groundswell.model import UpstreamState
from groundswell.ports import Retrieved, Retriever
from groundswell.sources.services.base import DataService, Request, UnusableAnswerError
from groundswell.sources.services.reading import build_unsent, gives_up

MAX_FOLLOW_UPS = 40
"""So many requests at most follow from the answers of one service in a cycle."""

MAX_BYTES_OF_CYCLE = 120_000_000
"""Once so many bytes of answers are kept, no further request begins: ten companies with 10 MB of facts each, say."""


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """One request to a data service that is due."""

    state: UpstreamState
    service: DataService
    request: Request


class ServiceRequests:
    """Makes the requests of one cycle, each once. A host that refuses is asked nothing more by that service."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever
        self._refusals: dict[tuple[str, str], Retrieved] = {}
        self._made: set[tuple[str, str]] = set()
        self._answered: dict[tuple[str, str], str] = {}
        self._follow_ups: dict[str, int] = {}
        self._bytes = 0

    def has_room(self) -> bool:
        """Whether a further answer may be kept until all of the cycle are read; the others stay due."""
        return self._bytes < MAX_BYTES_OF_CYCLE

    def select_new(self, due: Sequence[ServiceRequest]) -> list[ServiceRequest]:
        """Return those of the requests that were not made yet in this cycle."""
        return [sent for sent in due if (sent.service.name, sent.request.address) not in self._made]

    def retrieve(self, sent: ServiceRequest) -> Retrieved:
        """Make a request, at its further addresses too while there is no usable answer; the first failure counts."""
        name, request = sent.service.name, sent.request
        self._made.add((name, request.address))
        first_failure: Retrieved | None = None
        for address in (request.address, *request.alternatives):
            host = _read_host(address)
            if (name, host) in self._refusals:
                continue
            retrieved = self._retriever.retrieve(address, None, None, sent.service.max_answer_bytes)
            self._bytes += len(retrieved.body)
            if gives_up(retrieved):
                self._refusals[name, host] = retrieved
            if not retrieved.outcome.failed and (not request.alternatives or _is_usable(sent, address, retrieved)):
                self._answered[name, request.address] = address
                return retrieved
            first_failure = first_failure or retrieved
        return first_failure or build_unsent(self._refusals[name, _read_host(request.address)])

    def list_answered(
        self, answers: Sequence[tuple[ServiceRequest, Retrieved]]
    ) -> list[tuple[ServiceRequest, Retrieved]]:
        """Return the answers, each with its request at the address that answered."""
        return [
            (replace(sent, request=replace(sent.request, address=self._find_address(sent))), retrieved)
            for sent, retrieved in answers
        ]

    def follow(self, answers: Sequence[tuple[ServiceRequest, Retrieved]]) -> Iterator[ServiceRequest]:
        """Yield the requests to which answers lead, a bounded number for each service."""
        for sent, retrieved in answers:
            if retrieved.outcome.failed:
                continue
            try:
                further = tuple(sent.service.follow_up(sent.request, retrieved.body))
            except UnusableAnswerError:
                continue  # reading the answer says so too
            except Exception as error:
                log_program_error(f"{sent.state.name}, {sent.request.description}", error)
                continue
            for request in further:
                count = self._follow_ups.get(sent.service.name, 0)
                if isinstance(request, Request) and count < MAX_FOLLOW_UPS:
                    self._follow_ups[sent.service.name] = count + 1
                    yield replace(sent, request=request)

    def _find_address(self, sent: ServiceRequest) -> str:
        return self._answered.get((sent.service.name, sent.request.address), sent.request.address)


def _is_usable(sent: ServiceRequest, address: str, retrieved: Retrieved) -> bool:
    """Whether an answer can be read. One on which the program fails counts as usable: another would fail too."""
    try:
        found = sent.service.read(replace(sent.request, address=address), retrieved.body)
        return sent.request.may_be_empty or any(answer.rows for answer in found)
    except UnusableAnswerError:
        return False
    except Exception:
        return True


def _read_host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
