"""The tables of a compound's page as the site shows them: the same drawing as the page that stands alone."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from untoward.model.profile import CitedSource, Profile, Section
from untoward.report.anchors import anchors, web_address
from untoward.report.compound_page.courses import axis, drawn_band
from untoward.report.compound_page.page import interval_together
from untoward.report.self_contained import together

_TABLE = '{% import "parts.html.j2" as parts with context %}{{ parts.section_table(section) }}'


def section_tables(page: Profile) -> list[tuple[Section, Markup]]:
    """Each section with its table; an empty one for a section of which nothing is known. Every text is escaped."""
    sources = anchors("source", (source.key for source in page.sources))
    where = {key: sources[source.key] for source in page.sources for key, _place in source.records}
    return [
        (section, Markup(_template().render(section=section, source_of=where, band=drawn_band, axis=axis())))  # noqa: S704 - the template escapes
        if section.lines
        else (section, Markup())
        for section in page.sections
    ]


def source_anchors(page: Profile) -> list[tuple[CitedSource, str]]:
    """Each source of the page with its anchor, as the tables link to it."""
    sources = anchors("source", (source.key for source in page.sources))
    return [(source, sources[source.key]) for source in page.sources]


@cache
def compound_style() -> str:
    """The rules of a compound's page that are not in the shared sheet."""
    return (
        files("untoward.report.compound_page").joinpath("templates/compound.css").read_text(encoding="utf-8")
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("untoward.report.compound_page", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "together": together,
        "interval_together": interval_together,
        "web_address": web_address,
    }
    return environment.from_string(_TABLE)
