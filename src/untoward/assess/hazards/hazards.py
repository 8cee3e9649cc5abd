"""Read the hazard log and check it against the rules, the evidence and the project. All faults at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from untoward.assess.hazards.check import Known, faults_between, read_items
from untoward.assess.hazards.risk import Rating, RiskMatrix, risk_matrix
from untoward.assess.rule import Rule
from untoward.assess.rules import all_rules
from untoward.errors import RuleError
from untoward.evidence.base import EvidenceBase
from untoward.evidence.load import load_evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Something that makes a hazard less likely or less harmful.

    `kind` is rule, test, data, wording or human; `reference` a rule's code, a test's path, an evidence key or
    the path of a page under docs; `does` says in a sentence what it does.
    """

    kind: str
    reference: str
    does: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """One thing that could go wrong for a person, and what is done about it.

    `initial` is the risk without the controls and `residual` with them; both are estimates of the authors and
    no measurement. `open` says what nobody has shown. Every hazard is "proposed": no clinician has signed it.
    """

    id: str
    title: str
    hazard: str
    causes: tuple[str, ...]
    harm: str
    initial: Rating
    controls: tuple[Control, ...]
    residual: Rating
    sources: tuple[str, ...]
    open: tuple[str, ...]
    status: str

    @property
    def rules(self) -> tuple[str, ...]:
        """Codes of the rules that are controls of this hazard, in the order of the log."""
        return tuple(control.reference for control in self.controls if control.kind == "rule")


def load_hazards(
    folder: Path | None = None,
    *,
    base: EvidenceBase | None = None,
    rules: Iterable[Rule] | None = None,
    project: Path | None = None,
) -> tuple[Hazard, ...]:
    """Every hazard of a folder, sorted by id; of the log that comes with the package when no folder is given.

    `project` is the root of a checkout: with it, the tests and pages that controls name must exist there. An
    installed package has neither, so without it only their form is checked. Raises RuleError with every fault.
    """
    base = base or load_evidence()
    matrix = risk_matrix(base)
    codes = frozenset(rule.code for rule in (all_rules() if rules is None else rules))
    items, faults = read_items(folder or _shipped_folder())
    faults += faults_between(
        items, Known(codes, frozenset(base.records), matrix, project), complete=not faults
    )
    if faults:
        raise RuleError(f"The hazard log has {len(faults)} fault(s).", faults)
    hazards = (_hazard_from(item, matrix) for _file, item in items)
    return tuple(sorted(hazards, key=lambda hazard: hazard.id))


def hazards_of_rules(hazards: Iterable[Hazard]) -> Mapping[str, tuple[str, ...]]:
    """For each rule that is a control, by code, the ids of the hazards it is a control of."""
    found: dict[str, tuple[str, ...]] = {}
    for hazard in hazards:
        for code in hazard.rules:
            found[code] = (*found.get(code, ()), hazard.id)
    return dict(sorted(found.items()))


def _shipped_folder() -> Path:
    return Path(str(resources.files("untoward.assess.hazards"))) / "data"


def _hazard_from(item: Mapping[str, Any], matrix: RiskMatrix) -> Hazard:
    return Hazard(
        id=item["id"],
        title=item["title"],
        hazard=item["hazard"],
        causes=tuple(item["causes"]),
        harm=item["harm"],
        initial=matrix.rating(**item["initial"]),
        controls=tuple(Control(**control) for control in item["controls"]),
        residual=matrix.rating(**item["residual"]),
        sources=tuple(item["sources"]),
        open=tuple(item["open"]),
        status=item["status"],
    )
