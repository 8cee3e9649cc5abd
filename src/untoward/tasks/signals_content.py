"""From a finished run to what its report shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

import untoward
from untoward.report.signals.content import OnsetCurve, Row, SignalsContent, Source, TopPair, Trend
from untoward.tasks.signals import ORDER, SignalRun
from untoward.tasks.signals_collection import Collection
from untoward.tasks.signals_series import onsets_of, trends_of
from untoward.watch.signals.counting import PairCounts
from untoward.watch.signals.measures import Settings
from untoward.watch.signals.readus import Item, checklist, facts_of
from untoward.watch.signals.report_matrix import ReportMatrix

MAIN_RULE = "umc"
"""The rule that pictures and trends show: it can be answered for every pair, whatever became of the prior."""

IDS_SHOWN = 50
MOST_INTERACTIONS = 50
MOST_TRENDS, MOST_ONSETS, MOST_LOOKED_AT = 6, 6, 12


def content_of(run: SignalRun, top: int, *, series: bool = True) -> SignalsContent:
    """All that the report of a run shows, with its `top` strongest pairs; on wish without their course in time."""
    shrinkage = run.settings.shrinkage
    return SignalsContent(
        version=untoward.__version__,
        source=source_of(run.collection, run.counts),
        ledger=run.ledger,
        settings=run.settings.lines(),
        options=settings_of(run),
        prior=prior_of(run.settings),
        refused=shrinkage.refused,
        rules=run.tallies,
        main_rule=MAIN_RULE,
        least=run.options.least,
        pairs=len(run.counts),
        listed=run.table.height,
        order=ORDER,
        top=top_pairs(run, top),
        points=_points(run.table),
        trends=_trends(run) if series else (),
        onsets=_onsets(run) if series else (),
        interactions=_rows(run.interactions, MOST_INTERACTIONS),
        strata=_strata(run.strata),
        checklist=checklist_of(run),
        notes=notes_of(run),
    )


def checklist_of(run: SignalRun) -> tuple[Item, ...]:
    """The READUS-PV checklist, filled from the settings of the run."""
    facts = facts_of(
        run.settings,
        counts=run.counts,
        tables=run.collection.tables,
        table=run.table,
        drugs=run.options.drugs,
        events=run.options.events,
        preparation=tuple(f"{name[0].upper()}{name[1:]}: {said}." for name, said in run.prepared.said),
        software=f"untoward {untoward.__version__}",
    )
    return checklist(facts)


def source_of(collection: Collection, counts: PairCounts) -> Source:
    """What was read, and how much of it counts."""
    reports = None if collection.tables is None else collection.tables.reports
    received = None if reports is None else reports["received"]
    return Source(
        paths=collection.paths,
        format=collection.format,
        title=collection.title,
        reports=counts.n_total,
        drugs=int(np.count_nonzero(counts.drug_reports)),
        events=int(np.count_nonzero(counts.event_reports)),
        without_drug=counts.counting.without_drug,
        without_event=counts.counting.without_event,
        first_received=None if received is None else received.min(),  # type: ignore[arg-type]
        last_received=None if received is None else received.max(),  # type: ignore[arg-type]
        has_reports=reports is not None,
    )


def settings_of(run: SignalRun) -> Mapping[str, str]:
    """Every setting by its name, as text: enough to make the table again."""
    settings, options = run.settings, run.options
    roles = settings.counting.roles
    chosen = {"drugs listed": options.drugs, "events listed": options.events}
    return {
        "unit of count": settings.counting.unit,
        "margins": settings.counting.margins,
        "roles": "as the source gives them"
        if roles is None
        else roles
        if roles == "all"
        else ", ".join(roles),
        "expected count": settings.expected,
        "ratios": settings.ratios,
        "intervals": "95 %, two-sided; EB05 and EB95 are the 5 % and 95 % points of the posterior",
        "likelihoods tried for the prior": ", ".join(options.truncations),
        "least reports of a pair listed": str(options.least),
        **dict(run.prepared.said),
        "engine": options.engine,
        **{name: ", ".join(values) for name, values in chosen.items() if values},
    }


def prior_of(settings: Settings) -> Mapping[str, Any] | None:
    """The prior behind EBGM and how it was found; None where it was refused."""
    shrinkage = settings.shrinkage
    if shrinkage.prior is None:
        return None
    fit = shrinkage.fit
    found = {} if fit is None else {
        "truncation": fit.truncation,
        "negative_log_likelihood": fit.nll,
        "slope_left_per_pair": fit.gradient,
        "starts": fit.starts,
        "starts_agreeing": fit.agreeing,
    }  # fmt: skip
    return {**shrinkage.prior._asdict(), **found}


def top_pairs(run: SignalRun, top: int) -> tuple[TopPair, ...]:
    """The strongest pairs with the identifiers of their first reports."""
    rows = run.table.head(top).to_dicts()
    ids = reports_of_pairs(run.matrix, rows)
    return tuple(TopPair(row=row, report_ids=found[:IDS_SHOWN]) for row, found in zip(rows, ids, strict=True))


def reports_of_pairs(matrix: ReportMatrix | None, rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Identifiers of the reports of each pair, in order; empty where there are no reports."""
    if matrix is None or not rows:
        return [() for _row in rows]
    drugs = _columns(matrix.drugs, [row["drug"] for row in rows])
    events = _columns(matrix.events, [row["event"] for row in rows])
    with_drug, with_event = matrix.with_drug[:, drugs].tocsc(), matrix.with_event[:, events].tocsc()
    found = []
    for at in range(len(rows)):
        both = np.intersect1d(_rows_of(with_drug, at), _rows_of(with_event, at), assume_unique=True)
        found.append(tuple(map(str, matrix.report_ids.gather(both))))
    return found


def notes_of(run: SignalRun) -> tuple[str, ...]:
    """What must be known before the numbers are read."""
    notes = []
    counting = run.settings.counting
    if counting.margins == "pair_sum":
        notes.append(
            "Margins are sums of pair counts: a report with five events counts five times. "
            "Ratios are smaller than with distinct reports, and not comparable with them."
        )
    if counting.without_role:
        notes.append(
            f"{counting.without_role:,} rows of drugs have no known role. They count: unknown is not 'not suspect'."
        )
    if run.settings.shrinkage.prior is None:
        notes.append(
            "EBGM, EB05 and EB95 are empty: the fit of the prior did not end on a summit of its likelihood, "
            "and a score from such a fit means nothing. Rules that need them cannot tell."
        )
    if faults := run.ledger.faults():
        notes.append(f"The ledger does not add up, which is a defect of untoward: {'; '.join(faults)}.")
    return tuple(notes)


def _columns(names: pl.Series, wanted: Sequence[str]) -> list[int]:
    place = {name: at for at, name in enumerate(names)}
    return [place[name] for name in wanted]


def _rows_of(matrix: Any, at: int) -> Any:  # noqa: ANN401 - a sparse matrix of scipy and its indices
    return matrix.indices[matrix.indptr[at] : matrix.indptr[at + 1]]


def _trends(run: SignalRun) -> tuple[Trend, ...]:
    tables = run.collection.tables
    return () if tables is None else trends_of(tables, _first(run, MOST_TRENDS), run.options.roles, MAIN_RULE)


def _onsets(run: SignalRun) -> tuple[OnsetCurve, ...]:
    """Of the strongest pairs, those with enough known days."""
    tables = run.collection.tables
    if tables is None:
        return ()
    return onsets_of(tables, _first(run, MOST_LOOKED_AT), run.options.roles)[:MOST_ONSETS]


def _first(run: SignalRun, most: int) -> list[tuple[str, str]]:
    return list(run.table.select("drug", "event").head(most).iter_rows())


def _points(table: pl.DataFrame) -> tuple[tuple[float, float, bool], ...]:
    chosen = table.select("ic", "mid_p", pl.col(f"signal_{MAIN_RULE}").fill_null(value=False))
    return tuple(chosen.drop_nulls().iter_rows())


def _rows(table: pl.DataFrame | None, most: int) -> tuple[Row, ...] | None:
    return None if table is None else tuple(table.head(most).to_dicts())


def _strata(strata: pl.DataFrame | None) -> tuple[str, ...]:
    if strata is None:
        return ()
    return tuple(f"{name}: {reports:,} reports" for name, reports in strata.iter_rows())
