"""All outcomes of a registry scanned for clusters, put in one order and into words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from untoward.model.clusters import Cluster, ClusterAnswer, OutcomeScanned
from untoward.model.tables import Registry
from untoward.watch.clusters.cases import (
    CaseRows,
    cluster_curve,
    known_outbreaks,
    line_list,
    rows_behind,
)
from untoward.watch.clusters.explain import explain
from untoward.watch.clusters.find import (
    LEAST_CASES,
    STANDS_OUT,
    STOP_WHEN,
    Progress,
    ScannedOutcome,
    scan_outcome,
)
from untoward.watch.clusters.ground import ScannedGround, Sessions, ground_of, sessions_of
from untoward.watch.clusters.look_anyway import look_anyway
from untoward.watch.clusters.nodes import Nodes
from untoward.watch.clusters.order import by_p, likeliest_first
from untoward.watch.clusters.overlaps import Shadows, shadows_of
from untoward.watch.clusters.ratio import relative_risk
from untoward.watch.clusters.readings import persons_of, reading
from untoward.watch.clusters.strata import COMMON_PARTS, LEAST_ALIKE, STRATUM_PARTS, Strata, strata_of
from untoward.watch.clusters.summary import counting_rule, outcome_reading
from untoward.watch.clusters.wording import iso_day
from untoward.watch.delays import Delay, PublishedDelay, delay_of
from untoward.watch.onsets import case_persons
from untoward.watch.outcomes import ANY_REACTION, INFECTION, OutcomeCases

TOO_COMMON = 0.05
"""Above this share of sessions an outcome is no rare event, and rates answer what a scan for rare clusters cannot."""

MOST_CASES = 5_000
"""With more cases a scan takes minutes and finds differences that rates show at once."""

DEFAULT_REACH = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterOptions:
    """How to scan. `longest_window` in days; half of the registry's time when None.

    `stratify_by` holds for every outcome but "any reaction", which has `stratify_any_reaction_by`: that a compound
    usually swells is no cluster.
    """

    replicates: int = 999
    seed: int = 0
    longest_window: float | None = None
    stratify_by: tuple[str, ...] = STRATUM_PARTS
    stratify_any_reaction_by: tuple[str, ...] = COMMON_PARTS


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterNames:
    """What the evidence base says of compounds and terms, by key: labels, kinds of compounds, terms naming mycobacteria."""

    compound_labels: Mapping[str, str] = field(default_factory=dict)
    risk_classes: Mapping[str, str] = field(default_factory=dict)
    term_labels: Mapping[str, str] = field(default_factory=dict)
    mycobacterial_terms: Collection[str] = ()


AS_USUAL = ClusterOptions()
NO_NAMES = ClusterNames()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClusterSearch:
    """The answer without explanations, and what was scanned, for each outcome that was."""

    answer: ClusterAnswer
    scanned: Mapping[str, ScannedOutcome]


def search_clusters(
    registry: Registry,
    outcomes: Sequence[OutcomeCases],
    *,
    now: datetime | None,
    as_of: datetime | None = None,
    names: ClusterNames = NO_NAMES,
    published: Mapping[str, PublishedDelay] | None = None,
    options: ClusterOptions = AS_USUAL,
    progress: Progress | None = None,
    nodes: Nodes | None = None,
) -> ClusterSearch:
    """Scan every outcome over all places of the registry.

    `registry` and `outcomes` hold only what was known at `now`, the moment up to which anything is known (None for a registry
    without any date). `as_of` is the date that was asked for, if one was. Raises InputError when a session id stands
    twice.
    """
    sessions = sessions_of(
        registry,
        now,
        compound_labels=names.compound_labels,
        risk_classes=names.risk_classes,
        stratify_by=options.stratify_by,
        nodes=nodes,
    )
    parts = [
        _scanned(registry, sessions, outcome, now, published or {}, names, options, progress)
        for outcome in outcomes
    ]
    clusters = by_p([cluster for part in parts for cluster in part.clusters])
    answer = ClusterAnswer(
        as_of=None if as_of is None else as_of.isoformat(timespec="minutes"),
        outcomes=tuple(part.told for part in parts),
        clusters=clusters,
        explanations=(),
        look_anyway=look_anyway(registry, names.mycobacterial_terms, _reach(parts)),
        parameters=_parameters(options, now),
    )
    scanned = {part.told.outcome: part.scanned for part in parts if part.scanned is not None}
    return ClusterSearch(answer=answer, scanned=scanned)


def find_clusters(
    registry: Registry,
    outcomes: Sequence[OutcomeCases],
    *,
    now: datetime | None,
    as_of: datetime | None = None,
    names: ClusterNames = NO_NAMES,
    published: Mapping[str, PublishedDelay] | None = None,
    options: ClusterOptions = AS_USUAL,
    progress: Progress | None = None,
    nodes: Nodes | None = None,
) -> ClusterAnswer:
    """`search_clusters`, and for each group of clusters that share cases what may explain them.

    Groups stand by their smallest p, and in each group the place that best explains the cases first.
    """
    found = search_clusters(
        registry,
        outcomes,
        now=now,
        as_of=as_of,
        names=names,
        published=published,
        options=options,
        progress=progress,
        nodes=nodes,
    )
    explained = [
        one for scanned in found.scanned.values() for one in explain(scanned.ground, found.answer.clusters)
    ]
    clusters, explanations = likeliest_first(found.answer.clusters, explained)
    return replace(found.answer, clusters=clusters, explanations=explanations)


@dataclass(frozen=True, slots=True)
class _Part:
    told: OutcomeScanned
    delay: Delay
    scanned: ScannedOutcome | None = None
    clusters: tuple[Cluster, ...] = ()


def _scanned(
    registry: Registry,
    sessions: Sessions,
    outcome: OutcomeCases,
    now: datetime | None,
    published: Mapping[str, PublishedDelay],
    names: ClusterNames,
    options: ClusterOptions,
    progress: Progress | None,
) -> _Part:
    name = outcome.outcome.name
    persons = case_persons(registry, outcome)
    delay = delay_of(name, registry, persons, now, published.get(name))
    reason = _why_not(outcome, persons.height, sessions, now)
    if reason or now is None:
        return _Part(_not_scanned(outcome, persons.height, sessions, delay, reason), delay)
    strata = _strata_for(outcome, registry, now, names, options)
    laid_out = ground_of(registry, sessions, outcome, delay, now, strata)
    reason = _nothing_to_scan(laid_out)
    if reason:
        return _Part(_not_scanned(outcome, persons.height, sessions, delay, reason), delay)
    found = scan_outcome(
        laid_out,
        replicates=options.replicates,
        seed=options.seed,
        longest_window=options.longest_window,
        progress=progress,
    )
    rows = rows_behind(registry, laid_out, found.findings, names.term_labels)
    shadows = shadows_of(laid_out, found.findings)
    clusters = tuple(_cluster(found, shadows, position, rows) for position in range(len(found.findings)))
    return _Part(_told(found, outcome), delay, found, clusters)


def _strata_for(
    outcome: OutcomeCases, registry: Registry, now: datetime, names: ClusterNames, options: ClusterOptions
) -> Strata | None:
    """Strata of its own for an outcome that depends on what was injected; None for the usual ones."""
    if outcome.outcome.name != ANY_REACTION.name:
        return None
    parts = options.stratify_any_reaction_by
    return strata_of(registry, names.risk_classes, now, parts=parts, least=LEAST_ALIKE)


def _why_not(outcome: OutcomeCases, persons: int, sessions: Sessions, now: datetime | None) -> str:
    """Why an outcome is not scanned; empty when it can be."""
    if persons < LEAST_CASES:
        return "no case" if persons == 0 else "one person is a case, and one is never a cluster"
    if now is None or not np.isfinite(sessions.date).any():
        return "no session has a date"
    if persons > MOST_CASES:
        return (
            f"{persons:,} persons are cases, more than the {MOST_CASES:,} that are scanned:"
            " compare rates instead (untoward rates)"
        )
    cases = outcome.session_ids.len()
    if cases > TOO_COMMON * sessions.ids.len():
        share = f"{100 * cases / sessions.ids.len():.0f} %"
        return (
            f"{share} of sessions are cases, and a scan looks for clusters of something rare:"
            " compare rates instead (untoward rates)"
        )
    return ""


def _nothing_to_scan(laid_out: ScannedGround) -> str:
    if laid_out.cases.person.size < LEAST_CASES:
        return "fewer than two cases have a session with a date"
    if len(laid_out.names) == 0:
        return "no place parts the sessions: nothing is recorded that some of them had and others had not"
    return ""


def _cluster(found: ScannedOutcome, shadows: Shadows, position: int, rows: CaseRows) -> Cluster:
    finding, laid_out = found.findings[position], found.ground
    lines = line_list(laid_out, finding, rows)
    known = known_outbreaks(lines)
    return Cluster(
        where=finding.where,
        start=iso_day(finding.first_day),
        end=iso_day(finding.last_day),
        in_window=finding.in_window,
        outcome=laid_out.outcome.outcome.name,
        observed=finding.observed,
        expected=finding.expected,
        sessions=int(finding.sessions.size),
        persons=persons_of(laid_out, finding),
        relative_risk=relative_risk(finding.observed, finding.expected, int(laid_out.cases.person.size)),
        llr=finding.llr,
        p=finding.p,
        replicates=found.replicates,
        cases=tuple(line.reaction_id for line in lines),
        shares=(),
        reading=reading(laid_out, found.findings, shadows, position, known),
        line_list=lines,
        epi_curve=cluster_curve(laid_out.outcome.outcome.name, lines),
        known_outbreaks=known,
    )


def _told(found: ScannedOutcome, outcome: OutcomeCases) -> OutcomeScanned:
    laid_out = found.ground
    with_cases = np.bincount(laid_out.counted.node, minlength=len(laid_out.names))
    return OutcomeScanned(
        outcome=outcome.outcome.name,
        definition=outcome.outcome.definition,
        cases=outcome.reactions.height,
        persons=int(laid_out.cases.person.size),
        sessions=int(laid_out.ground.date.size),
        places_all=len(laid_out.names),
        places=int((with_cases >= LEAST_CASES).sum()),
        replicates=found.replicates,
        strata=len(laid_out.strata.labels),
        counting_rule=counting_rule(laid_out),
        delay=laid_out.delay.source,
        reading=outcome_reading(found),
    )


def _not_scanned(
    outcome: OutcomeCases, persons: int, sessions: Sessions, delay: Delay, reason: str
) -> OutcomeScanned:
    return OutcomeScanned(
        outcome=outcome.outcome.name,
        definition=outcome.outcome.definition,
        cases=outcome.reactions.height,
        persons=persons,
        sessions=sessions.ids.len(),
        places_all=len(sessions.nodes.names),
        places=0,
        replicates=0,
        strata=len(sessions.strata.labels),
        counting_rule="",
        delay=delay.source,
        reading=f"Not scanned: {reason}.",
        not_scanned=reason,
    )


def _reach(parts: Sequence[_Part]) -> float:
    """How long before an onset a session may have caused a slow infection."""
    return next((part.delay.reach for part in parts if part.told.outcome == INFECTION.name), DEFAULT_REACH)


def _parameters(options: ClusterOptions, now: datetime | None) -> Mapping[str, str]:
    window = (
        "half of the time on record" if options.longest_window is None else f"{options.longest_window:g} days"
    )
    return {
        "replicates": str(options.replicates),
        "seed": str(options.seed),
        "longest window": window,
        "strata": " x ".join(options.stratify_by) or "none",
        "strata of any reaction": " x ".join(options.stratify_any_reaction_by) or "none",
        "kept": f"p <= {STANDS_OUT:g}, and the best of each outcome",
        "stopped early": f"when {STOP_WHEN} replicates have reached the largest excess",
        "known up to": "no date" if now is None else now.isoformat(timespec="minutes"),
    }
