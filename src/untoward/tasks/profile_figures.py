"""Figures that take a numerical library, worked out once for the whole evidence base and kept.

A page of one compound is asked for by a person who waits, and loading the libraries alone takes longer than the
page should. So exact intervals, pooled shares and courses of the whole base are worked out together and
kept as JSON in the user's cache folder, under a hash of the evidence and of the code that computes them; with a
seal, so that a file cut short or altered is not used. Without a cache they are worked out again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Incidence, Timing
from untoward.evidence.sealed_cache import read_sealed, write_sealed

_COMPUTED_BY = (
    "kernels/intervals.py",
    "kernels/survival.py",
    "kernels/fit_error.py",
    "kernels/random_effects.py",
    "evidence/courses.py",
    "evidence/pooling.py",
    "tasks/profile_figures.py",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Days to resolution of one reaction after one compound.

    `days` are those by which 5 %, 50 % and 95 % were over; `half` and `late` the 95 % intervals of the last two.
    """

    days: tuple[float, float, float]
    half: tuple[float, float]
    late: tuple[float, float]
    longest: float
    people: int
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """A share over several populations (`evidence.pooling.PooledIncidence`), in figures."""

    per: str
    arm: str
    share: float
    low: float
    high: float
    tau2: float
    i2: float
    predicted: tuple[float, float] | None
    populations: int
    agree: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that was worked out: by (compound, term), and exact intervals by (cases, people)."""

    courses: Mapping[tuple[str, str], Course]
    pooled: Mapping[tuple[str, str], tuple[Pooled, ...]]
    intervals: Mapping[tuple[int, int], tuple[float, float]]


def figures_of(base: EvidenceBase) -> Figures:
    """The figures of an evidence base, from the cache when it holds them."""
    name = _cache_name(base.version)
    kept = read_sealed(name)
    if kept is None:
        kept = _worked_out(base)
        write_sealed(name, kept)
    return _from_plain(kept)


def _worked_out(base: EvidenceBase) -> dict[str, Any]:
    """All figures as plain data; the only place that needs numerical libraries."""
    from untoward.evidence.pooling import pooled_incidences
    from untoward.kernels.intervals import clopper_pearson

    counts = sorted({(r.n, r.of) for r in base.of_class(Incidence)})
    courses = [_plain_course(base, *pair) for pair in _timed(base)]
    pairs = dict.fromkeys((r.compound, r.term) for r in base.of_class(Incidence))
    pooled = [(*pair, [_plain_pooled(asdict(p) | {"agree": p.agree}) for p in pooled_incidences(base, *pair)])
              for pair in pairs]  # fmt: skip
    return {
        "courses": [course for course in courses if course is not None],
        "pooled": [entry for entry in pooled if entry[2]],
        "intervals": [[n, of, *clopper_pearson(n, of)] for n, of in counts],
    }


def _timed(base: EvidenceBase) -> list[tuple[str, str]]:
    terms = dict.fromkeys(r.term for r in base.of_class(Timing) if r.kind == "duration")
    return [(compound, term) for compound in base.compounds for term in terms]


def _plain_course(base: EvidenceBase, compound: str, term: str) -> tuple[str, str, dict[str, Any]] | None:
    from untoward.evidence.courses import expected_course

    course = expected_course(base, compound, term)
    if course is None:
        return None
    return compound, term, {
        "days": course.band_days,
        "half": course.day_interval(0.50),
        "late": course.day_interval(0.95),
        "longest": course.longest_days,
        "people": course.people,
        "evidence": course.evidence,
    }  # fmt: skip


def _plain_pooled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in Pooled.__dataclass_fields__}


def _from_plain(kept: Mapping[str, Any]) -> Figures:
    return Figures(
        courses={(c, t): Course(**_tuples(fields)) for c, t, fields in kept["courses"]},
        pooled={
            (c, t): tuple(Pooled(**_tuples(fields)) for fields in found) for c, t, found in kept["pooled"]
        },
        intervals={(n, of): (low, high) for n, of, low, high in kept["intervals"]},
    )


def _tuples(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


def _cache_name(version: str) -> str:
    """Name under which the figures of this evidence are kept."""
    digest = hashlib.sha256(version.encode())
    for name in _COMPUTED_BY:
        digest.update((resources.files("untoward") / name).read_bytes())
    return f"figures-{digest.hexdigest()[:32]}"
