"""The report of a run as one JSON document (`untoward schema signals`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from math import isfinite, isinf
from typing import Any

from untoward.model.ledger import Fate, Ledger
from untoward.report.signals.content import Row, SignalsContent
from untoward.report.signals.pair_content import PairStory

SCHEMA_VERSION = 1


def signals_document(content: SignalsContent) -> dict[str, Any]:
    """The document. An infinite ratio is null, and its column is named under `infinite` of the row."""
    return {
        "schema": "untoward/signals",
        "schema_version": SCHEMA_VERSION,
        "version": content.version,
        "source": plain(content.source),
        "ledger": ledger_document(content.ledger),
        "settings": plain(content.options),
        "settings_in_words": list(content.settings),
        "prior": plain(content.prior),
        "ebgm_refused": list(content.refused),
        "rules": plain(content.rules),
        "pairs": content.pairs,
        "least": content.least,
        "listed": content.listed,
        "order": content.order,
        "top": [{**row_document(pair.row), "report_ids": list(pair.report_ids)} for pair in content.top],
        "trends": plain(content.trends),
        "onsets": plain(content.onsets),
        "interactions": None
        if content.interactions is None
        else [row_document(row) for row in content.interactions],
        "strata": list(content.strata),
        "checklist": plain(content.checklist),
        "notes": list(content.notes),
    }


def ledger_document(ledger: Ledger) -> dict[str, Any]:
    """Whether it adds up, the sums, and every entry."""
    return {
        "adds_up": not ledger.faults(),
        "faults": list(ledger.faults()),
        **{fate.value: ledger.rows(fate) for fate in Fate},
        "entries": [
            {
                "file": entry.file,
                "table": entry.table,
                "fate": entry.fate.value,
                "rows": entry.rows,
                "reason": entry.reason,
                "examples": list(entry.examples),
            }
            for entry in ledger.entries
        ],
    }


def row_document(row: Row) -> dict[str, Any]:
    """A row of the table; columns that are infinite are null and named under `infinite`."""
    infinite = [name for name, value in row.items() if isinstance(value, float) and isinf(value)]
    return {**{name: plain(value) for name, value in row.items()}, "infinite": infinite}


def plain(value: Any) -> Any:  # noqa: ANN401 - any part of a document
    """The value as JSON has it: dates as text, values as objects, no number that JSON does not know."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, float) and not isfinite(value) else value


def story_document(story: PairStory) -> dict[str, Any]:
    """All about one pair as one JSON document (`untoward schema signals-pair`)."""
    return {
        "schema": "untoward/signals-pair",
        "schema_version": SCHEMA_VERSION,
        "version": story.version,
        "source": plain(story.source),
        "ledger": ledger_document(story.ledger),
        "settings_in_words": list(story.settings),
        "pair": row_document(story.row),
        "rules": dict(story.rules),
        "strata": plain(story.strata),
        "trend": plain(story.trend),
        "onset": plain(story.onset),
        "breakdowns": plain(story.breakdowns),
        "maskers": plain(story.maskers),
        "serious": {"yes": story.serious[0], "told": story.serious[1]},
        "died": {"yes": story.died[0], "told": story.died[1]},
        "report_ids": list(story.report_ids),
        "notes": list(story.notes),
    }
