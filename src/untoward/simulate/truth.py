"""The truth beside the data: what was planted, whom it made ill, and with which figures, so that detection can be scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from untoward.simulate.arrays import Ints
from untoward.simulate.frames import (
    instants,
    lot_ids,
    patient_ids,
    practitioner_ids,
    reaction_ids,
    session_ids,
    vial_ids,
)
from untoward.simulate.occurrences import all_terms
from untoward.simulate.parameters import PARAMETERS, SimulationParameters
from untoward.simulate.plan import PlantedEvent
from untoward.simulate.planted import Planted
from untoward.simulate.recording import Recorded
from untoward.simulate.world import World


def tell_truth(world: World, planted: Sequence[Planted], recorded: Recorded) -> dict[str, Any]:
    """All of it as one JSON document.

    For each event: `exposed_sessions` drew from the vial or lot, were given by the practitioner, or are the patient's;
    `ill_sessions` are those among them that the event made ill, recorded or not; `reactions` are the recorded
    reactions it caused, which may be recorded against a later session of the same patient; `not_recorded` counts those
    that had not been reported by the end.
    """
    return {
        "seed": world.seed,
        "from": world.plan.start.isoformat(),
        "until": world.plan.end.isoformat(),
        "sessions": world.visits.count,
        "patients": int(world.visits.patients.age.size),
        "reactions": recorded.count,
        "recorded_share": world.share,
        "planted": [_event(world, item, recorded) for item in planted],
        "plan": _plan(world),
        "parameters": _parameters(world.parameters),
        "reaction_parameters": [asdict(reaction) for reaction in world.parameters.reactions],
    }


def _event(world: World, item: Planted, recorded: Recorded) -> dict[str, Any]:
    made_ill = np.unique(item.reactions.session)
    rows = np.flatnonzero(recorded.occurrences.cause == item.number)
    when = instants(world, world.visits.minute[item.exposed[[0, -1]]]) if item.exposed.size else ("", "")
    return {
        "kind": item.event.kind,
        "axis": item.event.axis,
        "value": _name_culprit(world, item.event, item.culprit),
        "from": when[0],
        "until": when[1],
        **_circumstances(world, item),
        "terms": _terms(world, item.reactions.term),
        "exposed_sessions": session_ids(item.exposed).to_list(),
        "ill_sessions": session_ids(made_ill).to_list(),
        "reactions": reaction_ids(rows).to_list(),
        "recorded_against": session_ids(recorded.session[rows]).to_list(),
        "not_recorded": item.reactions.count - int(rows.size),
        "background_expected": item.background_expected,
        "asked_for": _asked(item.event),
    }


def _name_culprit(world: World, event: PlantedEvent, row: int) -> str:
    if event.axis == "lot":
        return lot_ids(world)[row]
    name = {"vial": vial_ids, "practitioner": practitioner_ids, "patient": patient_ids}[event.axis]
    return str(name(np.array([row]))[0])


def _circumstances(world: World, item: Planted) -> dict[str, Any]:
    """Clinics and compound of the event, where it has one compound."""
    clinics = np.unique(world.visits.clinic[item.exposed]).tolist()
    compound = getattr(item.event, "compound", None)
    if item.event.axis == "vial":
        compound = world.components.menu.compounds[int(world.components.vials.compound[item.culprit])]
    return {"clinics": [world.plan.clinics[clinic].name for clinic in clinics], "compound": compound}


def _terms(world: World, terms: Ints) -> list[str]:
    names = all_terms(world)
    return [names[term] for term in np.unique(terms).tolist()]


def _asked(event: PlantedEvent) -> dict[str, Any]:
    return {"kind": event.kind, **asdict(event)}


def _plan(world: World) -> dict[str, Any]:
    plan = asdict(world.plan)
    plan["start"] = world.plan.start.isoformat()
    plan["planted"] = [_asked(event) for event in world.plan.planted]
    return plan


def _parameters(parameters: SimulationParameters) -> dict[str, Any]:
    return {
        name: {
            "value": value,
            "unit": PARAMETERS[name].unit,
            "meaning": PARAMETERS[name].meaning,
            "provenance": parameters.provenance[name],
        }
        for name, value in parameters.values().items()
    }
