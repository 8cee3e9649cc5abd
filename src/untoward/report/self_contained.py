"""Pages as single HTML files that need nothing else: no script, no font, no picture, no address is loaded.

Every text is escaped. The content security policy of a page allows its own style sheet, by hash, and nothing else: no
script runs and nothing is fetched, whatever the data holds.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from untoward.report.tokens import chart_colour_rules, css_variables

SHARED = "untoward.report"

_FIGURE = re.compile(
    r"\d[\d.,]* (?:%|h|min|days?|people|person)(?!\w)|\bday \d+|\b(?:mid-P|adjusted) (?:&lt; )?[\d.]+"
)


def render_page(environment: Environment, template: str, css: str, **values: object) -> str:
    """A page of the templates of an environment with its style sheet, which the template names by hash in its policy."""
    return environment.get_template(template).render(
        **values,
        css=Markup(css),  # noqa: S704 - tokens and rules of this package, no data
        css_hash=b64encode(sha256(css.encode()).digest()).decode(),
    )


@cache
def page_environment(package: str) -> Environment:
    """Templates of a package, then those that all pages share; an unknown name in a template is an error."""
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(name, "templates") for name in dict.fromkeys((package, SHARED))]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["together"] = together
    return environment


@cache
def page_stylesheet(package: str, file: str) -> str:
    """The shared style sheet and the rules of one kind of page, a file of the package's templates."""
    return stylesheet() + files(package).joinpath("templates", file).read_text(encoding="utf-8")


@cache
def stylesheet() -> str:
    """The shared style sheet: the tokens as variables, the rules of all pages, and the colours of the charts."""
    rules = files(SHARED).joinpath("templates/review.css").read_text(encoding="utf-8")
    return f"{css_variables()}{rules}{chart_colour_rules()}\n"


def together(text: str) -> Markup:
    """The text, escaped, with each number kept on one line with its unit."""
    return Markup(_FIGURE.sub(r'<span class="together">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped first
