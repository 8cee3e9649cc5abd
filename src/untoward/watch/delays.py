"""How long after a session a reaction begins, and how long until somebody knows of it.

Where the delays come from, best first:

1. The registry's own cases, when at least 20 with a known onset can be used. Sessions of the last weeks show only their
   quick cases (right truncation), so the shares come from the product limit in reversed time: a case counts among those
   that could have been known with its delay or a shorter one. Lagakos, Barraj and De Gruttola, Biometrika 1988;75:515.
   It tells the delays up to the longest one that at least 20 of the cases had the time to show.
2. A published incubation: log-normal, with the registry's own delay from onset to being known added when at least 20
   cases tell it.
3. Nothing: all risk then counts as if it had passed, and `source` says so.

A reaction is recorded for the last session before it, which makes delays look short where a person has several. Persons
with a single session up to the onset are therefore used alone as soon as there are 20 of them. Even they lean a little
to the short side in clinics where sessions follow each other closely: a long delay is the likelier to meet a second one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from untoward.kernels.survival import lognormal_quantile
from untoward.model.tables import Registry
from untoward.watch.columns import instant_or_null
from untoward.watch.onsets import session_persons
from untoward.watch.wording import many

FloatArray = NDArray[np.float64]

ENOUGH_CASES = 20
"""So few cases with a known delay do not tell how delays are spread."""

QUANTILES = 64
"""A delay is held as so many equally likely days: the middle quantile of each 64th."""

LAST_SHARE = 0.99
"""A session may have caused an onset within the days by which this share of published onsets had come."""

_SHARES = (np.arange(QUANTILES) + 0.5) / QUANTILES
_MICROSECONDS_PER_DAY = 86_400_000_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDelay:
    """Days from session to onset as published: log-normal, `mu` and `sigma` of the logarithm of the days.

    `longest` is the longest delay printed, `n` the people behind it, `source` how a reader would say where it comes
    from, `evidence` the keys of the records.
    """

    mu: float
    sigma: float
    longest: float
    n: int
    source: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Delay:
    """Days from a session to the onset of an outcome, and to its being known.

    `onset_days` and `known_days` hold equally likely days, rising (`known_days` counts from the session too).
    `reach` is how many days before an onset a session may have caused it. `source` says in one sentence where this
    comes from and from how many; `own` whether from this registry's cases; `n` how many; `evidence` the records used.
    """

    outcome: str
    onset_days: FloatArray
    known_days: FloatArray
    reach: float
    source: str
    own: bool
    n: int = 0
    evidence: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether anything is known of the delay; if not, all risk counts as passed."""
        return self.n > 0


def delay_of(
    outcome: str,
    registry: Registry,
    persons: pl.DataFrame,
    as_of: datetime | None,
    published: PublishedDelay | None,
) -> Delay:
    """The delay of one outcome from what is best known of it (see the module).

    `persons` comes from `onsets.case_persons`; cases known after `as_of` are not used. Without `as_of` the registry is
    taken to end with its last session, onset or observation of a case.
    """
    end = _end(registry, persons, as_of)
    cases = _timed_cases(persons, registry, end)
    fitted = _own_delay(outcome, cases)
    if fitted is not None:
        return fitted
    if published is not None:
        return _published_delay(outcome, published, cases)
    return _no_delay(outcome, cases)


def elapsed_share(delay: Delay, session_dates: FloatArray, now: float) -> FloatArray:
    """For each session the share of its cases that would be known by now: 0 to 1, of the shape of `session_dates`.

    Days since 1970 (`days_since_1970`), `now` likewise. A session still to come has 0. One without a date (nan) has 1:
    nobody can say that its risk has not passed.
    """
    elapsed = now - np.asarray(session_dates, dtype=np.float64)
    passed = np.searchsorted(delay.known_days, elapsed, side="right") / delay.known_days.size
    share: FloatArray = np.where(np.isnan(elapsed), 1.0, np.where(elapsed < 0, 0.0, passed))
    return share


def onset_density(delay: Delay, days: FloatArray) -> FloatArray:
    """How likely an onset so many days after a session is, per day, up to a common factor; 0 outside the reach.

    Each of the equally likely days is spread to both sides as a triangle, as wide as the days reach over the square root of
    their number and at least one day, so that neighbouring days compare sensibly. A delay of which nothing is known is flat.
    """
    days = np.asarray(days, dtype=np.float64)
    inside = (days >= 0) & (days <= delay.reach)
    if not delay.known:
        return inside.astype(np.float64)
    width = max(1.0, float(np.ptp(delay.onset_days) / np.ceil(np.sqrt(delay.onset_days.size))))
    near = np.maximum(1 - np.abs(days[..., None] - delay.onset_days) / width, 0.0)
    # A floor keeps a session inside the reach possible where no quantile happens to be near.
    density: FloatArray = np.where(inside, near.mean(axis=-1) / width + 1e-6, 0.0)
    return density


def days_since_1970(moments: pl.Series) -> FloatArray:
    """Instants as decimal days since 1 January 1970; nan where null."""
    instants = moments.cast(pl.Datetime("us"))
    counted = instants.to_physical().cast(pl.Float64) / _MICROSECONDS_PER_DAY
    return counted.fill_null(float("nan")).to_numpy().astype(np.float64)


def day_of(moment: datetime) -> float:
    """One instant as decimal days since 1 January 1970 (local time, without zone)."""
    return (moment.replace(tzinfo=None) - datetime(1970, 1, 1)).total_seconds() / 86_400


def reversed_time_shares(delays: FloatArray, limits: FloatArray) -> FloatArray:
    """Share of all cases that each case stands for when a delay shows only up to the limit of its case.

    The product limit in reversed time: with d_j cases of delay t_j and n_j cases with delay <= t_j <= limit,
    F(t_(j-1)) = F(t_j) (1 - d_j / n_j), F at the longest delay being 1; the fall at t_j is shared by its cases. It tells
    delays relative to those that the longest limit can show. Lagakos, Barraj and De Gruttola, Biometrika 1988;75:515.
    `delays` and `limits` have one shape, delays <= limits; the shares sum to 1.
    """
    if delays.size == 0:
        return np.zeros(0)
    times, position, tied = np.unique(delays, return_inverse=True, return_counts=True)
    at_risk = np.searchsorted(np.sort(delays), times, side="right") - np.searchsorted(
        np.sort(limits), times, side="left"
    )
    stay = 1 - tied / at_risk
    # F just before each time, from the last time down.
    after = np.concatenate([np.cumprod(stay[::-1])[::-1][1:], [1.0]])
    shares: FloatArray = ((after * (tied / at_risk)) / tied)[position]
    return shares


class _Cases(NamedTuple):
    """Days from session to onset and to being known, days the case could be followed, and whether one session alone
    may have caused it. Only cases with all of them.
    """

    onset: FloatArray
    known: FloatArray
    followed: FloatArray
    single: NDArray[np.bool_]

    def only(self, mask: NDArray[np.bool_]) -> _Cases:
        return _Cases(self.onset[mask], self.known[mask], self.followed[mask], self.single[mask])


def _end(registry: Registry, persons: pl.DataFrame, as_of: datetime | None) -> float:
    if as_of is not None:
        return day_of(as_of)
    begun = registry.sessions.select(instant_or_null(registry.sessions, "date_from").alias("at")).to_series()
    last = [days_since_1970(column) for column in (begun, persons["onset"], persons["known"])]
    joined = np.concatenate(last)
    return float(np.nanmax(joined)) if np.isfinite(joined).any() else 0.0


def _timed_cases(persons: pl.DataFrame, registry: Registry, end: float) -> _Cases:
    dated = persons.drop_nulls(["session_date", "onset"])
    begun, onset, known = (days_since_1970(dated[name]) for name in ("session_date", "onset", "known"))
    # A first observation before the onset on record says that one of the two is rough: known no sooner than begun.
    known = np.maximum(np.where(np.isnan(known), onset, known), onset)
    cases = _Cases(onset - begun, known - begun, end - begun, _had_one_session(dated, registry))
    return cases.only((cases.onset >= 0) & (known <= end))


def _had_one_session(dated: pl.DataFrame, registry: Registry) -> NDArray[np.bool_]:
    """Whether the person had a single session up to the onset, of those on record."""
    sessions = pl.DataFrame(
        {
            "patient_id": session_persons(registry.sessions),
            "at": registry.sessions.select(
                instant_or_null(registry.sessions, "date_from").alias("at")
            ).to_series(),
        }
    )
    mine = dated.select("patient_id", "onset").join(sessions, on="patient_id", how="left")
    before = mine.group_by("patient_id").agg(
        (pl.col("at") <= pl.col("onset")).fill_null(True).sum().alias("n")
    )
    joined = dated.select("patient_id").join(before, on="patient_id", how="left", maintain_order="left")
    return joined.get_column("n").to_numpy() <= 1


def _own_delay(outcome: str, cases: _Cases) -> Delay | None:
    alone = cases.only(cases.single)
    chosen = alone if alone.onset.size >= ENOUGH_CASES else cases
    if chosen.onset.size < ENOUGH_CASES:
        return None
    # Beyond this day fewer than 20 cases could have shown themselves, and the share of later ones is anybody's guess.
    shown = float(np.sort(chosen.followed)[-ENOUGH_CASES])
    used = chosen.only(chosen.known <= shown)
    if used.onset.size < ENOUGH_CASES:
        return None
    shares = reversed_time_shares(used.known, used.followed)
    return Delay(
        outcome=outcome,
        onset_days=_quantiles(used.onset, shares),
        known_days=_quantiles(used.known, shares),
        reach=_whole_days(cases.onset),
        source=_own_source(used, single=chosen is alone, shown=shown),
        own=True,
        n=used.onset.size,
    )


def _own_source(used: _Cases, *, single: bool, shown: float) -> str:
    who = (
        "with a single session before the onset"
        if single
        else "counted from the last session before the onset, which is too short where an earlier one was the cause"
    )
    return (
        f"From the registry's own {many(used.onset.size, 'case')} {who}, corrected for recent sessions that show only "
        f"their quick cases (reversed-time product limit; delays of more than {shown:.0f} days cannot be seen)."
    )


def _published_delay(outcome: str, published: PublishedDelay, cases: _Cases) -> Delay:
    days = np.exp(published.mu + published.sigma * special.ndtri(_SHARES))
    reporting, how = _reporting(cases)
    known = _quantiles((days[:, None] + reporting[None, :]).ravel())
    return Delay(
        outcome=outcome,
        onset_days=days,
        known_days=known,
        reach=max(lognormal_quantile(published.mu, published.sigma, LAST_SHARE), published.longest),
        source=f"Published: {published.source}; {how}.",
        own=False,
        n=published.n,
        evidence=published.evidence,
    )


def _reporting(cases: _Cases) -> tuple[FloatArray, str]:
    """Days from onset to being known, by the registry's own cases, and where they come from in words."""
    delays, limits = cases.known - cases.onset, cases.followed - cases.onset
    if delays.size < ENOUGH_CASES:
        return np.zeros(
            1
        ), "no days are added for reporting, since fewer than 20 cases of the registry tell them"
    shares = reversed_time_shares(delays, limits)
    return _quantiles(delays, shares), f"reporting as in the registry's own {many(delays.size, 'case')}"


def _no_delay(outcome: str, cases: _Cases) -> Delay:
    return Delay(
        outcome=outcome,
        onset_days=np.zeros(QUANTILES),
        known_days=np.zeros(QUANTILES),
        reach=_whole_days(cases.onset),
        source=(
            f"Not known: {many(cases.onset.size, 'case')} with a known onset (20 are needed) and no published delay. Every "
            "session counts as if all its risk had passed, so recent ones look calmer than they are."
        ),
        own=False,
    )


def _whole_days(onset: FloatArray) -> float:
    """The longest delay seen, rounded up: where only dates are known, a delay of some hours is a day."""
    return max(1.0, float(np.ceil(onset.max(initial=0.0))))


def _quantiles(values: FloatArray, weights: FloatArray | None = None) -> FloatArray:
    """The middle quantiles of values with weights that sum to 1 (equal when absent), rising."""
    order = np.argsort(values, kind="stable")
    share = np.full(values.size, 1 / values.size) if weights is None else weights[order]
    reached = np.cumsum(share) / share.sum()
    at = np.minimum(np.searchsorted(reached, _SHARES - 1e-12), values.size - 1)
    days: FloatArray = values[order][at].astype(np.float64)
    return days
