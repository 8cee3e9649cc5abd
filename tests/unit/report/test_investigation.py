"""The page of an investigation and the trace-back graph: complete, escaped, folded, and without crossings that need not be."""

import re
from datetime import date
from itertools import combinations

import polars as pl
import pytest

from untoward.model.tables import Registry
from untoward.report.investigation import TraceContent, render_trace
from untoward.report.investigation.graph import Box, Graph, Join, folded_graph
from untoward.report.investigation.graph_layout import crossings, lay_out, ordered_layers
from untoward.report.investigation.graph_svg import NARROW, WIDE, trace_chart
from untoward.watch.workbench.trace import ILL, trace

NASTY = "<script>alert(1)</script>&\x00"


def registry(sessions, lots=("L1",), vials=40, clinic="North"):
    days = [date(2026, 1, 1 + number % 28) for number in range(sessions)]
    return Registry(
        sessions=pl.DataFrame(
            {
                "session_id": [f"S{number}" for number in range(sessions)],
                "patient_id": [f"P{number:03}" for number in range(sessions)],
                "date_from": pl.Series(days).cast(pl.Datetime("us")),
                "clinic": [clinic] * sessions,
                "practitioner": [f"N{number % 3}" for number in range(sessions)],
            }
        ),
        components=pl.DataFrame(
            {
                "session_id": [f"S{number}" for number in range(sessions)],
                "compound_key": ["lidocaine"] * sessions,
                "lot": [lots[number % len(lots)] for number in range(sessions)],
                "vial": [f"V{number % vials}" for number in range(sessions)],
                "product": ["Xylo"] * sessions,
            }
        ),
        reactions=pl.DataFrame(schema={"reaction_id": pl.String, "session_id": pl.String}),
        observations=pl.DataFrame(schema={"reaction_id": pl.String}),
    )


def traced(sessions=100, ill=30, **others):
    illness = pl.DataFrame(
        {
            "patient_id": [f"P{number:03}" for number in range(ill)],
            "state": [ILL] * ill,
            "onset": [None] * ill,
        },
        schema={"patient_id": pl.String, "state": pl.String, "onset": pl.Date},
    )
    return trace(registry(sessions, **others), "product", ["xylo"], illness)


class TestFolding:
    @pytest.mark.parametrize("most", [3, 5, 14])
    def test_no_layer_is_larger_and_nothing_is_lost(self, most):
        found = traced(lots=("L1", "L2", "L3", None))
        graph = folded_graph(found, most)
        for number, layer in enumerate(graph.layers):
            boxes = [box for box in graph.boxes if box.layer == number]
            assert len(boxes) <= most
            assert len({box.key for box in boxes}) == len(boxes)
            if layer in ("product", "lot", "vial", "sessions"):
                assert sum(box.sessions for box in boxes) == 100
            if layer in ("case", "sessions"):
                assert sum(box.cases for box in boxes) == 30

    def test_the_rest_says_how_many(self):
        titles = {box.title for box in folded_graph(traced(), 5).boxes}
        assert {"36 more vials", "26 more cases", "Without a case"} <= titles

    def test_sessions_without_a_case_are_one_box(self):
        graph = folded_graph(traced(ill=3), 14)
        groups = {box.title: box.sessions for box in graph.boxes if graph.layers[box.layer] == "sessions"}
        assert groups == {"North · N0": 1, "North · N1": 1, "North · N2": 1, "Without a case": 97}

    def test_what_nobody_recorded_is_a_box_of_its_own(self):
        titles = {box.title for box in folded_graph(traced(lots=("L1", None)), 14).boxes}
        assert "lot not recorded" in titles

    def test_a_layer_that_was_never_recorded_is_left_out(self):
        assert folded_graph(traced(), 14).layers == ("product", "lot", "vial", "sessions", "case")

    def test_without_a_case_there_is_no_layer_of_cases(self):
        assert "case" not in folded_graph(traced(ill=0), 14).layers


class TestLayout:
    @pytest.mark.parametrize("sheet", [WIDE, NARROW])
    @pytest.mark.parametrize("most", [1, 3, 14])
    def test_boxes_do_not_overlap_and_stay_inside(self, sheet, most):
        layout = lay_out(folded_graph(traced(lots=("A", "B", "C")), most), sheet)
        placed = list(layout.placed.values())
        wide, high = sheet.box
        for number, one in enumerate(placed):
            assert 0 <= one.x <= layout.width - wide + 0.01
            assert 0 <= one.y <= layout.height - high + 0.01
            for other in placed[number + 1 :]:
                assert abs(one.x - other.x) >= wide or abs(one.y - other.y) >= high

    def test_strands_that_need_not_cross_do_not(self):
        strands = [(0, "a", "q"), (0, "b", "p"), (1, "q", "x"), (1, "p", "y"), (1, "q", "z")]
        boxes = [(0, "a"), (0, "b"), (1, "p"), (1, "q"), (2, "x"), (2, "y"), (2, "z")]
        graph = Graph(
            layers=("lot", "vial", "case"),
            boxes=tuple(Box(layer=n, key=key, title=key, note="", sessions=1, cases=0) for n, key in boxes),
            joins=tuple(
                Join(source=(n, one), target=(n + 1, other), sessions=1, cases=0) for n, one, other in strands
            ),
        )
        as_given = [[box for box in graph.boxes if box.layer == number] for number in range(3)]
        assert crossings(as_given, graph.joins) == 2
        assert crossings(ordered_layers(graph), graph.joins) == 0

    def test_crossings_against_every_pair_of_lines(self):
        graph = folded_graph(traced(lots=("A", "B", "C")), 14)
        layers = ordered_layers(graph)
        place = {(box.layer, box.key): number for layer in layers for number, box in enumerate(layer)}
        lines = [(one.source[0], place[one.source], place[one.target]) for one in graph.joins]
        slow = sum(n == m and (a - c) * (b - d) < 0 for (n, a, b), (m, c, d) in combinations(lines, 2))
        assert crossings(layers, graph.joins) == slow


class TestPage:
    def page(self, **others):
        content = TraceContent(
            found=traced(**others),
            ill_by="by <b>hand</b>",
            case=None,
            as_of="2026-03-01",
            version="1",
            inputs={"a.csv": "0f"},
        )
        return render_trace(content)

    def test_holds_graph_lists_and_others(self):
        page = self.page(sessions=10, ill=2)
        assert page.count("<svg") == 2
        assert "10 sessions of 10 persons: 2 ill, 8 not known to be ill." in page
        assert page.count("not known to be ill</") >= 8

    def test_nothing_of_the_data_is_markup(self):
        page = self.page(clinic=NASTY, lots=(NASTY,))
        assert "<script" not in page
        assert "by &lt;b&gt;hand" in page
        assert not re.search(r"\b(?:src|href)=\"(?!#|data:,)", page)

    def test_an_empty_trace_has_no_graph(self):
        found = trace(
            registry(3),
            "product",
            ["nothing"],
            traced().exposed.select("patient_id", "state", "onset").clear(),
        )
        assert trace_chart(found) is None
