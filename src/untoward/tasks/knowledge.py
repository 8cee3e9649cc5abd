"""The evidence base, the rules and the names that every task uses, loaded once per process."""

from __future__ import annotations

from functools import lru_cache

from untoward.assess.rules import all_rules, rule_set_version
from untoward.assess.run import Assessor
from untoward.evidence.base import EvidenceBase
from untoward.evidence.load import load_evidence
from untoward.exchange.cases import CaseNames


def evidence() -> EvidenceBase:
    """The evidence base that comes with the package."""
    return load_evidence()


@lru_cache(maxsize=1)
def assessor() -> Assessor:
    """All rules over the evidence base."""
    return Assessor(evidence(), all_rules(), rule_set_version())


@lru_cache(maxsize=1)
def case_names() -> CaseNames:
    """Names of terms and compounds, for readers of cases."""
    base = evidence()
    return CaseNames(terms=base.terms, compounds=base.compound_names)
