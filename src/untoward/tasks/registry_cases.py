"""From the tables of a registry to one case per reaction, as the rules want it.

A row of observations that does not say whether the reaction was present counts as present: it was looked at
because it was there, and an unknown must not reassure. A reaction that nobody saw, or that was gone when it was
first looked at, is assessed on the day it began, as it was reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from untoward.exchange.cases import CaseNames
from untoward.exchange.cases.signs import merged, signs_from_findings
from untoward.model.answer import Answer
from untoward.model.case import Attribute, Case, Observation, Sign
from untoward.model.people import Patient
from untoward.model.product import Component
from untoward.model.quantity import Quantity
from untoward.model.session import Session
from untoward.model.tables import Registry
from untoward.model.terms import TermKind

Row = Mapping[str, Any]

ATTRIBUTES = ("count", "size_cm", "severity", "painful", "spreading")
OVER_WORDS = frozenset("recovered resolved over healed recuperado resuelto curado".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionCase:
    """One reaction of a registry as a case, with the rows it was made from."""

    case: Case
    reaction: Row
    session: Row
    components: tuple[Row, ...]
    open: bool
    last_seen_day: float | None


def reaction_cases(registry: Registry, names: CaseNames) -> Iterator[ReactionCase]:
    """One case per reaction, in the order of the table; only sessions that had a reaction are looked at."""
    sessions = _rows_by_key(registry.sessions, "session_id", registry.reactions)
    components = _rows_grouped(registry.components, "session_id", registry.reactions)
    observations = _rows_grouped(registry.observations, "reaction_id", registry.reactions)
    for reaction in registry.reactions.iter_rows(named=True):
        session = sessions.get(reaction["session_id"], {})
        parts = components.get(reaction["session_id"], ())
        seen = sorted(observations.get(reaction["reaction_id"], ()), key=_day_or_last)
        yield _reaction_case(reaction, session, parts, seen, registry.findings, names)


def _reaction_case(
    reaction: Row,
    session: Row,
    parts: Sequence[Row],
    seen: Sequence[Row],
    findings: Mapping[str, str],
    names: CaseNames,
) -> ReactionCase:
    observations = tuple(_observation(row, reaction, findings, names) for row in seen)
    present = tuple(at for at in observations if not _denies(at, reaction)) or (
        _as_reported(reaction, names),
    )
    case = Case(
        id=reaction["reaction_id"],
        patient=_patient(session, names),
        sessions=(_session(session, parts),),
        observations=present,
        unrecognised=tuple(dict.fromkeys(row["compound"] for row in parts if not row.get("compound_key"))),
    )
    return ReactionCase(
        case=case,
        reaction=reaction,
        session=session,
        components=tuple(parts),
        open=not _is_over(reaction, observations),
        last_seen_day=present[-1].day,
    )


def _is_over(reaction: Row, observations: Sequence[Observation]) -> bool:
    if reaction.get("resolved_day") is not None or reaction.get("resolved_date"):
        return True
    if (reaction.get("outcome") or "").strip().lower() in OVER_WORDS:
        return True
    return bool(observations) and _denies(observations[-1], reaction)


def _denies(observation: Observation, reaction: Row) -> bool:
    sign = observation.signs.get(reaction.get("term_id") or "")
    return sign is not None and sign.answer is Answer.NO


def _as_reported(reaction: Row, names: CaseNames) -> Observation:
    return _observation({"day": reaction.get("onset_day")}, reaction, {}, names)


def _observation(row: Row, reaction: Row, findings: Mapping[str, str], names: CaseNames) -> Observation:
    text = row.get("text") or ""
    stated = {column: row[column] for column in findings if row.get(column) is not None}
    found, unrecognised = signs_from_findings(stated, names.terms, names.text_reader().coder)
    signs = merged(names.text_reader().read(text).signs, found)
    term = reaction.get("term_id")
    if term:
        signs[term] = _reaction_sign(term, row, signs.get(term))
    else:
        unrecognised.append(str(reaction.get("term")))
    return Observation(day=row.get("day"), text=text, signs=signs, unrecognised=tuple(unrecognised))


def _reaction_sign(term: str, row: Row, said: Sign | None) -> Sign:
    attributes: dict[str, Attribute] = dict(said.attributes) if said else {}
    attributes.update({name: row[name] for name in ATTRIBUTES if row.get(name) is not None})
    present = row.get("present")
    return Sign(term=term, answer=Answer.NO if present is False else Answer.YES, attributes=attributes)


def _patient(session: Row, names: CaseNames) -> Patient:
    history, allergies, medicines = (
        _listed(session.get(name)) for name in ("history", "allergies", "medicines")
    )
    known = [names.terms.resolve(name) for name in (*history, *medicines)]
    weight = session.get("weight_kg")
    return Patient(
        key=session.get("patient_id"),
        age_years=session.get("age"),
        sex=session.get("sex"),
        weight=None if weight is None else Quantity(weight, "kg"),
        pregnant=Answer.of(session.get("pregnant")),
        history=history,
        allergies=allergies,
        medicines=medicines,
        context=frozenset(term.id for term in known if term is not None and term.kind is TermKind.CONTEXT),
    )


def _session(session: Row, parts: Sequence[Row]) -> Session:
    return Session(
        key=session.get("session_id"),
        patient=session.get("patient_id"),
        day=0.0,
        clinic=session.get("clinic"),
        practitioner=session.get("practitioner"),
        technique=session.get("technique"),
        route=session.get("route"),
        sites=_listed(session.get("sites")),
        setting=session.get("setting"),
        licensed=Answer.of(session.get("licensed")),
        components=tuple(_component(part) for part in parts),
    )


def _component(part: Row) -> Component:
    """Amounts are not needed by any rule that runs over a registry yet, so they are left where they are."""
    return Component(
        as_named=part["compound"],
        compound=part.get("compound_key"),
        lot=part.get("lot"),
        vial=part.get("vial"),
        mix=part.get("mix"),
    )


def _listed(cell: object) -> tuple[str, ...]:
    if cell is None:
        return ()
    parts = cell if isinstance(cell, list) else str(cell).split(";")
    return tuple(part.strip() for part in parts if part and part.strip())


def _day_or_last(row: Row) -> float:
    day = row.get("day")
    return float("inf") if day is None else float(day)


def _rows_by_key(frame: pl.DataFrame, key: str, reactions: pl.DataFrame) -> dict[str, Row]:
    wanted = frame.join(reactions.select(key).unique(), on=key, how="semi")
    return {row[key]: row for row in wanted.iter_rows(named=True)}


def _rows_grouped(frame: pl.DataFrame, key: str, reactions: pl.DataFrame) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in frame.join(reactions.select(key).unique(), on=key, how="semi").iter_rows(named=True):
        groups[row[key]].append(row)
    return groups
