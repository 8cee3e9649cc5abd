"""Shares among what was injected: they sum to 1, stay in their ranges, and are silent without data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from untoward.assess.judgement.attribution import Span, _scaled, attribution
from untoward.evidence.courses import INJECTION_ITSELF

DEOXYCHOLIC, PROCAINE = {"compound": "deoxycholic acid"}, {"compound": "procaine"}


def shares(view):
    return {share.compound: share for share in attribution(view)}


class TestShares:
    def test_they_sum_to_one_and_lie_in_their_ranges(self, seen):
        found = attribution(
            seen({"swelling": True, "bruise": True}, sessions=[{"components": [DEOXYCHOLIC, PROCAINE]}])
        )
        assert sum(share.weight for share in found) == pytest.approx(1)
        assert all(0 <= share.low <= share.weight <= share.high <= 1 for share in found)
        assert [share.weight for share in found] == sorted((share.weight for share in found), reverse=True)

    def test_the_injection_itself_is_a_candidate(self, seen):
        found = shares(seen({"bruise": True}, sessions=[{"components": [DEOXYCHOLIC]}]))
        assert set(found) == {"deoxycholic-acid", INJECTION_ITSELF}
        assert found[INJECTION_ITSELF].weight > found["deoxycholic-acid"].weight  # both arms bruise as often

    def test_records_and_figures_stand_in_the_basis(self, seen):
        share = shares(seen({"swelling": True}, sessions=[{"components": [DEOXYCHOLIC]}]))["deoxycholic-acid"]
        assert "deoxycholic-acid-swelling-label" in share.evidence
        assert "people" in share.basis[0]
        assert "day 2" in share.basis[0]

    def test_a_compound_without_data_may_be_all_or_nothing_of_the_others(self, seen):
        found = shares(seen({"swelling": True}, sessions=[{"components": [DEOXYCHOLIC, PROCAINE]}]))
        assert found["procaine"].low == 0 < found["procaine"].weight < found["procaine"].high
        assert found["procaine"].evidence == ()
        assert "no published rate" in found["procaine"].basis[0]

    def test_a_name_that_was_not_recognised_stays_a_candidate(self, seen):
        unknown = {"compound": "Mystery Melt 3000"}
        assert "Mystery Melt 3000" in shares(
            seen({"swelling": True}, sessions=[{"components": [DEOXYCHOLIC, unknown]}])
        )

    def test_a_course_that_is_over_weighs_less(self, seen):
        sessions = [{"components": [DEOXYCHOLIC]}]
        early = shares(seen({"swelling": True}, day=1, sessions=sessions))[INJECTION_ITSELF]
        late = shares(seen({"swelling": True}, day=20, sessions=sessions))[INJECTION_ITSELF]
        assert late.weight < early.weight

    def test_order_does_not_matter(self, seen):
        one = attribution(seen({"swelling": True}, sessions=[{"components": [DEOXYCHOLIC, PROCAINE]}]))
        other = attribution(seen({"swelling": True}, sessions=[{"components": [PROCAINE, DEOXYCHOLIC]}]))
        assert one == other


class TestNoData:
    def test_no_compound_with_data(self, seen):
        assert attribution(seen({"swelling": True}, sessions=[{"components": [PROCAINE]}])) == ()

    def test_nothing_known_of_what_was_injected(self, seen):
        assert attribution(seen({"swelling": True})) == ()

    def test_nothing_there(self, seen):
        assert attribution(seen({"swelling": False}, sessions=[{"components": [DEOXYCHOLIC]}])) == ()


SPANS = st.lists(
    st.lists(st.one_of(st.just(0.0), st.floats(1e-6, 1)), min_size=3, max_size=3).map(
        lambda three: Span(*sorted(three))
    ),
    min_size=2,
    max_size=6,
)


class TestScaling:
    @given(SPANS)
    def test_a_share_lies_between_its_ends(self, spans):
        found = _scaled(spans)
        assert sum(span.middle for span in found) == pytest.approx(1)
        if sum(span.middle for span in spans) > 0:
            assert all(span.low <= span.middle + 1e-9 and span.middle <= span.high + 1e-9 for span in found)

    def test_by_hand(self):
        """Amounts 3 and 1; the second may be 0 to 3: the first is 3/4, between 3/6 and 3/3."""
        first, second = _scaled([Span(3, 3, 3), Span(0, 1, 3)])
        assert first == pytest.approx((0.5, 0.75, 1.0))
        assert second == pytest.approx((0.0, 0.25, 0.5))

    def test_nothing_to_go_by_is_even(self):
        assert [span.middle for span in _scaled([Span(0, 0, 0), Span(0, 0, 0)])] == [0.5, 0.5]
