"""Small registries made in memory."""

from datetime import datetime, timedelta

import polars as pl
import pytest

from untoward.model.tables import Registry
from untoward.watch.clusters.search import ClusterOptions, search_clusters
from untoward.watch.delays import PublishedDelay
from untoward.watch.outcomes import registry_outcomes

START = datetime(2026, 1, 1)
SESSION_COLUMNS = ("patient_id", "practitioner", "clinic", "technique", "sites")
COMPONENT_COLUMNS = ("compound", "compound_key", "lot", "vial", "mix", "diluent", "device")
REACTION_COLUMNS = ("term", "term_id", "outbreak")

MONTHLY = PublishedDelay(mu=3.4, sigma=0.5, longest=110.0, n=279, source="279 people, median 30 days")


def _columns(rows, names):
    return {name: pl.Series([row.get(name) for row in rows], dtype=pl.String) for name in names}


@pytest.fixture
def registry():
    """Makes a registry: `rows` are sessions (`day`, texts, perhaps `parts`), `cases` reactions (`session`, `onset`)."""

    def make(rows, cases=(), observations=None, findings=None):
        ids = [f"S{number}" for number in range(len(rows))]
        parts = [
            {**part, "session_id": one}
            for one, row in zip(ids, rows, strict=True)
            for part in row.get("parts", [row])
        ]
        days = [row["day"] for row in rows]
        dates = [None if day is None else START + timedelta(days=day) for day in days]
        return Registry(
            sessions=pl.DataFrame(
                {
                    "session_id": pl.Series(ids, dtype=pl.String),
                    "date_from": pl.Series(dates, dtype=pl.Datetime("us")),
                    **_columns(rows, SESSION_COLUMNS),
                }
            ),
            components=pl.DataFrame(
                {
                    "session_id": pl.Series([part["session_id"] for part in parts], dtype=pl.String),
                    **_columns(parts, COMPONENT_COLUMNS),
                }
            ),
            reactions=pl.DataFrame(
                {
                    "reaction_id": pl.Series([f"R{number}" for number in range(len(cases))], dtype=pl.String),
                    "session_id": pl.Series([f"S{case['session']}" for case in cases], dtype=pl.String),
                    "onset_day": pl.Series([case.get("onset") for case in cases], dtype=pl.Float64),
                    **_columns(
                        [{"term": "abscess", "term_id": "abscess", **case} for case in cases],
                        REACTION_COLUMNS,
                    ),
                }
            ),
            observations=pl.DataFrame(
                observations or {"reaction_id": []}, schema_overrides={"reaction_id": pl.String}
            ),
            findings=findings or {},
        )

    return make


GROUPS = {"abscess": "infection", "mycobacterial-infection": "infection", "bruise": "local"}


@pytest.fixture
def infection():
    """The infections of a registry."""
    return lambda tables: registry_outcomes(tables, GROUPS)[0]


@pytest.fixture
def search(infection):
    """Searches a registry for clusters of infection; strata, delays and the last day known can be given."""

    def run(tables, *, now=400, published=MONTHLY, parts=(), replicates=199, outcomes=None, **others):
        return search_clusters(
            tables,
            outcomes or [infection(tables)],
            now=None if now is None else START + timedelta(days=now),
            published={} if published is None else {"infection": published},
            options=ClusterOptions(replicates=replicates, stratify_by=parts),
            **others,
        )

    return run
