"""Charts: what is drawn, that it is safe to embed, and that nothing a reader needs is lost."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from untoward.model.counts import EpiCurveBin
from untoward.report.charts import course_chart, curve_chart, exposure_chart
from untoward.report.exposures import exposure_name
from untoward.report.tokens import COLOURS


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 - drawn by the code under test


def texts(svg):
    return [element.text for element in parsed(svg).iter("text")]


def exposures(screen):
    return exposure_chart(screen.results, [exposure_name(one) for one in screen.results], "words")


def test_rows_keep_their_order_and_counts(review):
    said = texts(exposures(review.outcomes[0]).wide)
    names = [exposure_name(one) for one in review.outcomes[0].results[:12]]
    drawn = [text for text in said if text in names]
    assert drawn == [name for name in names if len(name) < 36]  # longer names are cut with an ellipsis
    assert "9 of 11" in said


def test_only_what_is_clear_after_correction_is_coloured(review):
    accent = COLOURS["accent"].light
    assert accent in exposures(review.outcomes[0]).wide
    assert accent not in exposures(review.outcomes[2]).wide


def test_an_endless_ratio_is_an_arrow_and_said_in_words(review):
    chart = exposures(review.outcomes[1])
    assert review.outcomes[1].results[0].risk_ratio.value is None
    assert "no upper limit" in chart.note
    assert "3 of 402" in texts(chart.wide)


def test_nothing_to_draw_is_no_chart(review):
    endless = [one for one in review.outcomes[1].results if one.risk_ratio.value is None]
    assert exposure_chart(endless, ["only arrows"], "words") is None
    assert exposure_chart((), (), "words") is None
    assert curve_chart((), "words") is None
    assert course_chart((), "words") is None


def bars(svg):
    """Heights of the bars, from their paths: M x,y h w v height h -w Z."""
    ink = COLOURS["bar"].light
    shapes = [element.get("d") for element in parsed(svg).iter("path") if element.get("fill") == ink]
    return [float(re.search(r"v([\d.]+)", shape).group(1)) for shape in shapes]


def test_empty_bins_keep_their_place(review):
    curve = review.epi_curves[0]
    heights = bars(curve_chart(curve.bins, "words").wide)
    assert len(heights) == len(curve.bins)
    tallest = max(one.n for one in curve.bins)
    expected = [200 * one.n / tallest for one in curve.bins]
    assert heights == pytest.approx(expected, abs=1.5)


def test_one_bin_can_be_drawn():
    one = (EpiCurveBin(start="1940-04-18", end="1940-04-19", n=22),)
    assert bars(curve_chart(one, "words").wide) == [200]


def test_few_days_are_named_by_day_once_each():
    two = (
        EpiCurveBin(start="1940-04-18", end="1940-04-19", n=20),
        EpiCurveBin(start="1940-04-19", end="1940-04-20", n=26),
    )
    said = texts(curve_chart(two, "words").wide)
    assert said.count("18 Apr") == said.count("19 Apr") == 1


def test_all_four_standings_are_drawn_and_named(review):
    chart = course_chart(review.courses, "words")
    for name in ("within", "late", "beyond", "no-data"):
        assert COLOURS[name].light in chart.wide
    assert {"within", "late", "beyond", "no data", "171", "Swelling"} <= set(texts(chart.wide))


@pytest.mark.parametrize("wide", [True, False])
def test_a_drawing_brings_nothing_but_shapes_and_text(review, wide):
    hostile = replace(review.outcomes[0].results[0], value="<script>alert(1)</script>\x00\x1b&\"'")
    chart = exposure_chart([hostile], [exposure_name(hostile)], "words")
    svg = chart.wide if wide else chart.narrow
    assert "<script" not in svg
    tags = {element.tag.split("}")[-1] for element in parsed(svg).iter()}
    assert tags <= {"svg", "g", "path", "line", "rect", "text"}
    attributes = {name for element in parsed(svg).iter() for name in element.attrib}
    assert not attributes & {"style", "href", "class", "id", "onclick", "{http://www.w3.org/1999/xlink}href"}


def test_narrow_drawings_fit_a_phone(review):
    charts = (
        exposures(review.outcomes[0]),
        curve_chart(review.epi_curves[0].bins, ""),
        course_chart(review.courses, ""),
    )
    assert all(float(parsed(chart.narrow).get("width")) <= 345 for chart in charts)
