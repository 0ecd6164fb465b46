"""Name the elements of feeds alike, whatever their prefix, capitals or version of a format."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

XML = "http://www.w3.org/XML/1998/namespace"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

ATOM = frozenset(
    (
        *("http://www.w3.org/2005/atom", "http://purl.org/atom/ns#"),
        *("http://purl.org/echo/", "http://purl.org/pie/", "http://example.com/necho", "uri/of/echo/namespace#"),
    )
)
_RSS = frozenset(
    (
        *("", "http://purl.org/rss/1.0/", "http://purl.org/net/rss1.1#", "http://purl.org/rss/1.0/modules/rss091#"),
        *("http://my.netscape.com/rdf/simple/0.9/", "http://channel.netscape.com/rdf/simple/0.9/"),
        *(
            "http://blogs.law.harvard.edu/tech/rss",
            "http://cyber.law.harvard.edu/rss",
            "http://backend.userland.com/rss",
        ),
    )
)
_USERLAND = "http://backend.userland.com/rss"  # followed by the version of the format

# The vocabularies that extend feeds and whose elements are read, or must not be mistaken for the feed's own.
_USUAL_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/rss/1.0/modules/aggregation/": "ag",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.google.com/schemas/play-podcasts/1.0": "googleplay",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.pheedo.com/namespace/pheedo": "pheedo",
    "http://prismstandard.org/namespaces/1.2/basic/": "prism",
    "http://prismstandard.org/namespaces/basic/2.0/": "prism",
    "http://www.w3.org/1999/xhtml": "xhtml",
    RDF.lower(): "rdf",
    XML.lower(): "xml",
}
_URI_OF_PREFIX = {
    "a10": "http://www.w3.org/2005/Atom",
    "atom": "http://www.w3.org/2005/Atom",
    "rss": "",
    **{prefix: uri for uri, prefix in reversed(_USUAL_PREFIXES.items())},
    "rdf": RDF,
}


class Name(NamedTuple):
    """The name of an element or attribute: ``title``, or with the usual prefix of its vocabulary ``dc:title``."""

    name: str
    uri: str


@lru_cache(maxsize=2_000)
def read_name(tag: str) -> Name:
    """Return the name for a tag in the form ``{URI}local``; capitals do not count.

    The elements of RSS and Atom have no prefix. Those of an unknown vocabulary have their address as prefix.
    """
    uri, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    uri, local = uri.strip().lower(), local.lower()
    if uri in _RSS or uri in ATOM or uri.startswith(_USERLAND):
        return Name(local, uri)
    return Name(f"{_USUAL_PREFIXES.get(uri, uri)}:{local}", uri)


def find_usual_uri(prefix: str) -> str:
    """Return the address of the vocabulary that ``prefix`` usually stands for where a feed does not declare it."""
    return _URI_OF_PREFIX.get(prefix.lower()) or f"urn:undeclared:{prefix}"
