"""A compound's page as one HTML file that needs nothing else: no script, no font, no address is loaded."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from untoward.model.profile import Profile
from untoward.report.anchors import anchors, web_address
from untoward.report.compound_page.courses import axis, drawn_band
from untoward.report.self_contained import page_environment, page_stylesheet, render_page, together
from untoward.report.words import NOT_A_DIAGNOSIS

_HERE = "untoward.report.compound_page"
LANGUAGES = {"en": "English", "es": "Spanish", "pt": "Portuguese", "fr": "French"}


def render_compound_html(page: Profile) -> str:
    """The whole page as a self-contained page in English (see `self_contained`)."""
    sources = anchors("source", (source.key for source in page.sources))
    return render_page(
        _environment(),
        "compound.html.j2",
        page_stylesheet(_HERE, "compound.css"),
        page=page,
        languages=LANGUAGES,
        disclaimer=NOT_A_DIAGNOSIS,
        sources=sources,
        source_of={key: sources[source.key] for source in page.sources for key, _place in source.records},
        band=drawn_band,
        axis=axis(),
    )


def interval_together(text: str) -> Markup:
    """The text, escaped; a line may break before an interval in brackets and not inside it."""
    first, bracket, rest = text.partition(" (")
    if not bracket or not rest.endswith(")"):
        return together(text)
    return Markup('{} <span class="together">({}</span>').format(first, rest)


@cache
def _environment() -> Environment:
    environment = page_environment(_HERE)
    environment.filters["interval_together"] = interval_together
    environment.filters["web_address"] = web_address
    return environment
