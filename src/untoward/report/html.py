"""The review as one HTML file that needs nothing else: no script, no font, no picture, no address is loaded."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from untoward.model.review import Review
from untoward.report.page import LINE_LIST, page_view
from untoward.report.tokens import DISPOSITIONS, chart_colour_rules, css_variables

_FIGURE = re.compile(
    r"\d[\d.,]* (?:%|h|min|days?|people|person)(?!\w)|\bday \d+|\b(?:mid-P|adjusted) (?:&lt; )?[\d.]+"
)


def render_html(review: Review) -> str:
    """The whole review as a self-contained page in English.

    Every text of the review is escaped. The content security policy in the page allows its own style sheet, by hash, and
    nothing else: no script runs and nothing is fetched, whatever the data holds.
    """
    css = stylesheet()
    return (
        _environment()
        .get_template("review.html.j2")
        .render(
            page=page_view(review),
            css=Markup(css),  # noqa: S704 - tokens and rules of this package, no data
            css_hash=b64encode(sha256(css.encode()).digest()).decode(),
            looks=DISPOSITIONS,
            line_list=LINE_LIST,
        )
    )


@cache
def stylesheet() -> str:
    """The style sheet: the tokens as variables, the rules of the page, and the colours of the charts."""
    rules = files("untoward.report").joinpath("templates/review.css").read_text(encoding="utf-8")
    return f"{css_variables()}{rules}{chart_colour_rules()}\n"


def together(text: str) -> Markup:
    """The text, escaped, with each number kept on one line with its unit."""
    return Markup(_FIGURE.sub(r'<span class="together">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped first


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("untoward.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["together"] = together
    return environment
