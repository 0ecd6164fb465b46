"""Attacks in the content of items: live markup, links, identities, dates, and text that escapes from its context."""

from __future__ import annotations

from groundswell.testing.hostile.case import GOOD, Case, build_feed_case

_LIVE_MARKUP = (
    "<script",
    "<svg",
    "<math",
    "<style",
    "<img",
    "<meta",
    "<iframe",
    "<base",
    "<form",
    "onerror",
    "srcset",
    "javascript:",
)
_TO_ENTITIES = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"})


def _markup(name: str, markup: str) -> Case:
    twice = markup.translate(_TO_ENTITIES).translate(_TO_ENTITIES)
    forms = (f"<![CDATA[{markup}]]>", markup.translate(_TO_ENTITIES), twice)
    items = "".join(f"<item><title>x {form}</title><description>y {form}</description></item>" for form in forms)
    return build_feed_case(
        name, f"{name.replace('-', ' ')}, plain and escaped once or twice", items, absent=_LIVE_MARKUP
    )


def _link(name: str, link: str) -> Case:
    item = f"<item><title>{name}</title><link>{link.translate(_TO_ENTITIES)}</link><guid>{name}</guid></item>"
    return build_feed_case(name, f"an item that links to {link[:60]}", item, titles=(*GOOD, name), absent=(link,))


def _dated(name: str, *dates: str) -> Case:
    items = "".join(
        f"<item><title>{name} {place}</title><guid>{name}{place}</guid><pubDate>{date}</pubDate></item>"
        for place, date in enumerate(dates)
    )
    titles = tuple(f"{name} {place}" for place in range(len(dates)))
    return build_feed_case(name, f"items dated {', '.join(dates)[:80]}", items, titles=(*GOOD, *titles))


def _same_identity(name: str, sent: str, item: str) -> Case:
    items = "".join(item.format(n) for n in range(3))
    return build_feed_case(name, sent, items, titles=(*GOOD, *(f"{name} {n}" for n in range(3))))


CONTENT = (
    _markup("script", "<script>alert(1)</script>"),
    _markup("broken-script", "<scr<script>ipt>alert(1)</scr</script>ipt>"),
    _markup("image-with-handler", "<img src=x onerror=alert(1)>"),
    _markup("image-set", '<img srcset="http://169.254.169.254/ 1x" src=x>'),
    _markup("vector-graphic", "<svg><script>alert(1)</script><animate onbegin=alert(1) attributeName=x></svg>"),
    _markup(
        "formula-markup", "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>"
    ),
    _markup(
        "style", "<style>@import 'http://169.254.169.254/';</style><p style='background:url(javascript:alert(1))'>z"
    ),
    _markup("refresh", '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">'),
    _markup(
        "frame-and-form",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe><base href='//evil.example'><form action=x>",
    ),
    _markup("end-of-json-ld", '"}</script><script>alert(1)</script><script type="application/ld+json">{"a":"'),
    _markup("end-of-atom-element", "</title><link href='javascript:alert(1)'/><title><script>x</script>"),
    _link("javascript-link", "javascript:alert(document.domain)"),
    _link("data-link", "data:text/html,<script>alert(1)</script>"),
    _link("file-link", "file:///etc/hostname"),
    _link("link-with-control-character", "java\tscript:alert(1)"),
    _link("link-with-user", "https://good.example@evil.example/"),
    _link("link-with-backslash", "https://good.example\\@evil.example/"),
    _link("homograph-link", "https://www.\u0440\u0430ypal.example/"),  # the first two letters are Cyrillic
    _link("hidden-letters-link", "https://%D1%80%D0%B0ypal.example/"),
    _link("link-with-quote", 'https://evil.example/"onmouseover="alert(1)'),
    _same_identity("one-guid", "three items of one guid", "<item><title>one-guid {0}</title><guid>same</guid></item>"),
    _same_identity(
        "one-link",
        "three items of one link",
        "<item><title>one-link {0}</title><link>https://a.example/all</link><guid>{0}</guid></item>",
    ),
    _dated(
        "years-1-and-9999",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "Fri, 31 Dec 9999 23:59:59 -1200",
        "0001-01-01T00:00:00+14:00",
    ),
    _dated("no-dates", "soon", "", "99 Zzz 2026", "2026-02-30", "1" * 5_000),
    build_feed_case(
        "formula",
        "a headline that a spreadsheet would run",
        '<item><title>=HYPERLINK("http://evil.example")</title></item>',
        titles=(*GOOD, '=HYPERLINK("http://evil.example")'),
    ),
)
