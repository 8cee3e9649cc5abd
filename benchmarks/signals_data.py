"""A made-up collection of spontaneous reports: Zipf margins, and drugs that truly bring out some events.

Seeded: the same figures give the same reports. Everything is drawn in numpy, report by report in blocks, so that
twenty million reports can be written to Parquet without ever being in memory at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl


@dataclass(frozen=True, kw_only=True)
class Made:
    """How many reports, drugs and events; the steepness of their margins; and what is planted."""

    reports: int = 3_000_000
    drugs: int = 5_000
    events: int = 3_000
    more_drugs: float = 0.67
    """Drugs beyond the first, on average."""
    more_events: float = 1.12
    drug_slope: float = 1.14
    event_slope: float = 1.16
    own_events: int = 12
    """Every drug has so many events of its own ..."""
    own_share: float = 0.12
    """... from which this share of events is drawn."""
    seed: int = 1


def blocks(made: Made, size: int = 1_000_000):
    """Pairs of tables (report_id, drug) and (report_id, event), for ``size`` reports at a time."""
    rng = np.random.default_rng(made.seed)
    own = rng.integers(0, made.events, (made.drugs, made.own_events), dtype=np.int32)
    drug_draw, event_draw = (
        _zipf(made.drugs, made.drug_slope, rng),
        _zipf(made.events, made.event_slope, rng),
    )
    for start in range(0, made.reports, size):
        ids = np.arange(start, min(start + size, made.reports))
        yield _block(made, rng, ids, own, (drug_draw, event_draw))


def tables(made: Made) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The whole collection as two tables in memory, identifiers and names as text."""
    drugs, events = zip(*blocks(made), strict=True)
    return pl.concat(drugs), pl.concat(events)


def write(made: Made, folder: Path) -> tuple[Path, Path]:
    """The collection as two Parquet files, block by block."""
    paths = (folder / "drugs", folder / "events")
    for path in paths:
        path.mkdir(parents=True, exist_ok=True)
    for number, parts in enumerate(blocks(made)):
        for path, part in zip(paths, parts, strict=True):
            part.write_parquet(path / f"{number:04}.parquet")
    return paths


def _zipf(size: int, slope: float, rng: np.random.Generator):
    weight = 1.0 / np.arange(1, size + 1) ** slope
    edges = np.cumsum(weight / weight.sum())
    order = rng.permutation(size).astype(np.int32)
    return lambda many: order[np.minimum(np.searchsorted(edges, rng.random(many)), size - 1)]


def _block(made, rng, ids, own, draws):
    drug_row = np.repeat(np.arange(len(ids)), 1 + rng.poisson(made.more_drugs, len(ids)))
    event_row = np.repeat(np.arange(len(ids)), 1 + rng.poisson(made.more_events, len(ids)))
    drug = draws[0](len(drug_row))
    event = draws[1](len(event_row))
    first_drug = drug[np.searchsorted(drug_row, event_row)]
    caused = rng.random(len(event_row)) < made.own_share
    event[caused] = own[first_drug[caused], rng.integers(0, made.own_events, caused.sum())]
    return _table(ids[drug_row], drug, "drug", made.drugs), _table(
        ids[event_row], event, "event", made.events
    )


def _table(ids, code, name, size) -> pl.DataFrame:
    names = pl.Series([f"{name.upper()} {number:05}" for number in range(size)], dtype=pl.String)
    report = pl.Series("report_id", ids + 10_000_000).cast(pl.String)
    return pl.DataFrame({"report_id": report, name: names.gather(code)})
