"""The line list: one row for each reaction, for spreadsheets and statistics programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from untoward.model.review import CaseLine
from untoward.report.words import DISPOSITION_WORDS

_TEXT: Final = pl.String()
_COLUMNS: Mapping[str, pl.DataType] = {
    "reaction_id": _TEXT,
    "patient_id": _TEXT,
    "session_id": _TEXT,
    "session_date": _TEXT,
    "clinic": _TEXT,
    "practitioner": _TEXT,
    "term": _TEXT,
    "term_label": _TEXT,
    "last_seen_day": pl.Float64(),
    "last_seen_date": _TEXT,
    "open": pl.Boolean(),
    "disposition": _TEXT,
    "action": _TEXT,
    "deadline": _TEXT,
    "overdue": pl.Boolean(),
    "course": _TEXT,
    "summary": _TEXT,
    "rules": _TEXT,
    "facts_missing": _TEXT,
    "ask_next": _TEXT,
    "compounds": _TEXT,
    "lots": _TEXT,
    "vials": _TEXT,
}
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def line_list_frame(lines: Iterable[CaseLine]) -> pl.DataFrame:
    """One row for each line, in the order given; several values of one cell are parted by "; ".

    A text cell that a spreadsheet would run as a formula gets a leading apostrophe, so that opening the file runs nothing.
    """
    rows = [_row(line) for line in lines]
    guarded = [{name: _guarded(value) for name, value in row.items()} for row in rows]
    return pl.DataFrame(guarded, schema=dict(_COLUMNS))


def _row(line: CaseLine) -> dict[str, object]:
    found = line.assessment.findings
    missing = dict.fromkeys(fact for finding in found for fact in finding.facts_missing)
    return {
        **{name: getattr(line, name) for name in _COLUMNS if name in CaseLine.__dataclass_fields__},
        "disposition": line.disposition.value,
        "action": DISPOSITION_WORDS[line.disposition].action,
        "course": line.course.value,
        "summary": line.assessment.summary,
        "rules": "; ".join(finding.rule for finding in found),
        "facts_missing": "; ".join(missing),
        "ask_next": "; ".join(line.assessment.questions) if line.open else "",
        "compounds": "; ".join(line.compounds),
        "lots": "; ".join(line.lots),
        "vials": "; ".join(line.vials),
    }


def _guarded(value: object) -> object:
    if not isinstance(value, str):
        return value
    risky = value.startswith(_STARTS_A_FORMULA) or value.lstrip().startswith(_STARTS_A_FORMULA)
    return f"'{value}" if risky else value
