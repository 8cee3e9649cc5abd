"""Numbers, dates and deadlines as a reader meets them."""

from dataclasses import replace

import pytest

from untoward.model.counts import Estimate, Proportion
from untoward.model.finding import Disposition
from untoward.report.dates import lateness, length_of, since_session, spoken
from untoward.report.numbers import exposure_sentence, p_value, percent, proportion, ratio
from untoward.report.words import (
    DISPOSITION_WORDS,
    NOT_ASSESSED,
    NOT_COMPARED,
    course_summary,
    deadline_words,
    overdue_words,
    standing_sentence,
    urgent_summary,
)

AS_OF = "2026-11-20T18:00"


def test_a_proportion_carries_its_count_and_interval():
    # 17 of 77: scipy.stats.binomtest(17, 77).proportion_ci(method="exact") gives 0.13419 to 0.32979.
    share = Proportion(cases=17, n=77, value=17 / 77, low=0.134188942636, high=0.329785747120)
    assert proportion(share) == "22.1 % (17 of 77; 95 % 13.4 to 33.0)"


def test_a_proportion_without_a_denominator_is_never_a_hundred_per_cent():
    unknown = Proportion(cases=14, n=None, value=None, low=None, high=None)
    assert proportion(unknown) == "not published (14 cases; how many were at risk is not known)"
    nobody = Proportion(cases=0, n=0, value=None, low=None, high=None)
    assert proportion(nobody) == "no rate (0 of 0)"


def test_another_level_is_said():
    share = Proportion(cases=1, n=2, value=0.5, low=0.05, high=0.95, level=0.9)
    assert "90 % 5.0 to 95.0" in proportion(share)


@pytest.mark.parametrize(
    ("share", "said"), [(0, "0.0"), (1, "100.0"), (0.22078, "22.1"), (0.008, "0.80"), (0.00031, "0.031")]
)
def test_percent(share, said):
    assert percent(share) == said


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        (Estimate(value=5.574, low=1.94, high=16.03, method="Katz log"), "5.6 (95 % 1.9 to 16.0)"),
        (Estimate(value=None, low=5.8, high=None, method="exact", reason="infinite: no case"), "above any limit (95 % from 5.8)"),
        (Estimate(value=None, low=None, high=None, method="exact", reason="infinite: no case"), "infinite: no case"),
        (Estimate(value=None, low=None, high=None, method="exact"), "not estimable"),
        (Estimate(value=0.0, low=None, high=None, method="Katz log"), "0 (no interval)"),
    ],
)  # fmt: skip
def test_ratio(estimate, said):
    assert ratio(estimate) == said


@pytest.mark.parametrize(
    ("p", "said"), [(None, "not tested"), (2.6e-07, "< 0.0001"), (0.08907, "0.089"), (1, "1.00")]
)
def test_p_value(p, said):
    assert p_value(p) == said


def test_the_sentence_of_an_exposure(review):
    said = exposure_sentence(review.outcomes[0].results[0], "vial V-0107")
    # 9 / 11 and 17 / 6,001 by hand
    assert said == "9 of 11 with vial V-0107 were cases (81.8 %), against 17 of 6,001 of the others (0.28 %)."


def test_dates():
    assert spoken("2026-11-20T18:00") == "Fri 20 Nov 2026 18:00"
    assert spoken("2026-11-20T18:00", beside=AS_OF) == "Fri 20 Nov 18:00"
    assert spoken("2026-11-20") == "Fri 20 Nov 2026"
    assert spoken("2026-11") == "2026-11"
    assert spoken(None) == "not known"


@pytest.mark.parametrize(
    ("deadline", "said"),
    [
        ("2026-11-20T17:20", "40 min"),
        ("2026-11-20T13:00", "5 h"),
        ("2026-11-18T15:00", "2 days 3 h"),
        ("2026-11-01T15:00", "19 days"),
        ("2026-11-21T15:00", ""),
        ("2026-11-20T15:00+00:00", ""),
        (None, ""),
    ],
)
def test_lateness(deadline, said):
    assert lateness(deadline, AS_OF) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (None, "day not known"),
        (0.02, "29 min after the session"),
        (0.5, "12 h after the session"),
        (25, "day 25"),
        (300, "day 300"),
    ],
)
def test_days_since_the_session(day, said):
    assert since_session(day) == said


def test_length():
    assert [length_of(days) for days in (0.5, 7.5, 48.0)] == ["12 h", "7.5 days", "48 days"]


class TestDeadlines:
    def test_each_disposition_asks_for_something(self):
        assert set(DISPOSITION_WORDS) == set(Disposition)

    def test_by_when(self, review):
        line = review.urgent[4]
        assert deadline_words(line, AS_OF) == "by Sat 21 Nov 10:15"
        assert overdue_words(line, AS_OF) == ""

    def test_overdue_is_said_in_words(self, review):
        assert overdue_words(review.urgent[3], AS_OF) == "Overdue by 1 day 9 h"
        assert overdue_words(review.urgent[3], None) == "Overdue"

    def test_an_unknown_deadline_does_not_lower_urgency(self, review):
        line = next(line for line in review.urgent if line.deadline is None)
        assert deadline_words(line, AS_OF).endswith("treat as due now")

    def test_self_care_says_when_to_look_again(self, review):
        line = review.off_course[-1]
        assert line.disposition is Disposition.SELF_CARE
        assert deadline_words(line, AS_OF).startswith("look again by Sun 22 Nov")
        silent = replace(line, assessment=replace(line.assessment, look_again_day=None))
        assert deadline_words(silent, AS_OF) == "no day to look again is set"


def test_a_standing_without_a_band_says_that_nothing_is_published(review):
    assert "nothing to compare with" in standing_sentence(review.urgent[0].assessment.course[0])


def test_a_standing_names_people_and_limits(review):
    said = standing_sentence(review.urgent[3].assessment.course[0])
    assert said == (
        "Last seen day 96. Of 212 people, half were over it in 14 days and 95 % in 48 days; "
        "the longest published lasted 90 days. Under 0.1 % still have it this long after."
    )


def test_the_urgent_summary_counts_those_not_listed(review):
    assert urgent_summary(review) == "8 open reactions need someone within 72 h or sooner; 4 overdue."
    more = replace(review, urgent_total=4312)
    assert urgent_summary(more) == (
        "4,312 open reactions need someone within 72 h or sooner; 4 of the 8 listed overdue."
    )


def test_what_was_not_assessed_is_not_called_fine(review, empty_review):
    """A line list has cases, but nothing was seen of each: neither urgency nor course may read as all clear."""
    listed = replace(empty_review, totals=replace(empty_review.totals, reactions=17))
    assert urgent_summary(listed) == NOT_ASSESSED
    assert course_summary(listed) == NOT_COMPARED
    calm = replace(listed, dispositions={Disposition.ROUTINE: 17}, courses=review.courses)
    assert urgent_summary(calm) == "No open reaction met a rule that asks for someone within 72 h."
    assert course_summary(calm).startswith("0 of 17 reactions lasted longer")
    assert urgent_summary(empty_review) == course_summary(empty_review) == "No reaction is recorded."
