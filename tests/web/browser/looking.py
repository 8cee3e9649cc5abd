"""What is looked for on a page: axe-core's findings and our own rules, each fault as one line of text."""

from functools import cache
from importlib import resources
from pathlib import Path

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
"""What changes with the colours alone."""
LAYOUT = {
    "type": "rule",
    "values": ["color-contrast", "scrollable-region-focusable", "aria-hidden-focus"],
}
"""What changes with the width of the page; the size of targets is among our own rules."""
_RUN = """async (only) => {
    const found = await axe.run(document, {runOnly: only, resultTypes: ["violations"]});
    return found.violations.map(one => [one.id, one.help, one.nodes.map(node => node.html.slice(0, 160))]);
}"""


@cache
def _axe():
    return (resources.files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")


@cache
def _rules():
    return (Path(__file__).with_name("page_rules.js")).read_text(encoding="utf-8")


def axe_faults(page, only=RULES):
    """What axe-core finds. It is put in by the browser's own debugger, so that the page's policy stays as strict as it is."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_axe())
    return [f"{rule}: {said}: {len(nodes)}x, {nodes[:3]}" for rule, said, nodes in page.evaluate(_RUN, only)]


def rule_faults(page):
    """What our own rules find: one heading, no sideways scroll, targets large enough, focus that shows."""
    return page.evaluate(_rules())


def in_dark(page):
    """Contrast in dark colours; the page is light again afterwards."""
    page.emulate_media(color_scheme="dark")
    found = axe_faults(page, CONTRAST)
    page.emulate_media(color_scheme="light")
    return [f"dark: {one}" for one in found]


def looked_at(page, only=RULES):
    """Everything that is wrong with a page as it stands, in light and dark."""
    return [*axe_faults(page, only), *rule_faults(page), *in_dark(page)]
