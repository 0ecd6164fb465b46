"""Feeds of many kinds: for each the title, link and date that its one item has. All of our own making."""

from __future__ import annotations

from typing import NamedTuple

from groundswell.feeds.parsing.xml_feed.vocabularies import RDF

TITLE, LINK, DATE = "Rates are cut", "https://wire.example/1", "2026-08-17T08:30:00+00:00"


class Kind(NamedTuple):
    """A feed, and what is to be read: ``date`` in ISO form, or ``None``."""

    name: str
    body: str | bytes
    title: str = TITLE
    link: str | None = LINK
    date: str | None = DATE


_LINK, _PUBDATE = f"<link>{LINK}</link>", "<pubDate>Mon, 17 Aug 2026 08:30:00 GMT</pubDate>"
_PAGE, _UPDATED = f'<link href="{LINK}"/>', "<updated>2026-08-17T08:30:00Z</updated>"
_TITLE = f"<title>{TITLE}</title>"


def rss(item: str, root: str = '<rss version="2.0">', channel: str = "") -> str:
    return f"{root}<channel><title>Wire</title>{channel}<item>{item}</item></channel></rss>"


def rss_2(item: str, *namespaces: str) -> str:
    """An item with link and date, and the namespaces of extensions."""
    return rss(item + _LINK + _PUBDATE, f'<rss version="2.0" {" ".join(namespaces)}>')


def atom(entry: str, attributes: str = "", feed: str = "") -> str:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"{attributes}><title>Wire</title>{feed}<entry>{entry}</entry></feed>'
    )


def atom_title(title: str) -> str:
    return atom(title + _PAGE + _UPDATED)


def atom_03(entry: str) -> str:
    return f'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Wire</title><entry>{entry}</entry></feed>'


def rdf(item: str, namespace: str = "http://purl.org/rss/1.0/", about: str = LINK, more: str = "") -> str:
    return (
        f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="{namespace}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:dcterms="http://purl.org/dc/terms/" {more}>'
        '<channel rdf:about="https://wire.example/"><title>Wire</title><link>https://wire.example/</link>'
        f'<items><rdf:Seq><rdf:li rdf:resource="{LINK}"/></rdf:Seq></items></channel>'
        f'<item rdf:about="{about}">{item}</item></rdf:RDF>'
    )


DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
DCTERMS = 'xmlns:dcterms="http://purl.org/dc/terms/"'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
GEO = 'xmlns:georss="http://www.georss.org/georss" xmlns:gml="http://www.opengis.net/gml"'
LICENCES = (
    'xmlns:cc="http://web.resource.org/cc/" '
    'xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule"'
)

FORMATS = [
    Kind("RSS 2.0", rss(_TITLE + _LINK + _PUBDATE)),
    Kind("RSS 0.91 with its document type", '<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://n.example/r.dtd">' + rss(_TITLE + _LINK, '<rss version="0.91">'), date=None),
    Kind("RSS 0.92", rss(_TITLE + _LINK + _PUBDATE, '<rss version="0.92">')),
    Kind("RSS without a version", rss(_TITLE + _LINK + _PUBDATE, "<rss>")),
    Kind("RSS 2.0 in UserLand's namespace", rss(_TITLE + _LINK + _PUBDATE, '<rss version="2.0" xmlns="http://backend.userland.com/rss2">')),
    Kind("RSS 2.0 in Harvard's namespace", rss(_TITLE + _LINK + _PUBDATE, '<rss version="2.0" xmlns="http://blogs.law.harvard.edu/tech/rss">')),
    Kind("RSS in a namespace of its own", rss(_TITLE + _LINK + _PUBDATE, '<rss version="2.0" xmlns="https://wire.example/ns">')),
    Kind("RSS with a prefix", f'<r:rss xmlns:r="https://wire.example/ns"><r:channel><r:item><r:title>{TITLE}</r:title><r:link>{LINK}</r:link><r:pubDate>Mon, 17 Aug 2026 08:30:00 GMT</r:pubDate></r:item></r:channel></r:rss>'),
    Kind("RSS in capitals", f"<RSS VERSION='2.0'><CHANNEL><ITEM><TITLE>{TITLE}</TITLE><LINK>{LINK}</LINK><PUBDATE>Mon, 17 Aug 2026 08:30:00 GMT</PUBDATE></ITEM></CHANNEL></RSS>"),
    Kind("RSS in an envelope", f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{rss(_TITLE + _LINK + _PUBDATE)}</s:Body></s:Envelope>'),
    Kind("RSS with its items after the channel", f"<rss version='2.0'><channel><title>Wire</title></channel><item>{_TITLE}{_LINK}{_PUBDATE}</item></rss>"),
    Kind("RSS 0.90", f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>Wire</title></channel><item>{_TITLE}{_LINK}</item></rdf:RDF>', date=None),
    Kind("RSS 1.0", rdf(_TITLE + _LINK + "<dc:date>2026-08-17T08:30:00Z</dc:date>")),
    Kind("RSS 1.0 whose link is its name", rdf(_TITLE + "<dc:date>2026-08-17T08:30Z</dc:date>")),
    Kind("RSS 1.0 issued", rdf(_TITLE + _LINK + "<dcterms:issued>2026-08-17T08:30:00Z</dcterms:issued><dcterms:modified>2026-08-18</dcterms:modified>")),
    Kind("RSS 1.0 modified", rdf(_TITLE + _LINK + "<dcterms:modified>2026-08-17T08:30:00Z</dcterms:modified>")),
    Kind("RSS 1.0 created", rdf(_TITLE + _LINK + "<dcterms:created>2026-08-17T08:30:00Z</dcterms:created>")),
    Kind("RSS 1.0 with a prefix", f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:r="http://purl.org/rss/1.0/" xmlns:d="http://purl.org/dc/elements/1.1/"><r:channel><r:title>Wire</r:title></r:channel><r:item><r:title>{TITLE}</r:title><r:link>{LINK}</r:link><d:date>2026-08-17T08:30:00Z</d:date></r:item></rdf:RDF>'),
    Kind("RSS 1.1", f'<Channel xmlns="http://purl.org/net/rss1.1#"><title>Wire</title><items><item>{_TITLE}{_LINK}</item></items></Channel>', date=None),
    Kind("Atom 1.0", atom(_TITLE + _PAGE + "<published>2026-08-17T08:30:00Z</published><updated>2026-08-18T08:30:00Z</updated>")),
    Kind("Atom 1.0 with a prefix", f'<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>{TITLE}</a:title><a:link href="{LINK}"/><a:updated>2026-08-17T08:30:00Z</a:updated></a:entry></a:feed>'),
    Kind("Atom without a namespace", f"<feed><entry>{_TITLE}{_PAGE}{_UPDATED}</entry></feed>"),
    Kind("one entry of Atom", f'<entry xmlns="http://www.w3.org/2005/Atom">{_TITLE}{_PAGE}{_UPDATED}</entry>'),
    Kind("Atom 0.3", atom_03(f'{_TITLE}<link rel="alternate" type="text/html" href="{LINK}"/><issued>2026-08-17T08:30:00Z</issued><modified>2026-08-19T08:30:00Z</modified><created>2026-08-16</created>')),
    Kind("Atom 0.3 modified", atom_03(f'{_TITLE}<link rel="alternate" type="text/html" href="{LINK}"/><modified>2026-08-17T08:30:00Z</modified>')),
    Kind("Channel Definition Format", f'<CHANNEL HREF="https://wire.example/"><TITLE>Wire</TITLE><ITEM HREF="{LINK}" LASTMOD="2026-08-17T08:30"><TITLE>{TITLE}</TITLE><ABSTRACT>x</ABSTRACT></ITEM></CHANNEL>'),
    Kind("JSON Feed 1.1", '{"version":"https://jsonfeed.org/version/1.1","title":"W","items":[{"id":"1","title":"Rates are cut","url":"https://wire.example/1","date_published":"2026-08-17T10:30:00+02:00"}]}'),
    Kind("JSON Feed 1.0 of numbers", '{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"title":"Rates are cut","external_url":"https://wire.example/1","date_modified":"2026-08-17T08:30:00Z"}]}'),
    Kind("JSON Feed whose id is its address", '{"version":"https://jsonfeed.org/version/1","items":[{"id":"https://wire.example/1","content_text":"Rates are cut"}]}', date=None),
    Kind("JSON Feed without a version", '{"items":[{"id":"1","url":"/1","title":"Rates are cut"}],"home_page_url":"https://wire.example/"}', date=None),
    Kind("JSON Feed with raw line breaks", '{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","url":"https://wire.example/1","title":"Rates\nare cut"}]}', date=None),
]  # fmt: skip

OWN_ELEMENTS = [
    Kind("title of a picture before", rss_2(f'<media:content url="https://img.example/1.jpg"><media:title>Picture</media:title></media:content>{_TITLE}', MEDIA)),
    Kind("title of a picture after", rss_2(f'{_TITLE}<media:content url="https://img.example/1.jpg"><media:title>Picture</media:title></media:content>', MEDIA)),
    Kind("stray title of media", rss_2(f"<media:title>Stray</media:title>{_TITLE}", MEDIA)),
    Kind("title in a group of media", rss_2(f"<media:group><media:title>Group</media:title></media:group>{_TITLE}", MEDIA)),
    Kind("title of media alone", rss_2(f"<media:group><media:title>{TITLE}</media:title></media:group>", MEDIA)),
    Kind("title of a podcast", rss_2(f"<itunes:title>Episode 1</itunes:title>{_TITLE}", ITUNES)),
    Kind("title of a podcast alone", rss_2(f"<itunes:title>{TITLE}</itunes:title>", ITUNES)),
    Kind("title of Dublin Core after", rss_2(f"{_TITLE}<dc:title>Rates (dc)</dc:title>", DC)),
    Kind("title of Dublin Core alone", rss_2(f"<dc:title>{TITLE}</dc:title>", DC)),
    Kind("title of a source", atom_title(f"<source><title>Post</title><link href='https://post.example/'/><updated>2020-01-01T00:00:00Z</updated></source>{_TITLE}")),
    Kind("title of a picture of the item", rss_2(f"<image><title>Picture</title><link>https://img.example/</link></image>{_TITLE}")),
    Kind("title of a text input", rss_2(f"<textInput><title>Search</title><link>https://search.example/</link></textInput>{_TITLE}")),
    Kind("title in an unknown vocabulary", rss_2(f'<x:title>No</x:title>{_TITLE}<x:link>https://no.example/</x:link>', 'xmlns:x="urn:x"')),
    Kind("empty title, title of Dublin Core", rss_2(f"<title/><dc:title>{TITLE}</dc:title>", DC)),
    Kind("description for want of a title", rss_2(f"<description>&lt;p&gt;{TITLE}&lt;/p&gt;</description>")),
    Kind("content for want of a title", rss_2(f'<content:encoded><![CDATA[<p>{TITLE}</p>]]></content:encoded>', 'xmlns:content="http://purl.org/rss/1.0/modules/content/"')),
    Kind("address for want of all", rss(_LINK), LINK, date=None),
    Kind("Atom's elements in RSS", rss(_TITLE + f'<a:link rel="self" href="https://wire.example/self"/><a:link href="{LINK}"/><a:updated>2026-08-17T08:30:00Z</a:updated>', '<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom">')),
    Kind("RSS's link before Atom's", rss(f'<a:link href="https://no.example/"/>{_TITLE}{_LINK}{_PUBDATE}', '<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom">')),
    Kind("dates of several vocabularies", rss(f"{_TITLE}{_LINK}<dc:date>2026-08-18</dc:date>{_PUBDATE}<expirationDate>Mon, 17 Aug 2027 08:30:00 GMT</expirationDate>", f'<rss version="2.0" {DC}>')),
    Kind("a date that cannot be read before one that can", rss(f"{_TITLE}{_LINK}<pubDate>soon</pubDate><dc:date>2026-08-17T08:30:00Z</dc:date>", f'<rss version="2.0" {DC}>')),
    Kind("an expiration date alone", rss(f"{_TITLE}{_LINK}<expirationDate>Mon, 17 Aug 2027 08:30:00 GMT</expirationDate>"), date=None),
    Kind("a place", rss_2(f"{_TITLE}<georss:where><gml:Point><gml:pos>1 2</gml:pos></gml:Point></georss:where>", GEO)),
    Kind("a position outside its place", rss_2(f"{_TITLE}<gml:pos>1 2</gml:pos>", GEO)),
    Kind("a ring outside its place", rss_2(f"{_TITLE}<gml:LinearRing><gml:posList>1 2</gml:posList></gml:LinearRing>", GEO)),
    Kind("a ring of letters", rss_2(f"{_TITLE}<georss:where><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>x</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></georss:where>", GEO)),
    Kind("a position of the feed", rss(_TITLE + _LINK + _PUBDATE, f'<rss version="2.0" {GEO}>', "<gml:LinearRing><gml:posList>1 2</gml:posList></gml:LinearRing><georss:box>x</georss:box>")),
    Kind("licences", rss_2(f'{_TITLE}<creativeCommons:license href="x">y</creativeCommons:license><cc:license rdf:resource="z"/>', LICENCES, f'xmlns:rdf="{RDF}"')),
    Kind("chapters", rss_2(f'{_TITLE}<psc:chapters><psc:chapter start="1e400" title="Chapter"/></psc:chapters>', 'xmlns:psc="http://podlove.org/simple-chapters"')),
    Kind("comments and threads", rss_2(f'{_TITLE}<slash:comments>3</slash:comments><wfw:commentRss>https://no.example/</wfw:commentRss><thr:in-reply-to href="https://no.example/"/><comments>https://no.example/</comments>', 'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:thr="http://purl.org/syndication/thread/1.0"')),
]  # fmt: skip

LINKS = [
    Kind("enclosure and link", rss(f'{_TITLE}<enclosure url="https://img.example/1.jpg" type="image/jpeg"/>{_LINK}'), date=None),
    Kind("enclosure alone", rss(f'{_TITLE}<enclosure url="{LINK}" type="audio/mpeg"/><guid isPermaLink="false">g</guid>'), date=None),
    Kind("permalink before enclosure", rss(f'{_TITLE}<enclosure url="https://img.example/1.mp3"/><guid>{LINK}</guid>'), date=None),
    Kind("permalink that is marked", rss(f'{_TITLE}<guid isPermaLink="TRUE">{LINK}</guid>'), date=None),
    Kind("name that looks like an address", rss(f'{_TITLE}<guid isPermaLink="false">https://wire.example/g</guid>'), link=None, date=None),
    Kind("name without an address", rss(f"{_TITLE}<guid>abc-1</guid>"), link=None, date=None),
    Kind("enclosure with its address as text", atom(f'{_TITLE}{_PAGE}<link rel="enclosure" type="image/jpeg">https://img.example/1.jpg</link>'), date=None),
    Kind("enclosure of Atom alone", atom(f'{_TITLE}<id>urn:1</id><link rel="enclosure" href="{LINK}"/>'), date=None),
    Kind("id of Atom before its enclosure", atom(f'{_TITLE}<id>{LINK}</id><link rel="enclosure" href="https://img.example/1.mp3"/>'), date=None),
    Kind("relations of Atom", atom(f'{_TITLE}<link rel="self" href="https://no.example/1"/><link rel="replies" href="https://no.example/2"/><link rel="edit" href="https://no.example/3"/><link rel="alternate" href="{LINK}"/>'), date=None),
    Kind("a page before other types", atom(f'{_TITLE}<link type="application/json" href="https://no.example/"/><link type="text/html" href="{LINK}"/>'), date=None),
    Kind("no page but another type", atom(f'{_TITLE}<link type="application/pdf" href="{LINK}"/>'), date=None),
    Kind("a relation as an address", atom(f'{_TITLE}<link rel="http://www.iana.org/assignments/relation/alternate" href="{LINK}"/>'), date=None),
    Kind("a related page alone", atom(f'{_TITLE}<link rel="self" href="https://no.example/"/><link rel="related" href="{LINK}"/>'), date=None),
    Kind("link as text in Atom", atom(f"{_TITLE}<link>{LINK}</link>"), date=None),
    Kind("link as attribute in RSS", rss(f'{_TITLE}<link href="{LINK}"/>'), date=None),
    Kind("empty link and permalink", rss(f"{_TITLE}<link/><guid>{LINK}</guid>"), date=None),
    Kind("link that is none before a permalink", rss(f"{_TITLE}<link>javascript:x</link><guid>{LINK}</guid>"), date=None),
    Kind("space in a link", rss(f"{_TITLE}<link>https://wire.example/a b?c=d e</link>"), link="https://wire.example/a%20b?c=d%20e", date=None),
    Kind("letters in a link", rss(f"{_TITLE}<link>https://wire.example/größe?q=ü</link>"), link="https://wire.example/gr%C3%B6%C3%9Fe?q=%C3%BC", date=None),
    Kind("quotes in a link", rss(f'{_TITLE}<link>https://wire.example/"a"</link>'), link="https://wire.example/%22a%22", date=None),
    Kind("escapes stay in a link", rss(f"{_TITLE}<link>https://wire.example/a%20b%2Fc</link>"), link="https://wire.example/a%20b%2Fc", date=None),
    Kind("line breaks around and in a link", rss(f"{_TITLE}<link>\n  https://wire.example/\n  1\n</link>"), date=None),
    Kind("link in CDATA", rss(f"{_TITLE}<link><![CDATA[https://wire.example/1?a=1&b=2]]></link>"), link="https://wire.example/1?a=1&b=2", date=None),
    Kind("ampersands of a link, escaped twice", rss(f"{_TITLE}<link>https://wire.example/1?a=1&amp;amp;b=2</link>"), link="https://wire.example/1?a=1&b=2", date=None),
    Kind("link without a scheme", rss(f"{_TITLE}<link>//wire.example/1</link>"), date=None),
    Kind("link that lost its scheme", rss(f"{_TITLE}<link>www.wire.example/1</link>"), link="http://www.wire.example/1", date=None),
    Kind("link relative to the site", rss(f"{_TITLE}<link>1</link>", channel="<link>https://wire.example/</link>"), date=None),
    Kind("link relative to the feed", rss(f"{_TITLE}<link>../1</link>"), link="https://feed.example/1", date=None),
    Kind("link relative to the base of the feed", atom(f'{_TITLE}<link href="1"/>', ' xml:base="https://wire.example/"'), date=None),
    Kind("link relative to bases within bases", atom(f'{_TITLE}<link xml:base="c/" href="../../1"/>', ' xml:base="https://wire.example/a/"').replace("<entry>", '<entry xml:base="b/">'), link="https://wire.example/a/1", date=None),
    Kind("link relative to a site whose feed is elsewhere", atom(f'{_TITLE}<link href="1"/>', feed='<link href="https://wire.example/"/>'), date=None),
    Kind("link of Atom relative to the feed", atom(f'{_TITLE}<link href="1"/>', feed='<link href="https://feed.example/site/"/>'), link="https://feed.example/1", date=None),
    Kind("permalink relative to the site", rss(f"{_TITLE}<guid>/1</guid>", channel="<link>https://wire.example/</link>"), date=None),
    Kind("base of an item of RSS", rss(f"{_TITLE}<link>1</link>").replace("<item>", '<item xml:base="https://wire.example/">'), date=None),
    Kind("base beats the site", rss(f"{_TITLE}<link>/1</link>", channel="<link>https://no.example/</link>").replace("<item>", '<item xml:base="https://wire.example/">'), date=None),
    Kind("address behind a counter", rss(f"{_TITLE}<link>https://counter.example/~r/1</link><feedburner:origLink>{LINK}</feedburner:origLink>", '<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">'), date=None),
    Kind("canonical address", atom(f'{_TITLE}<link href="https://counter.example/1"/><link rel="canonical" href="{LINK}"/>'), date=None),
    Kind("player of media alone", rss(f'{_TITLE}<media:group><media:player url="{LINK}"/></media:group>', f'<rss version="2.0" {MEDIA}>'), date=None),
]  # fmt: skip

_XHTML = '<div xmlns="http://www.w3.org/1999/xhtml">'
TITLES = [
    Kind("plain by default in Atom", atom_title("<title>The &lt;blink&gt; tag &amp; more</title>"), "The <blink> tag & more"),
    Kind("plain in Atom", atom_title('<title type="text">if a &lt; b &gt; c</title>'), "if a < b > c"),
    Kind("markup in Atom", atom_title('<title type="html">Rates &lt;b&gt;are&lt;/b&gt; cut</title>')),
    Kind("markup in Atom in CDATA", atom_title('<title type="html"><![CDATA[Rates <b>are</b> cut]]></title>')),
    Kind("reference in markup in Atom", atom_title('<title type="html">P&amp;amp;L &amp;#8211; up</title>'), "P&L – up"),
    Kind("escaped tag in markup in Atom", atom_title('<title type="html">The &amp;lt;blink&amp;gt; tag</title>'), "The <blink> tag"),
    Kind("XHTML in Atom", atom_title(f'<title type="xhtml">{_XHTML}Rates <b>are</b> cut</div></title>')),
    Kind("XHTML with a prefix", atom_title('<title type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml">Rates <x:em>are</x:em> cut</x:div></title>')),
    Kind("XHTML with a script", atom_title(f'<title type="xhtml">{_XHTML}Rates <script>x()</script>are cut</div></title>')),
    Kind("XHTML with signs", atom_title(f'<title type="xhtml">{_XHTML}1 &lt; 2 &amp; 3</div></title>'), "1 < 2 & 3"),
    Kind("Atom 0.3 in escaped mode", atom_03(f'<title type="text/html" mode="escaped">Rates &lt;b&gt;are&lt;/b&gt; cut</title>{_PAGE}<issued>2026-08-17T08:30:00Z</issued>')),
    Kind("Atom 0.3 in XML mode", atom_03(f'<title type="application/xhtml+xml" mode="xml">{_XHTML}Rates <b>are</b> cut</div></title>{_PAGE}<issued>2026-08-17T08:30:00Z</issued>')),
    Kind("Atom 0.3 in base64", atom_03(f'<title type="text/html" mode="base64">UmF0ZXMgPGI+YXJlPC9iPiBjdXQ=</title>{_PAGE}<issued>2026-08-17T08:30:00Z</issued>')),
    Kind("Atom 0.3 in base64 of another type", atom_03(f'<title type="application/octet-stream" mode="base64">\nUmF0ZXMgYXJl\nIGN1dA==\n</title>{_PAGE}<issued>2026-08-17T08:30:00Z</issued>')),
    Kind("CDATA that was escaped, in markup", atom_title('<title type="html">&lt;![CDATA[Rates are cut]]&gt;</title>')),
    Kind("CDATA that was escaped, plain", atom_title("<title>&lt;![CDATA[Rates are cut]]&gt;</title>")),
    Kind("CDATA between line breaks", atom_title("<title>\n  <![CDATA[Rates are cut]]>\n</title>")),
    Kind("CDATA that was escaped in RSS", rss_2("<title>&lt;![CDATA[Rates &amp; banks]]&gt;</title>"), "Rates & banks"),
    Kind("CDATA in two parts", rss_2("<title><![CDATA[Rates ]]>are <![CDATA[cut]]></title>")),
    Kind("markup in RSS", rss_2("<title>&lt;b&gt;Rates&lt;/b&gt; are cut</title>")),
    Kind("markup in RSS in CDATA", rss_2('<title><![CDATA[<a href="https://x.example/?a=1&b=2">Rates</a> are cut]]></title>')),
    Kind("markup in RSS that is not escaped", rss_2("<title>Rates <i>are</i> cut</title>")),
    Kind("markup in RSS that is escaped twice", rss_2("<title>&amp;lt;b&amp;gt;Rates&amp;lt;/b&amp;gt; are cut</title>")),
    Kind("a picture in a title of RSS", rss_2('<title><![CDATA[<img src="x" onerror="y()"/>Rates are cut]]></title>')),
    Kind("a line break in a title of RSS", rss_2("<title>Rates&lt;br/&gt;are cut</title>")),
    Kind("a script in a title of RSS", rss_2("<title>Rates &lt;script&gt;alert(1)&lt;/script&gt;are cut</title>")),
    Kind("a comment in a title of RSS", rss_2("<title>Rates &lt;!-- x --&gt;are cut</title>")),
    Kind("formatting without its end", rss_2("<title>&lt;b&gt;Rates are cut</title>")),
    Kind("formatting without its start", rss_2("<title>Rates are cut&lt;/b&gt;</title>")),
    Kind("a tag that was cut off", rss_2('<title>Rates are cut &lt;a href="https://x.exam</title>')),
    Kind("a name of a tag as a word", rss_2("<title>Use of &lt;script&gt; in pages rises</title>"), "Use of <script> in pages rises"),
    Kind("names of tags as words", rss_2("<title>From &lt;table&gt; and &lt;b&gt; to &lt;div&gt;, a history</title>"), "From <table> and <b> to <div>, a history"),
    Kind("two names of tags as words", rss_2("<title>Between &lt;script&gt; and &lt;/script&gt; in pages</title>"), "Between <script> and </script> in pages"),
    Kind("a name of a tag as a word, in CDATA", rss_2("<title><![CDATA[Use of <script> in pages rises]]></title>"), "Use of <script> in pages rises"),
    Kind("a name of a tag as a word, in markup", atom_title('<title type="html">Use of &lt;script&gt; in pages rises</title>'), "Use of <script> in pages rises"),
    Kind("a code of a share", rss_2("<title>Apple &lt;AAPL.O&gt; rises &lt;NYSE:X&gt;</title>"), "Apple <AAPL.O> rises <NYSE:X>"),
    Kind("a code of a share, in markup", atom_title('<title type="html">Apple &lt;AAPL.O&gt; rises</title>'), "Apple <AAPL.O> rises"),
    Kind("an end of nothing", rss_2("<title>&lt;/kubernetes&gt;</title>"), "</kubernetes>"),
    Kind("a heart", rss_2("<title>Why we &lt;3 bonds</title>"), "Why we <3 bonds"),
    Kind("a generic type", rss_2("<title>List&lt;String&gt; considered</title>"), "List<String> considered"),
    Kind("a comparison", rss_2("<title>P/E &lt;10 and a &lt;b and c&gt;d</title>"), "P/E <10 and a <b and c>d"),
    Kind("an arrow", rss_2("<title>&lt;- back, forth -&gt; and &lt;=&gt;</title>"), "<- back, forth -> and <=>"),
    Kind("plain in JSON Feed", '{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"</kubernetes> <b>bold</b>","url":"https://wire.example/1"}]}', "</kubernetes> <b>bold</b>", date=None),
    Kind("bare ampersands", rss_2("<title>S&P 500, AT&T and R&D; up</title>"), "S&P 500, AT&T and R&D; up"),
    Kind("references of HTML", rss_2("<title>Caf&eacute;&nbsp;&ldquo;open&rdquo; &#151; now</title>"), "Café “open” — now"),
    Kind("UTF-8 that was read as Latin-1", rss_2("<title>CafÃ© â€œopenâ€\x9d</title>"), "Café “open”"),
    Kind("white space", rss_2("<title>\n\tRates\n   are\u00a0cut </title>")),
]  # fmt: skip

_WRITTEN = rss(_TITLE + _LINK + _PUBDATE)
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
FAULTS = [
    Kind("white space before the declaration", f"\n\n  {_DECLARATION}{_WRITTEN}"),
    Kind("a comment before the declaration", f"<!-- made by hand -->\n{_DECLARATION}{_WRITTEN}"),
    Kind("a warning before the declaration", f"Warning: mysql_connect() in /var/www\n{_DECLARATION}{_WRITTEN}"),
    Kind("a warning before the feed", f"<br />\n<b>Notice</b>: Undefined variable\n{_WRITTEN}"),
    Kind("two declarations", f"{_DECLARATION}{_DECLARATION}{_WRITTEN}"),
    Kind("a style sheet", f'{_DECLARATION}<?xml-stylesheet href="x.xsl"?>{_WRITTEN}'),
    Kind("words after the feed", f"{_WRITTEN}<script>track()</script><br>"),
    Kind("a comment after the feed", f"{_WRITTEN}<!-- 0.1 s -->"),
    Kind("a document type of its own", f"<!DOCTYPE rss [<!ELEMENT rss ANY>]>{_WRITTEN}"),
    Kind("control characters", rss(f"<title>Rates\x0b \x07are cut</title>{_LINK}{_PUBDATE}")),
    Kind("prefixes that are not declared", rss(f"{_TITLE}<media:title>No</media:title><dc:creator>x</dc:creator>{_LINK}<dc:date>2026-08-17T08:30:00Z</dc:date>")),
    Kind("a namespace with a brace", rss(_TITLE + _LINK + _PUBDATE, '<rss xmlns:x="}http://x.example/">')),
    Kind("an item in a comment, and a fault", rss(f"{_TITLE}{_LINK}{_PUBDATE}<x></y>", channel="<!-- <item><title>Old</title></item> -->")),
    Kind("a picture with a title in a broken item", rss(f"<image><title>Picture</title></image>{_TITLE}{_LINK}{_PUBDATE}<x></y>")),
    Kind("an unclosed tag in a title", f"<rss><channel><item><title>Rates & <b>banks</title>{_LINK}{_PUBDATE}</item></channel></rss>", "Rates & banks"),
    Kind("an attribute without quotes", rss(f"{_TITLE}{_LINK}{_PUBDATE}<enclosure url=x/>")),
    Kind("crossed tags", rss(f"{_TITLE}{_LINK}{_PUBDATE}<description><b></description></b>")),
    Kind("an end that is missing", f"<rss><channel><item>{_TITLE}{_LINK}{_PUBDATE}"),
    Kind("a title in a broken item of Atom", atom(f'<title type="html">Rates &lt;b&gt;are&lt;/b&gt; cut</title><link rel="enclosure" href="https://no.example/"/>{_PAGE}{_UPDATED}<x></y>')),
    Kind("a broken item with all", rss(f"{_TITLE}<guid>{LINK}</guid><enclosure url='https://no.example/1.mp3'/><dc:date>2026-08-17T08:30:00Z</dc:date><x></y>")),
    Kind("Windows-1252 that is declared as Latin-1", b'<?xml version="1.0" encoding="iso-8859-1"?>' + rss("<title>“Größe”</title>").encode("cp1252"), "“Größe”", None, None),
    Kind("Latin-1 that is declared as UTF-8", (_DECLARATION + rss("<title>Größe</title>")).encode("latin-1"), "Größe", None, None),
    Kind("KOI8-R", b'<?xml version="1.0" encoding="koi8-r"?>' + rss("<title>Ставка снижена</title>").encode("koi8-r"), "Ставка снижена", None, None),
    Kind("Shift JIS", b'<?xml version="1.0" encoding="Shift_JIS"?>' + rss("<title>金利引き下げ</title>").encode("shift_jis"), "金利引き下げ", None, None),
    Kind("GBK", b'<?xml version="1.0" encoding="gb2312"?>' + rss("<title>降息</title>").encode("gbk"), "降息", None, None),
    Kind("UTF-16", _WRITTEN.encode("utf-16")),
    Kind("UTF-8 with its mark", _WRITTEN.encode("utf-8-sig")),
]  # fmt: skip

KINDS = [*FORMATS, *OWN_ELEMENTS, *LINKS, *TITLES, *FAULTS]
