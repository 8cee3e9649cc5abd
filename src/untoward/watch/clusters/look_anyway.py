"""A plain rule beside the scan: two mycobacterial infections with something in common are looked at by a person.

Slow infections are rare and so seldom recorded that two who share a lot, a vial, a diluent, a device or a practitioner deserve
a look before any p is small. The rule counts; it tests nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from untoward.model.tables import Registry
from untoward.watch.clusters.wording import listed
from untoward.watch.columns import text_or_null
from untoward.watch.delays import days_since_1970
from untoward.watch.onsets import case_persons, session_persons
from untoward.watch.outcomes import Outcome, OutcomeCases
from untoward.watch.wording import exposure_name, many

SHARED_AXES = ("vial", "lot", "diluent", "device", "practitioner")
WITHIN_DAYS = 90
SENTENCES_AT_MOST = 20

_SESSION_AXES = ("practitioner",)
_YES = ("true", "yes", "y", "1", "positive", "sí", "si", "sim", "oui")
_MYCOBACTERIAL = Outcome(name="mycobacterial infection", definition="A reaction that names mycobacteria.")


@dataclass(frozen=True, slots=True)
class _Case:
    person: str
    reaction: str
    onset: float


def look_anyway(registry: Registry, mycobacterial_terms: Collection[str], reach: float) -> tuple[str, ...]:
    """One sentence for each group of two persons or more with a mycobacterial infection and something in common.

    `mycobacterial_terms` are the term ids that name mycobacteria, as the reaction itself or as a finding in one of its
    observations. What a person was exposed to is what the sessions within `reach` days before the onset used (the session
    it was recorded for in any case). The onsets of a group lie within 90 days; an onset nobody wrote down stands at the date
    of the session. Places that the same persons share stand in one sentence, the largest group first.
    """
    cases = case_persons(registry, _mycobacterial_cases(registry, mycobacterial_terms))
    if cases.height < 2:
        return ()
    dated = {
        row["patient_id"]: _Case(row["patient_id"], row["reaction_id"], onset)
        for row, onset in zip(cases.iter_rows(named=True), _onsets(cases), strict=True)
    }
    groups: dict[tuple[_Case, ...], list[tuple[str, str]]] = defaultdict(list)
    for place, persons in _exposed(registry, cases, reach).items():
        together = _most_within([dated[person] for person in persons])
        if len(together) > 1:
            groups[together].append(place)
    largest_first = sorted(
        groups.items(), key=lambda item: (-len(item[0]), [case.reaction for case in item[0]])
    )
    said = [_sentence(group, places) for group, places in largest_first]
    if len(said) > SENTENCES_AT_MOST:
        rest = f"{many(len(said) - SENTENCES_AT_MOST, 'more group')} of mycobacterial infections share something."
        return (*said[:SENTENCES_AT_MOST], rest)
    return tuple(said)


def _mycobacterial_cases(registry: Registry, terms: Collection[str]) -> OutcomeCases:
    wanted = pl.Series(sorted(terms), dtype=pl.String).implode()
    reactions = registry.reactions.select(
        pl.col("session_id").cast(pl.String),
        pl.col("reaction_id").cast(pl.String),
        text_or_null(registry.reactions, "term_id").is_in(wanted).fill_null(False).alias("named"),
    )
    grown = pl.Series(sorted(_with_such_a_finding(registry, terms)), dtype=pl.String).implode()
    chosen = reactions.filter(pl.col("named") | pl.col("reaction_id").is_in(grown))
    return OutcomeCases(
        outcome=_MYCOBACTERIAL,
        reactions=chosen.select("session_id", "reaction_id"),
        undetermined=pl.Series([], dtype=pl.String),
    )


def _with_such_a_finding(registry: Registry, terms: Collection[str]) -> set[str]:
    """Reactions of which an observation says yes to a finding that names mycobacteria."""
    columns = [column for column, term in registry.findings.items() if term in terms]
    observations = registry.observations
    if not columns or "reaction_id" not in observations.columns:
        return set()
    yes = pl.any_horizontal(
        text_or_null(observations, column).str.to_lowercase().is_in(list(_YES)) for column in columns
    )
    found = observations.filter(yes.fill_null(False)).get_column("reaction_id")
    return set(found.cast(pl.String).drop_nulls())


def _onsets(cases: pl.DataFrame) -> Sequence[float]:
    began = days_since_1970(cases.select(pl.coalesce("onset", "session_date")).to_series())
    return [float(day) for day in began]


def _exposed(registry: Registry, cases: pl.DataFrame, reach: float) -> Mapping[tuple[str, str], list[str]]:
    """Which case persons had each place in a session that may have been the cause."""
    sessions = registry.sessions.select(
        pl.col("session_id").cast(pl.String),
        session_persons(registry.sessions).alias("patient_id"),
        pl.Series("date", days_since_1970(registry.sessions.get_column("date_from")), dtype=pl.Float64),
        *(text_or_null(registry.sessions, axis) for axis in _SESSION_AXES),
    )
    onset = cases.select("patient_id", recorded="session_id").with_columns(pl.Series("onset", _onsets(cases)))
    since = pl.col("onset") - pl.col("date")
    near = (
        sessions.join(onset, on="patient_id", how="inner")
        .filter((pl.col("session_id") == pl.col("recorded")) | ((since >= 0) & (since <= reach)))
        .drop("date", "onset", "recorded")
    )
    components = registry.components.select(
        pl.col("session_id").cast(pl.String),
        *(text_or_null(registry.components, axis) for axis in SHARED_AXES if axis not in _SESSION_AXES),
    ).join(near.select("session_id", "patient_id"), on="session_id", how="inner")
    places: dict[tuple[str, str], list[str]] = {}
    for axis in SHARED_AXES:
        source = near if axis in _SESSION_AXES else components
        for value, person in source.select(axis, "patient_id").drop_nulls().unique().sort(axis).iter_rows():
            places.setdefault((axis, value), []).append(person)
    return places


def _most_within(cases: Sequence[_Case]) -> tuple[_Case, ...]:
    """The most cases whose onsets lie within 90 days, the earliest such group of equals; undated ones are left out."""
    ordered = sorted(
        (case for case in cases if np.isfinite(case.onset)), key=lambda case: (case.onset, case.reaction)
    )
    return max(_runs(ordered), key=len, default=())


def _runs(ordered: Sequence[_Case]) -> Iterator[tuple[_Case, ...]]:
    for at, first in enumerate(ordered):
        yield tuple(case for case in ordered[at:] if case.onset - first.onset <= WITHIN_DAYS)


def _sentence(cases: Sequence[_Case], places: Sequence[tuple[str, str]]) -> str:
    names = listed([exposure_name(axis, value) for axis, value in places])
    reactions = listed([case.reaction for case in cases])
    return (
        f"{len(cases):,} persons with a mycobacterial infection that began within {WITHIN_DAYS} days ({reactions})"
        f" share {names}: a person should look at this, whatever the p values."
    )
