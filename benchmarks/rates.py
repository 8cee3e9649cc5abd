"""How long the rates of a large registry take, and how much memory.

    python benchmarks/rates.py                        one million sessions, all axes, infection
    python benchmarks/rates.py --sessions 200000

The registry is made up in memory: persons with courses of sessions three weeks apart, two compounds a session, vials of some
15 sessions, lots of some 300, a case in 2,000 sessions with delays around a month. Reading files is not timed.
"""

from __future__ import annotations

import argparse
import resource
import time
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from untoward.model.tables import Registry
from untoward.tasks.delays import published_delays
from untoward.tasks.knowledge import evidence
from untoward.watch.delays import delay_of
from untoward.watch.expected import CountingRule
from untoward.watch.known_by import known_by
from untoward.watch.onsets import case_persons
from untoward.watch.outcomes import registry_outcomes
from untoward.watch.rates.axes import rate_axes
from untoward.watch.rates.rate import outcome_rates

START, DAYS = datetime(2022, 1, 1), 1461


def made_up(sessions: int, seed: int = 1) -> Registry:
    """A registry without anything planted."""
    random = np.random.default_rng(seed)
    length = random.integers(1, 7, sessions)
    length = length[: int(np.searchsorted(np.cumsum(length), sessions)) + 1]
    person = np.repeat(np.arange(length.size), length)[:sessions]
    nth = np.concatenate([np.arange(many) for many in length])[:sessions]
    day = np.sort(random.uniform(0, DAYS - 60, length.size))[person] + 21 * nth
    practitioner = random.integers(0, max(sessions // 2000, 3), length.size)[person]
    ids = pl.select(pl.format("S{}", pl.Series(np.arange(sessions)))).to_series()
    table = pl.DataFrame(
        {
            "session_id": ids,
            "patient_id": pl.Series(person).cast(pl.String),
            "date_from": pl.Series((day * 86_400_000_000).astype(np.int64)).cast(pl.Duration("us")) + START,
            "practitioner": pl.Series(practitioner).cast(pl.String),
            "clinic": pl.Series(practitioner // 3).cast(pl.String),
            "city": pl.Series(practitioner // 9).cast(pl.String),
            "region": pl.Series(practitioner // 27).cast(pl.String),
            "technique": pl.Series(
                np.array(["mesotherapy", "injection lipolysis", "filler"])[practitioner % 3]
            ),
            "sites": pl.Series(
                np.array(["thigh", "abdomen", "face; neck", "arm"])[random.integers(0, 4, sessions)]
            ),
        }
    )
    reactions = _reactions(random, sessions, ids)
    return Registry(
        sessions=table,
        components=_components(random, day, practitioner, ids),
        reactions=reactions,
        observations=reactions.select("reaction_id", (pl.col("onset_day") + 5).alias("day")),
    )


def _components(
    random: np.random.Generator, day: np.ndarray, practitioner: np.ndarray, ids: pl.Series
) -> pl.DataFrame:
    """Two compounds a session; vials and lots change with the days, each practitioner having vials of their own."""
    parts = []
    for which in range(2):
        compound = (practitioner + which * 7 + random.integers(0, 2, day.size)) % 20
        vial = np.unique(np.stack([practitioner, compound, day // 40]), axis=1, return_inverse=True)[
            1
        ].ravel()
        lot = np.unique(np.stack([compound, practitioner // 30, day // 60]), axis=1, return_inverse=True)[
            1
        ].ravel()
        parts.append(
            pl.DataFrame(
                {
                    "session_id": ids,
                    "compound": pl.Series(compound).cast(pl.String),
                    "compound_key": pl.Series(compound).cast(pl.String),
                    "product": pl.Series(compound).cast(pl.String),
                    "lot": pl.select(pl.format("L{}-{}", pl.lit(which), pl.Series(lot))).to_series(),
                    "vial": pl.select(pl.format("V{}-{}", pl.lit(which), pl.Series(vial))).to_series(),
                    "diluent": pl.Series((day // 30).astype(np.int64)).cast(pl.String),
                    "device": pl.Series(practitioner // 2).cast(pl.String),
                }
            )
        )
    return pl.concat(parts)


def _reactions(random: np.random.Generator, sessions: int, ids: pl.Series) -> pl.DataFrame:
    ill = np.sort(random.choice(sessions, sessions // 2000, replace=False))
    return pl.DataFrame(
        {
            "reaction_id": [f"R{one}" for one in range(ill.size)],
            "session_id": ids.gather(ill),
            "term_id": "mycobacterial-infection",
            "onset_day": np.exp(random.normal(np.log(31), 0.35, ill.size)),
        }
    )


def main() -> None:
    """Print seconds of each step and the peak memory of the process."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=1_000_000)
    parser.add_argument("--rule", choices=[rule.value for rule in CountingRule], default="overlap")
    chosen = parser.parse_args()
    base = evidence()
    made = made_up(chosen.sessions)
    outcome_rates_warm_up()
    print(
        f"{made.sessions.height:,} sessions, {made.components['vial'].n_unique():,} vials, memory before: {_peak()}"
    )
    clock = _Clock()
    now = START + timedelta(days=DAYS)
    registry = known_by(made, now)
    clock.said("what was known")
    groups = {term.id: term.group for term in base.terms.terms.values()}
    infection = registry_outcomes(registry, groups)[0]
    persons = case_persons(registry, infection)
    delay = delay_of("infection", registry, persons, now, published_delays(base).get("infection"))
    clock.said("delays")
    exposures = rate_axes(registry)
    clock.said("who had which exposure")
    rates = outcome_rates(registry, infection, exposures, delay, now, rule=CountingRule(chosen.rule))
    clock.said("counts, rates and comparisons")
    print(
        f"{rates.table.height:,} exposures, {exposures.axes.member.nnz:,} memberships, {rates.cases:,} cases"
    )
    clock.in_all()
    print(f"peak memory {_peak()}")


def outcome_rates_warm_up() -> None:
    """Compile the loops on a small registry, so that compiling is not timed."""
    small = made_up(2000)
    infection = registry_outcomes(small, {"mycobacterial-infection": "infection"})[0]
    now = START + timedelta(days=DAYS)
    delay = delay_of("infection", small, case_persons(small, infection), now, None)
    outcome_rates(small, infection, rate_axes(small), delay, now)


class _Clock:
    """Wall and processor seconds of each step; on a machine that others use, read the latter."""

    def __init__(self) -> None:
        self.first = self.last = (time.perf_counter(), time.process_time())

    def said(self, step: str) -> None:
        self.last = self._since(self.last, step)

    def in_all(self) -> None:
        self._since(self.first, "in all")

    def _since(self, before: tuple[float, float], step: str) -> tuple[float, float]:
        now = (time.perf_counter(), time.process_time())
        print(f"{step:32} {now[0] - before[0]:6.2f} s, processor {now[1] - before[1]:6.2f} s")
        return now


def _peak() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"


if __name__ == "__main__":
    main()
