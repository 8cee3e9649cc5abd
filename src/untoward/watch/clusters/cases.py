"""The line list behind a cluster, and what it says at a glance: the epidemic curve and the outbreaks already known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from untoward.model.clusters import ClusterCase
from untoward.model.counts import EpiCurve
from untoward.model.tables import Registry
from untoward.watch.clusters.find import Finding
from untoward.watch.clusters.ground import ScannedGround
from untoward.watch.clusters.wording import iso_day
from untoward.watch.columns import text_or_null
from untoward.watch.epi_curve import epi_curve

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRows:
    """The rows of the tables that the cases of some findings rest on, by key; components by session."""

    reactions: Mapping[str, Row]
    sessions: Mapping[str, Row]
    components: Mapping[str, Sequence[Row]]
    term_labels: Mapping[str, str]


def rows_behind(
    registry: Registry, laid_out: ScannedGround, findings: Iterable[Finding], term_labels: Mapping[str, str]
) -> CaseRows:
    """Only the rows of these findings' cases are taken out of the tables."""
    chosen = tuple(findings)
    cases = sorted({case for finding in chosen for case in finding.case_sessions})
    sessions = sorted(
        {one for finding in chosen for counted in finding.case_sessions.values() for one in counted}
    )
    reactions = laid_out.case_rows.get_column("reaction_id").gather(cases)
    session_ids = laid_out.session_ids.gather(sessions)
    components: dict[str, list[Row]] = {}
    for row in _with_texts(registry.components, "session_id", ("lot", "vial"), session_ids):
        components.setdefault(row["session_id"], []).append(row)
    wanted = ("term", "term_id", "outbreak")
    return CaseRows(
        reactions={
            row["reaction_id"]: row
            for row in _with_texts(registry.reactions, "reaction_id", wanted, reactions)
        },
        sessions={
            row["session_id"]: row
            for row in _with_texts(registry.sessions, "session_id", ("clinic", "practitioner"), session_ids)
        },
        components=components,
        term_labels=term_labels,
    )


def _with_texts(frame: pl.DataFrame, key: str, texts: Sequence[str], ids: pl.Series) -> Iterable[Row]:
    named = frame.select(pl.col(key).cast(pl.String), *(text_or_null(frame, name) for name in texts))
    return named.filter(pl.col(key).is_in(ids.implode())).iter_rows(named=True)


def line_list(laid_out: ScannedGround, finding: Finding, rows: CaseRows) -> tuple[ClusterCase, ...]:
    """One line per case of the finding, by onset; cases without a known onset stand last."""
    lines = [_line(laid_out, case, counted, rows) for case, counted in finding.case_sessions.items()]
    return tuple(
        sorted(lines, key=lambda line: (line.onset_date or "9", line.session_date, line.reaction_id))
    )


def _line(laid_out: ScannedGround, case: int, counted: Sequence[int], rows: CaseRows) -> ClusterCase:
    found = laid_out.case_rows.row(case, named=True)
    reaction = rows.reactions[found["reaction_id"]]
    ids = laid_out.session_ids.gather(sorted(counted)).to_list()
    last = rows.sessions[ids[-1]]
    parts = [part for one in ids for part in rows.components.get(one, ())]
    since = float(laid_out.cases.onset[case] - laid_out.ground.date[max(counted)])
    onset: datetime | None = found["onset"]
    return ClusterCase(
        reaction_id=found["reaction_id"],
        patient_id=found["patient_id"],
        sessions=tuple(ids),
        session_date=iso_day(float(laid_out.ground.date[max(counted)])),
        onset_date=None if onset is None else onset.date().isoformat(),
        days_to_onset=None if onset is None or since < 0 else round(since, 2),
        term=rows.term_labels.get(reaction["term_id"] or "", reaction["term"] or "not recorded"),
        clinic=last["clinic"],
        practitioner=last["practitioner"],
        lots=_distinct(part["lot"] for part in parts),
        vials=_distinct(part["vial"] for part in parts),
        known_outbreak=reaction["outbreak"],
    )


def cluster_curve(outcome: str, lines: Sequence[ClusterCase]) -> EpiCurve:
    """The epidemic curve of the cases of one cluster."""
    onsets = pl.Series([line.onset_date for line in lines], dtype=pl.String).str.to_date("%Y-%m-%d")
    return epi_curve(outcome, onsets)


def known_outbreaks(lines: Iterable[ClusterCase]) -> Mapping[str, int]:
    """How many of the cases are already counted to which known outbreak, the largest first."""
    named = Counter(line.known_outbreak for line in lines if line.known_outbreak)
    return dict(sorted(named.items(), key=lambda item: (-item[1], item[0])))


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
