"""Check: every mistake of a hub file at once, each with its line, its field and the mend."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from groundswell.claims.validate import check_claim
from groundswell.hubs.answers import FIELDS, REFERENCE
from groundswell.hubs.file.error_messages import explain_error
from groundswell.hubs.file.toml_lines import Path, find_line, locate_fields
from groundswell.hubs.spec import HubSpec
from groundswell.hubs.tagging.tagger import Tagger

FieldError = tuple[Path, str]


@dataclass(frozen=True, slots=True, order=True)
class HubFileError:
    """What is wrong with a field and how to mend it; ``line`` counts from 1."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        field = f", field {self.field}" if self.field else ""
        return f"line {self.line}{field}: {self.message}"


def check_hub(text: str, name: str) -> tuple[HubFileError, ...]:
    """Give every mistake of the hub file ``text`` in order of lines; ``name`` is its file name without ``.toml``."""
    found = read_hub(text, name)
    return () if isinstance(found, HubSpec) else found


def read_hub(text: str, name: str) -> HubSpec | tuple[HubFileError, ...]:
    """Read a hub file: the hub, or at least one mistake. What hubs mean is checked once their shape is right."""
    try:
        fields = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return (_syntax(text, str(error)),)
    try:
        hub = HubSpec.model_validate(fields)
    except ValidationError as error:
        findings = [(tuple(one["loc"]), explain_error(one)) for one in error.errors()]
    else:
        findings = list(_meaning(hub, name))
        if not findings:
            return hub
    lines = locate_fields(text)
    return tuple(sorted(HubFileError(find_line(lines, path), write_path(path), message) for path, message in findings))


def write_path(path: Iterable[str | int]) -> str:
    """Write a path as people do: ``("claims", 2, "text")`` is ``claims[2].text``, positions counted from 0."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _syntax(text: str, message: str) -> HubFileError:
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)", message)
    what = message[: place.start()] if place else message
    if place and place[1]:
        return HubFileError(int(place[1]), "", f"not TOML at column {place[2]}: {what}; mend the syntax there")
    return HubFileError(
        max(1, len(text.splitlines())), "", f"not TOML at the end of the file: {what}; close what is open"
    )


def _meaning(hub: HubSpec, name: str) -> Iterator[FieldError]:
    if hub.slug != name:
        yield ("slug",), f"is '{hub.slug}' but the file is named '{name}.toml'; make the two the same"
    yield from _unique("claims", "id", [claim.id for claim in hub.claims])
    yield from _unique("charts", "id", [chart.id for chart in hub.charts])
    yield from _unique("gauges", "id", [gauge.id for gauge in hub.gauges])
    yield from _unique("instruments", "symbol", [instrument.symbol for instrument in hub.instruments])
    for number, slug in enumerate(hub.related):
        if slug == hub.slug:
            yield ("related", number), "names the hub itself; name other hubs only"
    for number, claim in enumerate(hub.claims):
        for path, message in check_claim(claim):
            yield ("claims", number, *path), message
    yield from _references(hub)
    yield from _echoes(hub)
    yield from _tagging(hub)


def _unique(table: str, key: str, values: list[str]) -> Iterator[FieldError]:
    for number, value in enumerate(values):
        if value in values[:number]:
            yield (table, number, key), f"'{value}' stands in {table}[{values.index(value)}] already; choose another"


def _references(hub: HubSpec) -> Iterator[FieldError]:
    ids = {claim.id for claim in hub.claims}
    for number, question in enumerate(hub.questions):
        path: Path = ("questions", number, "answer")
        for claim_id, field in REFERENCE.findall(question.answer):
            if claim_id not in ids:
                yield path, f"{{{claim_id}.{field}}} names no claim of this hub; use one of its claim ids"
            elif field not in FIELDS:
                yield path, f"{{{claim_id}.{field}}} names no field of a claim; use one of {', '.join(FIELDS)}"
        if re.search("[{}]", REFERENCE.sub("", question.answer)):
            yield path, "has a brace that is no reference; write references as {C1.estimate}"


def _echoes(hub: HubSpec) -> Iterator[FieldError]:
    ids = {claim.id for claim in hub.claims}
    for number, echo in enumerate(hub.echoes):
        if echo.claim not in ids:
            yield ("echoes", number, "claim"), f"'{echo.claim}' is no claim of this hub; use one of its claim ids"


def _tagging(hub: HubSpec) -> Iterator[FieldError]:
    rules = hub.tagging
    if not (rules.strong or rules.names or rules.pairs or rules.tickers or hub.examples.belongs):
        yield ("tagging",), "lets no headline in; give 'strong', 'names', 'pairs' or 'tickers'"
        return
    tagger = Tagger((hub,))
    for number, test in enumerate(hub.tests):
        tags = tagger.tag(test.title)
        if bool(tags) != test.belongs:
            outcome = f"belongs ({'; '.join(tags[0].reasons)})" if tags else "does not belong"
            yield ("tests", number), f"the rules say that the headline {outcome}; change the rules or the test"
