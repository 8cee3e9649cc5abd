"""Rates as plain values for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import polars as pl

from untoward.watch.rates.answer import OutcomeRates

SCHEMA_VERSION = "1"

_LIMITED = ("reactions_per_session", "per_session", "per_person", "oe", "rr", "shrunken")
_NAMES = {"per_session": "sessions_with_reaction", "per_person": "persons_with_case"}
_LONG = {"oe": "observed_expected", "rr": "risk_ratio", **_NAMES}


def rates_document(
    outcomes: Sequence[OutcomeRates], others: Sequence[str], rows_left_out: int = 0
) -> dict[str, Any]:
    """The whole answer. Exposures without a case and without enough data tell nothing and are only counted."""
    return {
        "schema": "untoward/rates",
        "schema_version": SCHEMA_VERSION,
        "outcomes": [_outcome(rates) for rates in outcomes],
        "other_outcomes": list(others),
        "rows_left_out": rows_left_out,
    }


def _outcome(rates: OutcomeRates) -> dict[str, Any]:
    telling = rates.table.filter((pl.col("cases") > 0) | (pl.col("reason") == ""))
    return {
        "outcome": rates.outcome,
        "definition": rates.definition,
        "as_of": rates.as_of,
        "sessions": rates.sessions,
        "persons": rates.persons,
        "cases": rates.cases,
        "elapsed_sessions": rates.elapsed,
        "counting_rule": rates.rule,
        "delay": rates.delay,
        "delay_evidence": list(rates.delay_evidence),
        "strata": rates.strata,
        "left_out": list(rates.left_out),
        "axes": [asdict(axis) for axis in rates.axes],
        "exposures": [_exposure(row) for row in telling.iter_rows(named=True)],
        "exposures_without_case_and_data": rates.table.height - telling.height,
    }


def _exposure(row: Mapping[str, Any]) -> dict[str, Any]:
    limited = {
        _LONG.get(name, name): {"value": row[name], "low": row[f"{name}_low"], "high": row[f"{name}_high"]}
        for name in _LIMITED
    }
    plain = ("axis", "value", "sessions", "persons", "reactions", "cases")
    return {
        **{name: row[name] for name in plain},
        "elapsed_sessions": row["elapsed"],
        "expected": row["expected"],
        **limited,
        "funnel": {
            "95": [row["funnel_95_low"], row["funnel_95_high"]],
            "99.8": [row["funnel_998_low"], row["funnel_998_high"]],
        },
        "p_as_many": row["excess_p"],
        "p_as_few": row["deficit_p"],
        "position": row["position"],
        "not_enough_data": row["reason"] or None,
    }
