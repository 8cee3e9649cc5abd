"""Small cells of a table with totals hidden, and as many others as it takes that no hidden one can be worked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.optimize import linprog

SMALLEST = 5
"""Counts from 1 to below this are hidden. A zero says nothing of anybody, and is shown."""

Cell = tuple[int, int]


def suppressed(counts: Sequence[Sequence[int]]) -> list[list[int | None]]:
    """The table with a column and a row of totals added, None where a count is hidden.

    A hidden count that is small can be anything over a range at least as wide as from 0 to 4 for whoever knows all that is
    shown, that no count is below 0, and which counts are hidden.
    """
    table = _with_totals(np.array(counts, dtype=int).reshape(len(counts), -1))
    if table.size == 1:
        return [[None if _small(int(table[0, 0])) else int(table[0, 0])]]
    hidden = {(int(i), int(j)) for i, j in np.argwhere((table > 0) & (table < SMALLEST))}
    small = set(hidden)
    while (more := _next(table, hidden, small)) is not None:
        hidden.add(more)
    return [
        [None if (i, j) in hidden else int(table[i, j]) for j in range(table.shape[1])]
        for i in range(table.shape[0])
    ]


def _small(count: int) -> bool:
    return 0 < count < SMALLEST


def _with_totals(counts: np.ndarray) -> np.ndarray:
    rows = np.hstack([counts, counts.sum(axis=1, keepdims=True)])
    total: np.ndarray = np.vstack([rows, rows.sum(axis=0, keepdims=True)])
    return total


def _next(table: np.ndarray, hidden: set[Cell], small: set[Cell]) -> Cell | None:
    """One more cell to hide: in a line with a single hidden one, else beside one that can still be worked out too well."""
    for line in _lines(table.shape):
        inside = [cell for cell in line if cell in hidden]
        if len(inside) == 1:
            return _cheapest(table, line, hidden)
    for cell in sorted(small):
        if not _protected(table, hidden, cell):
            beside = [one for line in _lines(table.shape) if cell in line for one in line]
            found = _cheapest(table, beside, hidden)
            return found if found is not None else _cheapest(table, list(np.ndindex(table.shape)), hidden)
    return None


def _lines(shape: tuple[int, ...]) -> Iterator[list[Cell]]:
    """Each row and each column with its total: the sums that are known to hold."""
    yield from ([(i, j) for j in range(shape[1])] for i in range(shape[0]))
    yield from ([(i, j) for i in range(shape[0])] for j in range(shape[1]))


def _cheapest(table: np.ndarray, cells: Sequence[Cell], hidden: set[Cell]) -> Cell | None:
    """The smallest shown count above 0; a zero where there is no other."""
    shown = [cell for cell in cells if cell not in hidden]
    return min(shown, key=lambda cell: (table[cell] == 0, table[cell]), default=None)


def _protected(table: np.ndarray, hidden: set[Cell], cell: Cell) -> bool:
    """Whether the range a reader could work out for the cell is wide enough, or all is hidden."""
    if len(hidden) == table.size:
        return True
    low, high = possible(table, hidden, cell)
    return high - low >= SMALLEST - 1


def possible(table: np.ndarray, hidden: set[Cell], cell: Cell) -> tuple[float, float]:
    """Least and most that a hidden cell can be, from the shown cells and the sums."""
    places = {one: number for number, one in enumerate(sorted(hidden))}
    equations, values = [], []
    for line in _lines(table.shape):
        row, known = np.zeros(len(places)), 0.0
        for number, one in enumerate(line):
            sign = -1.0 if number == len(line) - 1 else 1.0
            if one in places:
                row[places[one]] += sign
            else:
                known += sign * table[one]
        if row.any():
            equations.append(row)
            values.append(-known)
    aim = np.zeros(len(places))
    aim[places[cell]] = 1.0
    ends = []
    for direction in (1.0, -1.0):
        solved = linprog(direction * aim, A_eq=np.array(equations), b_eq=np.array(values), bounds=(0, None))
        ends.append(direction * solved.fun if solved.success else -direction * np.inf)
    return float(ends[0]), float(ends[1])
