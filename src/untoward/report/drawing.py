"""From a Vega-Lite specification to a small SVG that is safe to put into a page.

The drawing keeps its text as text. Only the elements and attributes named here survive, so neither a script, a style nor
an address can ride along; numbers are shortened, since a tenth of a pixel is enough.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

import vl_convert
from markupsafe import Markup

_SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = frozenset({"svg", "g", "path", "line", "rect", "circle", "text", "tspan"})
_ATTRIBUTES = frozenset(
    "width height viewBox transform d x y x1 x2 y1 y2 r cx cy dx dy fill stroke stroke-width stroke-dasharray opacity"
    " fill-opacity stroke-opacity stroke-linecap stroke-linejoin text-anchor font-size font-weight".split()
)
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
_UNDRAWABLE = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufffe\\uffff\\U00010000-\\U0010ffff]"
)
_LONGEST_TEXT = 200
_INVISIBLE = {"opacity": "1", "stroke-width": "1"}


def draw(specification: dict[str, Any]) -> Markup:
    """The SVG of a Vega-Lite specification, without XML declaration, hidden from readers that cannot see it.

    The page around it gives the text alternative and the table twin.
    """
    drawn = vl_convert.vegalite_to_svg(_drawable(specification), allowed_base_urls=[])
    root = ET.fromstring(drawn)  # noqa: S314 - our own renderer wrote it, without a DTD
    _clean(root)
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 - serialised and escaped just above


def _drawable(value: Any) -> Any:  # noqa: ANN401 - any part of a specification
    """The specification with texts shortened and only characters that the renderer can measure and cut.

    It aborts the process on a control character, and fails where it cuts through one beyond the basic plane.
    The table twin of each chart has the text whole.
    """
    if isinstance(value, str):
        return _UNDRAWABLE.sub("\ufffd", value[:_LONGEST_TEXT])
    if isinstance(value, dict):
        return {name: _drawable(item) for name, item in value.items()}
    return [_drawable(item) for item in value] if isinstance(value, list) else value


def _clean(element: ET.Element) -> None:
    element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
    element.attrib = {
        name: _LONG_NUMBER.sub(_shortened, value)
        for name, value in element.attrib.items()
        if name in _ATTRIBUTES and _INVISIBLE.get(name) != value
    }
    for child in list(element):
        if _drawn(child):
            _clean(child)
        else:
            element.remove(child)
    for child in list(element):
        if child.tag == "g" and not len(child):
            element.remove(child)


def _drawn(element: ET.Element) -> bool:
    name = element.tag.removeprefix(f"{{{_SVG}}}")
    if name not in _ELEMENTS:
        return False
    if name == "text":
        return bool("".join(element.itertext()).strip())
    frame = element.get("class") in {"background", "foreground"} and element.get("stroke") is None
    return not (frame or element.get("display") == "none")


def _shortened(found: re.Match[str]) -> str:
    return f"{float(found.group()):.1f}".removesuffix(".0")
