"""The base of all schemas, and the shape of an error."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field


class Schema(BaseModel):
    """A JSON object of the public vocabulary, filled from the attributes of a value."""

    model_config = ConfigDict(from_attributes=True)


S = TypeVar("S", bound=Schema)


def fill_schema(schema: type[S], *values: object, **fields: Any) -> S:
    """Fill a schema from ``fields``, and for every other field from the first value that has an attribute of its name.

    Raises ``pydantic.ValidationError`` where nothing gives a required field.
    """
    given = dict(fields)
    for name in schema.model_fields.keys() - fields.keys():
        for value in values:
            if hasattr(value, name):
                given[name] = getattr(value, name)
                break
    return schema.model_validate(given)


class ErrorDetail(Schema):
    code: str = Field(examples=["not_found"])
    message: str = Field(description="One line that names what is wrong and how to fix it.")


class ErrorAnswer(Schema):
    """The shape of every failure."""

    error: ErrorDetail


def is_none(value: object) -> bool:
    """Whether a field is left out because it has no value."""
    return value is None
