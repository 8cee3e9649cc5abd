"""Matched controls for the cases of a definition, and the table for the matched analysis."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

import untoward
from untoward.errors import UsageError
from untoward.tasks.investigating import SCHEMA_VERSION, LoadedDefinition, LoadedRegistry
from untoward.watch.workbench.classify import Classified, classify
from untoward.watch.workbench.matched_table import matched_table
from untoward.watch.workbench.sampling import MATCHABLE, MatchPlan, Sampled, sample_controls


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MatchAnswer:
    """The sets, the table, and how many exposures had no room in it."""

    classified: Classified
    sampled: Sampled
    table: pl.DataFrame
    exposures_left_out: int
    defined: LoadedDefinition
    loaded: LoadedRegistry

    @property
    def exposures(self) -> tuple[str, ...]:
        """The exposure columns of the table."""
        return tuple(self.table.columns[8:])

    def document(self) -> dict[str, Any]:
        """The document of `untoward investigate match --json`."""
        return {
            "schema": "untoward/matched-sets",
            "schema_version": SCHEMA_VERSION,
            "version": untoward.__version__,
            "plan": asdict(self.sampled.plan),
            "definition": {"name": self.classified.definition.name, "sha256": self.defined.sha256},
            "inputs": self.loaded.inputs,
            "sets": [
                {
                    "set": made.number, "case": made.patient_id, "controls": made.found, "eligible": made.eligible,
                    "lost": [{"reason": reason, "persons": persons} for reason, persons in made.lost],
                }
                for made in self.sampled.sets
            ],
            "without_set": [{"case": case, "reason": reason} for case, reason in self.sampled.without_set],
            "exposures": list(self.exposures),
            "exposures_left_out": self.exposures_left_out,
            "members": [
                {name: value if isinstance(value, int | str | None) else value.isoformat() for name, value in row.items()}
                for row in self.table.iter_rows(named=True)
            ],
        }  # fmt: skip


def match_controls(loaded: LoadedRegistry, defined: LoadedDefinition, plan: MatchPlan) -> MatchAnswer:
    """Classify, draw controls, and lay out the table. Raises UsageError for a plan that cannot work."""
    _check(plan)
    classified = classify(loaded.registry, defined.definition)
    sampled = sample_controls(classified, plan)
    table, left_out = matched_table(classified, sampled)
    return MatchAnswer(
        classified=classified, sampled=sampled, table=table, exposures_left_out=left_out,
        defined=defined, loaded=loaded,
    )  # fmt: skip


def _check(plan: MatchPlan) -> None:
    unknown = [name for name in plan.by if name not in MATCHABLE]
    if unknown:
        raise UsageError(f"--by {', '.join(unknown)}: cannot be matched on. One of: {', '.join(MATCHABLE)}.")
    if plan.controls < 1 or plan.within_days < 0 or (plan.age_within is not None and plan.age_within < 0):
        raise UsageError("--controls must be 1 or more, --within and --age-within 0 or more.")
