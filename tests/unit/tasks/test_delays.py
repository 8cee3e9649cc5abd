"""Published delays out of the evidence base."""

from math import exp, log

import pytest

from untoward.tasks.delays import published_delays
from untoward.tasks.knowledge import evidence


@pytest.fixture(scope="module")
def delays():
    return published_delays(evidence())


def test_infection_pools_the_two_outbreaks_with_median_and_range(delays):
    """Colombia, 232 people, median 30.5 days (15 to 59), and Denver, 47 people, 33 days (10 to 114)."""
    infection = delays["infection"]
    assert infection.n == 232 + 47
    assert infection.mu == pytest.approx((232 * log(30.5) + 47 * log(33)) / 279)
    assert exp(infection.mu) == pytest.approx(30.9, abs=0.1)
    assert 0.2 < infection.sigma < 0.6
    assert infection.longest == 114


def test_it_names_its_records_once_each(delays):
    evidence_keys = delays["infection"].evidence
    assert set(evidence_keys) == {"mycobacteria-onset-colombia", "mycobacteria-onset-denver"}
    assert all(key in evidence().records for key in evidence_keys)
    assert "232 people" in delays["infection"].source


def test_outcomes_without_a_published_delay_have_none(delays):
    assert set(delays) == {"infection"}
