"""Elements of the vocabularies that extend feeds, in places and with values for which they were not made."""

from __future__ import annotations

from hypothesis import strategies as st

# The namespaces that the documentation of feed parsers lists, each with some of its elements.
VOCABULARIES = {
    "admin": ("http://webns.net/mvcb/", "generatorAgent errorReportsTo"),
    "ag": ("http://purl.org/rss/1.0/modules/aggregation/", "source sourceURL timestamp"),
    "annotate": ("http://purl.org/rss/1.0/modules/annotate/", "reference"),
    "app": ("http://www.w3.org/2007/app", "control draft edited"),
    "atom": ("http://www.w3.org/2005/Atom", "link title updated published summary content author source category id"),
    "audio": ("http://media.tangent.org/rss/1.0/", "songname"),
    "blogChannel": ("http://backend.userland.com/blogChannelModule", "blogRoll"),
    "cc": ("http://web.resource.org/cc/", "license permits License"),
    "creativeCommons": ("http://backend.userland.com/creativeCommonsRssModule", "license"),
    "co": ("http://purl.org/rss/1.0/modules/company", "name symbol"),
    "content": ("http://purl.org/rss/1.0/modules/content/", "encoded items item format"),
    "cp": ("http://my.theinfo.org/changed/1.0/rss/", "server"),
    "dc": ("http://purl.org/dc/elements/1.1/", "title creator date description publisher rights subject identifier"),
    "dcterms": ("http://purl.org/dc/terms/", "created issued modified valid"),
    "email": ("http://purl.org/rss/1.0/modules/email/", "date subject"),
    "ev": ("http://purl.org/rss/1.0/modules/event/", "startdate enddate"),
    "feedburner": ("http://rssnamespace.org/feedburner/ext/1.0", "origLink browserFriendly info"),
    "fm": ("http://freshmeat.net/rss/fm/", "screenshot_url"),
    "foaf": ("http://xmlns.com/foaf/0.1/", "maker Person name"),
    "gd": ("http://schemas.google.com/g/2005", "extendedProperty image"),
    "geo": ("http://www.w3.org/2003/01/geo/wgs84_pos#", "lat long Point"),
    "georss": ("http://www.georss.org/georss", "point line polygon box where"),
    "gml": ("http://www.opengis.net/gml", "Point pos LineString posList Polygon exterior LinearRing Envelope"),
    "googleplay": ("http://www.google.com/schemas/play-podcasts/1.0", "description author image explicit"),
    "icbm": ("http://postneo.com/icbm/", "latitude"),
    "image": ("http://purl.org/rss/1.0/modules/image/", "item favicon"),
    "itunes": (
        "http://www.itunes.com/DTDs/PodCast-1.0.dtd",
        "title author owner category image summary block explicit",
    ),
    "l": ("http://purl.org/rss/1.0/modules/link/", "link permalink"),
    "media": (
        "http://search.yahoo.com/mrss/",
        "content group title description thumbnail player credit rating license",
    ),
    "pheedo": ("http://www.pheedo.com/namespace/pheedo", "origLink"),
    "pingback": ("http://madskills.com/public/xml/rss/module/pingback/", "server target"),
    "prism": ("http://prismstandard.org/namespaces/1.2/basic/", "publicationDate url issn"),
    "psc": ("http://podlove.org/simple-chapters", "chapters chapter"),
    "rdf": ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "RDF Seq li Bag value"),
    "rdfs": ("http://www.w3.org/2000/01/rdf-schema#", "label seeAlso"),
    "ref": ("http://purl.org/rss/1.0/modules/reference/", "item"),
    "reqv": ("http://purl.org/rss/1.0/modules/richequiv/", "title description"),
    "search": ("http://purl.org/rss/1.0/modules/search/", "link"),
    "slash": ("http://purl.org/rss/1.0/modules/slash/", "section comments hit_parade"),
    "soap": ("http://schemas.xmlsoap.org/soap/envelope/", "Envelope Body"),
    "ss": ("http://purl.org/rss/1.0/modules/servicestatus/", "responding"),
    "sub": ("http://purl.org/rss/1.0/modules/subscription/", "subscription"),
    "sy": ("http://purl.org/rss/1.0/modules/syndication/", "updatePeriod updateFrequency updateBase"),
    "taxo": ("http://purl.org/rss/1.0/modules/taxonomy/", "topics topic link"),
    "thr": ("http://purl.org/syndication/thread/1.0", "in-reply-to total"),
    "ti": ("http://purl.org/rss/1.0/modules/textinput/", "function inputType"),
    "trackback": ("http://madskills.com/public/xml/rss/module/trackback/", "ping about"),
    "wfw": ("http://wellformedweb.org/CommentAPI/", "comment commentRss"),
    "wiki": ("http://purl.org/rss/1.0/modules/wiki/", "version diff"),
    "xhtml": ("http://www.w3.org/1999/xhtml", "body div a img script"),
    "xi": ("http://www.w3.org/2001/XInclude", "include fallback"),
    "xlink": ("http://www.w3.org/1999/xlink", "href"),
}
DECLARATIONS = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, (uri, _) in VOCABULARIES.items())
_NAMES = [f"{prefix}:{name}" for prefix, (_, names) in VOCABULARIES.items() for name in names.split()]
_CORE = (
    "title link guid id description summary content pubDate updated source enclosure image textInput item entry channel"
)
_ATTRIBUTES = (
    "href",
    "url",
    "rel",
    "type",
    "mode",
    "start",
    "isPermaLink",
    "xml:base",
    "rdf:about",
    "rdf:resource",
    "lastmod",
)
_VALUES = st.sampled_from(
    (
        *(
            "",
            "x",
            "1 2",
            "-1",
            "1e400",
            "٣",
            "http:///",
            "http://[",
            "//[",
            "::",
            "mailto:",
            "{}",
            "a:b:c:d",
            "true",
            "false",
        ),
        *(
            "html",
            "xhtml",
            "base64",
            "text/plain",
            "enclosure",
            "alternate",
            "https://a.example/1",
            "2026-08-17",
            "&amp;lt;b",
        ),
    )
)


@st.composite
def elements(draw: st.DrawFn, depth: int = 2) -> str:
    """Draw an element with attributes, text and elements within it."""
    name = draw(st.sampled_from(_NAMES) | st.sampled_from(_CORE.split()))
    attributes = draw(st.dictionaries(st.sampled_from(_ATTRIBUTES), _VALUES, max_size=2))
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    inside = draw(_VALUES | st.lists(elements(depth=depth - 1), max_size=3).map("".join) if depth else _VALUES)
    return f"<{name}{written}>{inside}</{name}>"


@st.composite
def feeds(draw: st.DrawFn) -> tuple[bytes, list[str]]:
    """Draw a well-formed feed whose items have a title of their own among elements of any vocabulary."""
    some = st.lists(elements(), max_size=4).map("".join)
    titles = [f"Headline {number}" for number in range(draw(st.integers(1, 3)))]
    kind = draw(st.sampled_from(("rss", "atom", "rdf")))
    tag = "entry" if kind == "atom" else "item"
    items = "".join(f"<{tag}><title>{title}</title>{draw(some)}</{tag}>" for title in titles)
    channel = f"<title>Wire</title>{draw(some)}" if draw(st.booleans()) else ""
    if kind == "atom":
        return f'<feed xmlns="http://www.w3.org/2005/Atom" {DECLARATIONS}>{channel}{items}</feed>'.encode(), titles
    if kind == "rdf":
        body = f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" {DECLARATIONS}><channel>{channel}</channel>{items}</rdf:RDF>'
        return body.encode(), titles
    return f'<rss version="2.0" {DECLARATIONS}><channel>{channel}{items}</channel></rss>'.encode(), titles
