"""The steps of counting as Spark plans them. Needs pyspark; nothing in it runs Python on a worker.

1. Names: every name once, in order of its capitals; its place in that order is its code (small, sent to all workers).
2. Reports: rows of codes are dealt by report, so all rows of a report meet in one part; distinct codes per report.
3. Margins and pairs: counted inside the parts first, and added up by drug and event afterwards.

No step holds more than one part of the reports at a time. A report that names so many drugs and events that its
pairs would keep one worker busy is cut into slices of drugs, dealt anew (`_in_slices`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pyspark.sql import Window  # type: ignore[import-not-found, unused-ignore]
from pyspark.sql import functions as f  # type: ignore[import-not-found, unused-ignore]

from untoward.engines.spark import Counts, Roles
from untoward.errors import Fault, InputError

Table = Any
"""A Spark DataFrame. pyspark is optional, so its classes are not known to every type checker."""

MANY_PAIRS = 20_000
"""A report with more pairs than this is counted in slices."""
SLICE = 64
"""Drugs in a slice."""
_SHIFT = 40
"""A pair comes back as one number: the code of the event above this bit, the count below it."""


class _Totals(NamedTuple):
    """Reports with both a drug and an event, with one of them alone, and with very many pairs."""

    both: int
    without_event: int
    without_drug: int
    heavy: int


def counted(
    spark: Any,  # noqa: ANN401 -- pyspark is optional
    drugs: Any,  # noqa: ANN401
    events: Any,  # noqa: ANN401
    roles: Roles,
    least: int,
    partitions: int | None,
) -> Counts:
    """The counts of two tables; see `untoward.engines.spark.count_pairs_spark`."""
    drug_table, event_table = _loaded(spark, drugs), _loaded(spark, events)
    _check_columns(drug_table, event_table)
    drug_table, without_role = _in_roles(drug_table, roles)
    rows = _rows(drug_table, "drug").unionByName(_rows(event_table, "event"))
    names = _names(rows).persist()
    reports = _reports(rows, names, partitions or _default_partitions(spark)).persist()
    try:
        drug_names, event_names = _names_shown(names)
        totals = _totals(reports)
        linked = reports.where((f.size("drugs") > 0) & (f.size("events") > 0))
        drug_reports, event_reports = _margins(linked, len(drug_names), len(event_names))
        drug_index, event_index, n = _pairs(linked, totals, least, reports.rdd.getNumPartitions())
    finally:
        reports.unpersist()
        names.unpersist()
    return Counts(
        drugs=drug_names,
        events=event_names,
        drug_index=drug_index,
        event_index=event_index,
        n=n,
        drug_reports=drug_reports,
        event_reports=event_reports,
        n_total=totals.both,
        roles=roles,
        least=least,
        without_event=totals.without_event,
        without_drug=totals.without_drug,
        without_role=without_role,
    )


def _loaded(spark: Any, source: Any) -> Table:  # noqa: ANN401
    """A table with the place of every row beside it: the file and the row in it, or the order of the partitions."""
    if isinstance(source, str):
        place = f.struct(
            f.col("_metadata.file_path").alias("file"), f.col("_metadata.row_index").alias("row")
        )
        return spark.read.parquet(source).withColumn("place", place)
    return source.withColumn(
        "place", f.struct(f.lit("").alias("file"), f.monotonically_increasing_id().alias("row"))
    )


def _check_columns(drugs: Table, events: Table) -> None:
    wanted = [(drugs, "report_id"), (drugs, "drug"), (events, "report_id"), (events, "event")]
    faults = [Fault(what="column missing", field=name) for table, name in wanted if name not in table.columns]
    if faults:
        raise InputError("The reports cannot be counted.", faults)


def _in_roles(drugs: Table, roles: Roles) -> tuple[Table, int]:
    """The rows in the roles asked for, with those of unknown role; and how many those are."""
    if "role" not in drugs.columns:
        return drugs, drugs.count()
    unknown = f.col("role").isNull()
    without = drugs.where(unknown).count()
    if roles == "all":
        return drugs, without
    return drugs.where(unknown | f.col("role").isin(list(roles))), without


def _rows(table: Table, name: str) -> Table:
    """Rows that have a report and a name: report (as text), whether it is a drug, name, place."""
    rows = table.select(
        f.col("report_id").cast("string").alias("report"),
        f.lit(name == "drug").alias("is_drug"),
        f.col(name).cast("string").alias("name"),
        "place",
    )
    return rows.where(f.col("report").isNotNull() & f.col("name").isNotNull() & (f.col("name") != ""))


def _names(rows: Table) -> Table:
    """Every name once whatever its capitals: is_drug, key, shown (as it came first), code (its place, from 0)."""
    written = rows.groupBy("is_drug", "name").agg(f.min("place").alias("place"))
    first = f.min(f.struct("place", "name"))["name"].alias("shown")
    folded = written.groupBy("is_drug", f.upper("name").alias("key")).agg(first)
    code = (f.row_number().over(Window.partitionBy("is_drug").orderBy("key")) - 1).alias("code")
    return folded.select("is_drug", "key", "shown", code)


def _reports(rows: Table, names: Table, partitions: int) -> Table:
    """A row per report: the distinct codes of its drugs and of its events, all rows of a report in one part."""
    coded = (
        rows.select("report", "is_drug", f.upper("name").alias("key"))
        .join(f.broadcast(names.select("is_drug", "key", "code")), ["is_drug", "key"])
        .select("report", "is_drug", "code")
    )
    dealt = coded.repartition(partitions, "report")
    drugs = f.collect_set(f.when(f.col("is_drug"), f.col("code"))).alias("drugs")
    events = f.collect_set(f.when(~f.col("is_drug"), f.col("code"))).alias("events")
    return dealt.groupBy("report").agg(drugs, events).select("drugs", "events")


def _default_partitions(spark: Any) -> int:  # noqa: ANN401
    return int(spark.conf.get("spark.sql.shuffle.partitions"))


def _names_shown(names: Table) -> tuple[pl.Series, pl.Series]:
    found = sorted(names.select("is_drug", "code", "shown").collect())
    series = [
        pl.Series(column, [row["shown"] for row in found if row["is_drug"] is is_drug], pl.String)
        for column, is_drug in (("drug", True), ("event", False))
    ]
    for one in series:
        if one.is_empty():
            fault = Fault(what="no row with a report and a name", field=one.name)
            raise InputError("There is nothing to count.", [fault])
    return series[0], series[1]


def _pairs_of_report() -> Any:  # noqa: ANN401
    return f.size("drugs").cast("long") * f.size("events")


def _totals(reports: Table) -> _Totals:
    drugs, events = f.size("drugs"), f.size("events")
    (row,) = reports.agg(
        f.count_if((drugs > 0) & (events > 0)),
        f.count_if(events == 0),
        f.count_if(drugs == 0),
        f.count_if(_pairs_of_report() > MANY_PAIRS),
    ).collect()
    totals = _Totals(*row)
    if not totals.both:
        fault = Fault(what="no report names both a drug and an event", field="report_id")
        raise InputError("There is nothing to count.", [fault])
    return totals


def _margins(linked: Table, drugs: int, events: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Distinct reports of every drug and of every event."""
    of_drugs = linked.select(f.lit(0).alias("side"), f.explode("drugs").alias("code"))
    of_events = linked.select(f.lit(1).alias("side"), f.explode("events").alias("code"))
    margins = (np.zeros(drugs, np.int64), np.zeros(events, np.int64))
    for side, code, n in of_drugs.unionByName(of_events).groupBy("side", "code").count().collect():
        margins[side][code] = n
    return margins


def _pairs(
    linked: Table, totals: _Totals, least: int, partitions: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """Code of the drug, code of the event and distinct reports of every pair with ``least`` of them or more."""
    parts = linked if not totals.heavy else _in_slices(linked, partitions)
    each = parts.select(f.explode("drugs").alias("drug"), "events").select(
        "drug", f.explode("events").alias("event")
    )
    n = each.groupBy("drug", "event").count().where(f.col("count") >= least)
    packed = f.shiftleft(f.col("event").cast("long"), _SHIFT).bitwiseOR(f.col("count"))
    return _unpacked(n.groupBy("drug").agg(f.collect_list(packed).alias("pairs")).toLocalIterator())


def _in_slices(linked: Table, partitions: int) -> Table:
    """The same pairs, those of the heaviest reports cut into slices of drugs that any worker may take."""
    heavy = _pairs_of_report() > MANY_PAIRS
    last = f.floor((f.size("drugs") - 1) / SLICE).cast("int")
    slices = f.transform(f.sequence(f.lit(0), last), lambda part: f.slice("drugs", part * SLICE + 1, SLICE))
    cut = linked.where(heavy).select(f.explode(slices).alias("drugs"), "events").repartition(partitions)
    return linked.where(~heavy).unionByName(cut)


def _unpacked(rows: Iterable[Any]) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """Ordered by drug and then event. A row per drug, so few Python objects live at a time."""
    found = sorted(((drug, np.array(pairs, np.int64)) for drug, pairs in rows), key=lambda item: item[0])
    pairs = np.concatenate([np.sort(packed) for _drug, packed in found] or [np.zeros(0, np.int64)])
    drug_index = np.repeat([drug for drug, _packed in found], [len(packed) for _drug, packed in found])
    return drug_index.astype(np.int32), (pairs >> _SHIFT).astype(np.int32), pairs & ((1 << _SHIFT) - 1)
