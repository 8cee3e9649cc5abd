"""What is known already of an exposure and an outcome: in the evidence, and in a saved result over outside reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl

from untoward.evidence.records import Incidence, Timing
from untoward.tasks.knowledge import evidence
from untoward.watch.clusters.nodes import COMPOUND_PAIR
from untoward.watch.outcomes import ALLERGY, ANY_REACTION, INFECTION, OFF_COURSE, TISSUE_INJURY

FOLDER = "signals"
"""Below the home folder: results of `untoward signals` (CSV or Parquet) that stand beside the record's own signals."""

MOST_BYTES = 200_000_000
RULE = "signal_umc"
_GROUPS: Mapping[str, frozenset[str]] = {
    INFECTION.name: frozenset({"infection"}),
    ALLERGY.name: frozenset({"allergy"}),
    TISSUE_INJURY.name: frozenset({"vascular", "nerve", "skin-lasting"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the evidence has on a compound and an outcome: how many records, of which terms, and the compound's key."""

    compound: str
    label: str
    records: int
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """One pair of an outside result: the drug and event as written there, how many reports, how much more than expected.

    `ic_low` is the lower 95 % limit of the information component (null when it was not worked out); `signal` is whether
    the rule of the Uppsala Monitoring Centre flags it.
    """

    drug: str
    event: str
    reports: int
    ic_low: float | None
    signal: bool
    file: str


def known_of(axis: str, value: str, outcome: str) -> tuple[Known, ...]:
    """What is known of the compounds that an exposure names; empty for one that names none, such as a lot."""
    if axis not in ("compound", "mix", COMPOUND_PAIR) or outcome == OFF_COURSE.name:
        return ()
    base = evidence()
    keys = [base.compound_names.find(part.strip()) for part in value.replace("×", "+").split("+")]
    return tuple(_known(key, outcome) for key in dict.fromkeys(keys) if key is not None)


def _known(key: str, outcome: str) -> Known:
    base = evidence()
    records = [
        record
        for record in base.about(key)
        if isinstance(record, Incidence | Timing) and _fits(record.term, outcome)
    ]
    terms = dict.fromkeys(record.term.replace("-", " ") for record in records)
    return Known(compound=key, label=base.compounds[key].label, records=len(records), terms=tuple(terms))


def _fits(term: str, outcome: str) -> bool:
    found = evidence().terms.terms.get(term)
    return outcome == ANY_REACTION.name or (found is not None and found.group in _GROUPS.get(outcome, ()))


def outside_files(home: Path) -> tuple[Path, ...]:
    """The saved results that are there."""
    folder = home / FOLDER
    if not folder.is_dir():
        return ()
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in (".csv", ".parquet"))
    return tuple(file for file in files if file.is_file() and file.stat().st_size <= MOST_BYTES)


def outside_of(known: tuple[Known, ...], outcome: str, home: Path) -> tuple[Outside, ...]:
    """The pairs of outside results about these compounds and this outcome, the strongest first."""
    keys = {one.compound for one in known}
    found: list[Outside] = []
    for file in outside_files(home):
        for key, one in _pairs(str(file), file.stat().st_mtime_ns):
            if key in keys and _fits(one[0], outcome):
                found.append(one[1])
    return tuple(sorted(found, key=lambda one: (not one.signal, -one.reports)))


@lru_cache(maxsize=4)
def _pairs(path: str, _changed: int) -> tuple[tuple[str, tuple[str, Outside]], ...]:
    """The pairs of a file whose drug and event the evidence knows: (compound, (term, pair)). None of one that is no result."""
    frame = _table(Path(path))
    if frame is None:
        return ()
    base, rows = evidence(), []
    drugs = {drug: base.compound_names.find(drug) for drug in frame.get_column("drug").unique().to_list()}
    events = {event: base.terms.resolve(event) for event in frame.get_column("event").unique().to_list()}
    for drug, event, reports, low, signal in frame.iter_rows():
        key, term = drugs[drug], events[event]
        if key is not None and term is not None:
            pair = Outside(
                drug=drug, event=event, reports=reports, ic_low=low, signal=bool(signal), file=Path(path).name
            )
            rows.append((key, (term.id, pair)))
    return tuple(rows)


def _table(path: Path) -> pl.DataFrame | None:
    try:
        frame = pl.read_parquet(path) if path.suffix.lower() == ".parquet" else pl.read_csv(path)
        low = pl.col("ic_low") if "ic_low" in frame.columns else pl.lit(None)
        signal = pl.col(RULE) if RULE in frame.columns else pl.lit(None)
        return frame.select(
            pl.col("drug").cast(pl.String),
            pl.col("event").cast(pl.String),
            pl.col("n").cast(pl.Int64),
            low.cast(pl.Float64).alias("low"),
            signal.cast(pl.Boolean).fill_null(False).alias("signal"),
        ).drop_nulls(["drug", "event", "n"])
    except (OSError, pl.exceptions.PolarsError):
        return None
