"""Clinical risk: one number, 1 to 5, looked up in a published table of likelihood and severity.

The table stands in the evidence record RISK_RECORD, with its source and the meaning of its words. It is a
table and no product: there is no arithmetic in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Criterion

RISK_RECORD = "nhs-clinical-risk-matrix"
"""Key of the evidence record that holds the table."""

LIKELIHOODS = ("very high", "high", "medium", "low", "very low")
"""The likelihoods of the table, likeliest first; each is a threshold of the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """How bad the harm would be and how likely it is, in the words of the table, and the risk (1 to 5) they give."""

    severity: str
    likelihood: str
    risk: int


@dataclass(frozen=True, slots=True)
class RiskMatrix:
    """The table: `rows` holds, for each likelihood, the risk at each of `severities`, mildest first."""

    severities: tuple[str, ...]
    rows: Mapping[str, tuple[int, ...]]

    def risk(self, severity: str, likelihood: str) -> int:
        """The risk, 1 to 5. Raises KeyError for a word that the table does not have."""
        if severity not in self.severities:
            raise KeyError(severity)
        return self.rows[likelihood][self.severities.index(severity)]

    def rating(self, severity: str, likelihood: str) -> Rating:
        """Both words with their risk. Raises KeyError for a word that the table does not have."""
        return Rating(severity=severity, likelihood=likelihood, risk=self.risk(severity, likelihood))


def risk_matrix(base: EvidenceBase) -> RiskMatrix:
    """The table as its record prints it. Raises KeyError when the evidence base does not hold the record."""
    record = base.records[RISK_RECORD]
    assert isinstance(record, Criterion)
    rows = {name: tuple(int(risk) for risk in record.threshold(name).value) for name in LIKELIHOODS}
    return RiskMatrix(tuple(record.threshold("severities").value), rows)


def meanings(base: EvidenceBase, of: str) -> Mapping[str, str]:
    """What the words of the table mean, in its own order; `of` is "likelihood", "severity" or "risk"."""
    record = base.records[RISK_RECORD]
    assert isinstance(record, Criterion)
    pairs = (entry.partition(": ") for entry in record.threshold(f"{of}-words").value)
    return {word: meaning for word, _colon, meaning in pairs}
