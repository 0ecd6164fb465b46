"""The page templates: escaped always, and a name that is not given is an error."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse

from groundswell.schemas import addresses
from groundswell.schemas.addresses import Site
from groundswell.web import formats
from groundswell.web.assets import HERE, STATIC
from groundswell.wording.dates import write_day
from groundswell.wording.plurals import write_count
from groundswell.wording.quality import write_size

READ = ["GET", "HEAD"]  # the methods of every page and file


@cache
def environment() -> jinja2.Environment:
    """The one set of templates, with the formats as filters."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for write in (
        formats.instant,
        formats.figure,
        formats.bare,
        formats.per,
        formats.mark,
        formats.pace,
        formats.slugged,
        formats.sentence,
        formats.tied,
    ):
        env.filters[write.__name__] = write
    env.filters["day"] = write_day
    env.globals.update(interval=formats.interval, count=write_count, size=write_size)
    env.globals.update({name: path for name, path in vars(addresses).items() if name.startswith("path_of_")})
    env.filters["gauge"] = formats.gauge_figure
    env.tests["web_address"] = formats.is_web_address
    env.globals["style_version"] = hashlib.sha256((STATIC / "groundswell.css").read_bytes()).hexdigest()[:10]
    return env


def render(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Fill a template. Every page knows its canonical address."""
    site: Site = request.app.state.site
    body = environment().get_template(template).render(site=site, canonical=site.url(request.url.path), **context)
    return HTMLResponse(body, status)
