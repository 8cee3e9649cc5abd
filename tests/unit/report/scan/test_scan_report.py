"""Words, document, map and page of a scan."""

import json
import re
from dataclasses import replace
from math import hypot, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.report.scan.example_scan import cluster, settings

from untoward.model.clusters import Place
from untoward.report.scan import plane
from untoward.report.scan.content import PlacePoint, ScanTotals
from untoward.report.scan.document import scan_document
from untoward.report.scan.map_chart import map_chart, shown_on_map
from untoward.report.scan.method import limit_lines, method_lines
from untoward.report.scan.page import render_scan_html
from untoward.report.scan.wording import (
    cautions,
    chance_text,
    figure,
    headline,
    long_time,
    p_text,
    reading_of,
    sentence,
    settings_pairs,
)

TOTALS = ScanTotals(cases=12, places=3, periods=6, population=None, controls=None, groups=1)


class TestWords:
    def test_a_clear_cluster(self):
        assert reading_of(cluster(), settings()) == (
            "10 cases at 2 places within 12.50 km of Alta from 2026-03-01 to 2026-03-31 where 2.50 were expected: "
            "4.80 times the risk elsewhere. Chance alone puts something as striking somewhere on a map like this 1 time in 250 "
            "(p 0.004)."
        )

    def test_one_that_chance_explains(self):
        said = reading_of(cluster(p=0.36), settings())
        assert "36 times in 100 (p 0.36)" in said
        assert said.endswith("That is no evidence of a cluster.")

    def test_the_smallest_p_there_can_be_is_a_bound(self):
        assert "1 time in 1,000 or less often" in chance_text(0.001, 999, "places")
        assert "or less often" not in chance_text(0.002, 999, "places")

    def test_one_place_a_bare_number_and_a_branch(self):
        at = cluster(where=(Place(axis="place", value="52"),))
        assert "10 cases at place 52 from" in reading_of(at, settings())
        branch = cluster(where=(Place(axis="node", value="N1"),), in_window=False)
        assert "10 cases in branch N1 where" in reading_of(branch, settings(kind="tree"))

    def test_no_case_elsewhere(self):
        assert "and all other places had none" in reading_of(cluster(relative_risk=None), settings())

    def test_how_often_a_repeated_scan_would_show_it_by_chance(self):
        said = reading_of(cluster(recurrence_days=3652.5), settings(time="prospective"))
        assert "Looked for once a month, chance alone would show one every 10.0 years." in said

    def test_the_headline_never_calls_chance_a_cluster(self):
        assert headline([cluster(p=0.3)], settings(), TOTALS).startswith("Nothing stands out beyond chance.")
        assert headline([cluster()], settings(), TOTALS).startswith("Most likely cluster: ")
        assert (
            headline([], settings(), TOTALS) == "No circle of places has more of the 12 cases than expected."
        )

    @pytest.mark.parametrize(
        ("value", "said"),
        [(None, "–"), (0.1234, "0.123"), (1.5, "1.50"), (106, "106.0"), (12345.6, "12,346")],
    )
    def test_figures(self, value, said):
        assert figure(value) == said

    @pytest.mark.parametrize(
        ("p", "said"), [(0.05, "0.05"), (0.001, "0.001"), (0.00012, "0.00012"), (1.0, "1.0")]
    )
    def test_p_is_never_rounded_to_nothing(self, p, said):
        assert p_text(p).rstrip("0").rstrip(".") == said.rstrip("0").rstrip(".")

    def test_a_note_that_begins_with_a_file_keeps_its_name(self):
        assert sentence("cases.csv: no header") == "cases.csv: no header."
        assert sentence("study period found") == "Study period found."

    def test_what_does_not_apply_is_not_among_the_settings(self):
        names = {
            name for name, _value in settings_pairs(settings(kind="tree", largest_share=None, longest=None))
        }
        assert names.isdisjoint({"Circles", "Windows", "Time", "Study period"})

    def test_clusters_with_the_same_caution_share_a_line(self):
        few, many = cluster(caution="Few."), cluster(caution="Steep.")
        assert cautions([few, cluster(), few, many]) == ("Gumbel p of 1, 3: Few.", "Gumbel p of 4: Steep.")

    @pytest.mark.parametrize(
        ("days", "said"), [(0.4, "1 day"), (20.4, "20 days"), (731, "2.0 years"), (365_250, "1,000 years")]
    )
    def test_lengths_of_time(self, days, said):
        assert long_time(days) == said

    def test_an_early_stop_is_told(self):
        pairs = dict(settings_pairs(settings(stopped_early=True, replicates=120)))
        assert pairs["Replicates"] == "stopped after 120 of 999"


class TestDocument:
    def test_the_fields_of_a_cluster_that_others_rely_on(self, content):
        first = scan_document(content)["clusters"][0]
        assert first["where"] == [{"axis": "place", "value": "Alta"}, {"axis": "place", "value": "Baja"}]
        assert (first["from"], first["to"]) == ("2026-03-01", "2026-03-31")
        assert (first["observed"], first["expected"], first["relative_risk"]) == (10, 2.5, 4.8)
        assert (first["llr"], first["p"], first["replicates"], first["outcome"]) == (7.25, 0.004, 999, "case")
        assert (first["cases"], first["explains_same_cases"]) == (["r1", "r2"], [])
        assert first["centre"] == {"place": "Alta", "x": -3.0, "y": 40.0}

    def test_what_is_infinite_is_null(self, content):
        endless = replace(content, clusters=(cluster(relative_risk=inf),))
        assert (
            json.loads(json.dumps(scan_document(endless), allow_nan=False))["clusters"][0]["relative_risk"]
            is None
        )


def point(name, x, y):
    return PlacePoint(name=name, x=x, y=y, cases=1, expected=1.0, people=1.0, cluster=None)


class TestPlane:
    def test_a_degree_of_latitude_is_111_km(self):
        flat = plane.plane_of([point("A", 0, 0), point("B", 0, 1)], [], great_circle=True)
        assert flat.at(0, 1)[1] == pytest.approx(111.195, abs=0.001)

    def test_a_map_over_the_date_line_is_in_one_piece(self):
        flat = plane.plane_of([point("A", 179.5, 0), point("B", -179.5, 0)], [], great_circle=True)
        assert flat.right - flat.left < 130

    def test_flat_coordinates_stay(self):
        flat = plane.plane_of([point("A", 4, 5), point("B", 6, 9)], [], great_circle=False)
        assert flat.at(4, 5) == (4, 5)

    @given(
        st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=9),
        st.floats(0, 500),
    )
    def test_all_places_and_circles_lie_within(self, places, radius):
        points = [point(str(at), x, y) for at, (x, y) in enumerate(places)]
        found = cluster(at=places[0], radius=radius)
        flat = plane.plane_of(points, [found], great_circle=True)
        spots = [flat.at(x, y) for x, y in places] + list(plane.outline(found, flat))
        assert all(flat.left <= x <= flat.right and flat.bottom <= y <= flat.top for x, y in spots)

    def test_the_circle_has_its_radius_everywhere(self):
        flat = plane.plane_of([point("A", -3, 40), point("B", -3.2, 40.3)], [], great_circle=True)
        x, y = flat.at(-3.0, 40.0)
        corners = list(plane.outline(cluster(), flat))
        assert all(hypot(a - x, b - y) == pytest.approx(12.5) for a, b in corners)


class TestMap:
    def test_clear_clusters_are_drawn_and_always_the_first(self, content):
        assert shown_on_map(content) == content.clusters[:1]
        assert shown_on_map(replace(content, clusters=content.clusters[1:])) == content.clusters[1:]

    def test_one_path_for_the_circle_and_a_dot_for_each_place(self, content):
        svg = str(map_chart(content, "said").wide)
        assert len(re.findall(r'fill="#0a5f8f"', svg)) == 2
        assert len(re.findall(r'fill="#8594a1"', svg)) == 1
        assert 'stroke="#9c3a10"' in svg

    def test_very_many_places_make_a_small_drawing(self, content):
        many = tuple(
            replace(content.points[0], name=str(at), x=at % 100 / 9, y=at // 100 / 9) for at in range(20_000)
        )
        drawn = map_chart(replace(content, points=many, clusters=()), "said")
        assert len(drawn.wide) < 3_000_000

    def test_a_single_place_has_no_map(self, content):
        assert map_chart(replace(content, points=content.points[:1]), "said") is None


class TestPage:
    def test_sections_tables_and_twins(self, content):
        page = render_scan_html(content)
        for said in (
            "What stands out",
            "Where",
            "When",
            "How it was done",
            "What it cannot tell",
            "7.250000",
            "r",
        ):
            assert said in page
        assert page.count("<svg") == 4  # the map and one chart over time, each wide and narrow
        assert page.count('class="twin"') == 2

    def test_a_tree_has_neither_map_nor_time(self, content):
        tree = replace(
            content,
            settings=settings(kind="tree", model="tree", time="none", unit=None),
            points=(),
            series=(),
            great_circle=None,
        )
        page = render_scan_html(tree)
        assert "<svg" not in page
        assert 'id="map"' not in page

    def test_a_caution_stands_below_the_table(self, content):
        warned = replace(content, clusters=(cluster(caution="Lean not on it."),), series=content.series[:1])
        assert "Gumbel p of 1: Lean not on it." in render_scan_html(warned)

    def test_method_and_limits_fit_the_scan(self, content):
        assert any("Poisson model" in line for line in method_lines(content))
        assert any("Nothing was adjusted for" in line for line in limit_lines(content))
        adjusted = replace(content, settings=settings(categories=("age",)))
        assert not any("Nothing was adjusted for" in line for line in limit_lines(adjusted))
        alone = replace(content, settings=settings(model="permutation", time="prospective"))
        assert any("PLoS Med 2005" in line for line in method_lines(alone))
        assert any("may not be complete yet" in line for line in limit_lines(alone))
