"""How much each field says for or against two reports being of one case: hit-miss weights, in bits.

In the hit-miss model (Copas and Hilton 1990; for reports of reactions Norén, Orre and Bate, KDD 2005) each of two
records of one case either shows the true value (a hit) or a value drawn at random from all (a miss). With ``c`` the
chance that at least one of the two missed, and ``p`` the share of reports with a value, comparing the chance of what
is seen in two records of one case with that in two of any gives

    both show the value:    log2(c + (1 - c) / p)      rare values say much, common ones little
    they differ:            log2(c)
    one of them is silent:  0                          not known speaks neither for nor against

For dates and ages a third outcome, off by a little, has the chance ``v``, spread like a normal distribution around
the truth: ``log2(c + (1 - c - v) / p`` if equal ``+ v g(d) / s)`` with ``g`` that distribution at the difference
``d`` and ``s`` the share of reports around the value (the hit-miss mixture of the same paper).

Each drug, event and lot is a field of its own (named or not named); that neither names it says next to nothing
and is left out. Terms go together (a vaccine and its fever), so of the terms two reports share only the rarest is
weighed by its own share; every other by its share among the reports that name the rarest one, or the shared
term before it, whichever is larger. The two reports themselves are left out of those shares.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from scipy import sparse

from untoward.watch.signals.duplicate_fields import KINDS, UNKNOWN, Fields, FloatArray, IntArray, frequency

_SMOOTHING = 5.0
"""So many reports of the collection at large are added to those that name a term, when another's share is taken."""

_WEIGHED = 10
"""Of the terms that two reports share, so many of the rarest are weighed; long lists of tests come as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misses:
    """Chances that at least one of two reports of a case misses a field; ``*_off``: that it is off by a little.

    The values are this project's starting points, not published figures. ``learned_misses`` takes them from pairs
    that people have confirmed.
    """

    event_date: float = 0.1
    event_date_off: float = 0.1
    age: float = 0.05
    age_off: float = 0.1
    sex: float = 0.03
    country: float = 0.03
    drugs: float = 0.3
    events: float = 0.4
    lots: float = 0.15

    def __post_init__(self) -> None:
        wrong = [f.name for f in fields(self) if not 0 < getattr(self, f.name) < 1]
        sums = [n for n in ("event_date", "age") if getattr(self, n) + getattr(self, f"{n}_off") >= 1]
        if wrong or sums:
            raise ValueError(f"misses: {', '.join(wrong + sums)}: expected chances between 0 and 1")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Weights:
    """Weights of every pair, an entry each: a field by its name; and how many terms are shared and not, by kind."""

    by_field: dict[str, FloatArray]
    shared: dict[str, IntArray]
    other: dict[str, IntArray]

    @property
    def score(self) -> FloatArray:
        """The sum over the fields."""
        total: FloatArray = np.sum(list(self.by_field.values()), axis=0)
        return total


DATE_SPREAD, AGE_SPREAD = 3.0, 1.5
"""Standard deviations of dates (days) and ages (years) that are off by a little."""


class Weigher:
    """Weighs pairs of the reports of one collection; its tables of frequencies are made once."""

    def __init__(self, fields: Fields, misses: Misses) -> None:
        self.fields, self.misses = fields, misses
        self.plain: dict[str, Callable[[IntArray, IntArray], FloatArray]] = {
            "event_date": _near(fields.event_day, misses.event_date, misses.event_date_off, DATE_SPREAD),
            "age": _near(fields.age, misses.age, misses.age_off, AGE_SPREAD),
            "sex": _equal(fields.sex, misses.sex),
            "country": _equal(fields.country, misses.country),
        }
        self.named = _per_kind(fields.terms, fields.term_kind)

    def __call__(self, first: IntArray, second: IntArray) -> Weights:
        """The weights of pairs of reports, given by their positions."""
        by_field = {name: weight(first, second) for name, weight in self.plain.items()}
        weights, shared, other = self._terms(first, second)
        by_field |= {kind: weights[:, number] for number, kind in enumerate(KINDS)}
        return Weights(
            by_field=by_field,
            shared={kind: shared[:, number] for number, kind in enumerate(KINDS)},
            other={kind: other[:, number] for number, kind in enumerate(KINDS)},
        )

    def _terms(self, first: IntArray, second: IntArray) -> tuple[FloatArray, IntArray, IntArray]:
        """Weights by kind, terms shared by kind, terms of one report alone by kind; a row per pair."""
        terms, kind = self.fields.terms, self.fields.term_kind
        miss = np.array([getattr(self.misses, name) for name in KINDS])
        both = terms[first].multiply(terms[second]).tocsr()
        both.sort_indices()
        row = np.repeat(np.arange(len(first)), np.diff(both.indptr))
        c = miss[kind[both.indices]]
        bits = np.log2(c + (1 - c) / _shares(self.fields, both))
        bits[np.arange(len(row)) - np.repeat(both.indptr[:-1], np.diff(both.indptr)) >= _WEIGHED] = 0.0
        hits: FloatArray = np.zeros((len(first), len(KINDS)))
        np.add.at(hits, (row, kind[both.indices]), bits)
        shared = _per_kind(both, kind)
        one, two = self.named[first], self.named[second]
        other = one + two - 2 * shared
        # a kind that one report does not name at all is not known there, and not "none"
        silent = (one == 0) | (two == 0)
        return hits + np.where(silent, 0.0, other * np.log2(miss)), shared, other


class _equal:  # noqa: N801 (a function with its tables at hand)
    """Weights of a field whose values are equal or not."""

    def __init__(self, values: IntArray, miss: float) -> None:
        self.values, self.miss, self.share = values, miss, frequency(values)

    def __call__(self, first: IntArray, second: IntArray) -> FloatArray:
        one, other = self.values[first], self.values[second]
        hit = np.where(one == other, (1 - self.miss) / self.share[first], 0.0)
        known = (one != UNKNOWN) & (other != UNKNOWN)
        return np.where(known, np.log2(self.miss + np.nan_to_num(hit)), 0.0)


class _near:  # noqa: N801
    """Weights of a field whose values may be off by a little."""

    def __init__(self, values: IntArray, miss: float, off: float, spread: float) -> None:
        reach = int(np.ceil(3 * spread))
        self.values, self.miss, self.off = values, miss, off
        self.share, self.around = frequency(values), frequency(values, reach=reach)
        steps = np.exp(-0.5 * (np.arange(reach + 1) / spread) ** 2)
        steps[0] = 0.0  # equal is a hit
        self.steps = np.append(steps / (2 * steps.sum()), 0.0)

    def __call__(self, first: IntArray, second: IntArray) -> FloatArray:
        one, other = self.values[first], self.values[second]
        known = (one != UNKNOWN) & (other != UNKNOWN)
        apart = np.minimum(np.abs(np.where(known, one - other, 0)), len(self.steps) - 1)
        hit = np.where(apart == 0, (1 - self.miss - self.off) / self.share[first], 0.0)
        around = (self.around[first] + self.around[second]) / 2
        ratio = self.miss + hit + self.off * self.steps[apart] / around
        return np.where(known, np.log2(np.where(known, ratio, 1.0)), 0.0)


def _per_kind(terms: sparse.csr_matrix, kind: IntArray) -> IntArray:
    row = np.repeat(np.arange(terms.shape[0]), np.diff(terms.indptr))
    counts = np.bincount(row * len(KINDS) + kind[terms.indices], minlength=terms.shape[0] * len(KINDS))
    return counts.reshape(terms.shape[0], len(KINDS)).astype(np.int64)


def _shares(all_fields: Fields, both: sparse.csr_matrix) -> FloatArray:
    """For every shared term the share by which it is weighed."""
    reports, n = all_fields.term_reports, all_fields.n
    term = both.indices
    at = np.arange(len(term))
    start = np.repeat(both.indptr[:-1], np.diff(both.indptr))
    plain: FloatArray = reports[term] / n
    later = np.flatnonzero(at > start)
    given = np.concatenate([term[start[later]], term[later - 1]])
    together = _together(all_fields.terms, given, np.tile(term[later], 2))
    # both reports of the pair name both terms; what the others do tells how much the term adds
    share = (together - 2 + _SMOOTHING * np.tile(plain[later], 2)) / (reports[given] - 2 + _SMOOTHING)
    plain[later] = np.maximum(share[: len(later)], share[len(later) :])
    return plain


def _together(terms: sparse.csr_matrix, one: IntArray, other: IntArray) -> IntArray:
    """How many reports name two terms, for many twos of terms."""
    rows, place = np.unique(one, return_inverse=True)
    if not len(rows):
        return np.zeros(0, np.int64)
    counts = (terms[:, rows].T.tocsr() @ terms).tocsr()
    return np.asarray(counts[place, other]).ravel().astype(np.int64)
