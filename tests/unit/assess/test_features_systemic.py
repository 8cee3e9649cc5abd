"""Summed local anaesthetics, and that their limits are the ones in the dose records."""

import pytest

from untoward.assess.features_systemic import (
    ANAESTHETICS,
    DOSE_LIMITS,
    anaesthetic_dose,
    last_session,
    milligrams,
)
from untoward.evidence.load import load_evidence
from untoward.evidence.records import DoseLimit
from untoward.model.product import Component
from untoward.model.quantity import Quantity
from untoward.model.session import Session

BASE = load_evidence()


def part(compound, amount=None, unit="mg", ml=None, mix=None):
    return Component(
        as_named=compound,
        compound=compound,
        amount=None if amount is None else Quantity.of(amount, unit),
        volume=None if ml is None else Quantity.of(ml, "ml"),
        mix=mix,
    )


@pytest.mark.parametrize(
    ("component", "mg"),
    [
        (part("lidocaine", 40), 40),
        (part("lidocaine", 0.04, "g"), 40),
        (part("lidocaine", 2, "%", 2), 40),
        (part("lidocaine", 20, "mg/ml", 2), 40),
        (part("lidocaine", 2, "%"), None),
        (part("lidocaine", None, "mg", 2), None),
        (part("lidocaine", 2, "ml"), None),
    ],
)
def test_milligrams(component, mg):
    assert milligrams(component) == (None if mg is None else pytest.approx(mg))


def test_the_sum_over_syringes():
    dose = anaesthetic_dose(
        Session(
            components=(
                part("lidocaine", 40, mix="a"),
                part("lidocaine", 20, mix="b"),
                part("procaine"),
                part("biotin", 5),
            )
        )
    )
    assert dose.milligrams == {"lidocaine": 60}
    assert dose.total == 60
    assert dose.unmeasured == ("procaine",)
    assert dose.compounds == ("lidocaine", "procaine")


@pytest.mark.parametrize(("where", "with_adrenaline"), [("a", True), ("b", False)])
def test_adrenaline_counts_in_the_same_syringe(where, with_adrenaline):
    session = Session(components=(part("lidocaine", 40, mix="a"), part("adrenaline", 0.1, mix=where)))
    assert anaesthetic_dose(session).with_adrenaline is with_adrenaline


def test_the_last_session():
    early, late = Session(key="1", day=30.0), Session(key="2", day=0.0)
    assert last_session((early, late)) is early
    assert last_session((early, Session(key="3"))).key == "3"
    assert last_session(()) is None


def test_every_local_anaesthetic_is_summed():
    by_class = {key for key, compound in BASE.compounds.items() if "local anaesthetic" in compound.drug_class}
    assert set(ANAESTHETICS) == by_class


@pytest.mark.parametrize("criterion", DOSE_LIMITS)
def test_every_limit_is_also_a_dose_record(criterion):
    """One figure stands in two places; this keeps them the same."""
    recorded = {
        (
            f"{record.compound} {'with adrenaline' if record.with_ == 'adrenaline' else 'plain'}",
            record.limit,
            record.unit,
        )
        for record in BASE.of_class(DoseLimit)
    }
    for bound in BASE.criterion(criterion).thresholds:
        assert (bound.name, bound.value, bound.unit) in recorded
        assert bound.operator == "<="
