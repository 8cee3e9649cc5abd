"""The layered graph as SVG, once wide and once for a phone; colours are the light tokens, which the page maps."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from markupsafe import Markup

from untoward.report.charts import Chart
from untoward.report.investigation.graph import Graph, Join, folded_graph
from untoward.report.investigation.graph_layout import Layout, Placed, Sheet, lay_out
from untoward.report.look import colour
from untoward.report.numbers import counted, sentence_case
from untoward.watch.workbench.trace import ILL, Trace

WIDE = Sheet(width=1000, box=(154, 40), gap=10, between=48, head=22, font=12)
NARROW = Sheet(width=300, box=(96, 50), gap=6, between=22, head=18, font=10, upright=True)
MOST_WIDE, MOST_NARROW = 14, 3
_PAD = 6
_LETTER = 0.56
"""Width of an ordinary letter as a share of the font's size."""

_UNDRAWABLE = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufffe\\uffff]"
)
_HEADS = {
    "supplier": "Suppliers",
    "product": "Products",
    "lot": "Lots",
    "vial": "Vials",
    "sessions": "Sessions",
    "case": "Ill",
}


def trace_chart(found: Trace) -> Chart | None:
    """The graph of a trace; None when it is empty."""
    if found.rows.is_empty():
        return None
    axis, values = found.start
    cases = found.persons(ILL)
    description = (
        f"Graph from {axis} {', '.join(values[:3])} through {counted(found.sessions, 'session')} "
        f"to {counted(cases, 'ill person')}; the tables below have the same."
    )
    return Chart(
        wide=_drawn(folded_graph(found, MOST_WIDE), WIDE),
        narrow=_drawn(folded_graph(found, MOST_NARROW), NARROW),
        description=description,
    )


def _drawn(graph: Graph, sheet: Sheet) -> Markup:
    layout = lay_out(graph, sheet)
    size = {"width": _px(layout.width), "height": _px(layout.height)}
    root = ET.Element("svg", {**size, "viewBox": f"-2 -2 {_px(layout.width + 4)} {_px(layout.height + 4)}"})
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    for join in sorted(graph.joins, key=lambda one: one.cases):
        root.append(_line(join, layout, sheet, _heaviest(graph)))
    for head, x, y in layout.heads:
        root.append(_words(_HEADS[head], x, y - 7, sheet.font, "muted"))
    for placed in layout.placed.values():
        root.append(_box(placed, sheet))
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 - built and escaped here


def _heaviest(graph: Graph) -> int:
    return max((join.sessions for join in graph.joins), default=1)


def _line(join: Join, layout: Layout, sheet: Sheet, heaviest: int) -> ET.Element:
    one, other = layout.placed[join.source], layout.placed[join.target]
    wide, high = sheet.box
    if sheet.upright:
        x1, y1, x2, y2 = one.x + wide / 2, one.y + high, other.x + wide / 2, other.y
        middle = (y1 + y2) / 2
        path = f"M{_px(x1)},{_px(y1)}C{_px(x1)},{_px(middle)} {_px(x2)},{_px(middle)} {_px(x2)},{_px(y2)}"
    else:
        x1, y1, x2, y2 = one.x + wide, one.y + high / 2, other.x, other.y + high / 2
        middle = (x1 + x2) / 2
        path = f"M{_px(x1)},{_px(y1)}C{_px(middle)},{_px(y1)} {_px(middle)},{_px(y2)} {_px(x2)},{_px(y2)}"
    width = 1.0 + 4.0 * (join.sessions / heaviest) ** 0.5
    look = {"stroke": colour("accent" if join.cases else "line"), "stroke-width": _px(width)}
    return ET.Element("path", {"d": path, "fill": "none", **look})


def _box(placed: Placed, sheet: Sheet) -> ET.Element:
    box, (wide, high) = placed.box, sheet.box
    group = ET.Element("g")
    stroke = "accent" if box.start else "beyond" if box.cases else "mark"
    ET.SubElement(
        group, "rect",
        {
            "x": _px(placed.x), "y": _px(placed.y), "width": _px(wide), "height": _px(high), "rx": "4",
            "fill": colour("surface"), "stroke": colour(stroke), "stroke-width": "2.5" if box.start else "1.5",
        },
    )  # fmt: skip
    group.append(
        _words(
            _cut(box.title, wide, sheet.font), placed.x + _PAD, placed.y + 17, sheet.font, "ink", bold=True
        )
    )
    notes = box.note.split(", ") if sheet.upright else [box.note]
    for place, note in enumerate(notes):
        y = placed.y + 32 + place * (sheet.font + 3)
        group.append(_words(_cut(note, wide, sheet.font - 1), placed.x + _PAD, y, sheet.font - 1, "muted"))
    return group


def _words(text: str, x: float, y: float, font: int, ink: str, *, bold: bool = False) -> ET.Element:
    look = {"x": _px(x), "y": _px(y), "font-size": f"{font}px", "fill": colour(ink)}
    element = ET.Element("text", {**look, **({"font-weight": "600"} if bold else {})})
    element.text = _UNDRAWABLE.sub("\ufffd", sentence_case(text))
    return element


def _cut(text: str, width: int, font: int) -> str:
    """What fits into the box. The list beside the drawing has it whole."""
    most = int((width - 2 * _PAD) / (_LETTER * font))
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
