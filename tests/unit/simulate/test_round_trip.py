"""What the simulator writes, the reader of registries takes without a single fault."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from untoward.evidence.load import load_evidence
from untoward.exchange.tables import Names, read_registry
from untoward.simulate import (
    AllergicPatient,
    BadLot,
    CarelessPractitioner,
    ContaminatedVial,
    demo_plan,
    simulate,
    write,
)


@pytest.mark.parametrize("fmt", ["csv", "parquet"])
def test_a_simulated_registry_is_read_without_faults(parameters, tmp_path: Path, fmt):
    planted = (
        ContaminatedVial(month=11.5, compound="lidocaine", sessions=40),
        BadLot(month=5, compound="deoxycholic-acid", term="swelling"),
        CarelessPractitioner(),
        AllergicPatient(month=3, compound="hyaluronic-acid"),
    )
    simulated = simulate(replace(demo_plan(), planted=planted), parameters, seed=12)
    evidence = load_evidence()
    names = Names(compounds=evidence.compound_names, terms=evidence.terms)
    reading = read_registry(write(simulated, tmp_path / "registry", fmt=fmt), names, today=date(2026, 1, 1))
    assert reading.faults == ()
    assert reading.unrecognised == ()
    assert {ledger.table: ledger.kept for ledger in reading.ledger} == {
        name: table.height for name, table in simulated.tables.items()
    }
    assert reading.registry.findings == {"fever": "fever", "antibiotic failure": "antibiotic-failure"}
