"""What the watch pages show of a record, worked out once: rates, funnels, clusters, signals, and the lines behind every number.

Everything here is plain values and tables; no page is needed to make it and no computation to show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from untoward.model.clusters import Cluster, ClusterAnswer
from untoward.model.tables import Registry
from untoward.report.cluster_section import ClustersView, clusters_view, place_names
from untoward.report.numbers import sentence_case
from untoward.report.rates_funnel import funnel_chart, funnel_description
from untoward.report.rates_words import axes_words, how_counted, not_drawn_in, totals
from untoward.tasks.clusters import cluster_names
from untoward.tasks.delays import published_delays
from untoward.tasks.knowledge import evidence
from untoward.tasks.record.pseudonyms import pseudonym
from untoward.tasks.record.tables import RecordReading
from untoward.tasks.record.watch_lines import Lines, Wanted, lines_of, wanted_lines
from untoward.tasks.record.watch_sequential import sequential_of
from untoward.tasks.record.watch_tiles import tiles_of
from untoward.tasks.registry_input import Progress
from untoward.watch.clusters.find import STANDS_OUT
from untoward.watch.clusters.search import find_clusters
from untoward.watch.delays import delay_of
from untoward.watch.known_by import known_by
from untoward.watch.onsets import case_persons
from untoward.watch.outcomes import OutcomeCases, registry_outcomes
from untoward.watch.rates.answer import OutcomeRates
from untoward.watch.rates.axes import RATE_AXES, RateAxes, rate_axes
from untoward.watch.rates.measures import POSITIONS
from untoward.watch.rates.rate import outcome_rates

_UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_FAULTS_TOLD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchContent:
    """One look at the record: `summary` as plain values, charts by outcome and axis, tables, and the record itself."""

    summary: dict[str, Any]
    charts: dict[str, dict[str, str]]
    rates: pl.DataFrame
    lines: Lines
    record: Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSource:
    """What a look is made from: the record as read, reactions that left their expected course, and the time it is as of.

    `now` is local, without zone. `ledger` is where looks are kept, None for nowhere. `secret` keys the pseudonyms in the
    sentences.
    """

    reading: RecordReading
    off_course: Sequence[str]
    now: datetime
    secret: str
    ledger: Path | None = None


def watch_content(source: WatchSource, progress: Progress) -> WatchContent:
    """Look at the record as it stood."""
    base, reading, now, secret = evidence(), source.reading, source.now, source.secret
    registry = known_by(reading.registry, now)
    groups = {term.id: term.group for term in base.terms.terms.values()}
    outcomes = registry_outcomes(registry, groups, source.off_course)
    exposures = rate_axes(registry, {key: compound.label for key, compound in base.compounds.items()})
    counted, reach = _rates(registry, outcomes, exposures, now, progress)
    found = find_clusters(
        registry,
        outcomes,
        now=now,
        names=cluster_names(base),
        published=published_delays(base),
        progress=progress,
    )
    view = clusters_view(found, {})
    lines = lines_of(registry, outcomes, exposures, reach)
    progress("weighing what came since", 0, 1)
    sequential = sequential_of(reading.registry, now, source.ledger)
    progress("drawing", 0, 1)
    summary = {
        "as_of": now.isoformat(timespec="minutes"),
        "sessions": registry.sessions.height,
        "patients": registry.sessions.get_column("patient_id").n_unique(),
        "reactions": registry.reactions.height,
        "rows_left_out": reading.rows_left_out,
        "faults": _faults(reading),
        "evidence": base.version,
        "outcomes": [_outcome(rates) for rates in counted],
        "clusters": [_cluster(one, view, at) for at, one in enumerate(found.clusters)],
        "explanations": _hidden([_shown(one) for one in view.explanations], secret),
        "look_anyway": list(_hidden(list(found.look_anyway), secret)),
        "scanned": _scanned(found),
        "rules": [list(rule) for rule in view.rules],
        "signals": list(_signals(counted, lines)),
        "sequential": sequential,
        "ledger": [asdict(row) for row in reading.ledger],
        "tiles": list(tiles_of(lines, now.date())),
    }
    return WatchContent(
        summary=summary,
        charts=_charts(counted),
        rates=pl.concat(
            [rates.table.with_columns(pl.lit(rates.outcome).alias("outcome")) for rates in counted]
        ),
        lines=lines,
        record=registry,
    )


def _rates(
    registry: Registry,
    outcomes: Sequence[OutcomeCases],
    exposures: RateAxes,
    now: datetime,
    progress: Progress,
) -> tuple[list[OutcomeRates], dict[str, float]]:
    """Rates of every outcome, and how many days before an onset a session is still within reach."""
    published = published_delays(evidence())
    counted, reach = [], {}
    for done, outcome in enumerate(outcomes):
        name = outcome.outcome.name
        progress(f"rates of {name}", done, len(outcomes))
        delay = delay_of(name, registry, case_persons(registry, outcome), now, published.get(name))
        counted.append(outcome_rates(registry, outcome, exposures, delay, now))
        reach[name] = delay.reach
    return counted, reach


def _outcome(rates: OutcomeRates) -> dict[str, Any]:
    return {
        "name": rates.outcome,
        "title": sentence_case(rates.outcome),
        "totals": totals(rates),
        "how": list(how_counted(rates)),
        "axes_words": list(axes_words(rates)),
        "not_drawn_in": not_drawn_in(rates),
        "sessions": rates.sessions,
        "persons": rates.persons,
        "risk_passed_percent": round(100 * rates.elapsed / rates.sessions) if rates.sessions else None,
        "cases": rates.cases,
        "axes": [
            {"axis": axis.axis, "values": axis.values, "compared": axis.compared}
            for axis in sorted(rates.axes, key=lambda axis: RATE_AXES.index(axis.axis))
            if axis.values
        ],
    }


def _charts(counted: Sequence[OutcomeRates]) -> dict[str, dict[str, str]]:
    """Funnels by "outcome/axis"."""
    drawn = {}
    for rates in counted:
        for axis in rates.axes:
            chart = (
                funnel_chart(rates, axis.axis, funnel_description(rates, axis.axis))
                if axis.values > 1
                else None
            )
            if chart is not None:
                drawn[f"{rates.outcome}/{axis.axis}"] = {
                    "wide": str(chart.wide),
                    "narrow": str(chart.narrow),
                    "description": chart.description,
                    "note": chart.note,
                }
    return drawn


def _signals(counted: Sequence[OutcomeRates], lines: Lines) -> Iterator[dict[str, Any]]:
    """Exposures above the 99.8 % limit of chance that have enough data, the least likely by chance first."""
    wanted = (
        "axis",
        "value",
        "sessions",
        "persons",
        "ill",
        "expected",
        "oe",
        "oe_low",
        "oe_high",
        "excess_p",
    )
    for rates in counted:
        above = rates.table.filter((pl.col("position") == POSITIONS[0]) & (pl.col("reason") == ""))
        for row in above.sort("excess_p").iter_rows(named=True):
            mine = Wanted(outcome=rates.outcome, axis=row["axis"], value=row["value"])
            yield {
                "outcome": rates.outcome,
                **{name: row[name] for name in wanted},
                "known_outbreaks": _known_outbreaks(wanted_lines(lines, mine)),
            }


def _known_outbreaks(cases: pl.DataFrame) -> dict[str, int]:
    """How many of the cases are already counted to a known outbreak, by its name."""
    counts = cases.get_column("outbreak").drop_nulls().value_counts(sort=True)
    return {str(name): int(number) for name, number in counts.iter_rows()}


def _cluster(cluster: Cluster, view: ClustersView, at: int) -> dict[str, Any]:
    card = view.cards[at]
    return {
        "number": at + 1,
        "title": sentence_case(place_names(cluster.where)),
        "where": [{"axis": place.axis, "value": place.value} for place in cluster.where],
        "outcome": cluster.outcome,
        "observed": cluster.observed,
        "expected": cluster.expected,
        "p": cluster.p,
        "stands_out": cluster.p <= STANDS_OUT,
        "reading": card.reading,
        "facts": [list(fact) for fact in card.facts],
        "shares": [[link.text, link.href, how] for link, how in card.shares],
        "chart": None
        if card.chart is None
        else {
            "wide": str(card.chart.wide),
            "narrow": str(card.chart.narrow),
            "description": card.chart.description,
            "reading": card.chart_reading,
        },
        "known_outbreaks": dict(cluster.known_outbreaks),
        "reactions": [case.reaction_id for case in cluster.line_list],
    }


def _shown(one: Any) -> dict[str, Any]:  # noqa: ANN401 - any view
    return asdict(one)


def _scanned(found: ClusterAnswer) -> list[dict[str, Any]]:
    return [
        {
            "outcome": sentence_case(one.outcome),
            "cases": one.cases,
            "places": one.places,
            "replicates": one.replicates,
            "reading": one.not_scanned or one.reading,
            "scanned": not one.not_scanned,
        }
        for one in found.outcomes
    ]


def _hidden(value: Any, secret: str) -> Any:  # noqa: ANN401 - any plain value
    """Sentences with the ids of reactions and sessions replaced: they are read by those who may see no identity."""
    if isinstance(value, str):
        return _UID.sub(lambda found: pseudonym("X", found.group(), secret), value)
    if isinstance(value, Mapping):
        return {name: _hidden(item, secret) for name, item in value.items()}
    return [_hidden(item, secret) for item in value] if isinstance(value, list | tuple) else value


def _faults(reading: RecordReading) -> list[str]:
    """What is wrong with rows that were left out, without their content."""
    said = [
        f"{', '.join(part for part in (fault.file, fault.field) if part)}: {fault.what}"
        for fault in reading.faults
    ]
    counts = {text: said.count(text) for text in dict.fromkeys(said)}
    return [f"{text} ({number} times)" if number > 1 else text for text, number in counts.items()][
        :_FAULTS_TOLD
    ]
