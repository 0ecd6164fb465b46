"""Choose, among the fields of an item, its title, text, link and date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from groundswell.feeds.parsing.dates import parse_date
from groundswell.feeds.parsing.items import RawItem
from groundswell.feeds.parsing.links import is_absolute, resolve_address
from groundswell.feeds.parsing.xml_feed.fields import Field

_TITLES = ("title", "dc:title", "media:title", "itunes:title")
_TEXTS = (
    *("summary", "description", "abstract", "content:encoded", "content", "xhtml:body", "body", "fullitem"),
    *("dc:description", "itunes:summary", "media:description", "googleplay:description", "itunes:subtitle"),
)
_DATES = (
    *("pubdate", "published", "issued", "dcterms:issued", "dc:date", "prism:publicationdate", "date"),
    *("updated", "modified", "dcterms:modified", "lastbuilddate", "created", "dcterms:created", "ag:timestamp"),
)
_ITEM = ""  # the name of the field that has the attributes of the item itself
_PAGE_TYPES = frozenset(("", "text/html", "application/xhtml+xml", "html", "xhtml", "text", "text/plain"))
_OTHER_PAGES = ("canonical", "related", "via")
_NO_TEXT = Field("")


def build_raw_item(fields: Sequence[Field]) -> RawItem:
    """Return the item whose fields are given in the order in which they are believed."""
    by_name: dict[str, list[Field]] = {}
    for field in fields:
        by_name.setdefault(field.name, []).append(field)
    title = next(_list_texts(by_name, _TITLES), _NO_TEXT)
    text = next(_list_texts(by_name, _TEXTS), _NO_TEXT)
    source = next(_list_texts(by_name, ("source/title", "source", "ag:source")), _NO_TEXT)
    return RawItem(
        title=title.text,
        title_form=title.form,
        text=text.text,
        text_form=text.form,
        guid=_find_guid(by_name),
        url=_find_first_address(_list_links(by_name)),
        date=_find_date(by_name),
        source=source.text,
        source_form=source.form,
        source_url=_find_first_address(_list_source_links(by_name)),
        original_url=_find_first_address(_list_original_links(by_name)),
    )


_Fields = dict[str, list[Field]]
_Links = Iterable[tuple[str, str]]


def _list_texts(by_name: _Fields, names: Sequence[str]) -> Iterator[Field]:
    return (field for name in names for field in by_name.get(name, ()) if field.text)


def _find_guid(by_name: _Fields) -> str:
    named = next(_list_texts(by_name, ("guid", "id", "dc:identifier")), _NO_TEXT).text
    return named or next((field.attributes.get("rdf:about", "") for field in by_name.get(_ITEM, ())), "")


def _find_date(by_name: _Fields) -> str:
    """Return the first date that can be read, or the first of all."""
    dates = [field.text for field in _list_texts(by_name, _DATES)]
    dates += [field.attributes["lastmod"] for field in by_name.get(_ITEM, ()) if "lastmod" in field.attributes]
    if len(dates) > 1:
        return next((date for date in dates if parse_date(date)), dates[0])
    return dates[0] if dates else ""


def _find_first_address(links: _Links) -> str:
    return next((address for base, link in links if (address := resolve_address(base, link))), "")


def _list_links(by_name: _Fields) -> _Links:
    """Yield what a reader may open, with the base of each: pages before permalinks, and these before enclosures."""
    links = [(field, _get_relation(field)) for field in by_name.get("link", ())]
    links.sort(key=lambda link: link[0].attributes.get("type", "").strip().lower() not in _PAGE_TYPES)
    yield from (_get_target(field) for field, relation in links if relation == "alternate")
    yield from _list_permalinks(by_name)
    yield from (_get_target(field) for name in _OTHER_PAGES for field, relation in links if relation == name)
    yield from ((field.base, field.text) for field in by_name.get("id", ()) if is_absolute(field.text))
    yield from (_get_target(field) for field in by_name.get("enclosure", ()))
    yield from (_get_target(field) for field, relation in links if relation == "enclosure")
    yield from (_get_target(field) for name in ("media:player", "media:content") for field in by_name.get(name, ()))
    yield from (_get_target(field) for field, _ in links)


def _list_permalinks(by_name: _Fields) -> _Links:
    for field in by_name.get("guid", ()):
        said = field.attributes.get("ispermalink", "").strip().lower()
        if said == "true" or (said != "false" and (is_absolute(field.text) or field.text.startswith("/"))):
            yield field.base, field.text
    for field in by_name.get(_ITEM, ()):
        about = field.attributes.get("rdf:about", "")
        yield field.base, field.attributes.get("href", "")
        yield field.base, about if is_absolute(about) else ""
    yield from (_get_target(field) for field in by_name.get("a", ()))
    yield from ((field.base, field.text) for field in by_name.get("prism:url", ()))
    yield from ((field.base, field.text) for field in by_name.get("dc:identifier", ()) if is_absolute(field.text))


def _list_source_links(by_name: _Fields) -> _Links:
    yield from ((field.base, field.attributes.get("url", "")) for field in by_name.get("source", ()))
    links = by_name.get("source/link", ())
    yield from (_get_target(field) for field in links if _get_relation(field) == "alternate")
    yield from ((field.base, field.text) for field in by_name.get("ag:sourceurl", ()))
    yield from ((field.base, field.text) for field in by_name.get("source/id", ()) if is_absolute(field.text))
    yield from (_get_target(field) for field in links)


def _list_original_links(by_name: _Fields) -> _Links:
    for name in ("feedburner:origlink", "pheedo:origlink"):
        yield from ((field.base, field.text) for field in by_name.get(name, ()))
    yield from (_get_target(field) for field in by_name.get("link", ()) if _get_relation(field) == "canonical")


def _get_relation(link: Field) -> str:
    relation = link.attributes.get("rel", "").strip().lower() or "alternate"
    return relation.removeprefix("http://www.iana.org/assignments/relation/")


def _get_target(link: Field) -> tuple[str, str]:
    attributes = link.attributes
    written = attributes.get("href") or attributes.get("url") or attributes.get("uri") or attributes.get("rdf:resource")
    return link.base, written or link.text
