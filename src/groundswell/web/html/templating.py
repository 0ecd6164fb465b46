"""The page templates: output is always escaped, and an undefined name is an error."""

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
from groundswell.web.assets import STATIC, TEMPLATES
from groundswell.wording.dates import write_day
from groundswell.wording.figures import use_minus_sign, write_signed
from groundswell.wording.plurals import choose_verb, write_count
from groundswell.wording.quality import write_size
from groundswell.wording.verdicts import write_all_votes, write_state, write_verdict, write_votes

READ_METHODS = ["GET", "HEAD"]  # the methods of all pages and files


@cache
def get_environment() -> jinja2.Environment:
    """Return the template environment, with formats as filters and paths as functions."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "day": write_day,
        "instant": formats.write_instant,
        "figure": formats.write_figure,
        "size": formats.write_size,
        "signed": write_signed,
        "minus_sign": use_minus_sign,
        "gauge": formats.write_gauge_figure,
        "without_denominator": formats.drop_denominator,
        "denominator": formats.write_denominator,
        "momentum": formats.write_momentum,
        "state": write_state,
        "verdict_words": write_verdict,
        "votes": write_votes,
        "all_votes": write_all_votes,
        "symbol": formats.get_verdict_symbol,
        "css_class": formats.write_css_class,
        "sentence": formats.write_sentence,
        "sentence_start": formats.capitalise,
        "unbroken": formats.join_percent_signs,
    }
    env.globals.update(interval=formats.write_bounds, count=write_count, verb=choose_verb, size=write_size)
    env.globals.update({name: path for name, path in vars(addresses).items() if name.startswith("path_of_")})
    env.tests["web_address"] = formats.is_web_address
    env.globals["style_version"] = hashlib.sha256((STATIC / "groundswell.css").read_bytes()).hexdigest()[:10]
    return env


def render(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Render a template. Every page gets its canonical address."""
    site: Site = request.app.state.site
    canonical = site.url(request.scope["path"])
    body = get_environment().get_template(template).render(site=site, canonical=canonical, **context)
    return HTMLResponse(body, status)
