"""Attack rates of persons by every exposure, for a classified registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from untoward.model.counts import Proportion
from untoward.model.review import OutcomeScreen
from untoward.model.tables import Registry
from untoward.watch.estimates import proportion
from untoward.watch.exposures import AXES, registry_memberships
from untoward.watch.memberships import Index, Memberships, memberships_of
from untoward.watch.screening import Question, ask
from untoward.watch.workbench.classify import Classified
from untoward.watch.workbench.definition import NOT_A_CASE
from untoward.watch.workbench.exposed import exposures_of
from untoward.watch.workbench.line_list import sessions_up_to_onset


def attack_rate(classified: Classified) -> Proportion:
    """Cases that count among all who are a case that counts or surely none."""
    ill = int(classified.ill.sum())
    return proportion(ill, ill + classified.persons.filter(pl.col("level") == NOT_A_CASE).height)


def screen_persons(
    classified: Classified, compound_labels: Mapping[str, str] | None = None, keep: int = 15
) -> OutcomeScreen:
    """Every exposure ranked by how far its cases exceed what is expected, counted in persons.

    A person had what any of their sessions of the definition had, up to the onset of the illness. Those who cannot be
    told, and cases of a level that does not count, are left out.
    """
    definition = classified.definition
    units = person_memberships(classified, compound_labels)
    inside = pl.Series(classified.inside).arg_true()
    ill, out = (mask[inside.to_numpy()] for mask in (classified.ill, classified.undecided))
    question = Question(outcome=definition.name, unit="person", cases=ill, out=out)
    answer = ask(units, question, keep)
    return OutcomeScreen(
        outcome=definition.name,
        definition=f"Levels counted: {', '.join(definition.counts_as_ill)}. Who cannot be told is left out.",
        unit="person",
        attack_rate=attack_rate(classified),
        attack_rate_persons=None,
        tested=answer.tested,
        results=answer.results,
        reading=answer.reading,
        axes_without_data=units.axes_without_data,
    )


def person_memberships(
    classified: Classified, compound_labels: Mapping[str, str] | None = None
) -> Memberships:
    """Which person whom the definition speaks of had which exposure. The units are persons, in the order of their ids."""
    inside = pl.Series(classified.inside).arg_true()
    persons = pl.DataFrame({"person": inside, "onset": classified.persons.get_column("onset").gather(inside)})
    counted = sessions_up_to_onset(classified, persons)
    by_session = registry_memberships(_only(classified.people.registry, counted), compound_labels)
    place = pl.DataFrame(
        {"unit": persons.get_column("person"), "place": np.arange(inside.len(), dtype=np.uint32)}
    )
    sessions = pl.DataFrame({"session_id": by_session.units}).join(
        counted.select("session_id", "unit"), on="session_id", how="left", maintain_order="left"
    )
    person_of = (
        sessions.join(place, on="unit", how="left", maintain_order="left").get_column("place").to_numpy()
    )
    return memberships_of(classified.people.ids.gather(inside), _frames(by_session, person_of), AXES)


def partly_recorded(classified: Classified) -> dict[str, int]:
    """For vials and lots, how many persons have some recorded and some not: they count as unexposed to all others."""
    inside = pl.Series(classified.inside).arg_true()
    persons = pl.DataFrame({"person": inside, "onset": classified.persons.get_column("onset").gather(inside)})
    units = sessions_up_to_onset(classified, persons).select("unit", "session_id")
    partly = {}
    for axis in ("vial", "lot"):
        found = exposures_of(classified.people.registry, units, axis)
        partly[axis] = found.filter(pl.col("incomplete") & (pl.col("values").list.len() > 0)).height
    return {axis: number for axis, number in partly.items() if number}


def _only(registry: Registry, counted: pl.DataFrame) -> Registry:
    kept = counted.get_column("session_id").implode()
    return Registry(
        sessions=registry.sessions.filter(pl.col("session_id").cast(pl.String).is_in(kept)),
        components=registry.components.filter(pl.col("session_id").cast(pl.String).is_in(kept)),
        reactions=registry.reactions.clear(),
        observations=registry.observations.clear(),
    )


def _frames(by_session: Memberships, person_of: Index) -> Iterator[tuple[str, pl.DataFrame]]:
    values = by_session.exposures.get_column("value").cast(pl.String)
    for number, axis in enumerate(by_session.axes):
        rows = slice(by_session.axis_starts[number], by_session.axis_starts[number + 1])
        value = values.gather(by_session.row_exposure[rows]).cast(pl.Categorical)
        yield axis, pl.DataFrame({"unit": person_of[by_session.row_unit[rows]], "value": value})
