"""How long reactions last."""

import numpy as np
import polars as pl
import pytest

from untoward.model.tables import Registry
from untoward.watch.durations import kaplan_meier_median, reaction_spans, term_durations

# Weeks in remission of 21 children on 6-mercaptopurine and 21 on placebo; True where they relapsed.
# Freireich and others, Blood 1963;21:699, as printed in many textbooks of survival analysis.
MERCAPTOPURINE = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def median(days, over):
    return kaplan_meier_median(np.array(days, dtype=float), np.array(over, dtype=bool))


def registry(reactions, observations=None):
    return Registry(
        sessions=pl.DataFrame(),
        components=pl.DataFrame(),
        reactions=pl.DataFrame(reactions),
        observations=pl.DataFrame() if observations is None else pl.DataFrame(observations),
    )


class TestMedian:
    def test_published_medians(self):
        """23 weeks with treatment, 8 with placebo: the medians every textbook prints for these data."""
        assert median(MERCAPTOPURINE, RELAPSED).value == 23
        assert median(PLACEBO, [True] * 21).value == 8

    def test_without_open_reactions_it_is_the_plain_median(self):
        assert median([1, 2, 3, 4, 50], [True] * 5).value == 3

    def test_at_exactly_one_half_the_first_such_day_counts(self):
        assert median([1, 2, 3, 4], [True] * 4).value == 2

    def test_leaving_open_ones_out_would_be_shorter(self):
        days, over = [1, 2, 3, 30, 30], [True, True, False, True, True]
        assert median(days, over).value == 30
        assert median([1, 2, 30, 30], [True] * 4).value == 2

    def test_more_than_half_still_open(self):
        found = median([1, 5, 5, 5], [True, False, False, False])
        assert found.value is None
        assert found.reason == "more than half were not over when last seen"

    def test_all_open_or_none_at_all(self):
        assert median([3, 4], [False, False]).reason == "more than half were not over when last seen"
        assert median([], []).reason.startswith("no reaction with both")

    def test_one_reaction(self):
        found = median([4], [True])
        assert (found.value, found.low) == (4, 4)


def test_what_counts_as_over_and_until_when():
    reactions = {
        "reaction_id": ["given", "dated", "seen gone", "open", "unseen", "no onset", "dated, no end"],
        "term_id": ["nodule"] * 7,
        "onset_day": [2.0, None, 1.0, 1.0, 1.0, None, 1.0],
        "onset_day_from": [None, 0.0, None, None, None, None, None],
        "onset_day_to": [None, 2.0, None, None, None, None, None],
        "resolved_day": [10.0, None, None, None, None, 5.0, None],
        "resolved_day_to": [None, 9.0, None, None, None, None, None],
        "resolved_date": [None, "2026-03-10", None, None, None, None, "2026"],
    }
    observations = {
        "reaction_id": ["seen gone", "seen gone", "open", "open", "given", "dated, no end"],
        "day": [4.0, 8.0, 3.0, 6.0, 30.0, 4.0],
        "present": [True, False, True, None, True, True],
    }
    spans = reaction_spans(registry(reactions, observations))
    found = list(zip(reactions["reaction_id"], spans["resolved"], spans["days"], strict=True))
    assert found == [
        ("given", True, 8.0),
        ("dated", True, 8.0),
        ("seen gone", True, 7.0),
        ("open", False, 5.0),
        ("unseen", False, None),
        ("no onset", True, None),
        ("dated, no end", True, None),
    ]


def test_terms_are_counted_apart_the_most_frequent_first():
    reactions = {
        "reaction_id": [str(n) for n in range(6)],
        "term_id": ["bruise", "nodule", "bruise", "bruise", None, "nodule"],
        "onset_day": [0.0, 7.0, 0.0, None, 1.0, 9.0],
        "resolved_day": [5.0, None, 9.0, 4.0, 2.0, None],
    }
    bruise, nodule = term_durations(registry(reactions))
    assert (bruise.term_id, bruise.reactions, bruise.resolved, bruise.timed) == ("bruise", 3, 3, 2)
    assert bruise.median.value == 5.0
    assert (nodule.term_id, nodule.reactions, nodule.resolved, nodule.timed) == ("nodule", 2, 0, 0)
    assert nodule.median.value is None


def test_an_end_before_its_onset_times_nothing():
    reactions = {"reaction_id": ["r"], "term_id": ["bruise"], "onset_day": [5.0], "resolved_day": [2.0]}
    assert term_durations(registry(reactions))[0].timed == 0


@pytest.mark.parametrize("rows", [0, 1])
def test_a_registry_without_observations(rows):
    reactions = {"reaction_id": ["r"][:rows], "term_id": ["bruise"][:rows], "onset_day": [0.0][:rows]}
    frame = pl.DataFrame(
        reactions, schema={"reaction_id": pl.String, "term_id": pl.String, "onset_day": pl.Float64}
    )
    assert len(term_durations(registry(frame))) == rows
