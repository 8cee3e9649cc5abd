"""What a registry does not say, and which of our questions stay open for it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from untoward.model.review import MissingData
from untoward.model.tables import Registry

MATTERS: tuple[tuple[str, str, str], ...] = (
    ("sessions", "practitioner", "whether one hand stands out"),
    ("sessions", "clinic", "whether one clinic stands out"),
    ("sessions", "technique", "whether one technique stands out"),
    ("sessions", "sites", "injections near the eye, where infection and blocked vessels are more dangerous"),
    ("sessions", "licensed", "whether unlicensed injection plays a part"),
    ("components", "lot", "who else got a lot that turns out to be bad"),
    ("components", "vial", "whether one vial was contaminated"),
    ("components", "amount", "whether a dose limit was passed"),
    ("components", "compound_key", "the expected course after what was injected"),
    ("reactions", "onset_day", "incubation, and the epidemic curve"),
    ("reactions", "term_id", "every rule: the reaction is not recognised"),
    ("reactions", "outcome", "whether the reaction is over"),
    ("observations", "day", "the expected course: on which day it was seen"),
)


def missing_data(registry: Registry) -> tuple[MissingData, ...]:
    """Columns that matter and have empty cells, and reactions that nobody looked at again;

    the emptiest first.
    """
    found = [*_empty_cells(registry), *_never_seen_again(registry)]
    return tuple(sorted(found, key=lambda item: -item.missing / item.of))


def _empty_cells(registry: Registry) -> Iterator[MissingData]:
    for table, column, matters_for in MATTERS:
        frame: pl.DataFrame = getattr(registry, table)
        missing = frame.get_column(column).null_count() if column in frame.columns else frame.height
        if missing:
            yield MissingData(
                table=table, column=column, missing=missing, of=frame.height, matters_for=matters_for
            )


def _never_seen_again(registry: Registry) -> Iterator[MissingData]:
    seen = registry.observations.select("reaction_id").unique()
    unseen = registry.reactions.join(seen, on="reaction_id", how="anti").height
    if unseen:
        yield MissingData(
            table="reactions",
            column="any observation",
            missing=unseen,
            of=registry.reactions.height,
            matters_for="how the reaction went on: it is judged as it was first reported",
        )
