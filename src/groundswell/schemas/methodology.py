"""The JSON of the methodology."""

# No postponed annotations: FastAPI reads them for the documented schema.
from pydantic import Field

from groundswell.schemas.base import Schema


class Term(Schema):
    """A term with its explanation."""

    name: str
    text: str
    title: str = Field("", description="A longer name, if there is one.")


class Section(Schema):
    """A section of the methodology."""

    id: str = Field(description="The fragment of its address on the page.")
    title: str
    paragraphs: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    points: tuple[str, ...] = ()


class Methodology(Schema):
    """How verdicts, readings, stories and tags are produced."""

    sections: tuple[Section, ...]
