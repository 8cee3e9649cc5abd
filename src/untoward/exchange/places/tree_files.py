"""Reading a tree and the counts of its leaves."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from untoward.errors import Fault, InputError
from untoward.exchange.places.case_rows import WHOLE
from untoward.exchange.places.columns import LEAVES, PLAIN_ORDER, POPULATION, TREE
from untoward.exchange.places.inputs import FloatArray, IntArray
from untoward.exchange.places.open_table import draft_of, has, open_table
from untoward.exchange.tables.draft import Draft
from untoward.model.tables import ColumnTaken

MOST_NODES = 200_000
MOST_LEVELS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeCounts:
    """Leaves with their cases and their share of those expected, and the edges (node, parent) above them."""

    leaves: tuple[str, ...]
    cases: IntArray
    expected: FloatArray
    edges: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    columns: tuple[ColumnTaken, ...]


def read_tree(cases: Path, tree: Path, population: Path | None) -> TreeCounts:
    """The leaves of `cases` below the nodes of `tree`. Raises InputError with all faults.

    What is expected of a leaf is in proportion to its population: a column of the cases, or a file of its own.
    """
    faults: list[Fault] = []
    drafts: dict[str, Draft] = {}
    notes: list[str] = []
    wanted = {"cases": (cases, LEAVES, "leaves"), "tree": (tree, TREE, "tree")}
    if population is not None:
        wanted["population"] = (population, POPULATION, "population")
    for name, (path, table, order) in wanted.items():
        try:
            raw = open_table(path, table, PLAIN_ORDER[order])
            drafts[name] = draft_of(raw, table, {})
            notes += raw.notes
        except InputError as error:
            faults += error.faults
    edges: tuple[tuple[str, str], ...] = ()
    if len(drafts) == len(wanted):
        edges = _edges(drafts["tree"])
        _check(drafts, edges)
    faults += [fault for draft in drafts.values() for fault in draft.log.faults()]
    if faults:
        raise InputError("The files of this scan have faults, so nothing was counted.", faults)
    taken = tuple(one for draft in drafts.values() for one in draft.taken)
    return _counts(drafts, edges, tuple(notes), taken)


def _edges(draft: Draft) -> tuple[tuple[str, str], ...]:
    """The edges; a circle among them, or more nodes than can be held, is a fault."""
    rows = draft.frame.select("node", "parent").drop_nulls().unique(maintain_order=True).rows()
    if draft.frame.height > MOST_NODES:
        draft.log.about_table(
            "too many nodes", got=f"{draft.frame.height:,}", expected=f"at most {MOST_NODES:,}"
        )
        return ()
    above: dict[str, list[str]] = {}
    below: dict[str, int] = {}
    for node, parent in rows:
        above.setdefault(node, []).append(parent)
        below[parent] = below.get(parent, 0) + 1
        below.setdefault(node, 0)
    free, levels = deque((node, 1) for node, many in below.items() if not many), dict.fromkeys(below, 1)
    while free:
        node, level = free.popleft()
        for parent in above.get(node, ()):
            below[parent] -= 1
            levels[parent] = max(levels[parent], level + 1)
            if not below[parent]:
                free.append((parent, levels[parent]))
    left = sorted(node for node, many in below.items() if many)
    if left:
        draft.log.about_table("the tree goes in a circle", field="parent", got=", ".join(left[:5]))
    if max(levels.values(), default=1) > MOST_LEVELS:
        draft.log.about_table(
            "the tree is too deep", got=f"{max(levels.values())} levels", expected=f"{MOST_LEVELS}"
        )
    return tuple(rows)


def _check(drafts: dict[str, Draft], edges: tuple[tuple[str, str], ...]) -> None:
    cases, log = drafts["cases"].frame, drafts["cases"].log
    count = cases["cases"]
    if not has(drafts["cases"], "cases"):
        log.about_table("required column is missing", field="cases", expected="how many cases each leaf has")
    broken = (count != count.floor()).fill_null(False)
    log.about_rows(broken, "not a whole number", field="cases", got=count, expected="0, 1, 2, …", hint=WHOLE)
    log.about_rows(
        cases["place"].is_duplicated() & cases["place"].is_not_null(), "the leaf stands more than once",
        field="place", got=cases["place"], expected="one row for each leaf",
    )  # fmt: skip
    nodes = pl.Series(
        "node", list({*drafts["tree"].frame["node"].drop_nulls().to_list(), *(p for _n, p in edges)})
    )
    log.about_rows(
        cases["place"].is_not_null() & ~cases["place"].is_in(nodes.implode()), "a leaf that the tree does not have",
        field="place", got=cases["place"], expected=f"a node of {drafts['tree'].log.file}",
    )  # fmt: skip
    _check_people(drafts)
    if not count.fill_null(0).sum():
        log.about_table("there are no cases to scan", field="cases")


def _check_people(drafts: dict[str, Draft]) -> None:
    cases, log = drafts["cases"], drafts["cases"].log
    people = _people(drafts)
    if people is None:
        log.about_table(
            "no population",
            field="population",
            expected="a column of the cases, or --population with place and population",
        )
        return
    without = (people.fill_null(0) <= 0) & (cases.frame["cases"] > 0)
    log.about_rows(
        without, "cases where nobody was at risk", field="place", got=cases.frame["place"], expected="a population above 0",
    )  # fmt: skip
    log.about_rows(
        people.is_null() & ~without, "no population for the leaf", field="place", got=cases.frame["place"],
        expected="a population of 0 or more",
    )  # fmt: skip


def _people(drafts: dict[str, Draft]) -> pl.Series | None:
    frame = drafts["cases"].frame
    if "population" in drafts:
        people = drafts["population"].frame.group_by("place").agg(pl.col("population").sum())
        joined = frame.select("place").join(people, on="place", how="left", maintain_order="left")
        return joined["population"]
    return frame["population"] if has(drafts["cases"], "population") else None


def _counts(
    drafts: dict[str, Draft], edges: tuple[tuple[str, str], ...], notes: tuple[str, ...], taken: tuple[ColumnTaken, ...]
) -> TreeCounts:  # fmt: skip
    frame, people = drafts["cases"].frame, _people(drafts)
    assert people is not None  # else there was a fault
    return TreeCounts(
        leaves=tuple(frame["place"].to_list()),
        cases=frame["cases"].fill_null(0).to_numpy().astype(np.int64),
        expected=people.to_numpy().astype(float),
        edges=edges,
        notes=notes,
        columns=taken,
    )
