"""What if the unknown had been exposed, or not? Bounds on an exposure's ratio, and where the conclusion turns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from untoward.kernels.screening import fisher_greater_many
from untoward.kernels.two_by_two import Table, fisher_exact_two_sided, odds_ratio_conditional, risk_ratio
from untoward.model.counts import Estimate
from untoward.watch.estimates import ONLY_CASES
from untoward.watch.investigation.estimates import CONTROLS_CHOSEN, as_estimate, no_estimate
from untoward.watch.investigation.people import ExposureState, People, table_of

TAIL = 0.025
"""One-sided Fisher p below which the exact 95 % interval of the odds ratio leaves out 1."""

MOST_ALLOCATIONS = 250_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Every unknown put on one side, `ill_exposed` and `well_exposed` of them exposed; the table and what it says."""

    ill_exposed: int
    well_exposed: int
    a: int
    b: int
    c: int
    d: int
    risk_ratio: Estimate
    odds_ratio: Estimate
    p: float
    conclusion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurningPoint:
    """With `well_exposed` of the unknown well exposed, the conclusion holds from `from_ill` to `to_ill` exposed among
    the unknown ill; both None when it never holds.
    """

    well_unknown: str
    well_exposed: int
    from_ill: int | None
    to_ill: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingResult:
    """Bounds of one exposure over every way in which the unknown may have been exposed.

    `known` is the table without the unknown; `least` has the unknown ill unexposed and the unknown well exposed,
    `most` the reverse. `conclusion` is "more illness", "less illness" or "no clear difference", by whether the exact
    95 % interval of the odds ratio leaves out 1. `allocations` of the unknown are possible, `same` of them keep the
    conclusion (None when there are too many to try).
    """

    exposure: str
    unknown_ill: int
    unknown_well: int
    known: Allocation | None
    least: Allocation | None
    most: Allocation | None
    allocations: int
    same: int | None
    turning: tuple[TurningPoint, ...]
    holds_always: bool | None
    reason: str
    reading: str


def missing_exposure(people: People, exposure: ExposureState, *, sampled: bool = False) -> MissingResult:
    """The bounds. Nothing is imputed: only what every possible completion of the list would show.

    `sampled` says that controls were chosen: then there is no risk ratio, and the reading goes by odds ratios.
    """
    unknown = ~exposure.known
    ill, well = people.persons(unknown & people.ill), people.persons(unknown & ~people.ill)
    if people.only_cases:
        return _nothing(exposure.name, ill, well)
    table = table_of(people, exposure)
    known, least, most = (
        _allocation(table, *put, sampled=sampled)
        for put in ((0, 0, 0, 0), (0, well, ill, well), (ill, 0, ill, well))
    )
    grid = _conclusions(table, ill, well) if (ill + 1) * (well + 1) <= MOST_ALLOCATIONS else None
    wanted = _CODES[known.conclusion]
    same = None if grid is None else int((grid == wanted).sum())
    # One more exposed among the ill never raises Fisher's upper tail, one more among the well never lowers it: so the
    # two extremes decide for all between them.
    always = least.conclusion == known.conclusion == most.conclusion
    turning = tuple(_turning(table, ill, well, how, j, wanted) for how, j in _lines(table, well))
    return MissingResult(
        exposure=exposure.name,
        unknown_ill=ill,
        unknown_well=well,
        known=known,
        least=least,
        most=most,
        allocations=(ill + 1) * (well + 1),
        same=same,
        turning=turning,
        holds_always=always,
        reason="",
        reading=_reading(exposure.name, ill, well, known, least, most, always, turning),
    )


_CODES = {"more illness": 1, "less illness": -1, "no clear difference": 0}
_NAMES = {code: name for name, code in _CODES.items()}


def _allocation(
    table: Table, ill_exposed: int, well_exposed: int, ill: int, well: int, *, sampled: bool
) -> Allocation:
    put = Table(
        table.a + ill_exposed,
        table.b + well_exposed,
        table.c + ill - ill_exposed,
        table.d + well - well_exposed,
    )
    code = int(_codes(*(np.array([getattr(put, cell)]) for cell in "abcd"))[0])
    return Allocation(
        ill_exposed=ill_exposed,
        well_exposed=well_exposed,
        a=put.a,
        b=put.b,
        c=put.c,
        d=put.d,
        risk_ratio=no_estimate("Katz log", CONTROLS_CHOSEN) if sampled else as_estimate(risk_ratio(put)),
        odds_ratio=as_estimate(odds_ratio_conditional(put)),
        p=fisher_exact_two_sided(put),
        conclusion=_NAMES[code],
    )


def _codes(
    a: NDArray[np.int64], b: NDArray[np.int64], c: NDArray[np.int64], d: NDArray[np.int64]
) -> NDArray[np.int64]:
    """1 where the exposed have clearly more illness, -1 where clearly less, else 0."""
    total = a + b + c + d
    # a chance of exactly 2.5 % is not below it, whatever the last digit says
    level = TAIL * (1 - 1e-9)
    more = fisher_greater_many(a, a + b, a + c, total) < level
    less = fisher_greater_many(c, c + d, a + c, total) < level
    return more.astype(np.int64) - less.astype(np.int64)


def _conclusions(table: Table, ill: int, well: int) -> NDArray[np.int64]:
    """The conclusion for every number of exposed among the unknown, shape (ill + 1, well + 1)."""
    i, j = np.arange(ill + 1)[:, None], np.arange(well + 1)[None, :]
    a, b, c, d = (
        np.asarray(x, np.int64)
        for x in np.broadcast_arrays(table.a + i, table.b + j, table.c + ill - i, table.d + well - j)
    )
    return _codes(a.ravel(), b.ravel(), c.ravel(), d.ravel()).reshape(a.shape)


def _lines(table: Table, well: int) -> tuple[tuple[str, int], ...]:
    """Assumptions about the unknown well along which the unknown ill are varied."""
    if well == 0:
        return (("none is unknown", 0),)
    share = table.b / table.well if table.well else 0.0
    return (
        ("none exposed", 0),
        ("exposed as often as the known well", round(share * well)),
        ("all exposed", well),
    )


def _turning(table: Table, ill: int, well: int, how: str, j: int, wanted: int) -> TurningPoint:
    i = (
        np.arange(ill + 1)
        if ill <= MOST_ALLOCATIONS
        else np.unique(np.linspace(0, ill, MOST_ALLOCATIONS).astype(int))
    )
    codes = _codes(
        table.a + i, np.full(i.shape, table.b + j), table.c + ill - i, np.full(i.shape, table.d + well - j)
    )
    holds = np.flatnonzero(codes == wanted)
    ends = (int(i[holds[0]]), int(i[holds[-1]])) if holds.size else (None, None)
    return TurningPoint(well_unknown=how, well_exposed=j, from_ill=ends[0], to_ill=ends[1])


def _reading(
    name: str,
    ill: int,
    well: int,
    known: Allocation,
    least: Allocation,
    most: Allocation,
    always: bool,
    turning: tuple[TurningPoint, ...],
) -> str:
    if ill + well == 0:
        return f"Of everybody it is known whether they had {name.replace('_', ' ')}: nothing is missing."
    measure = "odds" if known.risk_ratio.reason == CONTROLS_CHOSEN else "risk"
    low, high = (_number(getattr(one, f"{measure}_ratio")) for one in (least, most))
    span = f"{measure} ratio {low} to {high}"
    who = f"{ill:,} ill and {well:,} well of unknown exposure"
    if always:
        return f"{known.conclusion.capitalize()}, whatever the {who} had ({span})."
    line = turning[1] if len(turning) == 3 else turning[0]
    if line.from_ill is None:
        return f"The {who} can turn the conclusion ({known.conclusion}): {span}."
    return (
        f"The {who} can turn the conclusion ({known.conclusion}): {span}. If the unknown well were like the known, it"
        f" holds when {line.from_ill:,} to {line.to_ill:,} of the {ill:,} unknown ill were exposed."
    )


def _number(estimate: Estimate) -> str:
    if estimate.value is None:
        return "infinite" if estimate.reason.startswith("infinite") else "not estimable"
    return f"{estimate.value:.2f}"


def _nothing(name: str, ill: int, well: int) -> MissingResult:
    return MissingResult(
        exposure=name,
        unknown_ill=ill,
        unknown_well=well,
        known=None,
        least=None,
        most=None,
        allocations=(ill + 1) * (well + 1),
        same=None,
        turning=(),
        holds_always=None,
        reason=ONLY_CASES,
        reading="No comparison, so nothing to turn: the number of people exposed is not in the data.",
    )
