"""Simulate a registry whose figures come from evidence records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from untoward.evidence.base import EvidenceBase
from untoward.evidence.courses import INJECTION_ITSELF, expected_course
from untoward.evidence.records import Incidence, Parameter
from untoward.model.terms import TermKind
from untoward.simulate import (
    PARAMETERS,
    RECIPE_SHARES,
    AllergicPatient,
    BadLot,
    CarelessPractitioner,
    ContaminatedVial,
    Plan,
    PlantedEvent,
    ReactionParameter,
    Recipe,
    SimulationParameters,
    recipes_with,
    scaled_plan,
    simulate,
    write,
)
from untoward.tasks.knowledge import evidence

LOCAL_GROUP = "local"

CONTAMINATED_VIAL_SESSIONS = 40
"""A multi-dose vial kept in use far too long; fewer sessions seldom give enough cases to name it."""


def simulation_parameters(base: EvidenceBase) -> SimulationParameters:
    """Every figure the simulator draws from, each with the record it came from.

    Raises InputError when the evidence lacks a figure that has no default.
    """
    known = {name: record for name, record in base.parameters().items() if name in PARAMETERS}
    return SimulationParameters.of(
        {name: float(record.value) for name, record in known.items()},
        reactions=tuple(reaction_parameters(base)),
        provenance={name: _provenance(record) for name, record in known.items()},
    )


def reaction_parameters(base: EvidenceBase) -> Iterator[ReactionParameter]:
    """How often each local reaction follows each compound, from the largest population counted per person."""
    for (compound, term), record in sorted(_largest(base).items()):
        course = expected_course(base, compound, term)
        yield ReactionParameter(
            compound=compound,
            term=base.terms[term].label,
            n=record.n,
            of=record.of,
            mu=None if course is None else course.mu,
            sigma=None if course is None else course.sigma,
            provenance=", ".join((record.key, *(course.evidence if course else ()))),
        )


def plan_for(*, sessions: int, months: int, planted: Sequence[str], month: float | None) -> Plan:
    """A plan of this size with these kinds of events planted, two thirds through unless a month is given."""
    when = 2.0 * months / 3.0 if month is None else month
    events = tuple(_event(kind, when) for kind in planted)
    return scaled_plan(sessions, months=months, recipes=evidence_recipes(evidence()), planted=events)


def evidence_recipes(base: EvidenceBase) -> tuple[Recipe, ...]:
    """The recipes with the shares that the evidence records give or assume."""
    known = base.parameters()
    return recipes_with({name: float(known[name].value) for name in RECIPE_SHARES if name in known})


def _event(kind: str, month: float) -> PlantedEvent:
    if kind == ContaminatedVial.kind:
        return ContaminatedVial(month=month, sessions=CONTAMINATED_VIAL_SESSIONS)
    if kind == BadLot.kind:
        return BadLot(month=month, compound="deoxycholic-acid", term="injection site swelling")
    if kind == CarelessPractitioner.kind:
        return CarelessPractitioner()
    return AllergicPatient(month=month, compound="lidocaine")


def simulate_registry(
    plan: Plan, out: Path, *, seed: int, fmt: Literal["csv", "parquet"] = "csv", overwrite: bool = False
) -> Path:
    """Write a simulated registry and the truth about it into a folder, whole or not at all."""
    return write(simulate(plan, simulation_parameters(evidence()), seed), out, fmt=fmt, overwrite=overwrite)


def _provenance(record: Parameter) -> str:
    return f"assumption: {record.statement}" if record.assumption else record.key


def _largest(base: EvidenceBase) -> Mapping[tuple[str, str], Incidence]:
    largest: dict[tuple[str, str], Incidence] = {}
    for record in base.of_class(Incidence):
        if not _is_common_local(record, base):
            continue
        key = (record.compound, record.term)
        if key not in largest or record.of > largest[key].of:
            largest[key] = record
    return largest


def _is_common_local(record: Incidence, base: EvidenceBase) -> bool:
    """Local reactions after an injection; remedies that are not injected and umbrella terms are left out."""
    term = base.terms[record.term]
    return (
        term.kind is TermKind.REACTION
        and term.group == LOCAL_GROUP
        and term.id != "any-reaction"
        and record.per in ("person", "session")
        and (record.arm != "placebo" or record.compound == INJECTION_ITSELF)
    )
