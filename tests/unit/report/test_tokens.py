"""Contrast by the WCAG 2 formula, in light and in dark, and dispositions that differ by more than their colour."""

from itertools import combinations

import pytest

from untoward.model.finding import Disposition
from untoward.report.tokens import COLOURS, DISPOSITIONS, chart_colour_rules, css_variables

MODES = ("light", "dark")
TEXT_ON = [
    (ink, ground) for ink in ("ink", "muted", "link") for ground in ("page", "surface", "sunk")
] + [("band-middle", "surface")]  # fmt: skip


def channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    red, green, blue = (channel(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lightness(colour: str) -> float:
    """CIE L*, 0 for black to 100 for white."""
    share = luminance(colour)
    return 116 * share ** (1 / 3) - 16 if share > 216 / 24389 else share * 24389 / 27


def test_the_formula_itself():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)  # by definition of WCAG 2
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the well-known near miss


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("ink", "ground"), [pair for pair in TEXT_ON if pair[0] != "band-middle"])
def test_text_reads_on_every_ground(mode, ink, ground):
    assert contrast(getattr(COLOURS[ink], mode), getattr(COLOURS[ground], mode)) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("disposition", Disposition)
def test_words_read_on_their_disposition(mode, disposition):
    look = DISPOSITIONS[disposition]
    assert contrast(getattr(look.fill, mode), getattr(look.ink, mode)) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("mark", ["mark", "accent", "bar", "band-middle", "now", "beyond"])
def test_marks_of_charts_stand_out(mode, mark):
    """WCAG 1.4.11 asks 3:1 of what a graphic needs; grey marks keep 3:1 on the panel they are drawn on."""
    assert contrast(getattr(COLOURS[mark], mode), getattr(COLOURS["surface"], mode)) >= 3.0


@pytest.mark.parametrize("mode", MODES)
def test_dispositions_differ_in_lightness(mode):
    """Without any hue, each of the six stays apart from the others by 7 of 100 steps or more."""
    shades = [lightness(getattr(look.fill, mode)) for look in DISPOSITIONS.values()]
    assert min(abs(one - other) for one, other in combinations(shades, 2)) >= 7


def test_on_paper_the_more_urgent_is_the_darker():
    shades = [lightness(DISPOSITIONS[disposition].fill.light) for disposition in Disposition]
    assert shades == sorted(shades)


def test_course_states_differ_in_lightness():
    for mode in MODES:
        shades = [lightness(getattr(COLOURS[name], mode)) for name in ("within", "late", "beyond", "no-data")]
        assert min(abs(one - other) for one, other in combinations(shades, 2)) >= 8


def test_each_disposition_has_a_shape_and_a_mark_of_its_own():
    assert set(DISPOSITIONS) == set(Disposition)
    assert len({look.icon for look in DISPOSITIONS.values()}) == 6
    assert len({look.mark for look in DISPOSITIONS.values()}) == 6


def test_chart_colours_can_be_told_apart_by_their_light_value():
    """The style sheet finds a chart's colours by their light value, so no two tokens may share one."""
    assert len({shade.light for shade in COLOURS.values()}) == len(COLOURS)
    assert f'[fill="{COLOURS["bar"].light}"] {{ fill: var(--bar); }}' in chart_colour_rules()


def test_print_stays_light():
    assert "@media screen and (prefers-color-scheme: dark)" in css_variables()
