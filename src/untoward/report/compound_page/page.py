"""A compound's page as one HTML file that needs nothing else: no script, no font, no address is loaded."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from untoward.model.profile import Profile
from untoward.report.anchors import anchors, web_address
from untoward.report.compound_page.courses import axis, drawn_band
from untoward.report.html import stylesheet, together
from untoward.report.words import NOT_A_DIAGNOSIS

LANGUAGES = {"en": "English", "es": "Spanish", "pt": "Portuguese", "fr": "French"}


def render_compound_html(page: Profile) -> str:
    """The whole page in English.

    Every text is escaped. The content security policy allows the page's own style sheet, by hash, and nothing
    else: no script runs and nothing is fetched, whatever the evidence holds.
    """
    css = _stylesheet()
    sources = anchors("source", (source.key for source in page.sources))
    return (
        _environment()
        .get_template("compound.html.j2")
        .render(
            page=page,
            css=Markup(css),  # noqa: S704 - tokens and rules of this package, no data
            css_hash=b64encode(sha256(css.encode()).digest()).decode(),
            languages=LANGUAGES,
            disclaimer=NOT_A_DIAGNOSIS,
            sources=sources,
            source_of={key: sources[source.key] for source in page.sources for key, _place in source.records},
            band=drawn_band,
            axis=axis(),
        )
    )


def interval_together(text: str) -> Markup:
    """The text, escaped; a line may break before an interval in brackets and not inside it."""
    first, bracket, rest = text.partition(" (")
    if not bracket or not rest.endswith(")"):
        return together(text)
    return Markup('{} <span class="together">({}</span>').format(first, rest)


@cache
def _stylesheet() -> str:
    rules = (
        files("untoward.report.compound_page").joinpath("templates/compound.css").read_text(encoding="utf-8")
    )
    return f"{stylesheet()}{rules}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("untoward.report.compound_page", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["together"] = together
    environment.filters["interval_together"] = interval_together
    environment.filters["web_address"] = web_address
    return environment
