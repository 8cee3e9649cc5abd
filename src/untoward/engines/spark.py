"""Counts of pairs by Apache Spark, for collections of reports that one machine cannot hold.

The answers are those of the local engine: the unit is the distinct report, margins are distinct reports, names
that differ in capitals alone are one. Only counts come back to the machine that asks; reports never do.

    counts = count_pairs_spark("drugs.parquet", "events.parquet", least=3)
    counts.frame().write_parquet("counts.parquet")

Runs on two cores of this machine unless a master is named or the program was started by ``spark-submit``.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.engines.spark_session import session
from untoward.errors import UsageError
from untoward.model.reports import ReportTables

Role = Literal["suspect", "interacting", "concomitant"]
Roles = tuple[Role, ...] | Literal["all"]
Source = str | os.PathLike[str] | Any
"""A Parquet file or folder (any address that Spark can open), or a Spark DataFrame."""

SUSPECTED: Roles = ("suspect", "interacting")
_ROLES: tuple[Role, ...] = ("suspect", "interacting", "concomitant")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Counts:
    """Counts of the pairs with ``least`` reports or more, ordered by drug and then event.

    ``drugs`` and ``events`` are the names in alphabetical order of their capitals, ``drug_reports`` and
    ``event_reports`` their distinct reports (an entry per name). ``drug_index``, ``event_index`` and ``n`` have an
    entry per pair. ``n_total``: reports that name a drug that counts and an event; ``without_event`` and
    ``without_drug`` name only one of them. ``without_role``: rows of drugs that count with no known role.
    """

    drugs: pl.Series
    events: pl.Series
    drug_index: NDArray[np.int32]
    event_index: NDArray[np.int32]
    n: NDArray[np.int64]
    drug_reports: NDArray[np.int64]
    event_reports: NDArray[np.int64]
    n_total: int
    roles: Roles
    least: int
    without_event: int
    without_drug: int
    without_role: int

    def __len__(self) -> int:
        return len(self.n)

    def frame(self) -> pl.DataFrame:
        """Columns ``drug, event, n, n_drug, n_event, n_total``, a row per pair."""
        return pl.DataFrame(
            {
                "drug": self.drugs.gather(self.drug_index),
                "event": self.events.gather(self.event_index),
                "n": self.n,
                "n_drug": self.drug_reports[self.drug_index],
                "n_event": self.event_reports[self.event_index],
            }
        ).with_columns(pl.lit(self.n_total, pl.Int64).alias("n_total"))


def count_pairs_spark(
    drugs: Source,
    events: Source,
    *,
    roles: Roles = SUSPECTED,
    least: int = 1,
    partitions: int | None = None,
    master: str | None = None,
    settings: Mapping[str, str] | None = None,
) -> Counts:
    """Counts of the pairs of two tables: ``report_id, drug`` (and ``role``), and ``report_id, event``.

    ``roles``: drugs in which roles count, or "all"; a drug whose role is not known always counts, and so does
    every drug of a table without that column. ``least``: pairs with fewer reports do not come back (a fitted
    prior needs all of them: leave 1). ``partitions``: into how many parts the reports are dealt; a few per core,
    each of some hundred thousand reports. ``master`` and ``settings`` are Spark's own, for example
    ``settings={"spark.driver.memory": "4g"}``; a session that is already running is used as it is.

    Of names that differ in capitals alone the one shown is the one that stands first in a Parquet table; for a
    DataFrame, first in the order of its partitions.

    Raises MissingExtra without pyspark, UsageError without Java 17 or for roles there are not, InputError when
    a column is missing or nothing can be counted.
    """
    _check(roles, least, partitions)
    with session(master, settings or {}) as spark:
        # needs pyspark, which the session has found by now
        from untoward.engines.spark_steps import counted

        return counted(spark, _plain(drugs), _plain(events), roles, least, partitions)


def count_reports(
    tables: ReportTables,
    *,
    roles: Roles = SUSPECTED,
    least: int = 1,
    partitions: int | None = None,
    master: str | None = None,
    settings: Mapping[str, str] | None = None,
) -> Counts:
    """Counts of a collection that this machine has read: as `count_pairs_spark`, through files that are removed again.

    The workers must see this machine's folder for temporary files, so this is for Spark on this machine.
    """
    with tempfile.TemporaryDirectory(prefix="untoward-spark-") as folder:
        drugs, events = Path(folder) / "drugs.parquet", Path(folder) / "events.parquet"
        needed = [name for name in ("report_id", "drug", "role") if name in tables.drugs.columns]
        tables.drugs.select(needed).write_parquet(drugs)
        tables.events.select("report_id", "event").write_parquet(events)
        return count_pairs_spark(
            drugs,
            events,
            roles=roles,
            least=least,
            partitions=partitions,
            master=master,
            settings=settings,
        )


def _check(roles: Roles, least: int, partitions: int | None) -> None:
    wrong = [] if roles == "all" else [role for role in roles if role not in _ROLES]
    if wrong or not roles:
        raise UsageError(f"roles: got {', '.join(wrong) or 'none'}, expected {', '.join(_ROLES)} or all")
    for name, value in (("least", least), ("partitions", partitions)):
        if value is not None and value < 1:
            raise UsageError(f"{name}: got {value}, expected 1 or more")


def _plain(source: Source) -> Any:  # noqa: ANN401 -- a Spark DataFrame, whose class is known only with pyspark
    return os.fspath(source) if isinstance(source, (str, os.PathLike)) else source
