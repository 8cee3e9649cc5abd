"""Figures that take a numerical library, worked out once for the whole evidence base and kept.

A page of one compound is asked for by a person who waits, and loading the libraries alone takes longer than the
page should. So exact intervals, pooled shares and courses of the whole base are worked out together and
kept as JSON in the user's cache folder, under a hash of the evidence and of the code that computes them; with a
seal, so that a file cut short or altered is not used. Without a cache they are worked out again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Incidence, Timing

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
    path = _cache_file(base.version)
    kept = _read(path)
    if kept is None:
        kept = _worked_out(base)
        _write(path, kept)
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


def _cache_file(version: str) -> Path | None:
    """Where the figures of this evidence are kept; None for a user without a home folder."""
    package = resources.files("untoward")
    digest = hashlib.sha256(version.encode())
    for name in _COMPUTED_BY:
        digest.update((package / name).read_bytes())
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    except RuntimeError:
        return None
    return home / "untoward" / f"figures-{digest.hexdigest()[:32]}.json"


def _read(path: Path | None) -> dict[str, Any] | None:
    try:
        seal, _line, text = path.read_bytes().partition(b"\n") if path else (b"", b"", b"")
        if not path or seal.decode() != hashlib.sha256(text).hexdigest():
            return None
        kept: dict[str, Any] = json.loads(text)
    except (OSError, ValueError):
        return None
    return kept


def _write(path: Path | None, kept: Mapping[str, Any]) -> None:
    if path is None:
        return
    text = json.dumps(kept).encode()
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            unfinished.write_bytes(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError:
        return
