"""One drug against a tree of event terms: is any term, or any branch of terms, reported with it too often?

A tree scan needs no choice of level: single terms, high-level terms and system organ classes are looked at together and
p is corrected for all of them. The tree is the reader's own (for instance a licensed MedDRA, as
``node, parent`` rows); events that it does not hold stand alone.
"""

from __future__ import annotations

import polars as pl

from untoward.errors import Fault, InputError
from untoward.kernels.tree_scan import grow, scan
from untoward.watch.signals.class_table import class_table
from untoward.watch.signals.counting import PairCounts


def tree_scan(
    counts: PairCounts,
    drug: str,
    hierarchy: pl.DataFrame,
    *,
    conditional: bool = True,
    replicates: int = 999,
    seed: int = 0,
) -> pl.DataFrame:
    """Columns ``node, n, expected, relative_risk, llr, p``, a row for each node with a report, most surprising first.

    Counts are mentions of a leaf term with the drug (a report with two terms of a branch counts twice in it), and
    expected ones follow from the terms' share among all drugs. ``hierarchy`` has ``node, parent``. Raises UsageError for
    a drug that is not there, InputError for a hierarchy that is not one.
    """
    missing = [name for name in ("node", "parent") if name not in hierarchy.columns]
    if missing:
        faults = [Fault(what="column missing", field=name) for name in missing]
        raise InputError("The hierarchy cannot be used.", faults)
    table = class_table(counts, [drug])
    keys = [name.upper() for name in table.events]
    pairs = hierarchy.select(pl.col("node", "parent").cast(pl.String).str.strip_chars()).drop_nulls()
    edges = [(node.upper(), parent.upper()) for node, parent in pairs.iter_rows() if node and parent]
    shown = {name.upper(): name for pair in pairs.iter_rows() for name in pair}
    shown |= dict(zip(keys, table.events, strict=True))
    try:
        tree = grow(keys, edges)
    except ValueError as error:
        raise InputError("The hierarchy cannot be used.", [Fault(what=str(error))]) from error
    all_drugs = table.counts.sum(axis=1)
    expected = all_drugs * (table.counts[:, 0].sum() / all_drugs.sum())
    found = scan(
        tree, table.counts[:, 0], expected, conditional=conditional, replicates=replicates, seed=seed
    )
    frame = pl.DataFrame({"node": [shown[node] for node in tree.nodes], **found._asdict()})
    frame = frame.with_columns(pl.selectors.float().fill_nan(None)).with_columns(pl.col("n").cast(pl.Int64))
    return frame.filter(pl.col("n") > 0).sort("llr", "node", descending=[True, False])
