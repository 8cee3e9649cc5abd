"""Read a registry and look for clusters of cases on every axis, as `untoward clusters` prints them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import untoward
from untoward.assess.rules import rule_set_version
from untoward.errors import UsageError
from untoward.evidence.base import EvidenceBase
from untoward.exchange.tables import RegistryReading
from untoward.model.clusters import ClusterAnswer
from untoward.model.review import Provenance
from untoward.model.tables import Registry
from untoward.tasks.delays import published_delays
from untoward.tasks.judging import judge_registry
from untoward.tasks.knowledge import assessor, case_names, evidence
from untoward.tasks.registry_input import Progress, input_hashes, last_moment, no_progress, open_registry
from untoward.watch.clusters.find import STANDS_OUT
from untoward.watch.clusters.search import AS_USUAL, ClusterNames, ClusterOptions, find_clusters
from untoward.watch.known_by import known_by
from untoward.watch.outcomes import OFF_COURSE, OutcomeCases, registry_outcomes

MYCOBACTERIAL_TERMS = ("mycobacterial-infection", "mycobacteria-culture-positive")

_DISSOLVING = frozenset({"bile-acid detergent", "detergent mix", "phospholipid"})
_FILLERS = frozenset({"filler", "polynucleotide"})

MOST_REPLICATES = 9_999_999


@dataclass(frozen=True, slots=True, kw_only=True)
class ClustersFound:
    """The answer, what it was made from, and how many rows with faults were left out."""

    answer: ClusterAnswer
    provenance: Provenance
    rows_left_out: int

    @property
    def needs_someone(self) -> bool:
        """Whether anything stands out or should be looked at whatever the numbers."""
        standing = any(cluster.p <= STANDS_OUT for cluster in self.answer.clusters)
        return standing or bool(self.answer.look_anyway)


def clusters_of(
    path: Path,
    *,
    as_of: datetime | None = None,
    outcomes: Sequence[str] = (),
    options: ClusterOptions = AS_USUAL,
    keep_good_rows: bool = False,
    progress: Progress = no_progress,
) -> ClustersFound:
    """Look for clusters in a registry (folder or workbook of four tables), with what was known at `as_of`.

    Without `outcomes`, all are scanned but "left its expected course", which needs every reaction assessed. Raises
    InputError with every fault of the input unless `keep_good_rows`, and for a line list, which has no sessions;
    UsageError for an outcome that does not exist and for a number of replicates that cannot be run.
    """
    _require_replicates(options.replicates)
    base = evidence()
    reading = open_registry(path, keep_good_rows=keep_good_rows, progress=progress)
    registry = reading.registry if as_of is None else known_by(reading.registry, as_of)
    now = as_of or last_moment(registry)
    cases = _chosen(_outcomes(registry, base, outcomes, now, progress), outcomes)
    answer = find_clusters(
        registry,
        cases,
        now=now,
        as_of=as_of,
        names=cluster_names(base),
        published=published_delays(base),
        options=options,
        progress=progress,
    )
    return ClustersFound(
        answer=answer,
        provenance=_provenance(path, reading, base, answer, keep_good_rows),
        rows_left_out=sum(row.left_out for row in reading.ledger),
    )


def cluster_names(base: EvidenceBase) -> ClusterNames:
    """Labels, kinds of compounds and mycobacterial terms, out of the evidence base."""
    return ClusterNames(
        compound_labels={key: compound.label for key, compound in base.compounds.items()},
        risk_classes={key: _risk_class(compound.drug_class) for key, compound in base.compounds.items()},
        term_labels={term.id: term.label for term in base.terms.terms.values()},
        mycobacterial_terms=tuple(term for term in MYCOBACTERIAL_TERMS if term in base.terms),
    )


def _risk_class(drug_class: str) -> str:
    if drug_class in _DISSOLVING:
        return "tissue-dissolving"
    return "filler" if drug_class in _FILLERS else "other"


def _outcomes(
    registry: Registry, base: EvidenceBase, wanted: Collection[str], now: datetime | None, progress: Progress
) -> tuple[OutcomeCases, ...]:
    """Every outcome; reactions are assessed against their course only when that was asked for."""
    groups = {term.id: term.group for term in base.terms.terms.values()}
    if OFF_COURSE.name not in wanted:
        return registry_outcomes(registry, groups)
    judged = judge_registry(registry, assessor(), case_names(), now, progress)
    return registry_outcomes(registry, groups, judged.off_course_ids)


def _chosen(outcomes: Sequence[OutcomeCases], wanted: Sequence[str]) -> tuple[OutcomeCases, ...]:
    by_name = {cases.outcome.name: cases for cases in outcomes}
    unknown = [name for name in wanted if name not in by_name]
    if unknown:
        there = dict.fromkeys((*by_name, OFF_COURSE.name))
        raise UsageError(f"No outcome is called {', '.join(unknown)}. There are: {', '.join(there)}.")
    return tuple(by_name[name] for name in dict.fromkeys(wanted)) if wanted else tuple(outcomes)


def _require_replicates(replicates: int) -> None:
    if not 19 <= replicates <= MOST_REPLICATES:
        raise UsageError(
            f"--replicates: got {replicates:,}, expected 19 (the fewest that can give p = 0.05) to {MOST_REPLICATES:,}."
        )


def _provenance(
    path: Path, reading: RegistryReading, base: EvidenceBase, answer: ClusterAnswer, keep_good_rows: bool
) -> Provenance:
    return Provenance(
        version=untoward.__version__,
        rule_set=rule_set_version(),
        evidence_version=base.version,
        inputs=input_hashes(path, reading.columns),
        as_of=answer.as_of,
        parameters={**answer.parameters, "keep good rows": str(keep_good_rows).lower()},
    )
