"""Error messages for the fields of a hub file: what is wrong, and how to fix it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from groundswell.hubs.spec import HubSpec

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MESSAGES = {
    "string_type": "must be text; put it in quotes",
    "tuple_type": "must be a list; put it in [ ]",
    "dict_type": "must be a table of named arguments; write { name = value }",
    "model_type": "must be a table; write its fields as name = value",
    "bool_type": "must be true or false; write one of them without quotes",
    "bool_parsing": "must be true or false; write one of them without quotes",
    "string_too_short": "is empty; write something or remove it",
}
"""Messages by the type of the pydantic error."""

RENAMED_FIELDS = {"echoes": "claim_mentions"}
"""Former names of fields, with their present ones."""

PATTERNS = {
    "slug": "small letters, digits and single hyphens, beginning with a letter, as in small-caps",
    "id": "capital letters and digits, beginning with a letter, as in C1; chart ids are small letters and hyphens",
}


def explain_error(error: ErrorDetails) -> str:
    """Describe an error of the schema: what is wrong, then the fix after a semicolon."""
    kind, path, context = error["type"], error["loc"], error.get("ctx", {})
    match kind:
        case "missing":
            return "is missing; add it"
        case "extra_forbidden":
            return f"is not a known field; {_suggest_field(path)}"
        case "literal_error":
            return f"is not one of the allowed values; use {context['expected']}"
        case "string_pattern_mismatch":
            form = next((PATTERNS[str(part)] for part in reversed(path) if part in PATTERNS), "a letter or digit")
            return f"does not have the required form; use {form}"
        case _ if kind in MESSAGES:
            return MESSAGES[kind]
        case _:
            message = error["msg"].removeprefix("Value error, ")
            return f"{message[:1].lower()}{message[1:]}; change the value"


def _suggest_field(path: tuple[int | str, ...]) -> str:
    known = _fields_at(path[:-1])
    renamed = RENAMED_FIELDS.get(str(path[-1]))
    if renamed in known:
        return f"it is called '{renamed}' now"
    close = get_close_matches(str(path[-1]), known, n=1)
    return f"write '{close[0]}' or remove it" if close else f"remove it or use one of {', '.join(known)}"


def _fields_at(path: tuple[int | str, ...]) -> list[str]:
    model: type[BaseModel] = HubSpec
    for part in path:
        if isinstance(part, str):
            model = next(_models(model.model_fields[part].annotation))
    return list(model.model_fields)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models within an annotation such as ``tuple[ClaimSpec, ...]`` or ``MeasureSpec | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (tuple, Union, UnionType, Annotated):
        for argument in get_args(annotation):
            yield from _models(argument)
