"""Where things stand on the expected-course strip."""

from dataclasses import replace
from itertools import pairwise

import pytest

from untoward.model.finding import CourseStanding, CourseState
from untoward.report.strip import LEFT, RIGHT, WIDTH, standing_shown, strip_of


def with_day(line, day, **changes):
    known = replace(line.assessment.course[0], day=day, **changes)
    return replace(line, assessment=replace(line.assessment, course=(known,)))


def test_the_order_along_the_strip_is_the_order_in_time(review):
    strip = strip_of(review.urgent[3])
    assert LEFT <= strip.band_from < strip.middle < strip.band_to < strip.longest < strip.now <= RIGHT


def test_places_are_in_proportion(review):
    strip = strip_of(review.urgent[3])  # day 96 is the last of all, 48 days is half of it
    assert strip.band_to == pytest.approx(LEFT + (RIGHT - LEFT) / 2, abs=0.1)


def test_no_band_or_no_day_means_no_strip(review):
    assert strip_of(review.urgent[0]) is None
    assert strip_of(with_day(review.urgent[3], None)) is None


@pytest.mark.parametrize("day", [0.0, 0.1, 3, 14, 47, 48, 89, 90, 91, 400])
def test_labels_stay_inside_and_apart(review, day):
    strip = strip_of(with_day(review.urgent[3], day))
    assert all(0 <= label.x <= WIDTH for label in (*strip.labels, strip.now_label))
    places = sorted(label.x for label in strip.labels)
    assert all(after - before > 40 for before, after in pairwise(places))


def test_no_longest_no_tick(review):
    assert strip_of(with_day(review.urgent[3], 60, longest_days=None)).longest is None


def test_the_standing_that_gave_the_state_is_drawn(review):
    line = review.urgent[3]
    other = CourseStanding(
        term=line.term,
        compound="other",
        state=CourseState.WITHIN,
        day=96,
        band_days=(50, 100, 150),
        people=5000,
    )
    both = replace(line, assessment=replace(line.assessment, course=(other, *line.assessment.course)))
    assert standing_shown(both).compound == "deoxycholic-acid"
    assert standing_shown(replace(both, course=CourseState.WITHIN)).compound == "other"
